"""Two years of casework: every register has cases at several stages, done and late, each made by actions and marked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fenghuang.demo import casework, ledgers
from fenghuang.demo.walks import WAYS
from fenghuang.domain.casework.models import Alarm, Case, Movement
from fenghuang.domain.ledger.models import Account, Claim, Entry
from fenghuang.law.registers import registers
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event


def test_every_register_has_a_way_that_its_declaration_allows() -> None:
    assert set(WAYS) == set(registers())
    for name, ways in WAYS.items():
        for way in ways:
            state = registers()[name].first.name
            for step in way:
                assert state in registers()[name].steps[step].before, (name, way)
                state = registers()[name].steps[step].after


@pytest.mark.parametrize("today", [date(2023, 3, 4), date(2026, 11, 22)])
def test_cases_stand_at_every_stage(small_city: Any, today: date) -> None:
    casework.build(today=today)
    casework.build_graded(today=today)
    ledgers.build(today=today)
    cases = Case.objects.all()
    assert set(cases.values_list("register", flat=True)) == {name for name in WAYS if name != "land_renewal"}
    assert cases.filter(ended_on__isnull=False).exists()
    assert set(cases.values_list("alarm", flat=True)) >= {Alarm.NONE, Alarm.OVERDUE}
    assert not cases.filter(is_demo=False).exists()
    assert not cases.filter(since__gt=today).exists()
    assert Movement.objects.count() <= Event.objects.filter(action__startswith="casework.").count()
    assert Account.objects.filter(balance__gt=0).exists()
    assert Entry.objects.exists()
    assert Claim.objects.filter(state="granted").exists()
    assert verify().ok
