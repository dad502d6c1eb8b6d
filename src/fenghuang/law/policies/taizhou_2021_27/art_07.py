"""art.7 分割、合并与转让."""

from fenghuang.language import (
    Bool,
    Count,
    Grade,
    Law,
    Mu,
    Outputs,
    Readings,
    YearsLeft,
    all_of,
    outputs,
    rule,
)


@rule("art.7", in_principle=("parcel_count_within_limit", "parcels_large_enough"))
def split_transfer(
    completed_and_in_production: Bool,
    whole_buildings: Bool,
    parcel_count: Count,
    smallest_parcel_mu: Mu,
    is_industrial_real_estate: Bool,
    splits_supporting_land: Bool,
    was_split_before: Bool,
    was_merged_before: Bool,
    planning_fire_environment_met: Bool,
    contract_allows: Bool,
    law: Law,
    reading: Readings,
) -> Outputs:
    """A plot in production may be split once, into few and large enough parcels of whole buildings."""
    counted = parcel_count - 1 if reading.kept_parcel == "not_counted" else parcel_count
    large_enough = smallest_parcel_mu >= law.parcel_min
    if reading.real_estate_exception == "count_and_area":
        large_enough = large_enough | is_industrial_real_estate
    may_split = all_of(
        completed_and_in_production=completed_and_in_production,
        whole_buildings=whole_buildings,
        parcel_count_within_limit=(counted <= law.parcel_limit) | is_industrial_real_estate,
        parcels_large_enough=large_enough,
        supporting_land_kept_whole=~splits_supporting_land,
        not_split_before=~was_split_before,
        not_merged_before=~was_merged_before,
        rules_met=planning_fire_environment_met & contract_allows,
    )
    return outputs(may_split=may_split)


@rule("art.7")
def merge_transfer(
    same_ownership_nature: Bool,
    same_right_type: Bool,
    adjoining: Bool,
    planning_fire_environment_met: Bool,
    contract_allows: Bool,
    shortest_remaining_years: YearsLeft,
) -> Outputs:
    """Adjoining plots of one kind of right may be merged; the shortest remaining term holds for the whole."""
    may_merge = all_of(
        same_ownership_nature=same_ownership_nature,
        same_right_type=same_right_type,
        adjoining=adjoining,
        rules_met=planning_fire_environment_met & contract_allows,
    )
    return outputs(may_merge=may_merge, merged_remaining_years=shortest_remaining_years)


@rule("art.7")
def transfer_to(
    buyer_previous_grade: Grade,
    buyer_meets_energy: Bool,
    buyer_meets_environment: Bool,
    buyer_meets_quality: Bool,
    buyer_meets_safety: Bool,
) -> Outputs:
    """Who may buy: graded B or better, or not graded, and lawful in its energy, environment, quality and safety."""
    may_transfer_to_buyer = all_of(
        grade_allows=buyer_previous_grade.among("A", "B", "ungraded"),
        energy=buyer_meets_energy,
        environment=buyer_meets_environment,
        quality=buyer_meets_quality,
        safety=buyer_meets_safety,
    )
    return outputs(may_transfer_to_buyer=may_transfer_to_buyer)
