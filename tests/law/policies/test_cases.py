"""The worked cases of every pack, as an official writes them (cases/*.yaml), come out to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from fenghuang.engines import door
from fenghuang.engines.explain import explainer
from fenghuang.language import types
from fenghuang.language.numbers import days
from fenghuang.law.pack import Overlay, Pack, load_yaml, packs

UNITS = {"元": 1, "万元": 10**4, "亿元": 10**8, "平方米": 1, "月": 1, "亩": 1}
KEYS = {"given", "expect", "why", "reading", "on", "missing"}
DAY = date(2022, 12, 31)


class Case(NamedTuple):
    pack: Pack
    clause: str
    rule: str
    name: str
    said: dict[str, Any]


def cases() -> Iterator[Case]:
    for pack in packs().values():
        for path in sorted(pack.folder.glob("cases/*.yaml")):
            for rule, entries in load_yaml(path).items():
                base = entries.pop("base", {})
                for name, said in entries.items():
                    given = {**base, **said["given"]}
                    yield Case(pack, path.stem, rule, name, {**said, "given": given})


def plain(said: Any) -> Any:
    """4875 万元 is 48750000: a number in the contract's unit, as text."""
    if not isinstance(said, str) or said.rsplit(" ", 1)[-1] not in UNITS:
        return said
    number, unit = said.rsplit(" ", 1)
    value = Fraction(number) * UNITS[unit]
    assert (value * 100).denominator == 1, said
    return f"{value.numerator / value.denominator:.2f}" if unit != "月" else str(value)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_worked_case(case: Case) -> None:
    assert set(case.said) <= KEYS
    rule = case.pack.rules[case.rule]
    given, faults = door.subject(rule.inputs, {name: plain(value) for name, value in case.said["given"].items()})
    assert faults == []
    assert set(case.said["given"]) == set(rule.inputs), "a case says every input, unknown ones as null"
    explain = explainer(case.pack, case.rule, Overlay(readings=case.said.get("reading", {})))
    record = explain.record(given, days(case.said.get("on", DAY)))
    answers = {**record.outputs, **record.conditions}
    assert {n: answers[n] for n in case.said["expect"]} == {n: plain(v) for n, v in case.said["expect"].items()}
    assert list(record.missing) == case.said.get("missing", [])


def test_every_rule_has_cases_on_both_sides() -> None:
    for pack in packs().values():
        for name, rule in pack.rules.items():
            own = [c for c in CASES if c.rule == name and c.pack is pack]
            assert len(own) >= 4, f"{name} has {len(own)} worked cases"
            assert {c.clause for c in own} == {
                rule.clause.replace("art.", "art_0" if len(rule.clause) == 5 else "art_")
            }
            assert all(c.said["why"] for c in own)
            numbers = [n for n, kind in rule.inputs.items() if isinstance(kind, types.NumberType)]
            assert all(len({str(c.said["given"][n]) for c in own}) > 1 for n in numbers[:1]), f"{name}: one figure only"
