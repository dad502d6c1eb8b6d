"""Rows on their way in: those of new sheets, and those of earlier deliveries that still count, in one form.

The form is a frame of texts: id, delivery, row, status (null for a new row) and one column a field of the template.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.models import Delivery, RawRow
from fenghuang.domain.feeds.recognise import Sheet, places
from fenghuang.domain.feeds.templates import Template
from fenghuang.domain.feeds.values import Parsed, parse, years


@dataclass
class Arrival:
    """A sheet that becomes a delivery; ids of the delivery and of its first row are given out beforehand."""

    sheet: Sheet
    delivery: int
    first: int
    years: list[int]
    main_year: int
    parsed: Parsed

    @property
    def template(self) -> Template:
        return self.sheet.template


def arrive(sheet: Sheet, delivery: int, first: int) -> Arrival | None:
    """Parse a new sheet. None when not one row has a usable year."""
    texts = sheet.frame.select(
        pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("id"),
        pl.lit(delivery, pl.Int64).alias("delivery"),
        "row",
        pl.lit(None, pl.String).alias("status"),
        *(_cell(sheet.places.get(name), name) for name in sheet.template.fields),
    )
    parsed = parse(sheet.template, texts)
    counted = parsed.frame["year"].drop_nulls().value_counts(sort=True)
    if counted.is_empty():
        return None
    main = int(counted["year"][0])
    parsed.frame = parsed.frame.with_columns(pl.col("year").fill_null(main))
    return Arrival(sheet, delivery, first, sorted(counted["year"].to_list()), main, parsed)


def no_year(sheet: Sheet) -> Fault:
    """Why not one row of the sheet could be given to a year."""
    place = f"c{sheet.places['year']}"
    texts = sheet.frame.select(pl.col(place).str.strip_chars().alias("year"))["year"]
    _, bad = years(texts)
    found = next((text for text in texts.to_list() if text in bad), "")
    expected = f"（如“{found}”），应为{bad[found][1]}" if found else "（全为空）"
    return Fault(sheet.file.name, f"没有一行有可用的年度{expected}", "请改正“年度”列后重新导入", sheet.name)


def _cell(place: int | None, name: str) -> pl.Expr:
    return (pl.lit(None, pl.String) if place is None else pl.col(f"c{place}")).alias(name)


def standing(template: Template, year: int) -> Parsed | None:
    """The rows of earlier deliveries that were taken or are in quarantine, parsed again from their cells."""
    counting = [RawRow.Status.TAKEN, RawRow.Status.QUARANTINED]
    deliveries = {
        delivery.pk: delivery for delivery in Delivery.objects.filter(template=template.name) if year in delivery.years
    }
    rows = (
        RawRow.objects.filter(delivery__in=deliveries, year=year, status__in=counting)
        .order_by("delivery_id", "row")
        .values_list("id", "delivery_id", "row", "status", "cells")
    )
    lists: dict[str, list[object]] = {name: [] for name in ("id", "delivery", "row", "status", *template.fields)}
    layouts = {key: layout(template, delivery.headers) for key, delivery in deliveries.items()}
    for number, delivery, row, status, cells in rows.iterator(chunk_size=5000):
        for name, value in zip(("id", "delivery", "row", "status"), (number, delivery, row, status), strict=True):
            lists[name].append(value)
        for name, place in layouts[delivery]:
            lists[name].append(cells[place] if place is not None else None)
    if not lists["id"]:
        return None
    whole = ("id", "delivery", "row")
    texts = pl.DataFrame({n: pl.Series(v, dtype=pl.Int64 if n in whole else pl.String) for n, v in lists.items()})
    parsed = parse(template, texts)
    parsed.frame = parsed.frame.with_columns(pl.col("year").fill_null(year))
    return parsed


def layout(template: Template, headers: list[str]) -> list[tuple[str, int | None]]:
    """Each field with its place among the cells of a delivery."""
    found = places(template, headers)
    return [(name, found.get(name)) for name in template.fields]


def together(parts: list[Parsed]) -> Parsed:
    """Earlier and new rows of a sheet as one."""
    frame = pl.concat([part.frame for part in parts], how="vertical")
    return Parsed(frame, [problem for part in parts for problem in part.problems])


def of_year(parsed: Parsed, year: int) -> Parsed:
    """The rows of one year, with their problems."""
    frame = parsed.frame.filter(pl.col("year") == year)
    ids = set(frame["id"].to_list()) if parsed.problems else set()
    return Parsed(frame, [problem for problem in parsed.problems if problem.id in ids])
