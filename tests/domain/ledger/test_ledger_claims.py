"""Claims: what comes first, what passes it with a reason, what is taken from the pool."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from ledgers import DAY, PROOF, here, told

from fenghuang.domain.ledger import actions, claims, queries
from fenghuang.domain.ledger.models import Claim
from fenghuang.platform.audit.models import Event
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db


def claim(actor: Any, amount: int | None = 10_000, sort: str = "upgrade", **more: Any) -> Claim:
    given = {"project": f"{sort}项目", "applied_on": date(2023, 3, 1), "today": DAY, **more}
    return claims.apply(actor, "energy", here(), amount, sort=sort, **given)


@pytest.fixture
def pool(city: Any) -> Any:
    return actions.credit(city, "energy", here(), 30_000, told("closed")).account


def test_the_queue_is_in_the_order_of_the_clause(county: Any) -> None:
    late = claim(county, sort="chain", applied_on=date(2023, 3, 2))
    other = claim(county, sort="other", applied_on=date(2023, 1, 1))
    early = claim(county, sort="upgrade", applied_on=date(2023, 2, 1))
    assert list(queries.claims(county)) == [early, late, other]


def test_who_passes_one_that_comes_first_says_why(county: Any, pool: Any) -> None:
    first, other = claim(county, sort="low_carbon"), claim(county, sort="other")
    with pytest.raises(
        Refused, match="还有优先的申请在等：low_carbon项目（低碳新兴产业项目）；先安排“other项目”须填写理由"
    ):
        claims.grant(county, other.pk)
    granted = claims.grant(county, other.pk, reason="优先项目尚未开工", today=DAY)
    assert granted.entry is not None
    assert (granted.entry.amount, granted.entry.balance, granted.entry.label) == (-10_000, 20_000, "other")
    event = Event.objects.get(action="ledger.grant")
    assert (event.reason, event.after["passed"]) == ("优先项目尚未开工", [first.pk])
    assert claims.grant(county, first.pk, today=DAY).entry.origin_title == "low_carbon项目申请用能"


def test_no_order_among_those_that_come_first(county: Any, pool: Any) -> None:
    claim(county, sort="low_carbon", applied_on=date(2023, 1, 1))
    assert claims.grant(county, claim(county, sort="upgrade").pk).state == Claim.State.GRANTED


def test_no_more_is_granted_than_there_is(county: Any, pool: Any) -> None:
    much = claim(county, 30_001)
    with pytest.raises(Refused, match=r"余额 3 吨标准煤，不足以减去 3\.0001 吨标准煤"):
        claims.grant(county, much.pk)
    assert Claim.objects.get(pk=much.pk).state == Claim.State.WAITING
    assert claims.grant(county, claim(county, 30_000).pk).entry.balance == 0


@pytest.mark.parametrize("amount", [None, 0, -1])
def test_an_amount_that_is_not_known_is_no_claim(county: Any, amount: int | None) -> None:
    with pytest.raises(Refused, match="请填写申请量"):
        claim(county, amount)


def test_slips_are_said(county: Any) -> None:
    with pytest.raises(Refused, match="请填写项目名称或项目代码"):
        claim(county, project=" ")
    with pytest.raises(Refused, match="黄岩区没有项目代码为“X1”的项目"):
        claim(county, code="X1")
    with pytest.raises(Refused, match="请选择项目类别"):
        claim(county, sort="x", project="甲")
    with pytest.raises(Refused, match="日期 2023-03-07 晚于今天"):
        claim(county, applied_on=date(2023, 3, 7))
    with pytest.raises(Refused, match="只有用能和碳排放"):
        claims.apply(county, "land", here(), 1, sort="chain", project="x", applied_on=DAY)


def test_withdrawn_with_a_reason_and_then_over(county: Any, pool: Any) -> None:
    one = claim(county)
    with pytest.raises(Refused, match="撤回申请须填写理由"):
        claims.withdraw(county, one.pk, reason="")
    claims.withdraw(county, one.pk, reason="项目取消")
    with pytest.raises(Refused, match="这项申请已撤回（wang 某"):
        claims.grant(county, one.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Claim.objects.filter(pk=one.pk).update(state="waiting")


def test_a_countered_grant_gives_it_back(county: Any, pool: Any) -> None:
    granted = claims.grant(county, claim(county).pk)
    for change in ({"state": "waiting"}, {"amount": 1}, {"state": "reversed", "amount": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Claim.objects.filter(pk=granted.pk).update(**change)
    actions.counter(county, granted.entry_id, reason="安排有误", document="x", proof=PROOF)
    pool.refresh_from_db()
    assert (pool.balance, Claim.objects.get().state) == (30_000, Claim.State.REVERSED)
    event = Event.objects.get(action="ledger.reverse_claim")
    assert (event.subject_id, event.reason, event.before) == (str(granted.pk), "安排有误", {"state": "granted"})


def test_who_may(request: Any, county: Any, clerk: Any, auditor: Any, pool: Any) -> None:
    one = claim(county)
    for person in (clerk, auditor):
        with pytest.raises(PermissionDenied):
            claims.grant(person, one.pk)
        with pytest.raises(PermissionDenied):
            claim(person)
        assert queries.claims(person).count() == 1
