"""A policy pack: the folder of one document, loaded and checked.

policies/<pack>/: policy.yaml (identity, validity), parameters.yaml, readings.yaml, words.yaml, art_NN.py / task_NN.py
with the rules, cases/. Beside the shipped packs those are found that the environment names
(FENGHUANG_POLICIES: folders, separated as in PATH). A pack says who it is by a content hash: a decision can name the
very law it was made by.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import sys
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from traceback import walk_tb
from typing import Any

from fenghuang.language import parameters, program, readings, references
from fenghuang.language.declare import Rule
from fenghuang.language.numbers import days
from fenghuang.language.parameters import Parameter
from fenghuang.language.program import Program
from fenghuang.language.readings import EVERY_RULE, Reading
from fenghuang.language.values import RuleError
from fenghuang.language.words import Words
from fenghuang.law import check
from fenghuang.law.about import ASSUMED, About
from fenghuang.law.faults import Collected, Fault, Faulty
from fenghuang.law.files import read

POLICIES = Path(__file__).with_name("policies")
_log = logging.getLogger("fenghuang.law")
IN_FORCE_FROM = "in_force_from"  # the reading of a whole document: which of policy.yaml's dates is the first valid day


@dataclass(frozen=True)
class Overlay:
    """A change to the law as it stands: figures by parameter path, choices by reading. Never a copy of the pack."""

    parameters: Mapping[str, Fraction] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)


STANDING = Overlay()


class Pack:
    """One policy document."""

    def __init__(self, folder: Path) -> None:
        """Faulty with everything that is wrong with the files."""
        self.folder = folder
        about = About.read(folder / "policy.yaml")
        self.id, self.title, self.number, self.valid = about.id, about.title, about.number, about.valid
        self.dates, self.assumed = about.dates, about.assumed
        tables = folder / "references.yaml"
        collected = Collected()
        with collected:
            self.parameters = read(folder / "parameters.yaml", parameters.read, self.valid, depth=3)
        with collected:
            self.every_reading = read(folder / "readings.yaml", readings.read, depth=3)
        with collected:
            self.references = read(tables, references.read, self.valid, depth=1) if tables.exists() else {}
        with collected:
            self.words = read(folder / "words.yaml", Words, depth=0)
        with collected:
            self.rules = self._rules()
        collected.tell()
        self._programs: dict[tuple[Any, ...], Program] = {}
        with collected:
            self.readings = self._readings()
        collected.faults += check.strangers(self)
        collected.tell()

    def _rules(self) -> dict[str, Rule]:
        found: dict[str, Rule] = {}
        collected = Collected()
        for path in sorted(self.folder.glob("*_[0-9][0-9].py")):
            with collected:
                for rule in _rules_of(path):
                    if rule.name in found:
                        text = f"a second rule named {rule.name}; the first is in {Path(found[rule.name].file).name}"
                        collected.faults.append(Fault(path.name, rule.line, rule.name, text))
                    found.setdefault(rule.name, rule)
        collected.tell()
        return found

    def _readings(self) -> dict[str, tuple[Reading, ...]]:
        """By rule, the readings that can be set: its own, then those of the whole document."""
        settable = [r for r in self.every_reading if not r.open]
        shared = [r for r in settable if r.rule == EVERY_RULE]
        for reading in shared:
            if reading.name != IN_FORCE_FROM or set(reading.choices) - set(self.dates):
                raise RuleError(f"readings.yaml: {reading.name}: policy.yaml has no date for each of its choices")
        found = {name: (*(r for r in settable if r.rule == name), *shared) for name in self.rules}
        return {name: own for name, own in found.items() if own}

    def open_readings(self, rule: str) -> tuple[Reading, ...]:
        """Those of a rule and of the whole document that cannot be set for want of inputs."""
        return tuple(r for r in self.every_reading if r.open and r.rule in (rule, EVERY_RULE))

    def valid_under(self, chosen: Mapping[str, str]) -> tuple[date, date | None]:
        """First and last valid day under the readings chosen."""
        first, last = self.valid
        return self.dates.get(chosen.get(IN_FORCE_FROM, ""), first), last

    @cached_property
    def sha256(self) -> str:
        """Content hash over the pack's files: which law decided."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @cached_property
    def content(self) -> str:
        """The pack's files as one canonical text: what a decision's version keeps."""
        paths = sorted(p for p in self.folder.iterdir() if p.suffix in (".py", ".yaml"))
        return json.dumps({p.name: p.read_text("utf-8") for p in paths}, ensure_ascii=False, sort_keys=True)

    def program(self, name: str, overlay: Overlay = STANDING) -> Program:
        """The rule traced under an overlay. The law's own figures are traced once a choice of readings; a variant's
        figures anew each time, for a search tries hundreds of them."""
        rule = self.rules[name]
        own = self.readings.get(name, ())
        chosen = readings.choose(own, overlay.readings)
        mine = {p.name: _changed(p, overlay.parameters) for p in self.parameters.values() if _owner(p) == name}
        key = (name, tuple(chosen.items()))
        if key in self._programs and not _touches(overlay, rule):
            return self._programs[key]
        first, last = self.valid_under(chosen)
        in_force = (days(first), days(last) if last else None)
        tables = {t.name: t for t in self.references.values() if name in t.rules}
        traced = program.trace(rule, mine, own, chosen, in_force, tables)
        if not _touches(overlay, rule):
            self._programs[key] = traced
        return traced

    def with_sample_rows(self, key: str) -> Pack:
        """The same pack with one made-up row in every empty table: for proofs, never for a decision."""
        tables = {
            name: table if table.rows else replace(table, rows=(references.sample(table, key),))
            for name, table in self.references.items()
        }
        other = copy(self)
        other.references, other._programs = tables, {}
        return other

    def default_day(self, today: date) -> date:
        """The day a rule answers for when nobody says: today, or the last valid day if that is earlier."""
        return min(today, self.valid[1] or today)

    def in_force(self, on: date) -> bool:
        """Whether the document is valid on a day; both ends count."""
        first, last = self.valid
        return first <= on and (last is None or on <= last)

    @property
    def assumed_in_words(self) -> list[tuple[str, str]]:
        """What of the pack is not known from its document but taken for so: the part, and why."""
        return [(ASSUMED[part], why) for part, why in self.assumed.items()]

    @property
    def validity(self) -> str:
        """The span of validity as a person reads it."""
        return span(*self.valid)


def span(first: date, last: date | None) -> str:
    """A validity as a person reads it."""
    return f"{first} 至 {last}" if last else f"{first} 起"


def _rules_of(path: Path) -> list[Rule]:
    """The rules of a file; a pack may lie anywhere, so it is loaded by path. Faulty names the line of a slip."""
    if faults := check.twice(path):
        raise Faulty(faults)
    name = f"fenghuang.law.policies.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise Faulty([Fault(path.name, 0, "", "not a Python file")])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as fault:  # whatever a file does wrong is its author's to mend: say where
        lines = [line for frame, line in walk_tb(fault.__traceback__) if frame.f_code.co_filename == str(path)]
        raise Faulty([Fault(path.name, lines[-1] if lines else 0, "", str(fault))]) from fault
    return [made for made in vars(module).values() if isinstance(made, Rule)]


def _touches(overlay: Overlay, rule: Rule) -> bool:
    """Whether the overlay changes a figure of the rule."""
    return any(path.startswith(f"{rule.clause}.{rule.name}.") for path in overlay.parameters)


def _owner(parameter: Parameter) -> str:
    return parameter.path.rsplit(".", 2)[1]


def _changed(parameter: Parameter, changes: Mapping[str, Fraction]) -> Parameter:
    """The parameter with the figures of an overlay; its path may end in [label] and [index]."""
    figures = {label: list(row) for label, row in parameter.figures.items()}
    for path, value in changes.items():
        if path.split("[")[0] != parameter.path:
            continue
        places = [p.rstrip("]") for p in path.split("[")[1:]]
        label = places.pop(0) if parameter.by else ""
        index = int(places.pop(0)) if parameter.is_list else 0
        if label not in figures or index >= len(figures[label]) or places:
            raise RuleError(f"{path}: no such figure")
        figures[label][index] = value
    return replace(parameter, figures={label: tuple(row) for label, row in figures.items()})


@cache
def packs() -> dict[str, Pack]:
    """Every pack by its id: the shipped ones, then those of FENGHUANG_POLICIES that are without fault."""
    shipped = [Pack(path.parent) for path in sorted(POLICIES.glob("*/policy.yaml"))]
    found = {pack.id: pack for pack in shipped}
    for folder in outside():
        try:
            pack = Pack(folder)
            if faults := [*check.beside(pack, found.values()), *check.faults(pack)]:
                raise Faulty(faults)
        except RuleError as fault:
            first, *more = str(fault).splitlines()
            others = f"（另有 {len(more)} 处）" if more else ""
            _log.error("政策包 %s 未载入：%s%s；运行 fenghuang policy check 查看", folder, first, others)
        else:
            found[pack.id] = pack
    return found


def outside() -> list[Path]:
    """The folders of packs that FENGHUANG_POLICIES names: each is a pack, or holds packs."""
    named = [Path(part).resolve() for part in os.environ.get("FENGHUANG_POLICIES", "").split(os.pathsep) if part]
    return [pack for folder in named for pack in sorted(p.parent for p in folder.glob("*/policy.yaml")) or [folder]]


def find(rule: str) -> Pack | None:
    """The pack that holds a rule of this name."""
    return next((pack for pack in packs().values() if rule in pack.rules), None)
