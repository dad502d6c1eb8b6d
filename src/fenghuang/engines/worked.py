"""The worked cases of a rule (cases/*.yaml of its pack) as data: what is given, what must come out, and why.

A case writes numbers with their units (4875 万元, 12.5 亩) and unknown as null; `plain` is what the door reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from fenghuang.engines import door
from fenghuang.engines.explain import explainer
from fenghuang.language import numbers, types, units
from fenghuang.language.numbers import days
from fenghuang.language.record import Record
from fenghuang.law.pack import Overlay, Pack, load_yaml

DAY = date(2022, 12, 31)  # of a case that names none
GRANTED, REFUSED, OPEN = "granted", "refused", "open"
COUNTED = ("幢", "宗", "个")  # what a plain count counts


@dataclass(frozen=True)
class Worked:
    """One case: values as they are written, and what the case says of them."""

    name: str
    given: Mapping[str, Any]
    on: date
    readings: Mapping[str, str]
    expect: Mapping[str, Any]
    missing: tuple[str, ...]
    why: str
    supposes: bool  # rows of a reference table that the pack does not have: no calculator can repeat it


@cache
def _files(pack: Pack) -> Mapping[str, Mapping[str, Any]]:
    """By rule what its file says."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(pack.folder.glob("cases/*.yaml")):
        found |= load_yaml(path)
    return found


def worked(pack: Pack, rule: str) -> tuple[Worked, ...]:
    """The worked cases of a rule, in the order of their file; not those that suppose rows of a reference table."""
    entries = _files(pack).get(rule, {})
    base = entries.get("base", {})
    return tuple(_worked(name, said, base) for name, said in entries.items() if name != "base" and "rows" not in said)


def _worked(name: str, said: Mapping[str, Any], base: Mapping[str, Any]) -> Worked:
    return Worked(
        name=name,
        given={**base, **(said["given"] or {})},
        on=said.get("on", DAY),
        readings=said.get("reading", {}),
        expect=said["expect"],
        missing=tuple(said.get("missing", ())),
        why=said["why"],
        supposes="rows" in said,
    )


def plain(kind: types.Type, said: Any) -> Any:
    """A written value in the contract's own unit: 4875 万元 is "48750000"; what has no unit stays as it is."""
    number, space, unit = said.rpartition(" ") if isinstance(said, str) else ("", "", "")
    if not space or not isinstance(kind, types.NumberType):
        return said
    factor = Fraction(1) if unit in COUNTED else units.unit(unit).factor
    value = numbers.fraction(number) * factor / kind.unit.factor
    return numbers.trim(numbers.show_fraction(value, kind.decimals))


def text(pack: Pack, rule: str, case: Worked) -> dict[str, str]:
    """The inputs of a case as a form takes them; unknown ones are left out."""
    kinds = pack.rules[rule].inputs
    found = {name: plain(kinds[name], value) for name, value in case.given.items() if value is not None}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in found.items()}


def record(pack: Pack, rule: str, case: Worked) -> Record:
    """The case run."""
    inputs = pack.rules[rule].inputs
    given, _ = door.subject(inputs, text(pack, rule, case))
    return explainer(pack, rule, Overlay(readings=case.readings)).record(given, days(case.on))


def outcome(found: Record) -> str:
    """Granted, refused, or open: neither, or not known. Told by the amount, else by the first yes or no."""
    values = [found.outputs["amount"]] if "amount" in found.outputs else list(found.outputs.values())
    verdicts = [value for value in values if isinstance(value, bool)]
    if "amount" in found.outputs and values[0] is not None:
        verdicts = [Fraction(str(values[0])) > 0]
    if not verdicts:
        return OPEN
    return GRANTED if verdicts[0] else REFUSED


@cache
def shown(pack: Pack, rule: str) -> tuple[tuple[str, Worked], ...]:
    """The first case that is granted and the first that is refused; of a rule without such, the first two."""
    cases = [case for case in worked(pack, rule) if not case.supposes]
    by_outcome: dict[str, Worked] = {}
    for case in cases:
        by_outcome.setdefault(outcome(record(pack, rule, case)), case)
    told = tuple((kind, by_outcome[kind]) for kind in (GRANTED, REFUSED) if kind in by_outcome)
    return told or tuple((OPEN, case) for case in cases[:2])
