"""A record of a run as a page reads it: headline, verdicts, the calculation line by line, readings, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fenghuang.language.numbers import fraction, trim
from fenghuang.language.record import ABSENT, MASK, Input, Reading, Record, Step, Value
from fenghuang.language.words import clause_title
from fenghuang.platform.ui import numbers

FIXED = ("元", "分")  # amounts and points keep the decimals they are decided with


@dataclass(frozen=True, slots=True)
class Figure:
    """A value ready to be shown; `hint` is the same amount in 万元 / 亿元."""

    text: str
    unit: str = ""
    hint: str = ""
    known: bool = True
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An input of a line."""

    title: str
    figure: Figure
    kind: str
    sources: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A condition or a step."""

    name: str
    title: str
    figure: Figure
    state: str  # yes | no | unknown, for conditions and other truth values
    formula: str
    clause: str
    clause_id: str
    distance: str
    in_principle: bool
    note: str
    items: tuple[Item, ...]
    is_output: bool


@dataclass(frozen=True, slots=True)
class View:
    """What ui/explanation.html draws."""

    title: str
    clause: str
    clause_id: str
    policy: str
    on: str
    headline: tuple[Line, ...]
    verdict: str  # yes | no | unknown | "" when the rule has no conditions
    conditions: tuple[Line, ...]
    steps: tuple[Line, ...]
    readings: tuple[Reading, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def view(record: Record) -> View:
    """The record, sorted into the parts of the page."""
    lines = [_line(step) for step in record.steps]
    by_name = {line.name: line for line in lines}
    named = {i.name: i.title for step in record.steps for i in step.inputs}
    verdicts = [
        by_name.get(name) or _line(Step(name, named.get(name, name), value, kind="condition"))
        for name, value in record.conditions.items()
    ]
    headline = [
        by_name.get(name) or _line(Step(name, named.get(name, "结论"), value)) for name, value in record.outputs.items()
    ]
    units = {step.name: step.unit for step in record.steps}  # an unknown figure has no unit, its step has
    # the amount first, known or not: it is what people came for
    headline.sort(key=lambda line: (line.name != "amount", units.get(line.name) != "元"))
    return View(
        title=record.title,
        clause=clause_title(record.clause),
        clause_id=record.clause,
        policy=record.policy,
        on=record.on,
        headline=tuple(headline),
        verdict=_together(record.conditions),
        conditions=tuple(verdicts),
        steps=tuple(line for line in lines if line.name not in record.conditions),
        readings=record.readings,
        missing=record.missing_titles,
        notes=record.notes,
    )


def figure(value: Value, unit: str = "", text: str = "") -> Figure:
    """A value with its unit; amounts keep their fen and get a hint in 万元, other decimals lose idle zeros."""
    if value is None:
        return Figure(ABSENT) if text == ABSENT else Figure("未知", known=False)
    if value == MASK:
        return Figure(MASK, masked=True)
    if text:
        return Figure(text, unit)
    if isinstance(value, str) and unit not in FIXED and numbers.is_decimal(value):
        value = trim(value)
    shown = numbers.value_text(value)
    return Figure(shown, unit, _hint(value) if unit == "元" else "")


def _hint(value: Value) -> str:
    try:
        fen = fraction(str(value)) * 100
    except ValueError:
        return ""
    if abs(fen) < 10**6 or fen.denominator != 1:
        return ""
    unit, size = ("亿元", 10**10) if abs(fen) >= 10**10 else ("万元", 10**6)
    exact = Fraction(fen, size)
    about = "" if (exact * 10**4).denominator == 1 else "约 "
    rounded = numbers.scaled(round(exact * 10**4), 4)
    return f"{about}{rounded} {unit}"


def _line(step: Step) -> Line:
    return Line(
        name=step.name,
        title=step.title,
        figure=figure(step.value, step.unit, step.text),
        state=_state(step.value) if step.kind == "condition" or isinstance(step.value, bool) else "",
        formula=step.formula,
        clause=clause_title(step.clause),
        clause_id=step.clause,
        distance=step.distance,
        in_principle=step.in_principle,
        note=step.note,
        items=tuple(_item(i) for i in step.inputs),
        is_output=step.kind == "output",
    )


def _item(item: Input) -> Item:
    return Item(item.title, figure(item.value, item.unit, item.text), item.kind, item.sources)


def _state(value: Value) -> str:
    return {True: "yes", False: "no"}.get(value, "unknown") if isinstance(value, bool) else "unknown"


def _together(conditions: dict[str, bool | None]) -> str:
    """The badge over all conditions; a rule that is merely in force has none to boast of."""
    if not conditions or conditions == {"in_force": True}:
        return ""
    if any(value is False for value in conditions.values()):
        return "no"
    return "unknown" if any(value is None for value in conditions.values()) else "yes"
