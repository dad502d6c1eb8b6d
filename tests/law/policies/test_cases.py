"""The worked cases of every pack, as an official writes them (cases/*.yaml), come out to the fen.

A figure is written with its unit (4875 万元, 6.5 亩, 12 %), which must be that of the input or output. `rows` are rows
of reference tables that one case supposes: the pack has none where the document they stand in was not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fenghuang.engines import door
from fenghuang.engines.explain import explainer
from fenghuang.language import numbers, references, types, units
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.readings import EVERY_RULE
from fenghuang.language.record import Record
from fenghuang.language.values import Number
from fenghuang.law.pack import Overlay, Pack, load_yaml, packs

KEYS = {"given", "expect", "why", "reading", "on", "missing", "rows"}
DAY = date(2022, 12, 31)


class Case(NamedTuple):
    pack: Pack
    file: str
    rule: str
    name: str
    said: dict[str, Any]


def cases() -> Iterator[Case]:
    for pack in packs().values():
        for path in sorted(pack.folder.glob("cases/*.yaml")):
            for rule, entries in load_yaml(path).items():
                base = entries.pop("base", {})
                for name, said in entries.items():
                    given = {**base, **(said["given"] or {})}
                    yield Case(pack, path.stem, rule, name, {**said, "given": given})


def figure(said: Any, dimension: units.Dimension) -> Fraction | None:
    """4875 万元 is 48750000 in the base unit; None for what is no figure. The unit must count the same thing."""
    if isinstance(said, bool) or not isinstance(said, str | int):
        return None
    number, _, unit = str(said).partition(" ")
    try:
        value = numbers.fraction(number)
    except numbers.NotANumber:
        return None
    written = units.unit(unit)
    assert written.dimension == dimension, f"{said} is written in the wrong unit"
    return value * written.factor


def given(kind: types.Type, said: Any) -> Any:
    """A figure in the unit of its type, as text; anything else as it is."""
    if not isinstance(kind, types.NumberType) or said is None:
        return said
    value = figure(said, kind.unit.dimension)
    assert value is not None, said
    value /= kind.unit.factor
    text = numbers.show_fraction(value, kind.decimals + 1)
    assert Fraction(text) == value, f"{said} has more decimals than its type"
    return numbers.trim(text)


def answers(found: Any, said: Any, node: Any) -> bool:
    """Whether an answer is what the case expects; a figure to its last decimal."""
    if isinstance(said, date):
        return bool(found == said.isoformat())
    if isinstance(node, Number) and said is not None:
        value = figure(said, node.dimension)
        assert value is not None, said
        return found is not None and Fraction(found) == value
    return bool(found == said) and type(found) is type(said)


def supposing(pack: Pack, rows: Mapping[str, Any]) -> Pack:
    """The pack with rows in its reference tables."""
    document = load_yaml(pack.folder / "references.yaml")
    for table, figures in rows.items():
        document[table]["versions"] = [{"source": "算例假设", "rows": figures}]
    supposed = copy(pack)
    supposed.references, supposed._programs = references.read(document, pack.valid), {}
    return supposed


CASES = list(cases())


def run(case: Case, readings: Mapping[str, str]) -> tuple[Record, Program]:
    """The case decided under readings of its own or others."""
    rule, said = case.pack.rules[case.rule], case.said
    raw = {name: given(kind, said["given"][name]) for name, kind in rule.inputs.items()}
    subject, faults = door.subject(rule.inputs, raw)
    assert faults == []
    pack = supposing(case.pack, said["rows"]) if "rows" in said else case.pack
    explain = explainer(pack, case.rule, Overlay(readings=readings))
    return explain.record(subject, days(said.get("on", DAY))), pack.program(case.rule, Overlay(readings=readings))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_worked_case(case: Case) -> None:
    said = case.said
    assert set(said) <= KEYS
    assert set(said["given"]) == set(case.pack.rules[case.rule].inputs), "every input, unknown ones as null"
    record, program = run(case, said.get("reading", {}))
    found = {**record.outputs, **record.conditions}
    wrong = {n: found[n] for n, expected in said["expect"].items() if not answers(found[n], expected, program.shown[n])}
    assert wrong == {}, said["expect"]
    assert list(record.missing) == said.get("missing", [])


def test_every_rule_has_cases_on_both_sides() -> None:
    for pack in packs().values():
        for name, rule in pack.rules.items():
            own = [c for c in CASES if c.rule == name and c.pack is pack]
            assert len(own) >= 4, f"{name} has {len(own)} worked cases"
            assert {c.file for c in own} == {Path(rule.file).stem}
            assert all(c.said["why"] for c in own)
            inputs = [n for n, kind in rule.inputs.items() if isinstance(kind, types.NumberType)]
            assert all(len({str(c.said["given"][n]) for c in own}) > 1 for n in inputs[:1]), f"{name}: one figure only"
            assert any(c.said.get("missing") for c in own), f"{name}: nothing unknown"
            assert any(c.said["expect"].get("in_force") is False for c in own), f"{name}: never out of force"


SAME_FORMULA = {"storey_areas"}  # says what the inputs hold; the formula is the same


@pytest.mark.parametrize("pack", packs().values(), ids=packs().keys())
def test_every_choice_has_a_case_that_it_decides(pack: Pack) -> None:
    """A choice that changes no answer is none: for one of its cases the default would answer otherwise."""
    for reading in pack.every_reading:
        for choice in set() if reading.open else set(reading.choices) - {reading.default}:
            rules = {reading.rule} if reading.rule != EVERY_RULE else set(pack.rules)
            own = [c for c in CASES if c.rule in rules and c.said.get("reading", {}).get(reading.name) == choice]
            assert own, f"{reading.rule}: no worked case for {reading.name}={choice}"
            otherwise = [run(c, {**c.said["reading"], reading.name: reading.default})[0].outputs for c in own]
            changed = [run(c, c.said["reading"])[0].outputs != other for c, other in zip(own, otherwise, strict=True)]
            assert any(changed) or reading.name in SAME_FORMULA, f"{reading.rule}: {reading.name}={choice}"
