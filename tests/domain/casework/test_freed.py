"""What a case that left set free: credited as the facts show, told when they do not, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, B, C, firms
from test_inefficient_firms import MONDAY, NAME, PROOF, accepted, to_acceptance

from fenghuang.domain.casework import actions
from fenghuang.domain.casework.code import finder_of
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.registers import freed
from fenghuang.domain.ledger.models import Entry
from fenghuang.domain.registry import events
from fenghuang.domain.registry.models import Firm
from fenghuang.law.registers import register
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db
LATER = date(2023, 7, 3)


def delivered(
    deliver: Callable[..., Any], year: int, *, tax: int, energy: Any = 100, land: int = 20, others: bool = True
) -> None:
    """A year: A with these figures (万元, 吨标准煤, 亩), B and C far above."""
    codes = (A, B, C) if others else (A,)
    deliver(
        year=year,
        directory=firms(*codes, revenue=200_000_000, value_added=30_000_000, township="章安街道"),
        tax=[{"uscc": one, "tax": (tax if one == A else 2000) * 10_000} for one in codes],
        parcels=[{"uscc": one, "reference": f"{one}-1", "amount": land if one == A else 20} for one in codes],
        energy=[] if energy is None else [{"uscc": A, "energy_tce": energy}],
        emissions=[{"uscc": A, "emission_t": 3}],
    )


@pytest.fixture
def case(deliver: Any, people: SimpleNamespace) -> Case:
    delivered(deliver, 2021, tax=200)
    delivered(deliver, 2022, tax=200)
    search = finder_of(register(NAME))(None)
    return actions.enter(people.county, NAME, search.found[0], recording=search.recording, today=MONDAY)


def struck_off(case: Case, people: SimpleNamespace) -> Case:
    to_acceptance(case, people)
    accepted(case, people)
    return actions.move(people.county, case.pk, "strike_off", today=LATER)


def to_closure(case: Case, people: SimpleNamespace) -> None:
    """Shut down after the limit, the closure accepted by its agencies."""
    actions.move(people.township, case.pk, "verify", today=MONDAY)
    for agency in ("emergency", "ecology", "development_reform", "market_regulation"):
        actions.answer(people.clerks[agency], case.pk, agency, "unlawful", "检查记录")
    fields = {"violation": "污染物超标", "rectify_until": "2023-03-10"}
    actions.move(people.county, case.pk, "order", fields=fields, documents={"责令整改通知": PROOF}, today=MONDAY)
    shut = {"reason": "逾期未整改", "documents": {"关停决定": PROOF}}
    actions.move(people.county, case.pk, "shut_down", today=date(2023, 3, 13), **shut)
    actions.move(people.county, case.pk, "check_closure")
    for agency in ("economy", "market_regulation"):
        actions.answer(people.clerks[agency], case.pk, agency, "done", "已停产")


def gone(case: Case, kind: str, *others: Firm) -> None:
    events.register(case.firm, events.Said(kind, 2023, "登记通知书", others=list(others)), user=None)


def booked() -> dict[str, tuple[str, int]]:
    return {one.kind: (one.account.holder, one.amount) for one in Entry.objects.select_related("account__firm")}


def remark(case: Case) -> str:
    return case.comments.get().text


def test_what_is_used_less_than_at_the_entry_is_freed(case: Case, people: SimpleNamespace, deliver: Any) -> None:
    delivered(deliver, 2023, tax=2000, energy="60.5", land=15)
    struck_off(case, people)
    assert booked() == {"energy": ("椒江区", 395_000), "land": ("椒江区", 50_000)}
    entry = Entry.objects.get(kind="energy")
    assert entry.why["sentence"] == "2022 年度 100 吨标准煤，2023 年度 60.5 吨标准煤，减少的计为腾出"
    assert [fact["value"] for fact in entry.why["facts"]] == [1_000_000, 605_000]
    assert (entry.label, entry.origin, entry.year, entry.by) == ("struck_off", str(case.pk), 2023, people.county)
    assert "碳排放没有计入：没有部门报送碳排放数据" in remark(case)
    assert Event.objects.get(action="casework.credit_freed").subject_id == str(case.pk)


def test_never_below_zero_and_what_is_not_known_is_not_credited(
    case: Case, people: SimpleNamespace, deliver: Any
) -> None:
    delivered(deliver, 2023, tax=2000, energy=None, land=21)
    struck_off(case, people)
    assert booked() == {}
    assert "用能没有计入：缺少2023 年度的" in remark(case)
    assert "腾出土地没有腾出：2023 年度不少于 2022 年度" in remark(case)


def test_a_closed_firm_frees_all_of_its_last_year(case: Case, people: SimpleNamespace) -> None:
    to_closure(case, people)
    gone(case, "cancelled")
    actions.move(people.county, case.pk, "closure_done", today=LATER)
    assert booked() == {"energy": ("椒江区", 1_000_000), "land": ("椒江区", 200_000)}
    assert "用能 100 吨标准煤 计入椒江区用能第 1 笔" in remark(case)


def test_a_case_frees_once(case: Case, people: SimpleNamespace) -> None:
    to_closure(case, people)
    gone(case, "cancelled")
    actions.move(people.county, case.pk, "closure_done", today=LATER)
    actions.reopen(people.county, case.pk, version=None, reason="复核", today=LATER)
    to_again(case, people)
    assert Entry.objects.count() == 2
    assert "不能重复记入" in case.comments.last().text


def to_again(case: Case, people: SimpleNamespace) -> None:
    last = case.movements.get(step="closure_done")
    case.refresh_from_db()
    case.state = "closed"
    freed.credit_freed(case, last, people.county)


def graded(monkeypatch: Any, grade: str | None) -> None:
    from fenghuang.language.types import GRADES

    monkeypatch.setattr(freed, "_grade", lambda firm, year: None if grade is None else GRADES.index(grade))


@pytest.mark.parametrize("grade", ["A", "B"])
def test_a_merged_firm_passes_all_on(case: Case, people: SimpleNamespace, monkeypatch: Any, grade: str) -> None:
    graded(monkeypatch, grade)
    to_closure(case, people)
    to = Firm.objects.get(uscc=B)
    gone(case, "merged", to)
    filled = {"two_high_one_low": "true"}
    actions.move(people.county, case.pk, "closure_done", fields=filled, today=LATER)
    assert booked() == {
        kind: (to.name, n) for kind, n in (("energy", 10**6), ("land", 200_000), ("emission", 3 * 10**6))
    }
    entry = Entry.objects.get(kind="emission")
    assert (entry.clause, entry.why["rules"][0]["rule"]) == ("art.9", "merger_quota_transfer")
    assert entry.why["rules"][0]["outputs"]["energy_tce"] == 10**8


def test_merged_into_a_firm_of_grade_c_it_goes_to_the_county(
    case: Case, people: SimpleNamespace, monkeypatch: Any
) -> None:
    graded(monkeypatch, "C")
    to_closure(case, people)
    gone(case, "merged", Firm.objects.get(uscc=B))
    actions.move(people.county, case.pk, "closure_done", fields={"two_high_one_low": "true"}, today=LATER)
    assert booked() == {"energy": ("椒江区", 1_000_000), "land": ("椒江区", 200_000)}
    assert "不符合归并到" in remark(case)


@pytest.mark.parametrize(("grade", "filled"), [(None, {"two_high_one_low": "true"}), ("A", {})])
def test_what_the_merger_rule_cannot_tell_is_not_credited(
    case: Case, people: SimpleNamespace, monkeypatch: Any, grade: str | None, filled: dict[str, str]
) -> None:
    graded(monkeypatch, grade)
    to_closure(case, people)
    gone(case, "merged", Firm.objects.get(uscc=B))
    actions.move(people.county, case.pk, "closure_done", fields=filled, today=LATER)
    assert booked() == {}
    assert "不能确定是否归并到" in remark(case)


def test_a_kill_between_exit_and_credit_keeps_the_case(case: Case, people: SimpleNamespace, monkeypatch: Any) -> None:
    to_closure(case, people)
    gone(case, "cancelled")
    monkeypatch.setattr(freed, "record", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        actions.move(people.county, case.pk, "closure_done", today=LATER)
    assert not Entry.objects.exists()
    assert Case.objects.get(pk=case.pk).state == "closure_check"
