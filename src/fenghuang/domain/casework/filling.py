"""What people fill in at a step, read by the types of the declaration: smallest units inside, sentences for slips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fenghuang.engines import door
from fenghuang.language import types
from fenghuang.law.registers.declaration import Field, Register
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.numbers import amount

EPOCH = date(1970, 1, 1)
LONGEST = 1000  # characters of a text


def filled(
    register: Register,
    needed: Iterable[str],
    allowed: Iterable[str],
    given: Mapping[str, Any],
    known: Mapping[str, Any],
    today: date,
) -> dict[str, Any]:
    """The values as a case keeps them: integers of the smallest unit, dates as 2023-06-30. Refused names each slip.

    A needed field that was filled in before may stay as it is.
    """
    needed, allowed = tuple(needed), tuple(allowed)
    found: dict[str, Any] = {}
    slips = []
    for name in given:
        if name not in (*needed, *allowed):
            slips.append(f"这一步不填“{register.fields[name].title if name in register.fields else name}”")
    for name in (*needed, *allowed):
        field = register.fields[name]
        try:
            value = read(field, given.get(name))
        except door.Refused as refused:
            slips.append(f"{field.title}填的是“{str(given[name])[:40]}”，{refused}")
            continue
        if value is not None:
            found[name] = value
        elif name in needed and known.get(name) is None:
            slips.append(f"请填写{field.title}")
    if slips:
        raise Refused("；".join(slips))
    return found


def read_all(fields: Mapping[str, Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """Every field that is filled in; Refused names each slip."""
    found, slips = {}, []
    for name, field in fields.items():
        try:
            value = read(field, given.get(name))
        except door.Refused as refused:
            slips.append(f"{field.title}填的是“{str(given[name])[:40]}”，{refused}")
            continue
        if value is None:
            slips.append(f"请填写{field.title}")
        found[name] = value
    if slips:
        raise Refused("；".join(slips))
    return found


def read(field: Field, raw: object) -> Any:
    """One value; None is not filled in. Raises door.Refused."""
    value = door.value(field.kind, raw)
    if value is None or isinstance(field.kind, types.NumberType):
        return value
    if field.type == "choice":
        return tuple(field.choices)[int(value)]
    if field.type == "date":
        return (EPOCH + timedelta(days=int(value))).isoformat()
    if isinstance(value, str) and len(value) > LONGEST:
        raise door.Refused(f"最多 {LONGEST} 个字")
    return value


def shown(field: Field, value: Any) -> str:
    """The value as a person reads it, with its unit; — while it is not filled in."""
    if value is None or value == "":
        return "—"
    if isinstance(field.kind, types.NumberType):
        return amount(value, field.kind.decimals, field.kind.unit.text)
    if field.type == "choice":
        return field.choices.get(str(value), str(value))
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)
