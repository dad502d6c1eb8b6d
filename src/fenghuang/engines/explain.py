"""The explanation of one decided subject: the record of the run, with words made once and values filled in.

`Explainer(pack, program).record(given, on)` gives language.record.Record: every step with value, unit, formula, clause
and what it read; a verdict per condition with the distance to its bound; what is missing; the readings it depends on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from fenghuang.engines.python import Given, compiled
from fenghuang.language import numbers, types, units
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.record import ABSENT, Input, Reading, Record, Step
from fenghuang.language.values import Choice, Flag, Names, Number, Text, Value
from fenghuang.language.words import Formula, Words, bound_distance
from fenghuang.law.document import superseded
from fenghuang.law.pack import STANDING, Overlay, Pack, find, span

Show = Callable[[Any], tuple[Any, str]]  # a value as (value of the record, its words)

_VERDICT: dict[bool | None, tuple[bool | None, str]] = {True: (True, "是"), False: (False, "否"), None: (None, "未知")}


def shower(node: Value, rule: str, name: str, words: Words, kind: types.Type | None = None) -> tuple[Show, str]:
    """How values of this node are shown, and in what unit."""
    if isinstance(node, Flag):
        return _VERDICT.__getitem__, ""
    if isinstance(node, Choice):
        texts: dict[int | None, tuple[Any, str]] = {
            code: (label, words.label(rule, name, label)) for code, label in enumerate(node.labels)
        }
        texts[None] = (None, "未知")
        return texts.__getitem__, ""
    if isinstance(node, Names):
        return _list_of(lambda label: words.label(rule, name, label)), ""
    if isinstance(node, Text):
        return lambda value: (value, value or "未知"), ""
    assert isinstance(node, Number)
    if node.dimension == units.DATE:
        return _date, ""
    decimals = kind.decimals if isinstance(kind, types.NumberType) else types.shown_decimals(node.unit)
    unit = kind.unit.text if isinstance(kind, types.NumberType) else node.unit
    return _money if decimals == 2 else _decimal(decimals), unit


def _money(value: int | None) -> tuple[str | None, str]:
    """Two decimals, the common case, without the general machinery."""
    if value is None:
        return None, ""
    if value < 0:
        return numbers.show_decimal(value, 2), ""
    whole, rest = divmod(value, 100)
    return f"{whole}.{rest:02d}", ""


def _list_of(label: Callable[[str], str]) -> Show:
    """Names, of which there may be none."""

    def show(value: list[str] | None) -> tuple[list[str] | None, str]:
        return value, "未知" if value is None else "、".join(map(label, value)) or "无"

    return show


def _or_none(show: Show) -> Show:
    """An input that may be absent: without a value there is none, which is not unknown."""
    return lambda value: (None, ABSENT) if value is None else show(value)


def _date(value: int | None) -> tuple[str | None, str]:
    """A day in ISO form."""
    return (None if value is None else numbers.day(value).isoformat()), ""


@cache
def _decimal(decimals: int) -> Show:
    def show(value: int | None) -> tuple[str | None, str]:
        return (None if value is None else numbers.show_decimal(value, decimals)), ""

    return show


def _percent(value: int | None) -> tuple[str | None, str]:
    """A ratio of 10^-6, in words as percent."""
    if value is None:
        return None, ""
    return numbers.show_decimal(value, 6), f"{numbers.trim(numbers.show_decimal(value, 4))}%"


class _Line(NamedTuple):
    """The fixed part of a step."""

    name: str
    title: str
    unit: str
    clause: str
    formula: str
    reads: tuple[Input | int, ...]  # a parameter as it is, or the place of a value
    kind: str
    in_principle: bool
    sides: tuple[int, int] | None  # places of the two sides of a comparison


class Explainer:
    """Explains subjects of one program."""

    def __init__(self, pack: Pack, program: Program) -> None:
        self._program = program
        self._head = (program.name, pack.words.rule_title(program.name), pack.id)
        self._names = [*program.inputs, *program.shown]
        self._shows: list[Show] = []
        self._blank: list[Input] = []  # inputs of steps, with everything but the value
        targets: list[Value] = []
        kinds = program.rule.inputs
        places = {name: place for place, name in enumerate(self._names)}
        formula = Formula(program, pack.words)
        for name, node in program.inputs.items():
            show, unit = shower(node, program.name, name, pack.words, kinds[name])
            self._shows.append(_or_none(show) if kinds[name].optional else show)
            self._blank.append(Input(name, formula.title(name), None, unit))
        for name, node in program.shown.items():
            show, unit = shower(node, program.name, name, pack.words)
            if formula.is_share(node):
                show = _percent
            self._shows.append(show)
            kind = "input" if name in program.inputs else "step"
            self._blank.append(Input(name, formula.title(name), None, unit, kind))
            targets.append(node)
        self._lines: list[_Line] = []
        sides: list[Value] = []
        first_side = len(self._names)
        for name, node in program.meaning.items():
            text = formula.of(node)
            reads = tuple(self._read(n, v, places, pack) for n, v in formula.reads.items())
            compared = None
            if node.op in ("ge", "gt", "le", "lt") and name in program.conditions and name != "in_force":
                compared = (first_side + len(sides), first_side + len(sides) + 1)
                sides.extend(node.args)
            self._lines.append(
                _Line(
                    name,
                    formula.title(name),
                    self._blank[places[name]].unit,
                    program.rule.clause,
                    text,
                    reads,
                    "condition" if name in program.conditions else "output" if name in program.outputs else "value",
                    name in program.rule.in_principle,
                    compared,
                )
            )
        self._sides = sides
        self._known = compiled(program, [*targets, *sides], nullable=False)
        self._partial = compiled(program, [*targets, *sides, *program.missing.values()], nullable=True)
        self._tail = first_side + len(sides)
        self._readings = tuple(
            Reading(r.name, r.title, program.chosen[r.name], r.choices[program.chosen[r.name]], r.default, r.clause)
            for r in program.readings
            # one for the whole document is named where it is not the usual one: it touches a single day
            if r.rule == program.name or program.chosen[r.name] != r.default
        )
        self._outputs = [(name, places[name]) for name in program.outputs]
        self._conditions = [(name, places[name]) for name in program.conditions]
        self._missing = list(program.missing)
        self._valid = places["in_force"]
        validity = span(*pack.valid_under(program.chosen))
        self._out_of_force = f"依据日期不在政策有效期（{validity}）内：不予认定，金额为 0，与其他条件无关"
        self._assumed = tuple(f"政策的{part}待核实：{why}" for part, why in pack.assumed_in_words)
        self._always_partial = any("[" in name for name in program.missing)
        self._places = {name: place for place, name in enumerate(program.inputs)}

    def _read(self, name: str, node: Value, places: Mapping[str, int], pack: Pack) -> Input | int:
        if name in places:
            return places[name]
        parameter = pack.parameters[name.split("[", maxsplit=1)[0]]
        title = pack.words.title(self._program.name, parameter.name)
        places_of = re.findall(r"\[(\w+)\]", name)
        row = "，".join(f"第 {int(p) + 1} 项" if p.isdigit() else f"{p} 类" for p in places_of)
        number: Any = node
        value = Fraction(number.lo, number.denominator) / parameter.unit.factor
        shown, unit = numbers.trim(numbers.show_fraction(value, 6)), parameter.unit.text
        if number.dimension == units.DATE:
            shown, unit = numbers.day(int(value)).isoformat(), ""
        return Input(name, title + (f"（{row}）" if row else ""), shown, unit, "parameter")

    def record(self, given: Given, on: int, carried: Mapping[str, Any] | None = None) -> Record:
        """The record of one subject; `given` are its inputs in contract order, `on` the day in days."""
        if self._always_partial or None in given:
            values = (*given, *self._partial(given, on))
            lacking = [n for n, lacks in zip(self._missing, values[self._tail :], strict=True) if lacks]
            missing = tuple(self._named(name, given) for name in lacking)
            rows = {self._named(name, given): self._row(name, given) for name in lacking if "[" in name}
        else:
            values = (*given, *self._known(given, on))
            missing, rows = (), {}
        shown = [show(value) for show, value in zip(self._shows, values, strict=False)]
        inputs = [
            Input(b[0], b[1], value, b[3], b[4], (), text) for b, (value, text) in zip(self._blank, shown, strict=True)
        ]
        start = len(self._program.inputs)
        steps = []
        for place, line in enumerate(self._lines, start):
            name, title, unit, clause, formula, reads, kind, principle, sides = line
            value, text = shown[place]
            distance = self._distance(line, values) if sides else ""
            read = tuple([inputs[r] if isinstance(r, int) else r for r in reads])
            steps.append(Step(name, title, value, unit, clause, formula, read, kind, distance, principle, "", text))
        return Record(
            *self._head,
            numbers.day(on).isoformat(),
            self._program.rule.clause,
            {name: shown[place][0] for name, place in self._outputs},
            {name: shown[place][0] for name, place in self._conditions},
            missing,
            self._readings,
            tuple(steps),
            (*self._assumed, *self._newer(on), *(() if shown[self._valid][0] else (self._out_of_force,))),
            carried or {},
            rows,
        )

    def _newer(self, on: int) -> tuple[str, ...]:
        """What has taken the clause's place by that day, if anything has (三、其他)."""
        newer = superseded(self._head[2], self._program.rule.clause, numbers.day(on))
        return (f"本条款自 {newer.since} 起由{newer.by}取代，应按新规定办理（{newer.source}）",) if newer else ()

    def _named(self, name: str, given: Given) -> str:
        """An input by its name; a row that a reference table lacks by table and key: output_guide[29]."""
        table, bracket, key = name.rstrip("]").partition("[")
        return f"{table}[{given[self._places[key]]}]" if bracket else name

    def _row(self, name: str, given: Given) -> str:
        """The same in words."""
        table = self._program.references[name.partition("[")[0]]
        return f"《{table.title}》中{table.key_title} {given[self._places[table.key]]} 的数据（{table.basis}）"

    def _distance(self, line: _Line, values: tuple[Any, ...]) -> str:
        assert line.sides is not None
        left, right = (values[place] for place in line.sides)
        if left is None or right is None:
            return ""
        node = self._program.meaning[line.name]
        denominator: int = node.args[0].denominator  # type: ignore[attr-defined]
        return bound_distance(node, Fraction(left, denominator), Fraction(right, denominator))


_EXPLAINERS: dict[int, Explainer] = {}


def explainer(pack: Pack, rule: str, overlay: Overlay = STANDING) -> Explainer:
    """The explainer of a rule under an overlay, made once."""
    program = pack.program(rule, overlay)
    if id(program) not in _EXPLAINERS:
        _EXPLAINERS[id(program)] = Explainer(pack, program)
    return _EXPLAINERS[id(program)]


def explain(rule: str, given: Given, on: date, overlay: Overlay = STANDING) -> Record:
    """Explain one subject by the rule's name; KeyError for a rule there is not."""
    pack = find(rule)
    if pack is None:
        raise KeyError(rule)
    return explainer(pack, rule, overlay).record(given, days(on))
