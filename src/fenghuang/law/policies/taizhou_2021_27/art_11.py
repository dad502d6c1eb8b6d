"""art.11 垂直工业."""

from fenghuang.language import (
    Area,
    Bool,
    Grade,
    Law,
    Outputs,
    Ratio,
    Readings,
    by,
    first_true,
    granted,
    greatest,
    least,
    outputs,
    rule,
    when,
)


@rule("art.11")
def vertical_subsidy(
    self_owned_and_used: Bool,
    standards_met: Bool,
    grade: Grade,
    land_area_m2: Area,
    far_before: Ratio,
    far_after: Ratio,
    upgrade_floor_area_m2: Area,
    total_floor_area_after_m2: Area,
    area_storey_4_m2: Area,
    area_storey_5_m2: Area,
    area_storey_6_up_m2: Area,
    law: Law,
    reading: Readings,
) -> Outputs:
    """Plant built upwards: the area beyond the uplift at the grade's rate, failing that new plant by storey."""
    far_needed = (1 + law.uplift) * far_before
    if reading.far_uplift_is == "absolute":
        far_needed = law.uplift + far_before
    area_beyond_far = greatest(0, far_after - far_needed) * land_area_m2
    if reading.no_plant_before == "not_raised":
        area_beyond_far = granted(far_before > 0, area_beyond_far)
    area_beyond_share = greatest(0, upgrade_floor_area_m2 - law.share * total_floor_area_after_m2)
    subsidised_area = greatest(area_beyond_far, area_beyond_share)
    if reading.both_uplifts == "far_only":
        subsidised_area = when(area_beyond_far > 0, area_beyond_far, area_beyond_share)
    if reading.both_uplifts == "share_only":
        subsidised_area = when(area_beyond_share > 0, area_beyond_share, area_beyond_far)
    if reading.uplift_area == "whole":
        subsidised_area = granted(subsidised_area > 0, upgrade_floor_area_m2)
    storeys = (area_storey_4_m2, area_storey_5_m2, area_storey_6_up_m2)
    has_new_storeys = (storeys[0] > 0) | (storeys[1] > 0) | (storeys[2] > 0)
    by_uplift = subsidised_area > 0
    if reading.grade_without_rate == "storeys":
        by_uplift = by_uplift & (law.rates[grade] > 0)
    route = first_true(uplift=by_uplift, storeys=has_new_storeys, otherwise="none")

    uplift_amount = least(subsidised_area * law.rates[grade], law.cap)
    first, second, third = (area * rate for area, rate in zip(storeys, law.storey_rates, strict=True))
    storeys_amount = least(first + second + third, law.cap)
    if reading.storeys_grade == "a_or_b":
        storeys_amount = granted(grade.among("A", "B"), storeys_amount)
    entitled = self_owned_and_used & standards_met
    amount = granted(entitled, by(route, uplift=uplift_amount, storeys=storeys_amount, none=0))
    return outputs(
        area_beyond_far=area_beyond_far,
        area_beyond_share=area_beyond_share,
        subsidised_area=subsidised_area,
        route=route,
        amount=amount,
    )
