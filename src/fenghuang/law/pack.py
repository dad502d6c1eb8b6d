"""A policy pack: the folder of one document, loaded and checked.

policies/<pack>/: policy.yaml (identity, validity), parameters.yaml, readings.yaml, words.yaml, art_NN.py / task_NN.py
with the rules, cases/. A pack says who it is by a content hash: a decision can name the very law it was made by.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from fenghuang.language import parameters, program, readings, references
from fenghuang.language.declare import Rule
from fenghuang.language.numbers import days
from fenghuang.language.parameters import Parameter
from fenghuang.language.program import Program
from fenghuang.language.readings import EVERY_RULE, Reading
from fenghuang.language.values import RuleError
from fenghuang.language.words import Words

POLICIES = Path(__file__).with_name("policies")
IN_FORCE_FROM = "in_force_from"  # the reading of a whole document: which of policy.yaml's dates is the first valid day


class _Decimals(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """YAML whose decimals stay text: 0.1 is one tenth, not the nearest double."""


def _once(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    """A mapping; a key that stands twice is refused, for one of its figures would be lost in silence."""
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key, (place, _) in zip(keys, node.value, strict=True):
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(problem=f"{key} stands twice", problem_mark=place.start_mark)
    return dict(zip(keys, (loader.construct_object(value, deep=True) for _, value in node.value), strict=True))


_Decimals.add_constructor("tag:yaml.org,2002:float", lambda loader, node: node.value)
_Decimals.add_constructor("tag:yaml.org,2002:map", _once)
# YAML 1.1 takes on, off, yes and no for booleans: here they are words (`settled: {by: ..., on: 2023-01-01}`).
_Decimals.yaml_implicit_resolvers = {
    first: [(tag, said) for tag, said in found if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, found in _Decimals.yaml_implicit_resolvers.items()
}


def load_yaml(path: Path) -> Any:
    """A YAML file with decimals as text; RuleError names file and line of a slip."""
    try:
        return yaml.load(path.read_text("utf-8"), _Decimals) or {}  # noqa: S506 - a safe loader
    except yaml.YAMLError as fault:
        raise RuleError(f"{path.name}: {fault}") from fault


@dataclass(frozen=True)
class Overlay:
    """A change to the law as it stands: figures by parameter path, choices by reading. Never a copy of the pack."""

    parameters: Mapping[str, Fraction] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)


STANDING = Overlay()


class Pack:
    """One policy document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about = load_yaml(folder / "policy.yaml")
        self.id: str = about["id"]
        self.title: str = about["title"]
        self.number: str = about["number"]
        self.valid: tuple[date, date | None] = (about["valid"]["from"], about["valid"].get("to"))
        self.dates: dict[str, date] = {name: said for name, said in about.items() if isinstance(said, date)}
        self.parameters = parameters.read(load_yaml(folder / "parameters.yaml"), self.valid)
        self.every_reading = readings.read(load_yaml(folder / "readings.yaml"))
        tables = folder / "references.yaml"
        self.references = references.read(load_yaml(tables) if tables.exists() else {}, self.valid)
        self.words = Words(load_yaml(folder / "words.yaml"))
        self.rules = self._rules()
        self.readings = self._readings()
        self._programs: dict[tuple[Any, ...], Program] = {}

    def _rules(self) -> dict[str, Rule]:
        found: dict[str, Rule] = {}
        for path in sorted(self.folder.glob("*_[0-9][0-9].py")):
            for rule in vars(_module(path)).values():
                if isinstance(rule, Rule):
                    if rule.name in found:
                        raise RuleError(f"{rule.file}:{rule.line}: a second rule named {rule.name}")
                    found[rule.name] = rule
        return found

    def _readings(self) -> dict[str, tuple[Reading, ...]]:
        """By rule, the readings that can be set: its own, then those of the whole document."""
        if strangers := {r.rule for r in self.every_reading} - set(self.rules) - {EVERY_RULE}:
            raise RuleError(f"readings.yaml: no rule {sorted(strangers)[0]!r}")
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
    def validity(self) -> str:
        """The span of validity as a person reads it."""
        return span(*self.valid)


def span(first: date, last: date | None) -> str:
    """A validity as a person reads it."""
    return f"{first} 至 {last}" if last else f"{first} 起"


def _module(path: Path) -> ModuleType:
    """The rules of a file; a pack may lie anywhere, so it is loaded by path."""
    name = f"fenghuang.law.policies.{path.parent.name}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


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
    """Every shipped pack by its id."""
    loaded = [Pack(path.parent) for path in sorted(POLICIES.glob("*/policy.yaml"))]
    return {pack.id: pack for pack in loaded}


def find(rule: str) -> Pack | None:
    """The pack that holds a rule of this name."""
    return next((pack for pack in packs().values() if rule in pack.rules), None)
