"""Take departments' files into the registry: read, check, record as new versions, in one transaction.

Also the only place that writes firms and their versions.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from fenghuang.domain.feeds import actions as feeds
from fenghuang.domain.feeds import bulk
from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.queries import missing_deliveries
from fenghuang.domain.feeds.read import File, read
from fenghuang.domain.feeds.recognise import Sheet, recognise
from fenghuang.domain.feeds.report import FileReport, Report
from fenghuang.domain.registry import names, parts
from fenghuang.domain.registry.columns import (
    BLANK,
    FIRM_YEAR,
    FIRM_YEAR_SCHEMA,
    PROJECT,
    PROJECT_SCHEMA,
    SHEET_COLUMNS,
    SUMS,
)
from fenghuang.domain.registry.models import Firm, FirmName, FirmYear, Part, Project, Recording
from fenghuang.domain.registry.take import DIRECTORY, Take, Year
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

Named = Path | tuple[Path, str]  # a file, or a file and the name under which it was received


def import_files(paths: Iterable[Named], *, user: User | None = None, note: str = "", is_demo: bool = False) -> Report:
    """Take in the files. A file that cannot be used is reported and left out; of the others all is taken or nothing."""
    require(user, "accounts.import_data")
    begun = time.monotonic()
    sheets, report = _read(paths)
    if sheets:
        stored: list[Path] = []
        try:
            with transaction.atomic():
                _take(sheets, report, stored, user=user, note=note, is_demo=is_demo)
        except BaseException:
            for path in stored:
                path.unlink(missing_ok=True)
            raise
    report.seconds = round(time.monotonic() - begun, 3)
    return report


def _read(paths: Iterable[Named]) -> tuple[list[Sheet], Report]:
    sheets: list[Sheet] = []
    report = Report()
    for entry in paths:
        path, name = entry if isinstance(entry, tuple) else (entry, entry.name)
        try:
            sheets += recognise(read(path, name))
        except Fault as fault:
            report.files.append(FileReport(fault.file, fault.sheet, "fault", str(fault)))
    return sheets, report


def _take(
    sheets: list[Sheet], report: Report, stored: list[Path], *, user: User | None, note: str, is_demo: bool
) -> None:
    feeds.lock()
    arrivals, others = feeds.admit(sheets)
    years = sorted({year for arrival in arrivals for year in arrival.years})
    if arrivals:
        recording = Recording.objects.create(at=timezone.now(), by=user, note=note[:300])
        work = Take(arrivals, _add_firms)
        work.run()
        files: dict[str, File] = {arrival.sheet.file.sha256: arrival.sheet.file for arrival in arrivals}
        stored += [path for file in files.values() if (path := feeds.store(file))]
        report.files += feeds.keep_rows(arrivals, work.outcomes, user=user, is_demo=is_demo)
        changed = {str(year): _record_year(year, book, recording) for year, book in work.years.items() if book.sheets}
        if any(DIRECTORY in book.sheets for book in work.years.values()):
            _refresh_firms()
        report.recording, report.firms_added = recording.pk, work.firms_added
        record(
            "registry.recorded",
            actor=user,
            subject=recording,
            reason=note,
            after={"deliveries": [arrival.delivery for arrival in arrivals], "versions": changed},
        )
    report.files += others
    report.missing = missing_deliveries(years)


# --- firms ----------------------------------------------------------------------------------------------------------


def _add_firms(listed: pl.DataFrame) -> dict[str, int]:
    """Ids of the listed firms; those that the registry does not have are added."""
    ids = dict(Firm.objects.values_list("uscc", "id"))
    first = bulk.next_id(Firm)
    fresh = listed.filter(~pl.col("uscc").is_in(list(ids)))
    columns = ["id", "uscc", "name", "initials", "pinyin", "unit_id", "township", "industry"]
    rows = []
    for number, (uscc, name, unit, township, industry) in enumerate(
        fresh.select("uscc", "name", "unit_id", "township", "industry").iter_rows(), first
    ):
        rows.append((number, uscc, name, *names.pinyin(name), unit, township or "", industry or ""))
        ids[uscc] = number
    if rows:
        bulk.insert(Firm, columns, rows)
    return {uscc: ids[uscc] for uscc in listed["uscc"].to_list()}


def _refresh_firms() -> None:
    """Name, unit and industry of a firm are those of its latest directory; its names those of all of them."""
    spans, latest = names.from_directories()
    have = {
        (firm, first): (number, name, last)
        for number, firm, name, first, last in FirmName.objects.values_list(
            "id", "firm_id", "name", "first_year", "last_year"
        )
    }
    fresh, changed = [], []
    for firm, name, first, last in spans:
        number, *old = have.pop((firm, first), (None, "", 0))
        if number is None:
            fresh.append((firm, name, first, last))
        elif old != [name, last]:
            changed.append((name, last, number))
    FirmName.objects.filter(pk__in=[number for number, _, _ in have.values()]).delete()
    first_id = bulk.next_id(FirmName)
    if fresh:
        rows = ((number, *row) for number, row in enumerate(fresh, first_id))
        bulk.insert(FirmName, ["id", "firm_id", "name", "first_year", "last_year"], rows)
    if changed:
        bulk.update(FirmName, ["name", "last_year"], changed)
    moved = names.moved_firms(latest)
    if moved:
        bulk.update(Firm, ["name", "initials", "pinyin", "unit_id", "township", "industry"], moved)


# --- versions -------------------------------------------------------------------------------------------------------


@dataclass
class Table:
    """A table of versions: how it is compared and written."""

    model: type[FirmYear] | type[Part] | type[Project]
    schema: dict[str, Any]

    def current(self, **filters: Any) -> pl.DataFrame:
        rows = self.model.objects.current().filter(**filters).values_list("id", *self.schema)
        frame = pl.DataFrame(list(map(_flat, rows)), schema={"id": pl.Int64, **self.schema}, orient="row")
        blank = [name for name in BLANK if name in self.schema]
        return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)) for name in blank)

    def write(self, year: int, recording: Recording, old: pl.DataFrame, new: pl.DataFrame) -> int:
        """Supersede versions that are not among the new ones, add those that are not among the old; how many."""
        columns = list(self.schema)
        gone = old.join(new, on=columns, how="anti", nulls_equal=True)
        fresh = new.join(old, on=columns, how="anti", nulls_equal=True)
        if gone.height:
            bulk.update(self.model, ["superseded_id"], [(recording.pk, number) for number in gone["id"].to_list()])
        if fresh.height:
            first = bulk.next_id(self.model)
            filled = fresh.with_columns(pl.col(name).fill_null("") for name in BLANK if name in columns)
            bulk.insert(
                self.model,
                ["id", "year", "recorded_id", *columns],
                (
                    (number, year, recording.pk, *row)
                    for number, row in enumerate(_plain(filled.select(columns)), first)
                ),
            )
        return gone.height + fresh.height


FIRM_YEARS = Table(FirmYear, FIRM_YEAR_SCHEMA)
PARTS = Table(Part, parts.SCHEMA)
PROJECTS = Table(Project, PROJECT_SCHEMA)


def _flat(row: Sequence[Any]) -> list[Any]:
    return [",".join(value) if isinstance(value, list) else value for value in row]


def _plain(frame: pl.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Rows as the database takes them: the choices of a project as JSON."""
    if "applies_for" not in frame.columns:
        return frame.iter_rows()
    texts = [json.dumps([one for one in text.split(",") if one]) for text in frame["applies_for"].to_list()]
    return frame.with_columns(applies_for=pl.Series(texts, dtype=pl.String)).iter_rows()


def _record_year(year: int, book: Year, recording: Recording) -> int:
    pieces = parts.frame(book.pieces)
    old_parts = PARTS.current(year=year, fact__in=sorted(book.facts))
    written = PARTS.write(year, recording, old_parts, pieces)
    old = FIRM_YEARS.current(year=year)
    written += FIRM_YEARS.write(year, recording, old, _firm_years(book, old, pieces))
    if "projects" in book.sheets:
        taken = _with_firm(book, "projects").select("firm_id", *PROJECT, raw_row_id="id")
        written += PROJECTS.write(year, recording, PROJECTS.current(year=year), taken.cast(pl.Schema(PROJECT_SCHEMA)))
    return written


def _with_firm(book: Year, sheet: str) -> pl.DataFrame:
    ids = pl.col("uscc").replace_strict(book.known.ids, default=None, return_dtype=pl.Int64)
    return book.sheets[sheet].taken.with_columns(firm_id=ids)


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
