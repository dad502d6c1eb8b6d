"""What a rule is, for whoever asks: the commands `rules` and `rule`, the API, the calculators."""

from __future__ import annotations

from datetime import date
from typing import Any

from fenghuang.language import numbers, types
from fenghuang.language.parameters import Parameter
from fenghuang.language.readings import Reading
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
        "open_readings": [reading(r) for r in pack.open_readings(name)],
    }


def reading(r: Reading) -> dict[str, Any]:
    """An open passage: where it stands, how it can be read, why the default, who gains by another, who settled it."""
    return {
        "name": r.name,
        "clause": r.clause,
        "rule": r.rule,
        "title": r.title,
        "at": r.at,
        "choices": dict(r.choices),
        "default": r.default,
        "reason": r.reason,
        "effect": r.effect,
        "open": r.open,
        "needs": r.needs,
        "settled": {"by": r.settled_by, "on": r.settled_on} if r.settled_by else None,
    }


def policy(pack: Pack) -> dict[str, Any]:
    """A policy pack: identity, validity, content hash, its rules."""
    first, last = pack.valid
    return {
        "id": pack.id,
        "title": pack.title,
        "number": pack.number,
        "valid": {"from": first.isoformat(), "to": last.isoformat() if last else None},
        "sha256": pack.sha256,
        "rules": list(pack.rules),
    }


def parameters(pack: Pack, on: date) -> list[dict[str, Any]]:
    """The figures of the law that are valid on a day, each with unit, validity, clause and place in the document."""
    return [_parameter(pack, p) for p in pack.parameters.values() if p.holds(on)]


def _parameter(pack: Pack, parameter: Parameter) -> dict[str, Any]:
    rule = parameter.path.rsplit(".", 2)[1]
    rows = {label: [parameter.written(label, n) for n in range(len(row))] for label, row in parameter.figures.items()}
    first, last = parameter.valid
    return {
        "path": parameter.path,
        "clause": parameter.clause,
        "rule": rule,
        "title": pack.words.title(rule, parameter.name),
        "unit": parameter.unit.text,
        "by": parameter.by,
        "values": rows if parameter.by else {"": rows[""]},
        "valid": {"from": first.isoformat(), "to": last.isoformat() if last else None},
        "at": parameter.at,
    }


def _input(pack: Pack, rule: str, name: str, kind: types.Type) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "type": types.contract_name(kind), "title": pack.words.title(rule, name)}
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
