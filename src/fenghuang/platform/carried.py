"""Which duties of clauses are carried by something that no rule does: one answer for the command, API and pages.

A register says so in its declaration (`carries`); an app in its own `uses.py`, which is found by itself:

    carry("freed_quota_ledger", "指标台账")
"""

from __future__ import annotations

from fenghuang.law.registers import registers

_carried: dict[str, str] = {}


def carry(key: str, name: str) -> None:
    """Say that a duty, by its key (law/clauses.py), is carried by what people call `name`."""
    if _carried.setdefault(key, name) != name:
        raise ValueError(f"{key} is carried by {_carried[key]} already")


def carried() -> dict[str, str]:
    """Every duty that is carried, with the name of what carries it."""
    declared = {key: f"清单：{one.title}" for one in registers().values() for key in one.carries}
    return {**declared, **_carried}
