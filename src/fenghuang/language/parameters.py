"""Parameters: the figures of the law, each with value, unit, validity, clause and the place it stands in the source.

parameters.yaml, by clause and rule (values are read as decimals, never as floats):

    art.10:
      upgrade_subsidy:
        threshold: {value: 500, unit: 万元, at: "77:43"}
        cap: {unit: 万元, by: grade, A: 2000, B: 500, others: 0, at: {A: "79:1", B: "81:5"}}
        edges: {value: [2000, 5000], unit: 万元, at: ["77:58", "77:70"]}

A date is written 2023-06-30 with unit 日期, a
fraction 1/3. `at` is line:column of the source document. `others` is what a label without a row of its own is worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from fenghuang.language import numbers, units
from fenghuang.language.types import GRADES
from fenghuang.language.values import Graph, Number, RuleError

TABLES: dict[str, tuple[str, ...]] = {"grade": GRADES}


@dataclass(frozen=True)
class Parameter:
    """One figure or a small table of figures."""

    path: str  # art.10.upgrade_subsidy.threshold
    clause: str
    unit: units.Unit
    figures: Mapping[str, tuple[Fraction, ...]]  # by label; "" when there is no table
    is_list: bool
    by: str  # name of the table's labels, or ""
    valid: tuple[date, date | None]
    at: Any  # place in the source

    @property
    def name(self) -> str:
        return self.path.rsplit(".", 1)[-1]

    def number(self, graph: Graph, label: str, index: int = 0) -> Number:
        """One figure as a constant in the base unit."""
        figures = self.figures.get(label, self.figures.get("others"))
        if figures is None:
            raise RuleError(f"{self.path}: no row for {label!r} and no `others`")
        where = self.path + (f"[{label}]" if label else "") + (f"[{index}]" if self.is_list else "")
        return graph.constant(figures[index] * self.unit.factor, self.unit.dimension, where)

    def holds(self, on: date) -> bool:
        """Whether the figure is valid on a day; both ends count."""
        first, last = self.valid
        return first <= on and (last is None or on <= last)

    def written(self, label: str, index: int = 0) -> str:
        """One figure in the parameter's unit as text: 12, 0.5, 1/3, 2023-06-30."""
        figure = self.figures[label][index]
        if self.unit.dimension == units.DATE:
            return numbers.day(int(figure)).isoformat()
        if 10**6 % figure.denominator:
            return str(figure)
        return numbers.trim(numbers.show_fraction(figure, 6))

    def __len__(self) -> int:
        return len(next(iter(self.figures.values())))


def read(document: Mapping[str, Any], valid: tuple[date, date | None]) -> dict[str, Parameter]:
    """All parameters of a parameters.yaml (numbers as text or int), by path; RuleError names the path of a fault."""
    return {p.path: p for p in _walk(document, valid)}


def _walk(document: Mapping[str, Any], valid: tuple[date, date | None]) -> Iterator[Parameter]:
    for clause, rules in document.items():
        for rule, parameters in branches(rules, f"parameters.yaml: {clause}"):
            for name, entry in branches(parameters, f"parameters.yaml: {clause}.{rule}"):
                path = f"{clause}.{rule}.{name}"
                try:
                    yield _parameter(path, clause, entry, valid)
                except KeyError as fault:
                    raise RuleError(f"parameters.yaml: {path}: no {fault}") from fault
                except (ValueError, TypeError, AttributeError) as fault:
                    raise RuleError(f"parameters.yaml: {path}: {fault}") from fault


def branches(node: Any, where: str) -> Iterable[tuple[str, Any]]:
    """The entries of a mapping; RuleError where something else stands."""
    if not isinstance(node, Mapping):
        raise RuleError(f"{where}: expected names with entries, found {node!r}")
    return node.items()


def _parameter(path: str, clause: str, entry: Mapping[str, Any], valid: tuple[date, date | None]) -> Parameter:
    if not isinstance(entry, Mapping):
        raise TypeError(f"expected value, unit and place, found {entry!r}")
    known = {"value", "unit", "by", "at", "valid", "others", *GRADES}
    if unknown := set(entry) - known:
        raise RuleError(f"parameters.yaml: {path}: unknown key {sorted(unknown)[0]!r}")
    if "at" not in entry:
        raise RuleError(f"parameters.yaml: {path}: no place in the source (`at`)")
    by = entry.get("by", "")
    rows = {label: entry[label] for label in (*TABLES[by], "others") if label in entry} if by else {"": entry["value"]}
    is_list = any(isinstance(row, list) for row in rows.values())
    width = max(len(row) if isinstance(row, list) else 1 for row in rows.values())
    own = entry.get("valid")
    return Parameter(
        path=path,
        clause=clause,
        unit=units.unit(entry.get("unit", "")),
        figures={label: _figures(row, width) for label, row in rows.items()},
        is_list=is_list,
        by=by,
        valid=(own["from"], own.get("to")) if own else valid,
        at=entry["at"],
    )


def _figures(row: Any, width: int) -> tuple[Fraction, ...]:
    """A row of figures; a single figure stands for the whole row (others: 0)."""
    listed = row if isinstance(row, list) else [row] * width
    if len(listed) != width:
        raise ValueError(f"rows of different length: {listed}")
    try:
        return tuple(exact(figure) for figure in listed)
    except numbers.NotANumber as fault:
        raise ValueError(f"{fault} is not a decimal number") from fault


def exact(written: Any) -> Fraction:
    """A decimal, a date (in days since 1970-01-01), or a fraction that no decimal writes ("1/3")."""
    if isinstance(written, date):
        return Fraction(numbers.days(written))
    above, slash, below = str(written).partition("/")
    return numbers.fraction(above) / (numbers.fraction(below) if slash else 1)
