"""The worked cases of every pack, as an official writes them (cases/*.yaml), come out to the fen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fenghuang.engines.check import everything
from fenghuang.engines.worked import record, work, worked
from fenghuang.language import types
from fenghuang.language.readings import EVERY_RULE
from fenghuang.law.cases import Case, read
from fenghuang.law.pack import Pack, packs

PACKS = list(packs().values())
CASES = [(pack, case) for pack in PACKS for case in read(pack).cases]


@pytest.mark.parametrize(("pack", "case"), CASES, ids=[f"{case.rule}: {case.name}" for _, case in CASES])
def test_a_worked_case(pack: Pack, case: Case) -> None:
    _, faults = work(pack, case)
    assert [str(fault) for fault in faults] == []


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_a_shipped_pack_has_no_fault(pack: Pack) -> None:
    """What `fenghuang policy check` says of it: files, words, proofs, cases on both sides of every decision."""
    assert [str(fault) for fault in everything(pack.folder)] == []


def test_every_rule_has_cases_on_both_sides() -> None:
    for pack in PACKS:
        for name, rule in pack.rules.items():
            own = worked(pack, name)
            assert len(own) >= 4, f"{name} has {len(own)} worked cases"
            assert {Path(c.file).stem for c in own} == {Path(rule.file).stem}
            inputs = [n for n, kind in rule.inputs.items() if isinstance(kind, types.NumberType)]
            assert all(len({str(c.given[n]) for c in own}) > 1 for n in inputs[:1]), f"{name}: one figure only"
            assert any(c.missing for c in own), f"{name}: nothing unknown"
            assert any(c.expect.get("in_force") is False for c in own), f"{name}: never out of force"


SAME_FORMULA = {"storey_areas"}  # says what the inputs hold; the formula is the same


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_choice_has_a_case_that_it_decides(pack: Pack) -> None:
    """A choice that changes no answer is none: for one of its cases the default would answer otherwise."""
    for reading in pack.every_reading:
        for choice in set() if reading.open else set(reading.choices) - {reading.default}:
            rules = {reading.rule} if reading.rule != EVERY_RULE else set(pack.rules)
            own = [c for rule in rules for c in worked(pack, rule) if c.readings.get(reading.name) == choice]
            assert own, f"{reading.rule}: no worked case for {reading.name}={choice}"
            others = [replace(c, readings={**c.readings, reading.name: reading.default}) for c in own]
            changed = [
                record(pack, c.rule, c).outputs != record(pack, c.rule, other).outputs
                for c, other in zip(own, others, strict=True)
            ]
            assert any(changed) or reading.name in SAME_FORMULA, f"{reading.rule}: {reading.name}={choice}"
