"""Worked cases as an official writes them (cases/*.yaml of a pack), read with their lines.

    upgrade_subsidy:
      base: {grade: A, local_contribution: 3000 万元}          # given in every case of the rule
      投资恰为起点的给予补助:                                    # what the case shows
        given: {equipment_investment: 500 万元}                # every input; null is unknown
        expect: {eligible: true, amount: 50 万元}              # outputs and conditions; null is unknown
        missing: []                                           # what is missing, if something is
        reading: {first_band_from: threshold}                 # readings other than the default
        on: 2022-12-31                                        # the day; see `day`
        rows: {output_guide: {"34": {tax_per_mu: 30}}}        # rows of reference tables that the case supposes
        why: 手工推算

engines/check.py works them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fenghuang.language.values import RuleError
from fenghuang.law.faults import Fault, faults_of
from fenghuang.law.files import Place, load_yaml, places

if TYPE_CHECKING:
    from fenghuang.law.pack import Pack

KEYS = {"given", "expect", "why", "reading", "on", "missing", "rows"}
USUAL_DAY = date(2022, 12, 31)


@dataclass(frozen=True)
class Case:
    """One worked case. `given` has the base of its rule in it, `own` are the inputs the case says itself; figures are
    still as written (4875 万元)."""

    file: str
    line: int
    rule: str
    name: str
    given: Mapping[str, Any]
    own: tuple[str, ...]
    expect: Mapping[str, Any]
    missing: tuple[str, ...]
    readings: Mapping[str, str]
    rows: Mapping[str, Any]  # of reference tables, by table and key
    on: date
    why: str

    @property
    def supposes(self) -> bool:
        """Whether it takes rows of a reference table that the pack does not have: no calculator can repeat it."""
        return bool(self.rows)

    def fault(self, text: str) -> Fault:
        return Fault(self.file, self.line, self.rule, f"算例“{self.name}”：{text}")


class Cases(NamedTuple):
    """The cases of a pack, and what cannot be read as one."""

    cases: list[Case]
    faults: list[Fault]


def day(pack: Pack) -> date:
    """The day of a case that says none: 2022-12-31, or the document's last (else first) day where that is outside."""
    first, last = pack.valid
    return USUAL_DAY if pack.in_force(USUAL_DAY) else last or first


def read(pack: Pack) -> Cases:
    """Every case of a pack."""
    cases, faults = list[Case](), list[Fault]()
    for path in sorted(pack.folder.glob("cases/*.yaml")):
        file = f"cases/{path.name}"
        try:
            said = load_yaml(path)
        except RuleError as fault:
            faults += [Fault(file, f.line, f.rule, f.text) for f in faults_of(fault)]
            continue
        for made in _read(pack, file, said, places(path)):
            (cases if isinstance(made, Case) else faults).append(made)  # type: ignore[arg-type]
    return Cases(cases, faults)


def _read(pack: Pack, file: str, said: Any, lines: Mapping[str, Place]) -> Iterator[Case | Fault]:
    for rule, entries in said.items() if isinstance(said, Mapping) else [("", said)]:
        line = lines[rule].line if rule in lines else 0
        if rule not in pack.rules:
            yield Fault(file, line, str(rule), f"no rule {rule!r}")
            continue
        if not isinstance(entries, Mapping):
            yield Fault(file, line, rule, f"expected cases by name, found {entries!r}")
            continue
        base = entries.get("base") or {}
        for name, entry in entries.items():
            if name != "base":
                place = lines.get(f"{rule}.{name}")
                yield _case(pack, Place((file, rule, str(name)), place.line if place else line), base, entry)


def _case(pack: Pack, place: Place, base: Mapping[str, Any], entry: Any) -> Case | Fault:
    file, rule, name = place.keys
    text = _wrong(entry)
    if text:
        return Fault(file, place.line, rule, f"算例“{name}”：{text}")
    own = entry["given"] or {}
    return Case(
        file=file,
        line=place.line,
        rule=rule,
        name=name,
        given={**base, **own},
        own=tuple(own) if base else tuple({**base, **own}),
        expect=entry["expect"],
        missing=tuple(entry.get("missing", ())),
        readings=entry.get("reading", {}),
        rows=entry.get("rows", {}),
        on=entry.get("on", day(pack)),
        why=str(entry["why"]),
    )


def _wrong(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return f"expected given, expect and why, found {entry!r}"
    if lacking := [key for key in ("given", "expect", "why") if key not in entry]:
        return f"no `{lacking[0]}`"
    if unknown := sorted(map(str, set(entry) - KEYS)):
        return f"unknown key {unknown[0]!r}"
    for key in ("given", "expect", "reading", "rows"):
        if not isinstance(entry.get(key) or {}, Mapping):
            return f"{key}: expected names with values, found {entry[key]!r}"
    if not entry["expect"] or not entry["why"]:
        return "expected something under `expect` and `why`"
    if not isinstance(entry.get("on", USUAL_DAY), date):
        return f"on: expected a date like 2022-12-31, found {entry['on']!r}"
    return ""


def file_of(rule_file: str) -> str:
    """Where the cases of a rule lie: those of art_08.py in cases/art_08.yaml."""
    return f"cases/{Path(rule_file).stem}.yaml"
