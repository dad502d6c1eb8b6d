"""art.15 专项经费."""

from fenghuang.language import Law, Money, Outputs, outputs, rule


@rule("art.15")
def special_fund(land_grant_revenue: Money, fund_drawn: Money, used_outside_four_purposes: Money, law: Law) -> Outputs:
    """The share of land revenue set aside for renewal, and whether it went where it may go."""
    fund_minimum = law.share_min * land_grant_revenue
    return outputs(
        fund_minimum=fund_minimum,
        drawn_enough=fund_drawn >= fund_minimum,
        within_named_uses=(used_outside_four_purposes >= 0) & (used_outside_four_purposes <= 0),
    )
