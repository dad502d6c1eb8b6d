"""art.13 工业用地保障."""

from fenghuang.language import (
    Area,
    Bool,
    Law,
    Money,
    Mu,
    Outputs,
    PricePerM2,
    all_of,
    greatest,
    only_if,
    outputs,
    rule,
    share,
    when,
)


@rule("art.13")
def land_supply_share(
    industrial_land_granted_mu: Mu, land_granted_mu: Mu, is_big_industrial_county: Bool, law: Law
) -> Outputs:
    """The share of industry in the land granted; only big industrial counties have a floor."""
    industrial_share = share(industrial_land_granted_mu, land_granted_mu)
    reached = only_if(land_granted_mu > 0, industrial_land_granted_mu >= law.share_min * land_granted_mu)
    return outputs(industrial_share=industrial_share, share_met=only_if(is_big_industrial_county, reached))


@rule("art.13")
def control_line_replacement(changed_use_mu: Mu, replacement_mu: Mu, law: Law) -> Outputs:
    """Land that leaves the industrial control line is replaced 1 to 1."""
    owed = law.per_changed * changed_use_mu
    return outputs(balanced=replacement_mu >= owed, shortfall_mu=greatest(0, owed - replacement_mu))


@rule("art.13")
def reserve_price(
    area_m2: Area, minimum_price_per_m2: PricePerM2, is_priority_industry: Bool, high_land_use_and_tax: Bool, law: Law
) -> Outputs:
    """The floor of the reserve price, lower for priority industries that use land well."""
    price_ratio = when(is_priority_industry & high_land_use_and_tax, law.price_ratio, 1)
    return outputs(price_ratio=price_ratio, reserve_price_floor=area_m2 * minimum_price_per_m2 * price_ratio)


@rule("art.13")
def headquarters_land(
    headquartered_in_city: Bool,
    is_local_quality_firm: Bool,
    new_project_investment: Money,
    recognised_major: Bool,
    law: Law,
) -> Outputs:
    """A local firm's large new project may be treated as one that was attracted from outside."""
    may_be_treated_as_invited = all_of(
        headquartered_in_city=headquartered_in_city,
        is_local_quality_firm=is_local_quality_firm,
        investment_reaches_threshold=new_project_investment >= law.threshold,
        recognised_major=recognised_major,
    )
    return outputs(may_be_treated_as_invited=may_be_treated_as_invited)
