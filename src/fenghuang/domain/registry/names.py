"""Names of firms: pinyin for search, and the history that the directories tell."""

from __future__ import annotations

from typing import Any

import polars as pl

from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear
from fenghuang.engines.pinyin import pinyin

Span = tuple[int, str, int, int]


def from_directories() -> tuple[list[Span], pl.DataFrame]:
    """(firm, name, first year, last year) of every name, and the latest directory row of every firm."""
    rows = FirmYear.objects.current().filter(directory_row__isnull=False)
    columns = ["firm_id", "year", "name", "unit_id", "township", "industry"]
    frame = pl.DataFrame(
        list(rows.values_list(*columns)),
        schema={c: pl.Int64 if c in ("firm_id", "year") else pl.String for c in columns},
        orient="row",
    ).sort("firm_id", "year")
    begins = ((pl.col("firm_id") != pl.col("firm_id").shift()) | (pl.col("name") != pl.col("name").shift())).fill_null(
        value=True
    )
    spans = (
        frame.with_columns(run=begins.cum_sum())
        .group_by("run", maintain_order=True)
        .agg(pl.col("firm_id", "name").first(), first=pl.col("year").min(), last=pl.col("year").max())
    )
    latest = frame.unique("firm_id", keep="last", maintain_order=True)
    return list(spans.select("firm_id", "name", "first", "last").iter_rows()), _with_events(latest)


def _with_events(latest: pl.DataFrame) -> pl.DataFrame:
    """Names and units that were registered for years of which no directory has told yet."""
    years = dict(latest.select("firm_id", "year").iter_rows())
    said: dict[str, dict[int, str]] = {"name": {}, "unit_id": {}}
    events = FirmEvent.standing().filter(kind__in=[FirmEvent.Kind.RENAMED, FirmEvent.Kind.MOVED])
    for firm, year, name, unit in events.order_by("year", "id").values_list("firm_id", "year", "name", "unit_id"):
        if firm in years and year > years[firm]:
            column, value = ("name", name) if name else ("unit_id", unit)
            said[column][firm] = value
    for column, values in said.items():
        if values:
            new = pl.col("firm_id").replace_strict(values, default=None, return_dtype=pl.String)
            latest = latest.with_columns(pl.coalesce(new, column).alias(column))
    return latest


def moved_firms(latest: pl.DataFrame) -> list[tuple[Any, ...]]:
    """Firms whose latest directory differs from what the registry shows: new values, then the id."""
    columns = ["name", "unit_id", "township", "industry"]
    shown = pl.DataFrame(
        list(Firm.objects.values_list("id", *columns)),
        schema={"firm_id": pl.Int64, **dict.fromkeys(columns, pl.String)},
        orient="row",
    )
    moved = latest.join(shown, on=["firm_id", *columns], how="anti", nulls_equal=True)
    return [
        (name, *pinyin(name), unit, township, industry, firm)
        for firm, name, unit, township, industry in moved.select("firm_id", *columns).iter_rows()
    ]
