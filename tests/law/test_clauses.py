"""How far a clause is carried out is computed from rules with worked cases and from what other floors carry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fenghuang.law import clauses
from fenghuang.law.clauses import DONE, NOT_YET, PARTLY, Clause, coverage, worked
from fenghuang.law.document import documents
from fenghuang.law.pack import packs
from subjects import contract

DOCUMENT = documents()["taizhou-2021-27"]


def clause(name: str, carried: dict[str, str] | None = None) -> Clause:
    return next(found for found in coverage(DOCUMENT, carried) if found.id == name)


def keys() -> Iterator[tuple[str, str]]:
    """Every `does` key of the register with its clause."""
    for said in DOCUMENT.clauses["policy"]:
        for entry in said["does"]:
            yield from ((said["id"], key) for key in entry)


def test_every_clause_of_the_register_stands_in_its_order_with_every_duty() -> None:
    register = DOCUMENT.clauses
    wanted = [said["id"] for part in ("policy", "targets", "tasks", "work") for said in register[part]]
    found = coverage(DOCUMENT)
    assert [one.id for one in found] == wanted
    assert all(one.duties for one in found)
    own = [(one.id, duty.key) for one in found for duty in one.duties]
    assert len({key for _, key in own}) == len(own)
    assert set(keys()) <= set(own)
    assert set(DOCUMENT.targets) <= {key for _, key in own}


def test_the_rules_that_do_it_are_those_of_the_contract() -> None:
    named = [
        rule for said in DOCUMENT.does.values() for key, about in said.items() for rule in about.get("rules", [key])
    ]
    assert set(named) == set(contract())


def test_a_rule_counts_with_a_worked_case_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"upgrade_subsidy", "rent_subsidy"} <= worked()
    assert worked() <= {rule for pack in packs().values() for rule in pack.rules}
    assert clause("art.10").status == DONE
    assert [duty.by for duty in clause("art.10").done] == [("upgrade_subsidy",), ("rent_subsidy",)]
    monkeypatch.setattr(clauses, "worked", lambda: frozenset({"upgrade_subsidy"}))
    assert clause("art.10").status == PARTLY
    assert [duty.key for duty in clause("art.10").todo] == ["rent_subsidy"]
    monkeypatch.setattr(clauses, "worked", frozenset)
    assert clause("art.10").status == NOT_YET


def test_a_duty_of_two_rules_needs_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clauses, "worked", lambda: frozenset({"transfer_to"}))
    assert clause("art.7").status == NOT_YET
    monkeypatch.setattr(clauses, "worked", lambda: frozenset({"transfer_to", "split_transfer"}))
    assert [duty.key for duty in clause("art.7").done] == ["split_transfer", "transfer_bans"]


def test_prices_and_green_finance_wait_for_somebody_to_carry_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clauses, "worked", lambda: frozenset(contract()))
    found = clause("art.15", {"freed_quota_ledger": "腾出指标台账"})
    assert found.status == PARTLY
    assert [duty.key for duty in found.todo] == ["differential_prices", "green_finance"]
    assert found.done[-1].by == ("腾出指标台账",)


def test_a_task_is_done_when_its_rule_its_list_and_its_targets_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clauses, "worked", lambda: frozenset({"idle_land"}))
    assert clause("task.4").status == PARTLY
    assert [duty.key for duty in clause("task.4").todo] == ["task.4.register", "standard_land"]
    carried = {"task.4.register": "闲置土地清单", "standard_land": "目标进度"}
    assert clause("task.4", carried).status == DONE
    assert clause("work.2a", {"work.2a.report": "月通报"}).status == DONE
