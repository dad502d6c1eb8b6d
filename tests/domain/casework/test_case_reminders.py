"""The daily task: alarms rise, and each office hears once a day what waits for it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from test_deadlines import with_period
from test_inefficient_firms import MONDAY, entered

from fenghuang.domain.casework import actions
from fenghuang.domain.casework.models import Alarm, Case
from fenghuang.platform.notices.daily import run_due
from fenghuang.platform.notices.models import Notice

pytestmark = pytest.mark.django_db


def heard(person: Any) -> list[str]:
    return list(
        Notice.objects.filter(user=person, kind="casework.waiting").order_by("pk").values_list("text", flat=True)
    )


def test_who_holds_a_late_case_hears_of_it_once_a_day(low: Any, people: SimpleNamespace) -> None:
    with_period(people)
    entered()
    assert "casework.alarms" in run_due(date(2023, 3, 21))
    assert Case.objects.get().alarm == Alarm.OVERDUE
    assert heard(people.township) == ["清单事项等您办理 1 件，其中逾期 1 件"]
    run_due(date(2023, 3, 21))
    assert len(heard(people.township)) == 1
    for other in (people.city, people.other_township, people.neighbour, people.auditor, people.clerks["tax"]):
        assert heard(other) == []


def test_agencies_hear_that_they_are_asked(low: Any, people: SimpleNamespace) -> None:
    actions.move(people.township, entered().pk, "verify", today=MONDAY)
    run_due(date(2023, 3, 7))
    assert heard(people.clerks["ecology"]) == ["清单事项等您办理 1 件，其中新转来 1 件"]
    assert heard(people.clerks["tax"]) == []
