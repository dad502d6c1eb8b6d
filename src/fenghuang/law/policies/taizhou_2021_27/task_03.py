"""task.3 四无企业."""

from fenghuang.language import Bool, Outputs, Readings, outputs, rule


@rule("task.3")
def four_lacks(
    lacks_licence: Bool,
    lacks_safety: Bool,
    lacks_lawful_premises: Bool,
    lacks_environmental_measures: Bool,
    reading: Readings,
) -> Outputs:
    """A workshop without licence, safety, lawful premises or environmental measures."""
    is_four_lacks = lacks_licence | lacks_safety | lacks_lawful_premises | lacks_environmental_measures
    if reading.four_lacks_when == "all":
        is_four_lacks = lacks_licence & lacks_safety & lacks_lawful_premises & lacks_environmental_measures
    return outputs(is_four_lacks=is_four_lacks)
