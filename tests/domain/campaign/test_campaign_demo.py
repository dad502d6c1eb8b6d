"""The demonstration's campaigns: every state, made by the actions, nothing that could be taken for a real document."""

from __future__ import annotations

from datetime import date

import pytest

from fenghuang.demo.campaigns import LAST, PLANS, build
from fenghuang.domain.campaign import board
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Objection, Regrade
from fenghuang.domain.campaign.replay import replay
from fenghuang.domain.evaluation.models import Run
from fenghuang.domain.incentives.actions import refresh
from fenghuang.platform.audit.models import Event

DAYS = [date(2026, 11, 22), date(2026, 2, 20), date(2027, 1, 4)]  # a Sunday, after the Spring Festival, an unknown year


@pytest.mark.parametrize("today", DAYS)
def test_units_stand_in_different_states_and_somebody_is_late_on_any_day(small_city, city, today: date) -> None:
    build(city, today)
    assert {(one.unit_id, one.year): one.state for one in Campaign.objects.all()} == {
        (plan.unit, plan.year): plan.state for plan in PLANS
    }
    lines = {line.campaign.state: line for line in board.lines(city, LAST, today)}
    assert lines[State.COLLECTING].late == 4
    assert lines[State.ADJUSTING].late == 2
    assert lines[State.OBJECTIONS].left == 3
    assert sum(line.late > 0 for line in lines.values()) == 2
    assert not [one for one in Campaign.objects.all() if one.since > today]


def test_it_is_done_by_actions_with_evidence_and_marked(small_city, city) -> None:
    build(city, DAYS[0])
    assert set(Objection.objects.values_list("state", flat=True)) >= {"pending", "returned"}
    for one in [*Objection.objects.all(), *Regrade.objects.all()]:
        assert "演示数据" in one.file_name
        assert one.file.open("rb").read(5) == b"%PDF-"
    assert Regrade.objects.exists()
    assert all("演示数据" in one.document for one in Regrade.objects.all())
    assert all("演示数据" in one.decided_by for one in Campaign.objects.filter(state__in=["published", "frozen"]))
    assert Event.objects.filter(action="campaign.publish", actor_name=city.display_name).count() == 11


def test_what_is_frozen_replays_and_what_is_announced_is_of_record(small_city, city) -> None:
    build(city, DAYS[0])
    frozen = Campaign.objects.get(unit="331003", state="frozen")
    assert replay(frozen).differences == []
    made, _ = refresh()
    announced = Run.objects.filter(refresh=made).exclude(announced={}).values_list("unit", "year").distinct()
    assert announced.count() == 11
