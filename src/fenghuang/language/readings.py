"""Readings: interpretations of an open passage, each an object that code asks and no code hides.

readings.yaml, by clause and rule:

    art.10:
      upgrade_subsidy:
        first_band_from:
          title: 第一档起算点
          at: "77:58"
          default: zero
          choices: {zero: 自第一元起, threshold: 仅就超过起点的部分}
          reason: ...
          settled: {by: 未经有权机关确认, on: null}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fenghuang.language.parameters import branches
from fenghuang.language.values import RuleError


@dataclass(frozen=True)
class Reading:
    """An open passage, its choices and the default."""

    name: str
    clause: str
    rule: str
    title: str
    choices: Mapping[str, str]  # choice -> how a person says it
    default: str
    reason: str
    at: str
    settled_by: str
    settled_on: str | None


def read(document: Mapping[str, Any]) -> dict[str, tuple[Reading, ...]]:
    """The readings of each rule."""
    found: dict[str, tuple[Reading, ...]] = {}
    for clause, rules in document.items():
        for rule, entries in branches(rules, f"readings.yaml: {clause}"):
            listed = branches(entries, f"readings.yaml: {clause}.{rule}")
            found[rule] = tuple(_reading(name, clause, rule, entry) for name, entry in listed)
    return found


def _reading(name: str, clause: str, rule: str, entry: Mapping[str, Any]) -> Reading:
    where = f"readings.yaml: {clause}.{rule}.{name}"
    branches(entry, where)
    for key in ("title", "at", "default", "choices", "reason"):
        if key not in entry:
            raise RuleError(f"{where}: no `{key}`")
    branches(entry["choices"], f"{where}.choices")
    if entry["default"] not in entry["choices"]:
        raise RuleError(f"{where}: default {entry['default']!r} is not among the choices")
    settled = entry.get("settled") or {}
    return Reading(
        name=name,
        clause=clause,
        rule=rule,
        title=entry["title"],
        choices=dict(entry["choices"]),
        default=entry["default"],
        reason=entry["reason"],
        at=str(entry["at"]),
        settled_by=settled.get("by", ""),
        settled_on=str(settled["on"]) if settled.get("on") else None,
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
