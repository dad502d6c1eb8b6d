"""Fields of a declaration as inputs of a form, with their units and with what was typed before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fenghuang.domain.casework.filling import shown
from fenghuang.language import types
from fenghuang.law.registers.declaration import Field


class Input(NamedTuple):
    """One input: how it is drawn (`kind`: choice, date, bool, number, text), and what stands in it."""

    name: str
    title: str
    kind: str
    unit: str
    value: str
    choices: list[tuple[str, str]]
    required: bool
    help: str


def inputs(
    fields: Mapping[str, Field], names: Iterable[str], known: Mapping[str, Any], typed: Mapping[str, str], needed: bool
) -> list[Input]:
    """Inputs for these fields; a field that was filled in before shows its value, and need not be filled in again."""
    return [_input(fields[name], known.get(name), typed.get(name), needed) for name in names]


def _input(field: Field, known: Any, typed: str | None, needed: bool) -> Input:
    number = field.kind if isinstance(field.kind, types.NumberType) else None
    unit = number.unit.text if number else ""
    kind = "number" if number else field.type if field.type in ("choice", "date", "bool") else "text"
    value = typed if typed is not None else _plain(field, known, kind)
    choices = (
        list(field.choices.items()) if kind == "choice" else [("是", "是"), ("否", "否")] if kind == "bool" else []
    )
    return Input(field.name, field.title, kind, unit, value, choices, needed and known is None, field.help)


def _plain(field: Field, known: Any, kind: str) -> str:
    """The kept value as one types it, without its unit."""
    if known is None:
        return ""
    if kind == "choice":
        return str(known)
    return shown(field, known).split(" ")[0].replace(",", "") if kind == "number" else shown(field, known)
