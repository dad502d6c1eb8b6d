"""What the year's versions are and what they would be: frames that are compared by every value. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from fenghuang.domain.registry import parts, things
from fenghuang.domain.registry.columns import (
    BLANK,
    FIRM_YEAR,
    FIRM_YEAR_SCHEMA,
    PROJECT,
    PROJECT_SCHEMA,
    SHEET_COLUMNS,
    SUMS,
)
from fenghuang.domain.registry.land_models import Thing
from fenghuang.domain.registry.models import FirmYear, Part, Project
from fenghuang.domain.registry.take import Year

Model = type[FirmYear] | type[Part] | type[Project] | type[Thing]


@dataclass
class Change:
    """The versions of one table and year: as they are (with their id), and as they are to be."""

    model: Model
    schema: dict[str, Any]
    old: pl.DataFrame
    new: pl.DataFrame
    blank: Sequence[str] = BLANK  # texts that are "" in the database, not null

    @property
    def gone(self) -> pl.DataFrame:
        """Versions that are not among the new ones."""
        return self.old.join(self.new, on=list(self.schema), how="anti", nulls_equal=True)

    @property
    def fresh(self) -> pl.DataFrame:
        """Versions that are not among the old ones."""
        return self.new.join(self.old, on=list(self.schema), how="anti", nulls_equal=True)


def current(model: Model, schema: dict[str, Any], empty: Sequence[str] = BLANK, **filters: Any) -> pl.DataFrame:
    """Today's versions; texts that are "" in the database are null here."""
    rows = model.objects.current().filter(**filters).values_list("id", *schema)
    frame = pl.DataFrame(list(map(_flat, rows)), schema={"id": pl.Int64, **schema}, orient="row")
    blank = [name for name in empty if name in schema]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in blank)


def _flat(row: Sequence[Any]) -> list[Any]:
    return [
        ",".join(value) if isinstance(value, list) else value.isoformat() if isinstance(value, date) else value
        for value in row
    ]


def of_year(year: int, book: Year, *, is_taking_back: bool) -> list[Change]:
    """The changes of a year: pieces of sums, firms, projects, things. In this order they are written."""
    pieces = parts.frame(book.pieces)
    changes = [
        Change(Part, parts.SCHEMA, current(Part, parts.SCHEMA, year=year, fact__in=sorted(book.facts)), pieces)
    ]  # fmt: skip
    old = current(FirmYear, FIRM_YEAR_SCHEMA, year=year)
    firms = _firm_years(book, old, pieces)
    if is_taking_back:
        firms = _without_empty(year, book, firms, pieces)
    changes.append(Change(FirmYear, FIRM_YEAR_SCHEMA, old, firms))
    if "projects" in book.sheets:
        taken = _with_firm(book, "projects").select("firm_id", *PROJECT, raw_row_id="id")
        before = current(Project, PROJECT_SCHEMA, year=year)
        changes.append(Change(Project, PROJECT_SCHEMA, before, taken.cast(pl.Schema(PROJECT_SCHEMA))))
    return changes + _things(year, book)


def _things(year: int, book: Year) -> list[Change]:
    """The things that the year's sheets tell of."""
    changes = []
    for sheet, kind in things.KINDS.items():
        if sheet in book.sheets:
            schema, empty = things.schema(sheet), things.blank(sheet)
            before = current(kind.model, schema, empty, year=year)
            said = things.of_sheet(sheet, book.sheets[sheet], book.known)
            said = said.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in empty)
            changes.append(Change(kind.model, schema, before, said, empty))
    return changes


def _with_firm(book: Year, sheet: str) -> pl.DataFrame:
    codes, numbers = list(book.known.ids), list(book.known.ids.values())
    ids = pl.col("uscc").replace_strict(codes, numbers, default=None, return_dtype=pl.Int64)
    return book.sheets[sheet].taken.with_columns(firm_id=ids if codes else pl.lit(None, pl.Int64))


def _firm_years(book: Year, old: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """Every firm of the year: columns of sheets that were worked out are new, the others stay."""
    fresh: list[pl.DataFrame] = []
    stay = list(FIRM_YEAR)
    for sheet, columns in SHEET_COLUMNS.items():
        if sheet in book.sheets:
            taken = _with_firm(book, sheet)
            fresh.append(taken.select("firm_id", **{name: pl.col(source) for name, source in columns.items()}))
            stay = [name for name in stay if name not in columns]
    for fact in SUMS:
        if fact in book.facts:
            fresh.append(_sums(pieces, fact))
            stay.remove(fact)
    firms = pl.concat([frame.select("firm_id") for frame in (old, pieces, *fresh)]).unique(maintain_order=True)
    result = firms.join(old.select("firm_id", *stay), on="firm_id", how="left", maintain_order="left")
    for frame in fresh:
        result = result.join(frame, on="firm_id", how="left", maintain_order="left")
    return result.select(list(FIRM_YEAR_SCHEMA)).cast(pl.Schema(FIRM_YEAR_SCHEMA))


def _sums(pieces: pl.DataFrame, fact: str) -> pl.DataFrame:
    """The sum of a firm's pieces; unknown, never a part of it, while one of them is withheld."""
    own = pieces.filter(pl.col("fact") == fact).group_by("firm_id", maintain_order=True)
    known = (pl.col("kind") != "withheld").all() & (pl.col("amount").sum() >= 0)
    return own.agg(pl.when(known).then(pl.col("amount").sum()).alias(fact))


def _without_empty(year: int, book: Year, firms: pl.DataFrame, pieces: pl.DataFrame) -> pl.DataFrame:
    """When rows are taken back: not those firms of the year of which nothing is left, not even a withheld piece."""
    others = Part.objects.current().filter(year=year).exclude(fact__in=sorted(book.facts))
    held = {*pieces["firm_id"].to_list(), *others.order_by().values_list("firm_id", flat=True).distinct()}
    said = pl.any_horizontal(pl.col(name).is_not_null() for name in FIRM_YEAR)
    return firms.filter(said | pl.col("firm_id").is_in(list(held)))
