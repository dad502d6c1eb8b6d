"""闲置土地, to which task.4 of 台政发〔2021〕27号 refers."""

from fenghuang.language import (
    Bool,
    Date,
    Law,
    Money,
    OrNone,
    Outputs,
    Ratio,
    absent,
    after,
    by,
    first_true,
    only_if,
    outputs,
    rule,
    when,
)


@rule("task.4")
def idle_land(
    agreed_start_on: Date,
    started_on: OrNone[Date],
    developed_area_share: Ratio,
    invested_share: Ratio,
    halted_since: OrNone[Date],
    government_caused: Bool,
    land_price: Money,
    on: Date,
    law: Law,
) -> Outputs:
    """Since when land lies idle, and what follows: a fee after one year, recovery after two, an extension by fault."""
    started = ~absent(started_on) & (started_on <= on)
    start_due = after(agreed_start_on, law.idle_after)
    never_in_time = (on >= start_due) & (absent(started_on) | (started_on > start_due))
    little_done = (developed_area_share < law.developed_min) | (invested_share < law.invested_min)
    halted_idle_on = after(halted_since, law.idle_after)
    halted_for_long = started & ~absent(halted_since) & (on >= halted_idle_on) & little_done
    idle = never_in_time | halted_for_long
    idle_since = when(never_in_time, start_due, only_if(halted_for_long, halted_idle_on))
    measure = first_true(
        extend=government_caused & idle,
        recover=~started & (on >= after(agreed_start_on, law.recover_after)),
        fee=~started & idle,
        otherwise="none",
    )
    return outputs(
        idle_since=idle_since,
        measure=measure,
        fee=by(measure, fee=law.fee_share * land_price, none=0, recover=0, extend=0),
    )
