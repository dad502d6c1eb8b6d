"""Readings: interpretations of an open passage, each an object that code asks and no code hides.

readings.yaml, by clause and rule; what holds for every rule of the document stands under `document` and `every_rule`:

    art.10:
      upgrade_subsidy:
        first_band_from:
          title: 第一档起算点
          at: "77:58"
          default: zero
          choices: {zero: 自第一元起, threshold: 仅就超过起点的部分}
          reason: ...
          effect: who gains or loses
          settled: {by: 市经信局, on: 2023-01-05}

A reading that takes inputs the rule does not have is `open: true` and says in words what it `needs`. Its default is how
the rule decides as it stands; it is recorded and shown, but cannot be set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fenghuang.language.parameters import branches
from fenghuang.language.values import RuleError

EVERY_RULE = "every_rule"
KEYS = {"title", "at", "default", "choices", "reason", "effect", "settled", "open", "needs"}


@dataclass(frozen=True)
class Reading:
    """An open passage, its choices and the default."""

    name: str
    clause: str
    rule: str  # EVERY_RULE where the whole document is meant
    title: str
    choices: Mapping[str, str]  # choice -> how a person says it
    default: str
    reason: str
    effect: str  # who gains or loses by another choice
    at: str
    settled_by: str
    settled_on: str | None
    needs: str  # what further input an open reading would take, in words

    @property
    def open(self) -> bool:
        """Recorded, but the rule lacks what it would take to choose."""
        return bool(self.needs)


def read(document: Mapping[str, Any]) -> tuple[Reading, ...]:
    """Every reading of a readings.yaml; RuleError names the place of a fault."""
    return tuple(_read(document))


def _read(document: Mapping[str, Any]) -> Iterator[Reading]:
    for clause, rules in document.items():
        for rule, entries in branches(rules, f"readings.yaml: {clause}"):
            for name, entry in branches(entries, f"readings.yaml: {clause}.{rule}"):
                yield _reading(name, clause, rule, entry)


def _reading(name: str, clause: str, rule: str, entry: Mapping[str, Any]) -> Reading:
    where = f"readings.yaml: {clause}.{rule}.{name}"
    branches(entry, where)
    for key in ("title", "at", "default", "choices", "reason"):
        if key not in entry:
            raise RuleError(f"{where}: no `{key}`")
    if unknown := set(entry) - KEYS:
        raise RuleError(f"{where}: unknown key {sorted(unknown)[0]!r}")
    branches(entry["choices"], f"{where}.choices")
    if entry["default"] not in entry["choices"]:
        raise RuleError(f"{where}: default {entry['default']!r} is not among the choices")
    if bool(entry.get("open")) != bool(entry.get("needs")):
        raise RuleError(f"{where}: `open: true` and what it `needs` go together")
    settled = entry.get("settled") or {}
    return Reading(
        name=name,
        clause=clause,
        rule=rule,
        title=entry["title"],
        choices=dict(entry["choices"]),
        default=entry["default"],
        reason=entry["reason"],
        effect=entry.get("effect", ""),
        at=str(entry["at"]),
        settled_by=settled.get("by", ""),
        settled_on=str(settled["on"]) if settled.get("on") else None,
        needs=entry.get("needs", ""),
    )


def choose(readings: tuple[Reading, ...], wanted: Mapping[str, str]) -> dict[str, str]:
    """The choice for each reading: the wanted one or the default; RuleError names a choice there is not."""
    chosen = {}
    for reading in readings:
        choice = wanted.get(reading.name, reading.default)
        if choice not in reading.choices:
            raise RuleError(f"{reading.name}={choice}: 可选 {'、'.join(reading.choices)}")
        chosen[reading.name] = choice
    return chosen
