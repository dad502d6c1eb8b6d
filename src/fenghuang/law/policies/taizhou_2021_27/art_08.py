"""art.8 亩均评价激励."""

from fenghuang.language import Bool, Grade, Law, Money, Outputs, Readings, outputs, rule, when


@rule("art.8")
def evaluation_override(
    grade_by_score: Grade, key_project_investment: Money, under_construction: Bool, law: Law, reading: Readings
) -> Outputs:
    """An investor in a key industrial project is graded A, or at least not D, while it is being built."""
    deemed_a = under_construction & (key_project_investment >= law.grade_a_investment)
    kept_from_d = under_construction & (key_project_investment >= law.not_d_investment) & grade_by_score.among("D")
    grade = when(deemed_a, "A", when(kept_from_d, reading.not_d_becomes, grade_by_score))
    return outputs(grade=grade, out_of_force={"grade": grade_by_score})
