"""Rules of a policy pack for callers that hold columns of plain cells (the evaluation's regrades)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from fenghuang.engines.python import Engine
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.values import Choice
from fenghuang.law.pack import find

Cells = Mapping[str, list[int | bool | str | Fraction | None]]


def decider(on: date) -> Callable[[str, Cells], Sequence[str | None]]:
    """decide(rule, inputs) -> the grade of each row on that day (law/methods/regrading.py).

    Inputs are integers of the smallest unit, labels as text, None for unknown; a column that is absent is unknown.
    """

    return partial(_decide, on)


def _decide(on: date, rule: str, inputs: Cells) -> list[str | None]:
    pack = find(rule)
    if pack is None:
        raise KeyError(f"no policy pack has a rule {rule}")
    engine = _engine(pack.program(rule))
    nodes = engine.program.inputs
    size = len(next(iter(inputs.values())))
    columns = [_codes(nodes[name], inputs.get(name, [None] * size)) for name in nodes]
    grade: Any = engine.program.outputs["grade"]
    day = days(on)
    found = (engine.run(row, day)["grade"] for row in zip(*columns, strict=True))
    return [None if code is None else grade.labels[code] for code in found]


_ENGINES: dict[int, Engine] = {}


def _engine(program: Program) -> Engine:
    """The engine of a program, compiled once: an evaluation asks for every grade of every scope."""
    if id(program) not in _ENGINES:
        _ENGINES[id(program)] = Engine(program)  # holds the program, so its id is not given away again
    return _ENGINES[id(program)]


def _codes(node: object, cells: Sequence[Any]) -> list[Any]:
    """Labels as the engine carries them."""
    if isinstance(node, Choice):
        return [None if cell is None else node.code(cell) for cell in cells]
    return list(cells)
