"""The nightly run over limits: who is warned, who is late, and to whom an overdue case rises. Each rise is an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fenghuang.domain.casework.deadlines import RISE, WARN, next_level
from fenghuang.domain.casework.models import Alarm, Case, Period
from fenghuang.law.registers.declaration import CITY
from fenghuang.platform.audit.log import Told, record_all
from fenghuang.platform.calendar import between

AT_ONCE = 500  # cases in one transaction: a kill loses no event and doubles none
READ = ("register", "state", "title", "holder", "due", "paused_since", "alarm", "alarm_on", "risen_to")
LONGEST_WARNING = 60  # calendar days ahead that a warning can reach


class Raised(NamedTuple):
    """How many cases were warned of, became overdue, rose to the next level."""

    warned: int
    overdue: int
    escalated: int


def run(today: date | None = None) -> Raised:
    """Raise every alarm that today asks for; run again the same day it raises nothing more."""
    today = today or timezone.localdate()
    counts = dict.fromkeys(Alarm, 0)
    periods = {(one.register, one.state): (one.warn, one.rise) for one in Period.objects.all()}
    for batch in _batches(_near(today).order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            raised = []
            for case in _locked(batch):
                wanted = _alarm(case, today, *periods.get((case.register, case.state), (WARN, RISE)))
                if wanted is not None:
                    raised.append((case, _raise(case, wanted, today)))
                    counts[wanted] += 1
            _keep([case for case, _ in raised], today)
            record_all("casework.alarm", [told for _, told in raised], actor=None)
    return Raised(counts[Alarm.WARNED], counts[Alarm.OVERDUE], counts[Alarm.ESCALATED])


def _keep(raised: Iterable[Case], today: date) -> None:
    """One statement for all that reached the same alarm, instead of one branch a case."""
    alike = defaultdict(list)
    for case in raised:
        alike[case.alarm, case.risen_to].append(case.pk)
    for (alarm, risen_to), keys in alike.items():
        Case.objects.filter(pk__in=keys).update(alarm=alarm, alarm_on=today, risen_to=risen_to)


def _locked(batch: list[int]) -> QuerySet[Case]:
    """The batch, with what an alarm and its event read; a case that has ended meanwhile has no limit any more."""
    return Case.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk").only(*READ)


def _near(today: date) -> QuerySet[Case]:
    """Open cases whose limit is near or past, and whose alarm can still rise today."""
    soon = today + timedelta(days=LONGEST_WARNING)
    found = Case.objects.filter(ended_on__isnull=True, due__lte=soon, paused_since__isnull=True)
    return found.exclude(alarm_on=today).exclude(risen_to=CITY)


def _batches(keys: Iterable[int]) -> Iterable[list[int]]:
    known = list(keys)
    return (known[place : place + AT_ONCE] for place in range(0, len(known), AT_ONCE))


def _alarm(case: Case, today: date, warn: int, rise: int) -> Alarm | None:
    """The alarm that today asks for, or None when there is nothing new to say; asked of a locked case."""
    if case.due is None or case.paused_since or case.alarm_on == today:
        return None
    if today <= case.due:
        return Alarm.WARNED if case.alarm < Alarm.WARNED and between(today, case.due) <= warn else None
    if case.alarm < Alarm.OVERDUE:
        return Alarm.OVERDUE
    waited = case.alarm_on is not None and between(case.alarm_on, today) >= rise
    return Alarm.ESCALATED if waited and next_level(case) else None


def _raise(case: Case, wanted: Alarm, today: date) -> Told:
    before = {"alarm": case.alarm, "risen_to": case.risen_to}
    if wanted == Alarm.ESCALATED:
        case.risen_to = next_level(case)
    case.alarm, case.alarm_on = int(wanted), today
    after = {"alarm": case.alarm, "risen_to": case.risen_to}
    return Told(case, case.declared.clause, f"期限 {case.due}，今天 {today}", before, after)
