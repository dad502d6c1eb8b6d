"""art.5 边角地."""

from fenghuang.language import Area, Bool, Law, Mu, Outputs, Ratio, all_of, outputs, rule


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
) -> Outputs:
    """A small plot beside an upgraded one may be granted by agreement."""
    far_raised = far_after >= (1 + law.far_uplift) * far_before
    floor_added = upgrade_floor_area_m2 >= law.upgrade_share * total_floor_area_after_m2
    may_grant_by_agreement = all_of(
        within_area_ratio=fragment_area_mu <= law.area_ratio * original_area_mu,
        within_area_limit=fragment_area_mu <= law.area_limit,
        intensity_raised=far_raised | floor_added,
        industry_encouraged=industry_encouraged,
        planning_compliant=planning_compliant,
        county_agreed=county_agreed,
    )
    return outputs(may_grant_by_agreement=may_grant_by_agreement)
