"""Who hears at once: the clerks of agencies that a joint state asks, of the city and of the place; nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from test_inefficient_firms import LEGALITY, entered

from fenghuang.domain.casework import actions
from fenghuang.platform.accounts.models import Department, Role, Unit, User
from fenghuang.platform.notices.models import Notice

pytestmark = pytest.mark.django_db


def clerk(name: str, agency: str, unit: str, **more: Any) -> User:
    about = {"display_name": name, "role": Role.CLERK, "agency": Department.objects.get(pk=agency)}
    return User.objects.create(username=name, unit=Unit.objects.get(pk=unit), **about, **more)


def test_asked_agencies_hear_at_once(low: Any, people: SimpleNamespace, as_user: Any) -> None:
    here, there = clerk("here", "ecology", "331002"), clerk("there", "ecology", "331003")
    gone = clerk("gone", "ecology", "331002", is_active=False)
    case = entered()
    assert not Notice.objects.exists()  # the township that holds it hears with the digest
    actions.move(people.township, case.pk, "verify")
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert told == {*(f"clerk-{one}" for one in LEGALITY), "here"}
    assert {there.username, gone.username}.isdisjoint(told)
    page = as_user(here).get("/notices/").content.decode()
    assert "征求意见：安全生产、环境保护、能耗、质量四个领域是否合法合规" in page
    one = Notice.objects.get(user=here)
    assert as_user(here).post(f"/notices/{one.pk}/follow")["Location"] == f"/cases/{case.pk}/"


def test_another_round_is_told_again_and_no_step_beside(low: Any, people: Any) -> None:
    case = entered()
    actions.move(people.township, case.pk, "verify")
    before = Notice.objects.count()
    for agency in LEGALITY:
        actions.answer(people.clerks[agency], case.pk, agency, "lawful", "合法")
    actions.move(people.county, case.pk, "all_lawful")
    assert Notice.objects.count() == before
