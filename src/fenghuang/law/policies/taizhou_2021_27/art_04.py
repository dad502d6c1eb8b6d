"""art.4 规划指标."""

from fenghuang.language import (
    Bool,
    Count,
    Law,
    Length,
    OrNone,
    Outputs,
    Ratio,
    absent,
    all_of,
    outputs,
    rule,
)


@rule("art.4")
def site_indicators(
    far: Ratio,
    far_min: OrNone[Ratio],
    far_max: OrNone[Ratio],
    height_m: Length,
    height_limit_m: Length,
    green_ratio: Ratio,
    green_ratio_min: OrNone[Ratio],
    green_ratio_max: OrNone[Ratio],
    building_density: Ratio,
    building_density_max: Ratio,
    parking_spaces: Count,
    parking_required: Count,
    is_new_standard_land: Bool,
    safety_rules_met: Bool,
    landscape_met: Bool,
    law: Law,
) -> Outputs:
    """The site's indicators against plan and limits; a bound that the plan does not set does not bind."""
    far_reached = absent(far_min) | (far >= far_min)
    far_kept = absent(far_max) | (far <= far_max)
    green_reached = absent(green_ratio_min) | (green_ratio >= green_ratio_min)
    green_kept = absent(green_ratio_max) | (green_ratio <= green_ratio_max)
    dense_standard_land = is_new_standard_land & (building_density <= law.standard_land_density)
    site_compliant = all_of(
        safety_rules_met=safety_rules_met,
        landscape_met=landscape_met,
        far_within_plan=far_reached & far_kept,
        height_within_limits=height_m <= height_limit_m,
        green_ratio_within_plan=green_reached & green_kept,
        density_within_limit=(building_density <= building_density_max) | dense_standard_land,
        parking_sufficient=parking_spaces >= parking_required,
    )
    return outputs(site_compliant=site_compliant)
