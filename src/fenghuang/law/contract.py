"""A pack's own contract, if it has one: rules.yaml (or spec.yaml) in its folder, in the form of spec/rules.yaml.

Whoever agrees on the interface of rules before they are written puts it there; the rules must then keep to it: names,
clauses, inputs in order with their types, conditions, outputs, readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fenghuang.language import types
from fenghuang.language.values import RuleError
from fenghuang.law.faults import Fault, faults_of
from fenghuang.law.files import load_yaml, places

if TYPE_CHECKING:
    from fenghuang.law.pack import Pack

FILES = ("rules.yaml", "spec.yaml")


def faults(pack: Pack) -> Iterator[Fault]:
    """Where the rules of a pack are not those of its contract."""
    for path in (pack.folder / name for name in FILES):
        if not path.is_file():
            continue
        try:
            agreed = load_yaml(path)["rules"]
            asked = {entry["rule"]: (number, entry) for number, entry in enumerate(agreed)}
        except RuleError as fault:
            yield from faults_of(fault)
            continue
        except (LookupError, TypeError):
            yield Fault(path.name, 0, "", "expected rules: a list of {rule, inputs, conditions, outputs}")
            continue
        lines = places(path)
        for name, (number, entry) in asked.items():
            line = lines[f"rules[{number}]"].line
            if name not in pack.rules:
                yield Fault(path.name, line, name, "the contract asks for this rule, and no file has it")
                continue
            for what, found, wanted in _compared(pack, name, entry):
                if found != wanted:
                    yield Fault(path.name, line, name, f"{what}: found {_said(found)}, expected {_said(wanted)}")
        for name in pack.rules.keys() - asked.keys():
            rule = pack.rules[name]
            yield Fault(Path(rule.file).name, rule.line, name, f"the contract ({path.name}) has no such rule")


def _compared(pack: Pack, name: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What of a rule is agreed: the thing, how the rule has it, how the contract has it."""
    rule = pack.rules[name]
    inputs = {field: types.contract_name(kind) for field, kind in rule.inputs.items()}
    yield "inputs", list(inputs.items()), list(entry.get("inputs", {}).items())
    if "clause" in entry:
        yield "clause", rule.clause, entry["clause"]
    try:
        program = pack.program(name)
    except RuleError:  # told with the rule itself
        return
    if not isinstance(entry.get("conditions", {}), str):
        yield "conditions", list(program.conditions), [*entry.get("conditions", {}), "in_force"]
    yield "outputs", list(program.outputs), list(entry.get("outputs", {}))
    agreed = entry.get("interpretations", {})
    yield (
        "interpretations",
        {r.name: [r.default, *(c for c in r.choices if c != r.default)] for r in pack.readings.get(name, ())},
        {reading: [said["default"], *said.get("also", [])] for reading, said in agreed.items()},
    )


def _said(thing: Any) -> str:
    if isinstance(thing, list):
        return "、".join(f"{t[0]}: {t[1]}" if isinstance(t, tuple) else str(t) for t in thing) or "none"
    return str(thing) or "none"
