"""task.17 留驻优质企业."""

from fenghuang.language import Bool, Grade, Outputs, any_of, outputs, rule


@rule("task.17")
def quality_firm(
    grade: Grade,
    listed: Bool,
    listing_filed: Bool,
    single_champion: Bool,
    little_giant: Bool,
    hidden_champion: Bool,
    future_factory: Bool,
    in_cluster_chain_list: Bool,
    strategic_emerging: Bool,
) -> Outputs:
    """A firm the city wants to keep: any one of nine marks."""
    is_local_quality_firm = any_of(
        graded_a_or_b=grade.among("A", "B"),
        listed=listed,
        listing_filed=listing_filed,
        single_champion=single_champion,
        little_giant=little_giant,
        hidden_champion=hidden_champion,
        future_factory=future_factory,
        in_cluster_chain_list=in_cluster_chain_list,
        strategic_emerging=strategic_emerging,
    )
    return outputs(is_local_quality_firm=is_local_quality_firm)
