"""Articles 1 to 7: planning, legacy, approval, site indicators, fragments, fees, split and merged transfer."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from oracle.logic import (
    Case,
    Conditions,
    Outputs,
    area,
    at_least,
    at_most,
    beyond,
    both,
    choose,
    decision,
    either,
    known,
    label,
    lift,
    negate,
    one_of,
    share,
    times,
    unknown,
    waiting,
)


def retain_industrial_use(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "existing_industrial_land": x["existing_industrial_land"],
        "replanned_to_non_industrial": x["replanned_to_non_industrial"],
        "not_in_expropriation_plan": negate(x["in_near_term_expropriation"]),
        "commitment_given": x["commits_to_obey_and_demolish_free"],
    }
    return {"may_retain_industrial_use": decision(both(*conditions.values()))}, conditions


def excess_floor_area(x: Case) -> tuple[Outputs, Conditions]:
    certificate = (x["has_certificate"], "certificate", x["certified_floor_area_m2"])
    contract = (x["contract_fixes_far"], "contract", times(x["land_area_m2"], x["contract_far"]))
    order = [certificate, contract] if x.readings["basis_order"] == "certificate_first" else [contract, certificate]
    basis, base = "added", x["floor_area_before_m2"]
    for flag, name, size in reversed(order):
        basis, base = choose(flag, name, basis), choose(flag, size, base)
    excess = beyond(x["floor_area_after_m2"], base)
    return {"basis": label(basis), "excess_floor_area_m2": area(excess)}, {}


def output_benchmark(x: Case) -> tuple[Outputs, Conditions]:
    """No row of the guide is loaded: the row itself is what is missing."""
    division = x["industry_division"]
    row = unknown(f"output_guide[{division}]") if known(division) else division
    conditions = {
        "tax_per_mu_met": waiting(x["tax_per_mu"], row),
        "value_added_per_mu_met": waiting(x["value_added_per_mu"], row),
    }
    return {"benchmark_met": decision(both(*conditions.values()))}, conditions


def legacy_registration(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "legacy_project": x["legacy_without_planning_approval"],
        "meets_2018_88": x["meets_2018_88"],
        "within_extension": at_most(x["applied_on"], date(2023, 6, 30)),
    }
    return {"may_register_late": decision(both(*conditions.values()))}, conditions


def joint_certificate(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "synchronous": x.all("filed_together", "rectified_together", "accepted_together"),
        "legacy_rectified": x["legacy_rectified"],
        "county_agreed": x["county_agreed"],
        "upgrade_accepted": x["upgrade_accepted"],
    }
    return {"joint_certificate_granted": decision(both(*conditions.values()))}, conditions


def drawing_review(x: Case) -> tuple[Outputs, Conditions]:
    kinds = {"special": "before_permit", "low_risk": "exempt", "ordinary": "after_permit"}
    by_class = lift(lambda work: kinds[work], x["work_class"])
    return {"review": label(choose(x["adds_storey"], "not_classified", by_class))}, {}


def phased_acceptance(x: Case) -> tuple[Outputs, Conditions]:
    return {"phased_acceptance_allowed": decision(at_least(x["building_count"], 2))}, {}


def site_indicators(x: Case) -> tuple[Outputs, Conditions]:
    def within(value: str, low: str, high: str) -> object:
        """A bound that is absent does not bind."""
        above_low = True if x[low] is None else at_least(x[value], x[low])
        below_high = True if x[high] is None else at_most(x[value], x[high])
        return both(above_low, below_high)

    density = x["building_density"]
    conditions = {
        "safety_rules_met": x["safety_rules_met"],
        "landscape_met": x["landscape_met"],
        "far_within_plan": within("far", "far_min", "far_max"),
        "height_within_limits": at_most(x["height_m"], x["height_limit_m"]),
        "green_ratio_within_plan": within("green_ratio", "green_ratio_min", "green_ratio_max"),
        "density_within_limit": either(
            at_most(density, x["building_density_max"]),
            both(x["is_new_standard_land"], at_most(density, Fraction(60, 100))),
        ),
        "parking_sufficient": at_least(x["parking_spaces"], x["parking_required"]),
    }
    return {"site_compliant": decision(both(*conditions.values()))}, conditions


def fragment_land(x: Case) -> tuple[Outputs, Conditions]:
    far_raised = at_least(x["far_after"], times(Fraction(120, 100), x["far_before"]))
    large_share = at_least(x["upgrade_floor_area_m2"], times(Fraction(20, 100), x["total_floor_area_after_m2"]))
    conditions = {
        "within_area_ratio": at_most(x["fragment_area_mu"], times(Fraction(20, 100), x["original_area_mu"])),
        "within_area_limit": at_most(x["fragment_area_mu"], 10),
        "intensity_raised": either(far_raised, large_share),
        "industry_encouraged": x["industry_encouraged"],
        "planning_compliant": x["planning_compliant"],
        "county_agreed": x["county_agreed"],
    }
    return {"may_grant_by_agreement": decision(both(*conditions.values()))}, conditions


def fee_exemption(x: Case) -> tuple[Outputs, Conditions]:
    all_four = x.all("land_use_unchanged", "rules_met", "far_and_intensity_raised", "own_production")
    return {"fees_exempt": decision(all_four)}, {}


def split_transfer(x: Case) -> tuple[Outputs, Conditions]:
    real_estate = x["is_industrial_real_estate"]
    large_enough = at_least(x["smallest_parcel_mu"], 10)
    if x.readings["real_estate_exception"] == "count_and_area":
        large_enough = either(large_enough, real_estate)
    conditions = {
        "completed_and_in_production": x["completed_and_in_production"],
        "whole_buildings": x["whole_buildings"],
        "parcel_count_within_limit": either(at_most(x["parcel_count"], 3), real_estate),
        "parcels_large_enough": large_enough,
        "supporting_land_kept_whole": negate(x["splits_supporting_land"]),
        "not_split_before": negate(x["was_split_before"]),
        "not_merged_before": negate(x["was_merged_before"]),
        "rules_met": x.all("planning_fire_environment_met", "contract_allows"),
    }
    return {"may_split": decision(both(*conditions.values()))}, conditions


def merge_transfer(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "same_ownership_nature": x["same_ownership_nature"],
        "same_right_type": x["same_right_type"],
        "adjoining": x["adjoining"],
        "rules_met": x.all("planning_fire_environment_met", "contract_allows"),
    }
    years = share(x["shortest_remaining_years"])
    return {"may_merge": decision(both(*conditions.values())), "merged_remaining_years": years}, conditions


def transfer_to(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "grade_allows": one_of(x["buyer_previous_grade"], "A", "B", "ungraded"),
        **{name: x[f"buyer_meets_{name}"] for name in ("energy", "environment", "quality", "safety")},
    }
    return {"may_transfer_to_buyer": decision(both(*conditions.values()))}, conditions
