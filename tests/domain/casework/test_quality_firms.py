"""留驻优质企业: found by grade, recognised by the rule, renewed yearly, and leaving only when the facts say so."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, firms
from lowfirms import HERE

from fenghuang.domain.casework import actions
from fenghuang.domain.casework.code import Found, finder_of
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.models import Firm
from fenghuang.law.registers import register
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db
NAME = "quality_firms"
PROOF = Proof("证明.pdf", b"%PDF-1.7 x")
DAY = date(2023, 1, 3)


def test_the_graded_a_and_b_are_found(small_city: Any) -> None:
    found = finder_of(register(NAME))(None).found
    assert found
    assert {one.why[-3:] for one in found} == {"A 类", "B 类"} or {one.why[-3] for one in found} <= {"A", "B"}


@pytest.fixture
def case(deliver: Any, people: SimpleNamespace) -> Case:
    """A firm that nobody graded."""
    deliver(directory=firms(A, township="章安街道"))
    found = Found(A, "企业", Firm.objects.get(uscc=A), HERE, "章安街道", "")
    return actions.enter(people.county, NAME, found, by_hand=True, reason="推荐", proof=PROOF, today=DAY)


def test_recognised_by_any_mark_and_never_by_none(case: Case, people: SimpleNamespace) -> None:
    fields = {"project_class": "planned", "renew_by": "2023-12-31"}
    with pytest.raises(Refused, match="还不知道"):
        actions.move(people.county, case.pk, "recognise", fields=fields, today=DAY)
    done = actions.move(people.county, case.pk, "recognise", fields={**fields, "little_giant": "是"}, today=DAY)
    assert (done.state, done.due, done.kind) == ("kept", date(2023, 12, 31), "planned")


def test_who_is_still_one_is_not_struck_off(case: Case, people: SimpleNamespace) -> None:
    fields = {"project_class": "planned", "renew_by": "2023-12-31", "listed": "是"}
    actions.move(people.county, case.pk, "recognise", fields=fields, today=DAY)
    actions.move(people.county, case.pk, "renew", today=DAY)
    for agency in ("economy", "development_reform", "natural_resources"):
        actions.answer(people.clerks[agency], case.pk, agency, "leave", "建议移出")
    with pytest.raises(Refused, match="仍符合认定条件"):
        actions.move(people.county, case.pk, "leave", today=DAY)
    with pytest.raises(Refused, match="还没有项目“投产”的日期"):
        actions.move(people.county, case.pk, "land", today=DAY)
    kept = actions.move(
        people.county, case.pk, "keep_on", fields={"renew_by": "2024-12-31"}, reason="仍符合条件", today=DAY
    )
    assert kept.due == date(2024, 12, 31)
