"""art.14 配套宿舍."""

from fenghuang.language import Bool, Grade, Law, Mu, Outputs, Ratio, all_of, only_if, outputs, rule, when


@rule("art.14")
def dormitory_allowance(
    inside_park: Bool,
    is_existing_project: Bool,
    is_leading_firm: Bool,
    grade: Grade,
    land_area_mu: Mu,
    supporting_land_share: Ratio,
    supporting_floor_share: Ratio,
    in_priority_rental_city: Bool,
    safety_assured: Bool,
    law: Law,
) -> Outputs:
    """How much of an industrial site may carry offices and housing; raised where dormitories are to be built."""
    leading_firm = is_existing_project & is_leading_firm & grade.among("A", "B") & (land_area_mu >= law.land_min)
    raised = all_of(
        in_priority_rental_city=in_priority_rental_city,
        qualifies=inside_park | leading_firm,
        safety_assured=safety_assured,
    )
    land_share_limit = when(raised, law.land_share_raised, law.land_share)
    floor_share_limit = only_if(raised, law.floor_share_raised)
    return outputs(
        land_share_limit=land_share_limit,
        floor_share_limit=floor_share_limit,
        land_share_ok=supporting_land_share <= land_share_limit,
        floor_share_ok=supporting_floor_share <= floor_share_limit,
    )
