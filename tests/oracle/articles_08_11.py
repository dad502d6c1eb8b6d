"""Articles 8 to 11: the evaluation's override, mergers, subsidies for upgrading, rent and building upwards."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from oracle.logic import (
    Case,
    Conditions,
    Outputs,
    a_or_b,
    above,
    area,
    at_least,
    beyond,
    both,
    choose,
    decision,
    either,
    label,
    lift,
    money,
    mu,
    one_of,
    share,
    times,
)


def evaluation_override(x: Case) -> tuple[Outputs, Conditions]:
    by_score, invested, building = x["grade_by_score"], x["key_project_investment"], x["under_construction"]
    becomes_a = both(building, at_least(invested, 100_000_000))
    saved_from_d = both(building, at_least(invested, 30_000_000), one_of(by_score, "D"))
    grade = choose(becomes_a, "A", choose(saved_from_d, "C", by_score))
    return {"grade": label(grade, out_of_force=by_score)}, {}


def merger_quota_transfer(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "acquirer_graded_a_or_b": a_or_b(x["acquirer_previous_grade"]),
        "target_qualifies": x["target_is_two_high_one_low"],
        "registration_stays": x["registration_stays"],
        "tax_stays": x["tax_stays"],
    }
    transfer = both(*conditions.values())
    return {
        "quotas_transfer": decision(transfer),
        "land_mu": mu(choose(transfer, x["target_land_mu"], 0)),
        "energy_tce": share(choose(transfer, x["target_energy_tce"], 0)),
        "emission_t": share(choose(transfer, x["target_emission_t"], 0)),
    }, conditions


UPGRADE_RATES = {"A": (10, 12, 15), "B": (8, 9, 10)}
UPGRADE_CAP = {"A": 20_000_000, "B": 5_000_000}


def upgrade_subsidy(x: Case) -> tuple[Outputs, Conditions]:
    invested, grade, local = x["equipment_investment"], x["grade"], x["local_contribution"]
    conditions = {
        "investment_reaches_threshold": at_least(invested, 5_000_000),
        "graded_a_or_b": a_or_b(grade),
    }
    eligible = both(*conditions.values())
    first = 0 if x.readings["first_band_from"] == "zero" else 5_000_000

    def bands(invested: Fraction, letter: str) -> Fraction:
        total = Fraction(0)
        edges = ((first, 20_000_000), (20_000_000, 50_000_000), (50_000_000, None))
        for (low, high), percent in zip(edges, UPGRADE_RATES.get(letter, (0, 0, 0)), strict=True):
            top = invested if high is None else min(invested, high)
            total += max(Fraction(0), top - low) * Fraction(percent, 100)
        return total

    by_bands = lift(bands, invested, grade)
    cap = lift(lambda g: Fraction(UPGRADE_CAP.get(g, 0)), grade)

    def binding(by_bands: Fraction, cap: Fraction, local: Fraction) -> str:
        least = min(by_bands, cap, local)
        return "none" if by_bands == least else "project_cap" if cap == least else "local_contribution"

    payable = lift(lambda *three: max(Fraction(0), min(three)), by_bands, cap, local)
    return {
        "eligible": decision(eligible),
        "amount_by_bands": money(by_bands),
        "amount": money(choose(eligible, payable, Fraction(0))),
        "bound_by": label(lift(binding, by_bands, cap, local)),
    }, conditions


def rent_subsidy(x: Case) -> tuple[Outputs, Conditions]:
    conditions = {
        "investment_reaches_threshold": at_least(x["actual_investment"], 10_000_000),
        "is_new_major_upgrade": x["is_new_major_upgrade"],
        "graded_b_or_better": a_or_b(x["previous_grade"]),
        "rents_new_plant": above(x["rented_area_m2"], 0),
    }
    eligible = both(*conditions.values())
    rent = lift(lambda a, m: min(3 * a * min(m, 12), Fraction(500_000)), x["rented_area_m2"], x["rented_months"])
    return {"eligible": decision(eligible), "amount": money(choose(eligible, rent, Fraction(0)))}, conditions


def vertical_subsidy(x: Case) -> tuple[Outputs, Conditions]:
    def positive(value: Any) -> Any:
        return above(value, 0)

    far = times(beyond(x["far_after"], times(Fraction(12, 10), x["far_before"])), x["land_area_m2"])
    by_share = beyond(x["upgrade_floor_area_m2"], times(Fraction(2, 10), x["total_floor_area_after_m2"]))
    if x.readings["both_uplifts"] == "larger":
        subsidised = lift(max, far, by_share)
    else:  # the reading speaks of both conditions being met; where only one is, that one's area counts
        first, second = (far, by_share) if x.readings["both_uplifts"] == "far_only" else (by_share, far)
        subsidised = choose(positive(first), first, second)
    storeys = [x[name] for name in ("area_storey_4_m2", "area_storey_5_m2", "area_storey_6_up_m2")]
    uplift, any_storey = positive(subsidised), either(*map(positive, storeys))
    route = choose(uplift, "uplift", choose(any_storey, "storeys", "none"))

    cap = Fraction(1_000_000)
    by_uplift = lift(lambda size, g: min(size * {"A": 60, "B": 50}.get(g, 0), cap), subsidised, x["grade"])
    by_storeys = lift(lambda a, b, c: min(30 * a + 40 * b + 50 * c, cap), *storeys)
    if x.readings["storeys_grade"] == "a_or_b":
        by_storeys = choose(a_or_b(x["grade"]), by_storeys, Fraction(0))
    paid = choose(uplift, by_uplift, choose(any_storey, by_storeys, Fraction(0)))
    amount = choose(x.all("self_owned_and_used", "standards_met"), paid, Fraction(0))
    return {
        "area_beyond_far": area(far),
        "area_beyond_share": area(by_share),
        "subsidised_area": area(subsidised),
        "route": label(route),
        "amount": money(amount),
    }, {}
