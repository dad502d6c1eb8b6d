"""Rows on their way in: those of new sheets, and those of earlier deliveries that still count, in one form.

The form is a frame of texts: id, delivery, row, status (null for a new row) and one column a field of the template.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl
from django.utils import timezone

from fenghuang.domain.feeds import bulk
from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.models import Delivery, RawRow
from fenghuang.domain.feeds.recognise import Sheet, places
from fenghuang.domain.feeds.report import FileReport
from fenghuang.domain.feeds.templates import Template
from fenghuang.domain.feeds.templates import template as template_of
from fenghuang.domain.feeds.values import Parsed, parse, years


@dataclass(frozen=True)
class Correction:
    """A row in quarantine that was put right by hand: the new row is a delivery of its own."""

    row: int  # the id of the row that it stands for
    year: int
    reason: str


@dataclass(frozen=True)
class Counting:
    """Which earlier rows count in a calculation, where that is not (yet) what the database says."""

    without_deliveries: frozenset[int] = frozenset()
    without_rows: frozenset[int] = frozenset()
    again: frozenset[int] = frozenset()  # rejected rows that count again
    anew: frozenset[tuple[str, int]] = frozenset()  # templates and years worked out from every row ever delivered


@dataclass
class Arrival:
    """A sheet that becomes a delivery; ids of the delivery and of its first row are given out beforehand."""

    sheet: Sheet
    delivery: int
    first: int
    years: list[int]
    main_year: int
    parsed: Parsed
    correction: Correction | None = None

    @property
    def template(self) -> Template:
        return self.sheet.template


def admit(sheets: list[Sheet], correction: Correction | None = None) -> tuple[list[Arrival], list[FileReport]]:
    """Give ids to sheets that were not received before; the others, and those without a usable year, are reported.

    The ids are free as long as nothing was recorded since (registry/plan.py sees to that).
    """
    arrivals: list[Arrival] = []
    reports: list[FileReport] = []
    delivery, row = bulk.next_id(Delivery), bulk.next_id(RawRow)
    seen: set[tuple[str, str]] = set()
    for sheet in sheets:
        twin = Delivery.objects.filter(
            sha256=sheet.file.sha256, sheet=sheet.name, withdrawn_at__isnull=True
        ).first()  # fmt: skip
        if twin or (sheet.file.sha256, sheet.name) in seen:
            when = f"已于 {timezone.localtime(twin.received_at):%Y-%m-%d %H:%M} 收到" if twin else "在本次导入中重复"
            reports.append(FileReport.of(sheet, "known", f"同样的内容{when}，未再导入"))
            continue
        seen.add((sheet.file.sha256, sheet.name))
        arrival = arrive(sheet, delivery, row, correction)
        if arrival is None:
            reports.append(FileReport.of(sheet, "fault", str(no_year(sheet))))
            continue
        arrivals.append(arrival)
        delivery += 1
        row += sheet.frame.height
    return arrivals, reports


def arrive(sheet: Sheet, delivery: int, first: int, correction: Correction | None = None) -> Arrival | None:
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
    if counted.is_empty() and correction is None:
        return None
    main = correction.year if correction and counted.is_empty() else int(counted["year"][0])
    parsed.frame = parsed.frame.with_columns(pl.col("year").fill_null(main))
    years = sorted(counted["year"].to_list()) or [main]
    return Arrival(sheet, delivery, first, years, main, parsed, correction)


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


def standing(template: Template, year: int, counting: Counting = Counting()) -> Parsed | None:
    """The rows of earlier deliveries that count, parsed again from their cells; of what is worked out anew, all rows.

    Rows that are superseded, resolved or unchanged are needed only there: nothing but what stands can be reached by
    new rows, but when a row falls away, what it had replaced stands again.
    """
    anew = (template.name, year) in counting.anew
    deliveries = {
        delivery.pk: delivery
        for delivery in Delivery.objects.filter(template=template.name, withdrawn_at__isnull=True)
        if year in delivery.years and delivery.pk not in counting.without_deliveries
    }
    of_year = RawRow.objects.filter(delivery__in=deliveries, year=year)
    if anew:
        never = of_year.filter(status__in=[RawRow.Status.REJECTED, RawRow.Status.WITHDRAWN])
        left_out = set(never.values_list("id", flat=True)) - counting.again | counting.without_rows
    else:
        of_year = of_year.filter(status__in=[RawRow.Status.TAKEN, RawRow.Status.QUARANTINED])
        left_out = set(counting.without_rows)
    rows = of_year.order_by("delivery_id", "row").values_list("id", "delivery_id", "row", "status", "cells")
    lists: dict[str, list[object]] = {name: [] for name in ("id", "delivery", "row", "status", *template.fields)}
    layouts = {key: layout(delivery) for key, delivery in deliveries.items()}
    for number, delivery, row, status, cells in rows.iterator(chunk_size=5000):
        if number in left_out:
            continue
        for name, value in zip(("id", "delivery", "row", "status"), (number, delivery, row, status), strict=True):
            lists[name].append(value)
        for name, place in layouts[delivery]:
            lists[name].append(cells[place] if place is not None else None)
    if not lists["id"] and not anew:
        return None
    whole = ("id", "delivery", "row")
    texts = pl.DataFrame({n: pl.Series(v, dtype=pl.Int64 if n in whole else pl.String) for n, v in lists.items()})
    parsed = parse(template, texts)
    parsed.frame = parsed.frame.with_columns(pl.col("year").fill_null(year))
    return parsed


@dataclass
class Shelf:
    """What stands, read once for a calculation."""

    counting: Counting = field(default_factory=Counting)
    _rows: dict[tuple[str, int], Parsed | None] = field(default_factory=dict)

    def rows(self, template: Template, year: int) -> Parsed | None:
        key = template.name, year
        if key not in self._rows:
            self._rows[key] = standing(template, year, self.counting)
        return self._rows[key]

    def corrected(self, arrivals: Iterable[Arrival]) -> dict[int, int]:
        """Rows that were corrected by hand -> the delivery that holds the correction."""
        rows = RawRow.objects.filter(corrects__isnull=False).exclude(status=RawRow.Status.WITHDRAWN)
        pairs = rows.exclude(delivery__in=self.counting.without_deliveries).values_list("corrects_id", "delivery_id")
        new = {arrival.correction.row: arrival.delivery for arrival in arrivals if arrival.correction}
        return {**dict(pairs), **new}


def layout(delivery: Delivery) -> list[tuple[str, int | None]]:
    """Each field with its place among the cells of a delivery."""
    sheet = template_of(delivery.template)
    found = delivery.mapping or places(sheet, delivery.headers)
    return [(name, found.get(name)) for name in sheet.fields]


def together(parts: list[Parsed]) -> Parsed:
    """Earlier and new rows of a sheet as one."""
    frame = pl.concat([part.frame for part in parts], how="vertical")
    return Parsed(frame, [problem for part in parts for problem in part.problems])


def of_year(parsed: Parsed, year: int) -> Parsed:
    """The rows of one year, with their problems."""
    frame = parsed.frame.filter(pl.col("year") == year)
    ids = set(frame["id"].to_list()) if parsed.problems else set()
    return Parsed(frame, [problem for problem in parsed.problems if problem.id in ids])
