"""Limits: set by the city, counted in working days, stopped by a pause, told once, and rising to the next level."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from test_inefficient_firms import MONDAY, NAME, entered, to_planning

from fenghuang.domain.casework import actions, alarms, planning, queries, settings
from fenghuang.domain.casework.models import Alarm, Case
from fenghuang.platform.audit.models import Event
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db


def with_period(people: SimpleNamespace, days: int = 10, state: str = "found") -> None:
    settings.set_period(people.city, NAME, state, days, 3, "专班会议〔2023〕1 号")


def test_no_limit_unless_the_city_sets_one(low: Any, people: SimpleNamespace) -> None:
    assert entered().due is None
    assert alarms.run(date(2030, 1, 1)) == (0, 0, 0)


def test_ten_working_days_from_a_monday(low: Any, people: SimpleNamespace) -> None:
    with_period(people)
    assert entered().due == date(2023, 3, 20)


def test_alarms_rise_once_and_level_by_level(low: Any, people: SimpleNamespace) -> None:
    with_period(people)
    case = entered()
    raised = []
    for day in (14, 15, 15, 20, 21, 21, 27, 28, 28):
        raised.append(tuple(alarms.run(date(2023, 3, day))))
    # three working days before; the day after; five working days later
    assert raised == [
        (0, 0, 0), (1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 0), (0, 0, 1), (0, 0, 0),
    ]  # fmt: skip
    case.refresh_from_db()
    assert (case.alarm, case.risen_to) == (Alarm.ESCALATED, "county")
    assert list(queries.waiting(people.county)) == [case]
    assert list(queries.late(people.city)) == [case]
    assert alarms.run(date(2023, 4, 4)) == (0, 0, 1)
    case.refresh_from_db()
    assert case.risen_to == "city"
    assert alarms.run(date(2023, 6, 1)) == (0, 0, 0)  # nobody stands above the city
    assert Event.objects.filter(action="casework.alarm").count() == 4
    moved = actions.move(people.township, case.pk, "verify", today=date(2023, 6, 1))
    assert (moved.alarm, moved.risen_to) == (Alarm.NONE, "")


def test_a_pause_stops_the_clock(low: Any, people: SimpleNamespace) -> None:
    with_period(people, 5, "carrying_out")
    case = to_planning(entered(), people)
    measure = planning.Item("更新设备", date(2023, 6, 30))
    planning.write(
        people.county, case.pk, version=None, problem="x", aim="y", figures={}, measures=[measure], today=MONDAY
    )
    case = actions.move(people.county, case.pk, "approve_plan", fields={"way": "upgrade"}, today=MONDAY)
    assert case.due == date(2023, 3, 13)
    with pytest.raises(Refused, match="须填写理由"):
        actions.pause(people.county, case.pk, version=None, reason="", today=date(2023, 3, 8))
    with pytest.raises(Refused, match="由县级经办或市级专班调整"):
        actions.pause(people.township, case.pk, version=None, reason="诉讼", today=date(2023, 3, 8))
    actions.pause(people.county, case.pk, version=None, reason="诉讼", today=date(2023, 3, 8))
    assert alarms.run(date(2023, 4, 3)) == (0, 0, 0)
    with pytest.raises(Refused, match="请先恢复"):
        actions.move(people.county, case.pk, "change_plan", reason="x")
    case = actions.resume(people.county, case.pk, version=None, today=date(2023, 3, 10))
    assert case.due == date(2023, 3, 15)  # two working days later


@pytest.mark.parametrize(("days", "sentence"), [(0, "1 至 500"), (501, "1 至 500")])
def test_limits_have_bounds(people: SimpleNamespace, days: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        settings.set_period(people.city, NAME, "found", days, 0, "x")


def test_a_date_that_was_filled_in_is_no_setting(people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match="由文件或填报的日期决定"):
        settings.set_period(people.city, NAME, "rectifying", 5, 1, "x")
    with pytest.raises(Refused, match="请写明这一期限的依据"):
        settings.set_period(people.city, NAME, "found", 5, 1, "")


def test_a_killed_run_goes_on_where_it_stopped(low: Any, people: SimpleNamespace, monkeypatch: Any) -> None:
    with_period(people)
    entered()
    monkeypatch.setattr(alarms, "record_all", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        alarms.run(date(2023, 3, 15))
    assert Case.objects.get().alarm == Alarm.NONE
    monkeypatch.undo()
    assert alarms.run(date(2023, 3, 15)).warned == 1
