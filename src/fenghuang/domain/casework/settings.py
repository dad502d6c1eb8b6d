"""What a city sets for the states of a register where the document sets nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from fenghuang.domain.casework.models import Period
from fenghuang.law.registers import register
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.refusals import Refused

LONGEST = 500  # working days: two years
MOST_DELIVERIES = 12


@transaction.atomic
def set_period(actor: User | None, name: str, state: str, days: int | None, warn: int, basis: str) -> Period:
    """How many working days a state may last (None: no limit), from when it warns, and on what that stands."""
    require(actor, "accounts.change", None)
    declared = register(name).states[state]
    if declared.limit is None or not declared.limit.is_set:
        raise Refused(f"“{declared.title}”的期限由文件或填报的日期决定，不能另设")
    if days is not None and not 1 <= days <= LONGEST:
        raise Refused(f"期限须为 1 至 {LONGEST} 个工作日，填的是 {days}")
    if not 0 <= warn <= (days or LONGEST):
        raise Refused(f"提前提醒须为 0 至 {days or LONGEST} 个工作日，填的是 {warn}")
    if days is not None and not basis.strip():
        raise Refused("请写明这一期限的依据（文件或会议）")
    return _set(actor, "casework.period", name, state, days=days, warn=warn, basis=basis[:200])


@transaction.atomic
def set_deliveries(actor: User | None, name: str, state: str, deliveries: int, basis: str) -> Period:
    """On how many deliveries running the facts must show an exit (task.1 names none: one, until the city sets more)."""
    require(actor, "accounts.change", None)
    declared = register(name).states[state]
    if not declared.deliveries:
        raise Refused(f"“{declared.title}”不按连续交付的次数核验，不能设定")
    if not 1 <= deliveries <= MOST_DELIVERIES:
        raise Refused(f"连续达标的数据交付须为 1 至 {MOST_DELIVERIES} 次，填的是 {deliveries}")
    if not basis.strip():
        raise Refused("请写明这一次数的依据（文件或会议）")
    return _set(actor, "casework.deliveries", name, state, deliveries=deliveries, basis=basis[:200])


def _set(actor: User | None, action: str, name: str, state: str, **values: Any) -> Period:
    one, _ = Period.objects.select_for_update().get_or_create(register=name, state=state)
    before = {field: getattr(one, field) for field in values}
    for field, value in values.items():
        setattr(one, field, value)
    one.changed_by = actor
    one.save()
    record(action, actor=actor, subject=one, clause=register(name).clause, before=before, after=values)
    return one


def deliveries(name: str, shown_by: str) -> int:
    """As set for the exit of a register that this code shows."""
    states = [state.name for state in register(name).ends if state.shown_by == shown_by and state.deliveries]
    found = Period.objects.filter(register=name, state__in=states).values_list("deliveries", flat=True).first()
    return found or 1
