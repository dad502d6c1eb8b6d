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
    area_beyond_far = greatest(0, far_after - (1 + law.uplift) * far_before) * land_area_m2
    area_beyond_share = greatest(0, upgrade_floor_area_m2 - law.share * total_floor_area_after_m2)
    subsidised_area = greatest(area_beyond_far, area_beyond_share)
    if reading.both_uplifts == "far_only":
        subsidised_area = when(area_beyond_far > 0, area_beyond_far, area_beyond_share)
    if reading.both_uplifts == "share_only":
        subsidised_area = when(area_beyond_share > 0, area_beyond_share, area_beyond_far)
    storeys = (area_storey_4_m2, area_storey_5_m2, area_storey_6_up_m2)
    has_new_storeys = (storeys[0] > 0) | (storeys[1] > 0) | (storeys[2] > 0)
    route = first_true(uplift=subsidised_area > 0, storeys=has_new_storeys, otherwise="none")

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
