"""The worked cases of every pack, as an official writes them (cases/*.yaml), come out to the fen."""

from __future__ import annotations

import pytest

from fenghuang.engines.check import everything, work
from fenghuang.language import types
from fenghuang.law.cases import Case, read
from fenghuang.law.pack import Pack, packs

PACKS = list(packs().values())
CASES = [(pack, case) for pack in PACKS for case in read(pack).cases]


@pytest.mark.parametrize(("pack", "case"), CASES, ids=[f"{case.rule}: {case.name}" for _, case in CASES])
def test_a_worked_case(pack: Pack, case: Case) -> None:
    _, faults = work(pack, case)
    assert faults == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_shipped_pack_has_no_fault(pack: Pack) -> None:
    """What `fenghuang policy check` says of it: files, words, proofs, cases on both sides of every decision."""
    assert [str(fault) for fault in everything(pack.folder)] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_the_cases_of_a_rule_differ_in_its_first_figure(pack: Pack) -> None:
    for name, rule in pack.rules.items():
        own = [case for case in read(pack).cases if case.rule == name]
        numbers = [n for n, kind in rule.inputs.items() if isinstance(kind, types.NumberType)]
        assert all(len({str(case.given[n]) for case in own}) > 1 for n in numbers[:1]), f"{name}: one figure only"
