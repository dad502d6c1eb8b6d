"""When a case is due: days the city set, a date that was filled in, or months of the document; and who hears of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from fenghuang.domain.casework.models import Case, Period
from fenghuang.language.numbers import add_months, days
from fenghuang.law.registers import pack_of
from fenghuang.law.registers.declaration import LEVELS, Register
from fenghuang.platform.calendar import after
from fenghuang.platform.refusals import Refused
from fenghuang.platform.remembered import remembered

# Working days before a limit that it warns, and after which an overdue case rises, unless the city said otherwise.
WARN, RISE = 3, 5
EPOCH = date(1970, 1, 1)


class Due(NamedTuple):
    """The last day, or None without a limit; `estimated` when the working days of its year are not announced."""

    day: date | None
    estimated: bool = False


NONE = Due(None)


def due(register: Register, state: str, fields: dict[str, object], today: date) -> Due:
    """Until when a case may stay in a state that it enters today."""
    limit = register.states[state].limit
    if limit is None:
        return NONE
    if limit.is_set:
        period = period_of(register.name, state)
        return Due(*after(today, period.days)) if period and period.days else NONE
    if limit.field:
        return Due(date.fromisoformat(str(fields[limit.field])))
    months = pack_of(register).parameters[limit.months].figures[""][0]
    last = add_months(days(date.fromisoformat(str(fields[limit.since]))), int(months))
    return Due(EPOCH + timedelta(days=last)) if last is not None else NONE


def entering(register: Register, state: str, fields: dict[str, object], today: date) -> Due:
    """Until when, of a state entered today. Refused when the date that was filled in has passed."""
    found, limit = due(register, state, fields, today), register.states[state].limit
    if limit and limit.field and found.day and found.day < today:
        raise Refused(f"期限 {found.day} 早于今天，请填写今天或以后的日期")
    return found


@remembered
def period_of(register: str, state: str) -> Period | None:
    """What the city set, if it set days."""
    return Period.objects.filter(register=register, state=state, days__isnull=False).first()


def next_level(case: Case) -> str:
    """Who hears of it when whoever holds the case is late: the next level above; "" when there is none."""
    held = case.risen_to or case.holder
    if held not in LEVELS:
        return LEVELS[1]  # of an agency or a firm the county
    place = LEVELS.index(held) + 1
    return LEVELS[place] if place < len(LEVELS) else ""
