"""A rule asked of registered facts: its outputs, what is missing, and the record that explains it years later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.utils import timezone

from fenghuang.engines.explain import explainer
from fenghuang.engines.python import Engine
from fenghuang.language.numbers import days
from fenghuang.language.record import Record
from fenghuang.language.types import Type
from fenghuang.language.values import Choice
from fenghuang.law.pack import Overlay, Pack, find

SAID = {True: "是", False: "否", None: "还不知道"}


class Asked(NamedTuple):
    """What a rule said of one subject. `record`: rule, clause, law version, day and inputs, enough to ask again."""

    outputs: dict[str, Any]
    missing: list[str]
    record: dict[str, Any]
    failed: list[str]  # conditions that do not hold, as people say them

    def verdict(self, output: str) -> str:
        """The output as people say it."""
        pack = _pack(self.record["rule"])
        said = pack.words.title(self.record["rule"], output)
        value = self.outputs[output]
        if isinstance(value, str):
            value = pack.words.label(self.record["rule"], output, value)
        return f"{said}：{SAID.get(value, value)}"


@cache
def _pack(rule: str) -> Pack:
    pack = find(rule)
    if pack is None:
        raise LookupError(rule)
    return pack


@cache
def _engine(rule: str) -> Engine:
    return Engine(_pack(rule).program(rule))


def inputs_of(rule: str) -> Mapping[str, Type]:
    """The inputs of a rule with their types."""
    return _pack(rule).rules[rule].inputs


def title(rule: str, name: str) -> str:
    """What an input or output of a rule is called."""
    return _pack(rule).words.title(rule, name)


def ask(rule: str, inputs: Mapping[str, Any], on: date | None = None) -> Asked:
    """The rule on values of the smallest units (days for dates, places for labels); None is unknown.

    A document that has run out answers for its last valid day: what began under it is carried to its end by it.
    """
    pack, engine = _pack(rule), _engine(rule)
    on = pack.default_day(on or timezone.localdate())
    program = engine.program
    given = {name: inputs[name] for name in program.inputs}
    found = engine.run(tuple(given.values()), days(on))
    outputs = {}
    for name, node in program.outputs.items():
        value = found[name]
        outputs[name] = node.labels[value] if isinstance(node, Choice) and value is not None else value
    missing = [pack.words.title(rule, name) for name in program.missing if found[f"missing {name}"]]
    record = {
        "rule": rule,
        "clause": program.rule.clause,
        "policy": pack.sha256,
        "on": on.isoformat(),
        "readings": dict(program.chosen),
        "inputs": given,
        "outputs": outputs,
    }
    failed = [pack.words.title(rule, name) for name in program.conditions if found[name] is False]
    return Asked(outputs, missing, record, failed)


def explained(record: Mapping[str, Any]) -> Record:
    """The record of an answer that was kept, by running the rule again on its inputs under the readings of then.

    A database keeps no order of keys. LookupError when no pack has the rule any more.
    """
    rule, on = record["rule"], date.fromisoformat(record["on"])
    given = tuple(record["inputs"].get(name) for name in inputs_of(rule))
    return explainer(_pack(rule), rule, Overlay(readings=record.get("readings", {}))).record(given, days(on))
