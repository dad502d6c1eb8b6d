"""The door: values of a subject as they come (JSON, CSV, forms) into integers of the smallest unit, or a fault.

Unknown names, excess decimals, values beyond the type's range are refused with what was found and what is expected.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from fenghuang.language import numbers, types

_TRUE = {"true", "是", "1", "yes", "y"}
_FALSE = {"false", "否", "0", "no", "n"}
LONGEST_FOUND = 60  # characters of a refused cell that a fault repeats


class Fault(NamedTuple):
    """Something unusable: where, what was found, what is expected."""

    field: str
    found: str
    expected: str
    row: int | None = None

    def sentence(self, file: str = "") -> str:
        place = [file, f"第 {self.row} 行" if self.row is not None else "", f"字段 {self.field}" if self.field else ""]
        text = " ".join(self.found.split())  # a cell may hold line breaks; a fault is one line
        found = f"读到“{text}”，" if self.found else ""
        return f"{'，'.join(p for p in place if p)}：{found}{self.expected}"


class Faulty(ValueError):
    """Input that cannot be used: its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


class Refused(ValueError):
    """The value is not of its type; the message says what is expected."""


def carried(name: str) -> bool:
    """Columns that pass through untouched (spec/cli.md)."""
    return name == "id" or name.startswith("x_")


def expected(kind: types.Type) -> str:
    """What a field expects, in words."""
    if isinstance(kind, types.NumberType):
        lowest, highest = (numbers.trim(numbers.show_decimal(n, kind.decimals)) for n in (kind.lo, kind.hi))
        what = f"最多 {kind.decimals} 位小数的数" if kind.decimals else "整数"
        unit = f"（{kind.unit.text}）" if kind.unit.text else ""
        return f"应为{what}{unit}，介于 {lowest} 与 {highest} 之间"
    if isinstance(kind, types.ChoiceType):
        return f"应为 {'、'.join(kind.labels)} 之一"
    return {"bool": "应为 true 或 false（是、否）", "date": "应为日期，如 2022-12-31"}.get(kind.name, "应为文字")


def value(kind: types.Type, raw: object) -> int | bool | str | None:
    """One value of a type; None and blank text are unknown. Raises Refused."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(kind, types.NumberType):
        return number(kind, raw)
    text = str(raw).strip()
    if kind.name == "text":
        return text
    if isinstance(kind, types.ChoiceType):
        if text not in kind.labels:
            raise Refused(expected(kind))
        return kind.labels.index(text)
    if kind.name == "bool":
        if text.lower() in _TRUE:
            return True
        if text.lower() in _FALSE:
            return False
        raise Refused(expected(kind))
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise Refused(expected(kind)) from fault
    if not 1900 <= found.year <= 2199:
        raise Refused("年份应在 1900 与 2199 之间")
    return numbers.days(found)


def number(kind: types.NumberType, raw: object) -> int:
    """A number as an integer of its smallest unit. Raises Refused."""
    if isinstance(raw, bool):
        raise Refused(expected(kind))
    text = format(raw, "f") if isinstance(raw, Decimal) else repr(raw) if isinstance(raw, float) else str(raw)
    try:
        found = numbers.parse_decimal(text, kind.decimals)
    except numbers.TooManyDecimals as fault:
        raise Refused(f"最多 {kind.decimals} 位小数") from fault
    except numbers.NotANumber as fault:
        raise Refused(expected(kind)) from fault
    if not kind.lo <= found <= kind.hi:
        raise Refused(expected(kind))
    return found


def written(raw: object, longest: int | None = LONGEST_FOUND) -> str:
    """A cell as a reader recognises it in a fault."""
    text = "true" if raw is True else "false" if raw is False else str(raw)
    return text if longest is None or len(text) <= longest else f"{text[:longest]}……"


def stranger(name: str, known: Iterable[str]) -> str:
    """What to say of a name the rule does not have."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    return f"没有这个字段{f'，是否指 {near[0]}' if near else ''}"


def subject(
    inputs: Mapping[str, types.Type], raw: Mapping[str, Any]
) -> tuple[tuple[int | bool | str | None, ...], list[Fault]]:
    """A subject's inputs in contract order, and its faults. An absent input is unknown."""
    faults = [Fault(name, "", stranger(name, inputs)) for name in raw if name not in inputs and not carried(name)]
    given: list[int | bool | str | None] = []
    for name, kind in inputs.items():
        try:
            given.append(value(kind, raw.get(name)))
        except Refused as fault:
            given.append(None)
            faults.append(Fault(name, written(raw.get(name)), str(fault)))
    return tuple(given), faults
