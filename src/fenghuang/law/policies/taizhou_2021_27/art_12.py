"""art.12 预告登记转让."""

from fenghuang.language import Bool, Law, Money, Outputs, all_of, outputs, rule


@rule("art.12")
def advance_notice_transfer(
    is_inefficient_land: Bool,
    invested: Money,
    total_investment: Money,
    line_agency_approved: Bool,
    county_agreed: Bool,
    contract_forbids: Bool,
    law: Law,
) -> Outputs:
    """Inefficient land built out too little for a transfer of title may be transferred by advance notice."""
    share_reached = law.share * total_investment
    may_register_notice = all_of(
        is_inefficient_land=is_inefficient_land,
        below_share=invested < share_reached,
        line_agency_approved=line_agency_approved,
        county_agreed=county_agreed,
        no_contract_bar=~contract_forbids,
    )
    return outputs(may_register_notice=may_register_notice, may_transfer_title=invested >= share_reached)
