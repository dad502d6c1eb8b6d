"""Carry out what was planned: take deliveries and corrections, take them back; each in one transaction with its events.

The only place that writes firms and their versions. The plan is made without a lock; under the lock it is carried out
if it still holds, else made again.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from django.db import transaction
from django.utils import timezone

from fenghuang.domain.feeds import actions as feeds
from fenghuang.domain.feeds import bulk
from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.intake import Correction, Counting
from fenghuang.domain.feeds.models import Delivery, RawRow, Submission
from fenghuang.domain.feeds.queries import missing_deliveries
from fenghuang.domain.feeds.read import File
from fenghuang.domain.feeds.report import Report
from fenghuang.domain.registry import names, words
from fenghuang.domain.registry.known import FIRM_COLUMNS
from fenghuang.domain.registry.mending import (
    corrected_sheet,
    needed,
    outdated,
    require_result,
    require_row,
    with_corrections,
)
from fenghuang.domain.registry.models import Firm, FirmName, Recording
from fenghuang.domain.registry.plan import Named, Plan, Say, latest, make_plan, quiet, read_files
from fenghuang.domain.registry.take import DIRECTORY
from fenghuang.domain.registry.versions import Change
from fenghuang.platform.accounts.actions import know_townships
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

T = TypeVar("T")
TRIES = 3


class Moved(Exception):
    """What was previewed is no longer what would happen."""


def import_files(
    paths: Iterable[Named],
    *,
    user: User | None = None,
    note: str = "",
    is_demo: bool = False,
    confirmed: bool = False,
    say: Say = quiet,
) -> Report:
    """Take in the files at once. A file that cannot be used is reported and left out; of the others all or nothing.

    A sheet that seems to be in another unit is held back unless `confirmed`.
    """
    require(user, "accounts.import_data")
    begun = time.monotonic()
    sheets, faults = read_files(paths, say=say, by=user)
    report = Report(files=faults)
    if sheets:
        carry_out(
            lambda: make_plan(sheets, holds_back=not confirmed, say=say),
            lambda plan: keep(plan, report, user=user, note=note, is_demo=is_demo),
        )
    report.seconds = round(time.monotonic() - begun, 3)
    return report


def take_submission(submission: Submission, *, user: User | None, say: Say = quiet) -> Report:
    """Take an upload exactly as it was previewed and confirmed; Moved when other data took effect since."""
    require(user, "accounts.import_data")
    paths = [(submission.path / str(number), name) for number, name in enumerate(submission.files)]
    sheets, faults = read_files(paths, submission.expected, say, by=submission.submitted_by)
    report = Report(files=faults)

    def made() -> Plan:
        plan = make_plan(sheets, say=say)
        if plan.basis != submission.basis or _read(plan) != _shown(submission):
            raise Moved
        return plan

    def kept(plan: Plan) -> None:
        now = Submission.objects.select_for_update().get(pk=submission.pk)
        if now.state != Submission.State.TAKING:
            raise Moved
        keep(plan, report, user=user, note=submission.note)
        uploads.taken(now, report.recording, user=user)

    carry_out(made, kept)
    return report


def _read(plan: Plan) -> list[tuple[str, list[str]]]:
    """How the sheets were understood: a correspondence of columns may have been replaced or forgotten since."""
    return [(arrival.template.name, arrival.sheet.remarks) for arrival in plan.arrivals]


def _shown(submission: Submission) -> list[tuple[str, list[str]]]:
    return [(sheet["template"], sheet["remarks"]) for sheet in (submission.summary or {}).get("sheets", [])]


def carry_out(make: Callable[[], Plan], kept: Callable[[Plan], T]) -> T:
    """Make a plan and carry it out; again if something was recorded meanwhile, the last time under the lock."""
    for _ in range(TRIES - 1):
        basis = latest()
        try:
            plan = make()
        except Exception:
            if latest() == basis:
                raise
            continue  # it read what was being written
        with transaction.atomic():
            feeds.lock()
            if latest() == plan.basis:
                return kept(plan)
    with transaction.atomic():
        feeds.lock()
        return kept(make())


def keep(
    plan: Plan,
    report: Report,
    *,
    user: User | None,
    note: str,
    is_demo: bool = False,
    first: Callable[[], None] = lambda: None,
) -> None:
    """Write what was planned, under the lock. Files are stored first and removed again if anything breaks.

    `first` is done at the beginning of the same transaction.
    """
    if plan.does_anything:
        stored: list[Path] = []
        try:
            files: dict[str, File] = {one.sheet.file.sha256: one.sheet.file for one in plan.arrivals}
            for file in files.values():
                if path := feeds.store(file):
                    stored.append(path)
            with transaction.atomic():
                first()
                _write(plan, report, user=user, note=note, is_demo=is_demo)
        except BaseException:
            for path in stored:
                path.unlink(missing_ok=True)
            raise
    report.files += plan.reports
    report.missing = missing_deliveries(plan.years)


def _write(plan: Plan, report: Report, *, user: User | None, note: str, is_demo: bool) -> None:
    recording = Recording.objects.create(at=timezone.now(), by=user, note=note[:300])
    if plan.take.firms.rows:
        bulk.insert(Firm, FIRM_COLUMNS, plan.take.firms.rows)
    report.files += feeds.keep_rows(plan.arrivals, plan.take.outcomes, user=user, is_demo=is_demo)
    changed = {str(year): _record_year(year, changes, recording) for year, changes in plan.changes.items()}
    if any(DIRECTORY in book.sheets for book in plan.take.years.values()):
        refresh_firms()
    report.recording, report.firms_added = recording.pk, len(plan.take.firms.rows)
    record(
        "registry.recorded",
        actor=user,
        subject=recording,
        reason=note,
        after={"deliveries": [arrival.delivery for arrival in plan.arrivals], "versions": changed},
    )


# --- rows in quarantine -------------------------------------------------------------------------------------------


def correct(row: RawRow, cells: list[str], *, user: User | None, reason: str) -> RawRow:
    """Put a row in quarantine right by hand. The row stays as it came; the corrected one is a delivery of its own.

    It goes through the very same checks: what comes back is taken, or in quarantine with new findings.
    """
    require_row(user, row)
    reason = needed(reason)
    row = _still(row, RawRow.Status.QUARANTINED, mine=cells)
    if cells == row.cells:
        raise uploads.Stale("没有改动任何一格；请先更正再采用，或填写理由后不予采用")
    correction = Correction(row.pk, row.year or 0, reason)
    with tempfile.TemporaryDirectory() as folder:
        sheet = corrected_sheet(row, cells, Path(folder), user)

        def kept(plan: Plan) -> int:
            _still(row, RawRow.Status.QUARANTINED, lock=True, mine=cells)
            require_result(user, plan)
            keep(plan, Report(), user=user, note=f"更正 {row}：{reason}")
            return plan.arrivals[0].delivery

        also = frozenset({(row.delivery.template, correction.year)})
        delivery = carry_out(lambda: make_plan([sheet], correction=correction, also=also), kept)
    return RawRow.objects.get(delivery=delivery)


def reject(row: RawRow, *, user: User | None, reason: str) -> None:
    """A row in quarantine is not to be taken: it counts for nothing, and withholds nothing any more."""
    require_row(user, row)
    reason = needed(reason)
    row = _still(row, RawRow.Status.QUARANTINED)
    counting = Counting(without_rows=frozenset({row.pk}), anew=_anew(row))

    def kept(plan: Plan) -> None:
        now = _still(row, RawRow.Status.QUARANTINED, lock=True)
        first = partial(feeds.reject_row, now, user=user, reason=reason)
        keep(plan, Report(), user=user, note=f"不予采用 {row}：{reason}", first=first)

    carry_out(lambda: make_plan([], counting=counting), kept)


def restore(row: RawRow, *, user: User | None, reason: str) -> RawRow:
    """A rejected row is looked at again: it is checked as if it had just come."""
    require_row(user, row)
    reason = needed(reason)
    row = _still(row, RawRow.Status.REJECTED)
    counting = Counting(again=frozenset({row.pk}), anew=_anew(row))

    def kept(plan: Plan) -> None:
        now = _still(row, RawRow.Status.REJECTED, lock=True)
        keep(plan, Report(), user=user, note=f"恢复核对 {row}：{reason}")
        feeds.restore_row(now, user=user, reason=reason)

    carry_out(lambda: make_plan([], counting=counting), kept)
    return RawRow.objects.get(pk=row.pk)


def _anew(row: RawRow) -> frozenset[tuple[str, int]]:
    return frozenset({(row.delivery.template, row.year or 0)})


def _still(row: RawRow, status: str, *, lock: bool = False, mine: list[str] | None = None) -> RawRow:
    """The row as it is now; Stale with who did what (beside what is `mine`) when it is not as the person saw it."""
    rows = RawRow.objects.select_for_update(of=("self",)) if lock else RawRow.objects.all()
    now: RawRow = rows.select_related("delivery").get(pk=row.pk)
    if now.status != status:
        raise uploads.Stale(outdated(now, mine))
    return now


# --- a whole delivery ---------------------------------------------------------------------------------------------


def undo(delivery: Delivery, *, user: User | None, reason: str, say: Say = quiet) -> Recording:
    """Take a delivery back, with the corrections that were made to its rows.

    Its sheets are worked out again from every row that still counts: what it had replaced stands again, and what
    leant on it (leases on its parcels) goes back to quarantine. Nothing is deleted.
    """
    require(user, "accounts.import_data", delivery.department)
    reason = needed(reason)
    _still_counts(delivery)
    fallen = with_corrections(delivery)
    numbers = frozenset(one.pk for one in fallen)
    rows = RawRow.objects.filter(delivery__in=numbers).order_by()
    touched = {*rows.values_list("year", flat=True), *rows.values_list("corrects__year", flat=True)}
    anew = frozenset({(delivery.template, year) for year in touched if year is not None})
    counting = Counting(without_deliveries=numbers, anew=anew)

    def kept(plan: Plan) -> Recording:
        _still_counts(delivery, lock=True)
        first = partial(feeds.withdraw, fallen, user=user, reason=reason)
        keep(plan, Report(), user=user, note=f"撤销 {delivery}：{reason}", first=first)
        return Recording.objects.latest("id")

    return carry_out(lambda: make_plan([], counting=counting, say=say), kept)


def _still_counts(delivery: Delivery, *, lock: bool = False) -> None:
    rows = Delivery.objects.select_for_update(of=("self",)) if lock else Delivery.objects.all()
    now = rows.select_related("withdrawn_by").get(pk=delivery.pk)
    if now.withdrawn_at:
        who = now.withdrawn_by or "系统"
        raise uploads.Stale(f"这次报送已由{who}于 {timezone.localtime(now.withdrawn_at):%Y-%m-%d %H:%M} 撤销")


# --- firms --------------------------------------------------------------------------------------------------------


def refresh_firms() -> None:
    """Name, unit and industry of a firm are those of its latest directory, or of a later event; its names those of all
    directories, and what it is searched by. Call it under the lock."""
    spans, latest_rows = names.from_directories()
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
    moved = names.moved_firms(latest_rows)
    if moved:
        bulk.update(Firm, ["name", "initials", "pinyin", "unit_id", "township", "industry"], moved)
    words.gather()
    know_townships(Firm.objects.exclude(township="").order_by().values_list("unit_id", "township").distinct())


# --- versions -----------------------------------------------------------------------------------------------------


def _record_year(year: int, changes: list[Change], recording: Recording) -> int:
    """How many versions ended or began."""
    return sum(_record(year, change, recording) for change in changes)


def _record(year: int, change: Change, recording: Recording) -> int:
    gone, fresh = change.gone, change.fresh
    columns = list(change.schema)
    if gone.height:
        bulk.update(change.model, ["superseded_id"], [(recording.pk, number) for number in gone["id"].to_list()])
    if fresh.height:
        first = bulk.next_id(change.model)
        filled = fresh.with_columns(pl.col(name).fill_null("") for name in change.blank if name in columns)
        bulk.insert(
            change.model,
            ["id", "year", "recorded_id", *columns],
            ((number, year, recording.pk, *row) for number, row in enumerate(_plain(filled.select(columns)), first)),
        )
    return gone.height + fresh.height


def _plain(frame: pl.DataFrame) -> Iterable[tuple[Any, ...]]:
    """Rows as the database takes them: the choices of a project as JSON."""
    if "applies_for" not in frame.columns:
        return frame.iter_rows()
    texts = [json.dumps([one for one in text.split(",") if one]) for text in frame["applies_for"].to_list()]
    return frame.with_columns(applies_for=pl.Series(texts, dtype=pl.String)).iter_rows()
