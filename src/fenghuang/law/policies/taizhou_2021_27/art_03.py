"""art.3 施工图审查与分期验收."""

from fenghuang.language import Bool, Choice, Count, Law, Outputs, first_true, one_of, outputs, rule


class WorkClass(Choice):
    """The class of the building work."""

    type = one_of("special", "low_risk", "ordinary")


@rule("art.3")
def drawing_review(work_class: WorkClass, adds_storey: Bool) -> Outputs:
    """When drawings are reviewed; adding a storey is excepted, and the general procedure applies to it."""
    review = first_true(
        not_classified=adds_storey,
        before_permit=work_class.among("special"),
        exempt=work_class.among("low_risk"),
        otherwise="after_permit",
    )
    return outputs(review=review)


@rule("art.3")
def phased_acceptance(building_count: Count, law: Law) -> Outputs:
    """A project of several buildings may be accepted building by building."""
    return outputs(phased_acceptance_allowed=building_count >= law.buildings_min)
