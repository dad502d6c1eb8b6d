"""企业承诺: kept on the facts of the years promised; a breach goes by notice and hearing to recovery, to the fen."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, firms
from lowfirms import HERE

from fenghuang.domain.casework import actions, bulk, parts, queries, quiet
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.audit.models import Event
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

pytestmark = pytest.mark.django_db
PROOF = Proof("证明.pdf", b"%PDF-1.7 x")
DAY = date(2022, 3, 1)
SEE = {"county": True, "city": True, "auditor": True, "township": False, "operator": False}
AGENCIES = ("development_reform", "investment_promotion", "science", "commerce", "market_regulation")


@pytest.fixture
def case(deliver: Any, people: SimpleNamespace) -> Case:
    """A promised at least 200 万元 of taxes in 2022."""
    deliver(year=2021, directory=firms(A, township="章安街道"))
    found = Found("承诺〔2022〕1 号", "设备补助承诺", Firm.objects.get(uscc=A), HERE, "章安街道", "")
    made = actions.enter(
        people.county, "commitments", found, by_hand=True, reason="设备补助", proof=PROOF, today=DAY,
        fields={"benefit": "subsidy", "ends_on": "2022-12-31"},
    )  # fmt: skip
    promise = {"fact": "tax", "year": "2022", "at_least": "2000000"}
    parts.add(people.county, made.pk, "indicator", "2022 年税收", fields=promise, today=DAY)
    return made


def checked(case: Case, people: SimpleNamespace, said: str) -> None:
    actions.move(people.county, case.pk, "check", today=date(2023, 1, 3))
    for agency in AGENCIES:
        actions.answer(people.clerks[agency], case.pk, agency, said, "核查情况")


@pytest.mark.parametrize(("tax", "keeps"), [("1999999.99", False), ("2000000.00", True), ("2000000.01", True)])
def test_the_fen_decides(case: Case, people: SimpleNamespace, deliver: Any, tax: str, keeps: bool) -> None:
    checked(case, people, "kept")
    with pytest.raises(Refused, match="2022 年度税收还没有部门数据"):
        actions.move(people.county, case.pk, "fulfil")
    deliver(year=2022, directory=firms(A), tax=[{"uscc": A, "tax": float(tax)}])
    if keeps:
        assert actions.move(people.county, case.pk, "fulfil").state == "fulfilled"
    else:
        with pytest.raises(Refused, match=r"1,999,999.99 元，承诺不低于 2,000,000"):
            actions.move(people.county, case.pk, "fulfil")


def to_decision(case: Case, people: SimpleNamespace) -> None:
    checked(case, people, "broken")
    fields = {"breach": "税收未达承诺", "answer_by": "2023-01-20"}
    day = date(2023, 1, 10)
    actions.move(people.county, case.pk, "notify", fields=fields, documents={"违约告知书": PROOF}, today=day)
    with pytest.raises(Refused, match="期满次日起"):
        actions.move(people.county, case.pk, "silent", reason="未陈述", today=date(2023, 1, 20))
    actions.move(people.county, case.pk, "silent", reason="未陈述", today=date(2023, 1, 21))


def test_without_a_legal_basis_there_is_recovery_only(case: Case, people: SimpleNamespace) -> None:
    to_decision(case, people)
    money = {"amount_due": "100000.00", "interest_due": "1234.56", "pay_by": "2023-06-30"}
    day = date(2023, 2, 1)
    with pytest.raises(Refused, match="请填写列入的法律依据；请填写法定代表人"):
        actions.move(
            people.county, case.pk, "list_as_untrustworthy", fields=money, documents={"列入决定": PROOF}, today=day
        )
    actions.move(people.county, case.pk, "recover", fields=money, documents={"追缴决定": PROOF}, today=day)
    first = parts.add(
        people.county, case.pk, "instalment", "第 1 期", fields={"amount": "60000"}, due=date(2023, 3, 31), today=day
    )
    second = parts.add(
        people.county, case.pk, "instalment", "第 2 期", fields={"amount": "41234.55"}, due=date(2023, 6, 30), today=day
    )
    parts.settle(people.clerks["finance"], first.pk, "已入库", proof=PROOF)
    with pytest.raises(Refused, match="还有 1 项没有“已缴清”：第 2 期"):
        actions.move(people.county, case.pk, "verify", today=day)
    parts.settle(people.clerks["finance"], second.pk, "已入库", proof=PROOF)
    actions.move(people.county, case.pk, "verify", today=day)
    for agency in ("development_reform", "market_regulation"):
        actions.answer(people.clerks[agency], case.pk, agency, "done", "已履行")
    with pytest.raises(Refused, match=r"应缴 101,234.56 元，已缴 101,234.55 元，还差 0.01 元"):
        actions.move(people.county, case.pk, "repair", today=day)


def test_listed_with_its_basis_and_the_legal_representative(case: Case, people: SimpleNamespace) -> None:
    to_decision(case, people)
    fields = {
        "amount_due": "1", "interest_due": "0", "pay_by": "2023-06-30", "legal_basis": "（演示）某办法第 1 条",
        "legal_representative": "王某",
    }  # fmt: skip
    day = date(2023, 2, 1)
    listed = actions.move(
        people.county, case.pk, "list_as_untrustworthy", fields=fields, documents={"列入决定": PROOF}, today=day
    )
    assert (listed.state, listed.fields["amount_due"]) == ("untrustworthy", 100)


def test_taxes_are_told_to_whom_they_are_open(case: Case, people: SimpleNamespace, deliver: Any, as_user: Any) -> None:
    """What the facts show of an exit has figures for the county, none for a township, a job's log or the audit log."""
    checked(case, people, "kept")
    deliver(year=2022, directory=firms(A), tax=[{"uscc": A, "tax": 1_999_999.99}])
    pages = {who: as_user(getattr(people, who)).get(f"/cases/{case.pk}/").content.decode() for who in SEE}
    assert {who: "1,999,999.99" in page for who, page in pages.items()} == SEE
    assert "2022 年度税收 ***，承诺不低于 ***" in pages["township"].replace(" 元", "")
    [(_, sentence)] = bulk.move_each(people.county, {case.pk: None}, "fulfil", "").refused
    assert "999" not in sentence
    deliver(year=2022, directory=firms(A), tax=[{"uscc": A, "tax": 2_345_678.9}])
    done = actions.move(people.county, case.pk, "fulfil")
    assert done.movements.last().shown["indicators"][0]["value"] == 234_567_890  # type: ignore[union-attr]
    event = Event.objects.get(action="casework.fulfil")
    assert "234567890" not in str(event.after)
    assert event.after["shown"] == quiet.fingerprint(done.movements.last().shown)  # type: ignore[index, union-attr]


def test_nobody_leaves_the_list_because_the_verification_failed(case: Case, people: SimpleNamespace) -> None:
    to_decision(case, people)
    day, basis = date(2023, 2, 1), {"legal_basis": "（演示）某办法第 1 条", "legal_representative": "王某"}
    fields = {"amount_due": "1", "interest_due": "0", "pay_by": "2023-06-30", **basis}
    documents = {"列入决定": PROOF}
    actions.move(people.county, case.pk, "list_as_untrustworthy", fields=fields, documents=documents, today=day)
    due = date(2023, 6, 1)
    parts.add(people.county, case.pk, "instalment", "一次", fields={"amount": "1"}, due=due, today=day)
    parts.settle(people.clerks["finance"], case.parts.get(group="instalment").pk, "已入库", proof=PROOF)
    actions.move(people.county, case.pk, "verify", today=day)
    for agency in ("development_reform", "market_regulation"):
        actions.answer(people.clerks[agency], case.pk, agency, "open", "未履行")
    again = {"fields": {"pay_by": "2023-07-31"}, "reason": "未履行", "today": day}
    with pytest.raises(Refused, match="履行义务以前不能退出名单"):
        actions.move(people.county, case.pk, "not_yet", **again)
    assert actions.move(people.county, case.pk, "stay_listed", **again).state == "untrustworthy"


def test_finance_settles_instalments_and_so_sees_the_cases(case: Case, people: SimpleNamespace) -> None:
    assert queries.cases(people.clerks["finance"]).get() == case
    assert not queries.cases(people.clerks["construction"]).exists()
