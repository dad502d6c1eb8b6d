"""A traced rule: its graph with named steps, validity, the one rounding of an amount, and what is missing."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from traceback import walk_tb
from typing import Any, NamedTuple, cast

from fenghuang.language import types, units
from fenghuang.language.declare import Outputs, Readings, Rule
from fenghuang.language.law import Law
from fenghuang.language.missing import waiting_for
from fenghuang.language.parameters import Parameter
from fenghuang.language.readings import Reading
from fenghuang.language.references import Reference
from fenghuang.language.units import unit
from fenghuang.language.values import Choice, Flag, Graph, Names, Number, RuleError, Text, Value

# Days since 1970-01-01 of the years 1900 to 2200: the dates a rule may be asked for.
DAYS = types.NumberType("date", unit("日期"), 0, -25567, 84006)


@dataclass(frozen=True, eq=False)
class Program:
    """A traced rule: what the engines translate."""

    rule: Rule
    graph: Graph
    inputs: Mapping[str, Value]  # in contract order; `on` is not among them
    on: Number  # the date the rule answers for, in days
    meaning: Mapping[str, Value]  # every named value in the order of the run, exact, before validity: for formulas
    conditions: Mapping[str, Flag]
    outputs: Mapping[str, Value]
    shown: Mapping[str, Value]  # steps and outputs rounded as they are shown; amounts rounded once
    missing: Mapping[str, Flag]  # by input (or row of a reference table): unknown, and could still decide an output
    readings: tuple[Reading, ...]
    chosen: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    references: Mapping[str, Reference]

    @property
    def name(self) -> str:
        return self.rule.name


def _make_input(graph: Graph, name: str, kind: types.Type) -> Value:
    node: Value
    if isinstance(kind, types.NumberType):
        facts = {"denominator": kind.denominator, "dimension": kind.unit.dimension, "lo": kind.lo, "hi": kind.hi}
        node = graph.input(Number, name, kind, **facts)
    elif isinstance(kind, types.ChoiceType):
        node = graph.input(Choice, name, kind, labels=kind.labels)
    elif kind.name == "date":
        node = graph.input(Number, name, kind, denominator=1, dimension=units.DATE, lo=DAYS.lo, hi=DAYS.hi)
    elif kind.name == "text":
        node = graph.input(Text, name, kind)
    elif kind.name == "bool":
        node = graph.input(Flag, name, kind)
    else:
        raise RuleError(f"input {name}: type {kind.name} is not supported yet")
    return node


def trace(
    rule: Rule,
    parameters: Mapping[str, Parameter],
    readings: tuple[Reading, ...],
    chosen: Mapping[str, str],
    in_force: tuple[int, int | None],
    references: Mapping[str, Reference] | None = None,
) -> Program:
    """Run the rule on symbols. `in_force` is the first and the last valid day, in days since 1970-01-01."""
    graph = Graph()
    inputs = {name: _make_input(graph, name, kind) for name, kind in rule.inputs.items()}
    on: Number = graph.input(Number, "on", DAYS, denominator=1, dimension=units.DATE, lo=DAYS.lo, hi=DAYS.hi)
    law = Law(graph, rule.name, parameters, references or {}, on)
    arguments: dict[str, Any] = dict(inputs)
    wanted = inspect.signature(rule.function).parameters
    if "law" in wanted:
        arguments["law"] = law
    if "reading" in wanted:
        arguments["reading"] = Readings(rule.name, chosen)
    if "on" in wanted:
        arguments["on"] = on
    try:
        result = rule.function(**arguments)
        if unread := law.unread():
            raise RuleError(f"parameters that the rule never reads: {', '.join(sorted(unread))}")
        valid = _in_force(graph, on, in_force)
        named = _Named(rule, graph, inputs, on, result)
        return _finish(named, readings, chosen, parameters, references or {}, valid)
    except Exception as fault:  # whatever a rule does wrong is its author's to mend: say where
        raise RuleError(f"{rule.file}:{_line(rule, fault)}: {rule.name}: {fault}") from fault


def _line(rule: Rule, fault: Exception) -> int:
    """The line of the rule that was running; the rule's first if none was."""
    lines = [line for frame, line in walk_tb(fault.__traceback__) if frame.f_code is rule.function.__code__]
    return lines[-1] if lines else rule.line


def _in_force(graph: Graph, on: Number, days: tuple[int, int | None]) -> Flag:
    """From the first valid day to the last, both included; no last day is open."""
    first, last = (day if day is None else graph.day(day) for day in days)
    began = graph.compare("ge", on, cast(Number, first))
    return began if last is None else began & graph.compare("le", on, last)


class _Named(NamedTuple):
    """A rule that was run: what went in, what came out."""

    rule: Rule
    graph: Graph
    inputs: Mapping[str, Value]
    on: Number
    result: Outputs


def _finish(
    run: _Named,
    readings: tuple[Reading, ...],
    chosen: Mapping[str, str],
    parameters: Mapping[str, Parameter],
    references: Mapping[str, Reference],
    valid: Flag,
) -> Program:
    """The finished program; see spec/rules.yaml, header: validity, rounding, logic."""
    rule, graph, inputs, on, result = run
    conditions = {**_conditions(graph), "in_force": valid}
    if both := conditions.keys() & result.values.keys():
        raise RuleError(f"{sorted(both)[0]} is the name of a condition and of an output")
    outputs = {
        name: _gated(graph, valid, _shown(graph, value), result.out_of_force.get(name))
        for name, value in result.values.items()
    }
    steps = _steps(graph, result.named, conditions, result.values, inputs)
    meaning = {**steps, **result.values}
    shown = {name: _shown(graph, value) for name, value in steps.items()} | outputs
    missing = waiting_for(graph, inputs, list(outputs.values()), valid)
    return Program(
        rule, graph, inputs, on, meaning, conditions, outputs, shown, missing, readings, chosen, parameters, references
    )


def _conditions(graph: Graph) -> dict[str, Flag]:
    """Every condition that all_of() and any_of() declare, in the order of the run."""
    found: dict[str, Flag] = {}
    for node in graph.nodes:
        for name, flag in zip(node.data, node.args, strict=True) if node.op in ("all", "any") else ():
            if found.setdefault(name, cast(Flag, flag)) is not flag:
                raise RuleError(f"two conditions are named {name}")
    return found


def _gated(graph: Graph, valid: Flag, value: Value, instead: Value | None) -> Value:
    """Out of force: a decision is false, an amount 0.00, anything else unknown unless the rule says what."""
    if isinstance(value, Flag):
        return valid & value
    if isinstance(value, Number):
        dimension = value.dimension
        zero_or_unknown = (
            graph.make("const", (), (0, ""), value.denominator, dimension, 0, 0)
            if value.unit == "元"
            else graph.make("unknown", (), None, value.denominator, dimension, 0, 0)
        )
        lo, hi = min(value.lo, 0), max(value.hi, 0)
        return graph.make("when", (valid, value, zero_or_unknown), None, value.denominator, dimension, lo, hi)
    if isinstance(value, Choice):
        otherwise = graph.no_answer(value) if instead is None else instead
        return graph.choice("when", (valid, value, otherwise), None, value.labels)
    if isinstance(value, Names):
        return graph.either(valid, value, graph.no_answer(value))
    raise TypeError(f"an output must be a number, a condition, a choice or names, not {type(value).__name__}")


def _shown(graph: Graph, value: Value) -> Value:
    """Numbers to the decimals they are shown with: for an amount this is its one rounding."""
    if not isinstance(value, Number):
        return value
    return graph.rounded(value, 10 ** types.shown_decimals(value.unit))


def _steps(
    graph: Graph,
    named: Mapping[str, Any],
    conditions: Mapping[str, Flag],
    outputs: Mapping[str, Value],
    inputs: Mapping[str, Value],
) -> dict[str, Value]:
    """Every named value in the order of the run. A node has one name: a condition's, an output's, then a local one."""
    names: dict[int, str] = {}
    for name, node in [*conditions.items(), *outputs.items()]:
        names.setdefault(id(node), name)
    for node, said in graph.said.items():
        if names.setdefault(id(node), said.name) == said.name and list(names.values()).count(said.name) > 1:
            raise RuleError(f"two steps are named {said.name}: a rule may say progressive() or bound_by() once")
    for name, node in named.items():
        # `amount = greatest(0, amount)` in outputs(): the output has the name, what it is made of stays inside it
        if isinstance(node, Value) and node.op not in ("input", "const") and name not in names.values():
            names.setdefault(id(node), name)
    given = {id(node) for node in inputs.values()}
    steps = {names[id(node)]: node for node in graph.nodes if id(node) in names and id(node) not in given}
    # A condition that is an input as given is a step all the same: its verdict is shown.
    as_given = {name: node for name, node in conditions.items() if id(node) in given and name not in steps}
    return {**as_given, **steps}
