"""三低标准: which industrial firms Huzhou counted as 三低 in 2021."""

from fenghuang.language import Bool, Law, Mu, Outputs, WanPerMu, any_of, outputs, rule


@rule("三低标准")
def three_low_firm(above_scale: Bool, tax_per_mu: WanPerMu, land_mu: Mu, law: Law) -> Outputs:
    """Little tax for the land, by size of the firm; or much land and yet below scale. One of the three is enough."""
    is_three_low = any_of(
        above_scale_low_tax=above_scale & (tax_per_mu < law.above_scale_tax),
        below_scale_low_tax=~above_scale & (tax_per_mu < law.below_scale_tax),
        large_land_below_scale=~above_scale & (land_mu >= law.large_land),
    )
    return outputs(is_three_low=is_three_low)
