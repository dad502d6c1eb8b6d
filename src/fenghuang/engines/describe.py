"""What a rule is, for whoever asks: the commands `rules` and `rule`, the API, the calculators."""

from __future__ import annotations

from typing import Any

from fenghuang.language import numbers, types
from fenghuang.language.readings import EVERY_RULE, Reading
from fenghuang.language.words import Formula
from fenghuang.law.pack import Pack


def described(pack: Pack, name: str) -> dict[str, Any]:
    """A rule as spec/cli.md prints it: name, clause, title, subject, inputs, conditions, outputs, readings."""
    rule, words, program = pack.rules[name], pack.words, pack.program(name)
    return {
        "name": name,
        "clause": rule.clause,
        "title": words.rule_title(name),
        "subject": words.subject(name),
        "policy": pack.id,
        "inputs": [_input(pack, name, field, kind) for field, kind in rule.inputs.items()],
        "conditions": list(program.conditions),
        "outputs": list(program.outputs),
        "readings": [
            {"name": r.name, "title": r.title, "default": r.default, "choices": dict(r.choices), "reason": r.reason}
            for r in pack.readings.get(name, ())
        ],
    }


def detailed(pack: Pack, name: str) -> dict[str, Any]:
    """The same with the formulas of its steps and the figures it reads, each with its place in the document."""
    program = pack.program(name)
    formula = Formula(program, pack.words)
    return {
        **described(pack, name),
        "steps": [
            {"name": step, "title": formula.title(step), "formula": formula.of(node)}
            for step, node in program.meaning.items()
        ],
        "parameters": [
            {"path": p.path, "title": pack.words.title(name, p.name), "unit": p.unit.text, "at": p.at}
            for p in program.parameters.values()
        ],
        "open_readings": [interpretation(pack, r) for r in pack.open_readings(name)],
    }


def interpretation(pack: Pack, reading: Reading) -> dict[str, Any]:
    """A reading with its place in the document, who gains or loses, who settled it, and what an open one needs."""
    return {
        "name": reading.name,
        "title": reading.title,
        "policy": pack.id,
        "clause": reading.clause,
        "rule": None if reading.rule == EVERY_RULE else reading.rule,
        "at": reading.at,
        "default": reading.default,
        "choices": dict(reading.choices),
        "reason": reading.reason,
        "effect": reading.effect,
        "open": reading.open,
        "needs": reading.needs or None,
        "settled_by": reading.settled_by or None,
        "settled_on": reading.settled_on,
    }


def _input(pack: Pack, rule: str, name: str, kind: types.Type) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "type": kind.name, "title": pack.words.title(rule, name)}
    if isinstance(kind, types.NumberType):
        about |= {"unit": kind.unit.text, "decimals": kind.decimals}
        about |= {"min": _bound(kind, kind.lo), "max": _bound(kind, kind.hi)}
    if isinstance(kind, types.ChoiceType):
        about["labels"] = list(kind.labels)
    if hint := pack.words.hint(name):
        about["hint"] = hint
    if (example := pack.words.example(name)) is not None:
        about["example"] = example
    return about


def _bound(kind: types.NumberType, value: int) -> str:
    return numbers.trim(numbers.show_decimal(value, kind.decimals))
