"""art.10 技术改造支持."""

from fenghuang.language import (
    Area,
    Bool,
    Grade,
    Law,
    Money,
    Months,
    Outputs,
    Readings,
    all_of,
    at_rate_reached,
    bound_by,
    granted,
    greatest,
    least,
    outputs,
    progressive,
    rule,
)


@rule("art.10")
def upgrade_subsidy(
    equipment_investment: Money, grade: Grade, local_contribution: Money, law: Law, reading: Readings
) -> Outputs:
    """The year's investment in equipment and software, in progressive bands by grade, capped twice."""
    eligible = all_of(
        investment_reaches_threshold=equipment_investment >= law.threshold,
        graded_a_or_b=grade.among("A", "B"),
    )
    if reading.bands_apply_to == "whole":
        amount_by_bands = at_rate_reached(equipment_investment, law.edges, law.rates[grade])
    else:
        first = law.threshold if reading.first_band_from == "threshold" else 0
        amount_by_bands = progressive(equipment_investment, law.edges, law.rates[grade], first)
    payable = least(none=amount_by_bands, project_cap=law.cap[grade], local_contribution=local_contribution)
    amount = granted(eligible, greatest(0, payable))
    return outputs(eligible=eligible, amount_by_bands=amount_by_bands, amount=amount, bound_by=bound_by(payable))


@rule("art.10")
def rent_subsidy(
    actual_investment: Money,
    is_new_major_upgrade: Bool,
    previous_grade: Grade,
    rented_area_m2: Area,
    rented_months: Months,
    law: Law,
    reading: Readings,
) -> Outputs:
    """A new major upgrade in newly rented plant of a firm graded B or better the year before."""
    eligible = all_of(
        investment_reaches_threshold=actual_investment >= law.threshold,
        is_new_major_upgrade=is_new_major_upgrade,
        graded_b_or_better=previous_grade.among("A", "B"),
        rents_new_plant=rented_area_m2 > 0,
    )
    rent = law.rate * rented_area_m2 * least(rented_months, law.months)
    if reading.short_leases == "nothing":
        rent = granted(rented_months >= law.months, law.rate * rented_area_m2 * law.months)
    amount = granted(eligible, least(rent, law.cap))
    return outputs(eligible=eligible, amount=amount)
