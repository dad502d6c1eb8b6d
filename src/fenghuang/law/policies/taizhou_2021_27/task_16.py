"""task.16 零增地技改."""

from fenghuang.language import (
    Bool,
    Choice,
    Date,
    Law,
    OrNone,
    Outputs,
    absent,
    after,
    all_of,
    false_once,
    one_of,
    outputs,
    rule,
    when,
)


class Category(Choice):
    """The industry's class in the industrial guidance catalogue."""

    type = one_of("encouraged", "permitted", "restricted", "eliminated")


@rule("task.16")
def zero_land_admission(
    category: Category,
    to_be_relocated_soon: Bool,
    approved_on: OrNone[Date],
    started_on: OrNone[Date],
    on: Date,
    law: Law,
) -> Outputs:
    """Who may upgrade without new land, and whether an approved project starts within three months."""
    admitted = all_of(
        category_allowed=category.among("encouraged", "permitted"),
        not_to_be_relocated=~to_be_relocated_soon,
    )
    start_due_on = after(approved_on, law.start_within)
    overdue = on > start_due_on
    started_in_time = when(absent(started_on), false_once(overdue), started_on <= start_due_on)
    return outputs(admitted=admitted, start_due_on=start_due_on, started_in_time=started_in_time)
