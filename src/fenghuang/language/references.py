"""Reference tables: figures by row that the law refers to and other documents fix (an output guide by industry).

references.yaml of a pack, by name. Rows stand in versions with validity and source; what was not found stays out, so
that a result that needs it is unknown and says which row:

    output_guide:
      title: 行业产出效益指南
      clause: art.1
      rules: [output_benchmark]
      basis: who has to publish it, under which clause
      key: {name: industry_division, title: 行业大类}
      columns:
        tax_per_mu: {title: 亩均税收, unit: 万元/亩}
      versions:
        - valid: {from: 2021-01-01, to: 2023-12-31}
          source: ...
          rows:
            "29": {tax_per_mu: 20.5}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from fenghuang.language import numbers, units
from fenghuang.language.parameters import branches
from fenghuang.language.toolkit import pick
from fenghuang.language.values import Choice, Graph, Number, RuleError, Text

NO_ROW = "*"  # the label of a key that no version has on that day


class Column(NamedTuple):
    """A figure that every row has."""

    title: str
    unit: units.Unit


class Row(NamedTuple):
    """One row: the key, when it holds, its figures in the column's unit, where it was found."""

    key: str
    valid: tuple[date, date]
    figures: Mapping[str, Fraction]
    source: str


@dataclass(frozen=True)
class Reference:
    """A table with its legal basis; it may be empty."""

    name: str
    title: str
    clause: str
    rules: tuple[str, ...]
    basis: str
    key: str
    key_title: str
    columns: Mapping[str, Column]
    rows: tuple[Row, ...]


class Table:
    """What a rule sees: `law.output_guide[industry_division].tax_per_mu`."""

    def __init__(self, graph: Graph, reference: Reference, on: Number) -> None:
        self._graph, self._reference, self._on = graph, reference, on

    def __getitem__(self, key: Text) -> Found:
        if key.op != "input" or key.data[0] != self._reference.key:
            raise RuleError(f"{self._reference.name} is looked up by {self._reference.key}")
        rows = tuple((row.key, *(numbers.days(day) for day in row.valid)) for row in self._reference.rows)
        labels = tuple(f"{row.key}#{place}" for place, row in enumerate(self._reference.rows))
        place = self._graph.choice("lookup", (key, self._on), rows, (*labels, NO_ROW))
        return Found(self._graph, self._reference, key, place)


class Found:
    """The row of one key: its columns are its attributes."""

    def __init__(self, graph: Graph, reference: Reference, key: Text, place: Choice) -> None:
        self._graph, self._reference, self._key, self._place = graph, reference, key, place

    def __getattr__(self, name: str) -> Number:
        if name.startswith("_") or name not in self._reference.columns:
            raise RuleError(f"{self._reference.name} has no column {name!r}")
        column = self._reference.columns[name]
        unit = column.unit
        figures = [
            self._graph.constant(row.figures[name] * unit.factor, unit.dimension) for row in self._reference.rows
        ]
        no_row = self._graph.make("no row", (self._key,), self._reference.name, 1, unit.dimension, 0, 0)
        said = f"《{self._reference.title}》中该{self._reference.key_title}的{column.title}"
        return pick(self._place, self._graph.align([*figures, no_row]), said)


def sample(table: Reference, key: str) -> Row:
    """A made-up row, valid always, with 1 in every column."""
    figures = dict.fromkeys(table.columns, Fraction(1))
    return Row(key, (date(1900, 1, 1), date(2199, 12, 31)), figures, "")


def read(document: Mapping[str, Any], valid: tuple[date, date | None]) -> dict[str, Reference]:
    """All tables of a references.yaml; RuleError names the table and the row of a fault."""
    return {name: _reference(name, entry, valid) for name, entry in branches(document, "references.yaml")}


def _reference(name: str, entry: Mapping[str, Any], valid: tuple[date, date | None]) -> Reference:
    where = f"references.yaml: {name}"
    for needed in ("title", "clause", "basis", "key", "columns"):
        if needed not in dict(branches(entry, where)):
            raise RuleError(f"{where}: no `{needed}`")
    columns = {
        column: Column(about["title"], units.unit(about.get("unit", "")))
        for column, about in branches(entry["columns"], f"{where}.columns")
    }
    rows = tuple(
        _row(f"{where}.versions[{number}].rows.{key}", str(key), version, figures, columns, valid)
        for number, version in enumerate(entry.get("versions") or [])
        for key, figures in branches(version.get("rows") or {}, f"{where}.versions[{number}].rows")
    )
    return Reference(
        name=name,
        title=entry["title"],
        clause=entry["clause"],
        rules=tuple(entry.get("rules", ())),
        basis=entry["basis"],
        key=entry["key"]["name"],
        key_title=entry["key"]["title"],
        columns=columns,
        rows=rows,
    )


def _row(
    where: str,
    key: str,
    version: Mapping[str, Any],
    figures: Mapping[str, Any],
    columns: Mapping[str, Column],
    valid: tuple[date, date | None],
) -> Row:
    if not version.get("source"):
        raise RuleError(f"{where}: a row without source")
    if set(figures) != set(columns):
        raise RuleError(f"{where}: expected the columns {'、'.join(columns)}")
    own = version.get("valid") or {"from": valid[0], "to": valid[1]}
    try:
        found = {name: numbers.fraction(str(figure)) for name, figure in figures.items()}
    except numbers.NotANumber as fault:
        raise RuleError(f"{where}: {fault} is not a decimal number") from fault
    return Row(key, (own["from"], own.get("to") or date(2199, 12, 31)), found, version["source"])
