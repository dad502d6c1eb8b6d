"""art.5 边角地."""

from fenghuang.language import Area, Bool, Law, Mu, Outputs, Ratio, Readings, all_of, outputs, rule


@rule("art.5")
def fragment_land(
    fragment_area_mu: Mu,
    original_area_mu: Mu,
    far_before: Ratio,
    far_after: Ratio,
    upgrade_floor_area_m2: Area,
    total_floor_area_after_m2: Area,
    industry_encouraged: Bool,
    planning_compliant: Bool,
    county_agreed: Bool,
    law: Law,
    reading: Readings,
) -> Outputs:
    """A small plot beside an upgraded one may be granted by agreement."""
    far_needed = (1 + law.far_uplift) * far_before
    if reading.far_uplift_is == "absolute":
        far_needed = law.far_uplift + far_before
    far_raised = far_after >= far_needed
    if reading.no_plant_before == "not_raised":
        far_raised = far_raised & (far_before > 0)
    floor_added = upgrade_floor_area_m2 >= law.upgrade_share * total_floor_area_after_m2
    small_beside_plot = fragment_area_mu <= law.area_ratio * original_area_mu
    small_in_itself = fragment_area_mu <= law.area_limit
    if reading.share_route == "without_area_limits":  # ((areas and FAR) or share), share written into each
        small_beside_plot = small_beside_plot | floor_added
        small_in_itself = small_in_itself | floor_added
    may_grant_by_agreement = all_of(
        within_area_ratio=small_beside_plot,
        within_area_limit=small_in_itself,
        intensity_raised=far_raised | floor_added,
        industry_encouraged=industry_encouraged,
        planning_compliant=planning_compliant,
        county_agreed=county_agreed,
    )
    return outputs(may_grant_by_agreement=may_grant_by_agreement)
