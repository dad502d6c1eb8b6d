"""Keep what was delivered: the file itself, its rows with their outcome, and the findings.

Everything happens in the caller's transaction: the registry takes the rows in the same one (registry/actions.py).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from fenghuang.domain.feeds import bulk
from fenghuang.domain.feeds.intake import Arrival, Correction
from fenghuang.domain.feeds.models import Delivery, Finding, RawRow
from fenghuang.domain.feeds.report import FileReport
from fenghuang.domain.feeds.sensitive import FIELDS
from fenghuang.domain.feeds.sentences import sentence
from fenghuang.domain.feeds.standing import QUARANTINED, RESOLVED, SUPERSEDED, TAKEN, UNCHANGED, Judged
from fenghuang.domain.feeds.templates import template as template_of
from fenghuang.domain.feeds.values import Problem
from fenghuang.language.record import MASK
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record

LOCK = 7_330_133_101  # the advisory lock's number on PostgreSQL: any constant that is ours alone
ROW_COLUMNS = ["id", "delivery_id", "row", "year", "key", "cells", "status", "resolved_by_id", "corrects_id"]
AWAY = (SUPERSEDED, RESOLVED, UNCHANGED)  # a row that was replaced and stands again was answered by nobody
FINDING_COLUMNS = [
    "id", "raw_row_id", "field", "kind", "severity", "found", "expected", "sentence", "proposals", "uscc", "unit_id",
    "resolved_by_id", "resolved_at",
]  # fmt: skip


@dataclass
class Outcome:
    """What became of the rows of one template: by year, with the firm and unit that each faulty row is about."""

    template: str
    judged: dict[int, Judged] = field(default_factory=dict)
    about: dict[int, tuple[str, str | None]] = field(default_factory=dict)


def lock() -> None:
    """One import at a time, until the transaction ends (SQLite's IMMEDIATE already sees to it)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def keep_rows(
    arrivals: list[Arrival], outcomes: dict[str, Outcome], *, user: User | None, is_demo: bool
) -> list[FileReport]:
    """Write deliveries, rows and findings, move on the rows that came earlier, and write one event a delivery.

    In this order: no row may point to a delivery that is not written yet. While such a promise is open, SQLite looks
    through every table that points to rows at each row inserted (400 s for a city).
    """
    now = timezone.now()
    newest = max((arrival.delivery for arrival in arrivals), default=0)
    kept = [_keep_delivery(one, outcomes[one.template.name], user, now, is_demo=is_demo) for one in arrivals]
    for arrival in arrivals:
        bulk.insert(RawRow, ROW_COLUMNS, _raw_rows(arrival, outcomes[arrival.template.name]))
    for outcome in outcomes.values():
        _move_on(outcome, newest, now)
    for arrival, delivery in zip(arrivals, kept, strict=True):
        _keep_findings(arrival, outcomes[arrival.template.name], delivery, user, now)
    return [FileReport.of(one.sheet, "taken", "", delivery) for one, delivery in zip(arrivals, kept, strict=True)]


def _mine(arrival: Arrival, outcome: Outcome) -> pl.DataFrame:
    """The arrival's rows with what became of them, in the order of the sheet."""
    mine = pl.col("delivery") == arrival.delivery
    columns = ["id", "year", "key", "verdict", "answer"]
    return pl.concat([one.frame.filter(mine).select(columns) for one in outcome.judged.values()]).sort("id")


def _keep_delivery(
    arrival: Arrival, outcome: Outcome, user: User | None, now: datetime, *, is_demo: bool
) -> Delivery:  # fmt: skip
    counts = Counter(_mine(arrival, outcome)["verdict"].to_list())
    notices = sum(problem.severity == "notice" for problem in _problems(arrival, outcome))
    correction = arrival.correction
    remarks = [*arrival.sheet.remarks, *([] if correction else _vanished(arrival, outcome))]
    delivery = Delivery(
        id=arrival.delivery,
        kind=Delivery.Kind.CORRECTION if correction else Delivery.Kind.FILE,
        reason=correction.reason if correction else "",
        template=arrival.template.name,
        department=arrival.template.department,
        years=arrival.years,
        file_name=arrival.sheet.file.name[:255],
        sheet=arrival.sheet.name,
        sha256=arrival.sheet.file.sha256,
        size=arrival.sheet.file.size,
        encoding=arrival.sheet.file.encoding,
        headers=arrival.sheet.headers,
        mapping=arrival.sheet.mapping,
        header_row=arrival.sheet.header_row,
        received_at=now,
        received_by=user,
        is_demo=is_demo,
        rows=counts.total(),
        taken=counts["taken"],
        unchanged=counts["unchanged"],
        quarantined=counts["quarantined"],
        notices=notices + len(remarks),
        remarks=remarks,
    )
    delivery.save(force_insert=True)
    return delivery


def _keep_findings(
    arrival: Arrival, outcome: Outcome, delivery: Delivery, user: User | None, now: datetime
) -> None:  # fmt: skip
    """The arrival's findings, and the event that tells of it."""
    mine = _mine(arrival, outcome)
    answers = dict(mine.filter(pl.col("answer").is_not_null()).select("id", "answer").iter_rows())
    problems = _problems(arrival, outcome)
    _find(problems, outcome, answers, now)
    if arrival.correction:
        _record_correction(arrival, arrival.correction, mine["verdict"][0], user)
        return
    counts = Counter(mine["verdict"].to_list())
    tally = {"rows": mine.height, **{k: counts[k] for k in sorted(counts)}}
    notices = sum(problem.severity == "notice" for problem in problems)
    after = {**tally, "notices": notices, "years": arrival.years}
    record("feeds.delivered", actor=user, subject=delivery, after=after)


def _record_correction(arrival: Arrival, correction: Correction, verdict: str, user: User | None) -> None:
    row = RawRow.objects.get(pk=correction.row)
    cells = arrival.sheet.frame.select(pl.exclude("row")).row(0)
    hidden = {place for name, place in arrival.sheet.places.items() if name in FIELDS}  # the two rows hold the figures
    changed = [
        (header, MASK if place in hidden else old, MASK if place in hidden else new or "")
        for place, (header, old, new) in enumerate(zip(arrival.sheet.headers, row.cells, cells, strict=True))
        if old != (new or "")
    ]
    record(
        "feeds.corrected",
        actor=user,
        subject=row,
        reason=correction.reason,
        before={header: old for header, old, _ in changed},
        after={**{header: new for header, _, new in changed}, "结果": RawRow.Status(verdict).label},
    )


def _raw_rows(arrival: Arrival, outcome: Outcome) -> Iterator[tuple[Any, ...]]:
    frame = arrival.sheet.frame
    judged = _mine(arrival, outcome)
    cells = frame.select(pl.exclude("row")).iter_rows()
    corrects = arrival.correction.row if arrival.correction else None
    rows = zip(judged.iter_rows(), frame["row"].to_list(), cells, strict=True)
    for (number, year, key, verdict, answer), row, texts in rows:
        text = json.dumps([one if one is not None else "" for one in texts], ensure_ascii=False)
        plain = text.replace("\\u0000", "")
        yield number, arrival.delivery, row, year, key[:200], plain, verdict, answer, corrects


def _problems(arrival: Arrival, outcome: Outcome) -> list[Problem]:
    last = arrival.first + arrival.sheet.frame.height
    return [
        problem
        for judged in outcome.judged.values()
        for problem in judged.problems
        if arrival.first <= problem.id < last
    ]


def _vanished(arrival: Arrival, outcome: Outcome) -> list[str]:
    """Rows that an earlier delivery of the year had and this one lacks: kept, and said."""
    remarks = []
    for year, judged in outcome.judged.items():
        mine = judged.frame.filter(pl.col("delivery") == arrival.delivery)["key"]
        before = judged.frame.filter(
            (pl.col("delivery") < arrival.delivery) & pl.col("verdict").is_in(["taken", "unchanged"])
        )["key"]
        gone = before.filter(~before.is_in(mine.implode())).n_unique()
        if len(mine) and gone:
            remarks.append(f"此前报送的 {year} 年度数据中有 {gone} 行本次未出现，仍然保留；如应删除请书面说明")
    return remarks


def _find(problems: list[Problem], outcome: Outcome, answers: dict[int, int], now: datetime) -> None:
    """New findings; those of a row that a later sheet of the same import already answered are closed at once."""
    first = bulk.next_id(Finding)
    template = template_of(outcome.template)
    rows = []
    for number, problem in enumerate(problems, first):
        uscc, unit = outcome.about.get(problem.id, ("", None))
        answer = answers.get(problem.id)
        rows.append(
            (
                number, problem.id, problem.field, problem.kind, problem.severity, problem.found[:300],
                problem.expected[:300], sentence(template, problem), json.dumps(list(problem.proposals)), uscc, unit,
                answer, _moment(now) if answer else None,
            )
        )  # fmt: skip
    if rows:
        bulk.insert(Finding, FINDING_COLUMNS, rows)


def _moment(now: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(now)


def _move_on(outcome: Outcome, newest: int, now: datetime) -> None:
    """Rows of earlier deliveries whose outcome changed, and their findings."""
    moved: list[tuple[str, int | None, int]] = []
    for judged in outcome.judged.values():
        old = judged.frame.filter(pl.col("status").is_not_null())
        gone = (pl.col("status") == SUPERSEDED) & (pl.col("verdict") == UNCHANGED)  # said apart only on the day it came
        changed = old.filter((pl.col("status") != pl.col("verdict")) & ~gone)
        for number, was, verdict, answer in changed.select("id", "status", "verdict", "answer").iter_rows():
            # An earlier good row that says the same stands in for the one in quarantine: it needed no other answer.
            status = SUPERSEDED if verdict == UNCHANGED and was in (TAKEN, QUARANTINED) else verdict
            by = None if verdict == QUARANTINED or was in AWAY else answer or newest or None
            moved.append((status, by, number))
        _refind(outcome, old, judged.problems, newest, now)
    if moved:
        bulk.update(RawRow, ["status", "resolved_by_id"], moved)


def _refind(outcome: Outcome, old: pl.DataFrame, problems: list[Problem], newest: int, now: datetime) -> None:
    """Open findings of earlier rows that no longer hold are closed, new ones added, words brought up to date."""
    doubtful = old.filter((pl.col("status") == QUARANTINED) | (pl.col("verdict") == QUARANTINED))
    relevant = set(doubtful["id"].to_list()) | (set(old["id"].to_list()) & {problem.id for problem in problems})
    gone_by = dict(old.select("id", "answer").iter_rows())
    verdicts = dict(old.select("id", "verdict").iter_rows())
    template = template_of(outcome.template)
    now_true = {
        (problem.id, problem.field, problem.kind): problem
        for problem in problems
        if problem.id in relevant and verdicts[problem.id] not in (RESOLVED, SUPERSEDED)
    }
    deliveries = old["delivery"].unique().to_list()
    before = Finding.objects.filter(resolved_at__isnull=True, raw_row__delivery__in=deliveries)
    for finding in before.iterator():
        if finding.raw_row_id not in gone_by:
            continue
        problem = now_true.pop((finding.raw_row_id, finding.field, finding.kind), None)
        if problem is None:
            finding.resolved_by_id = gone_by[finding.raw_row_id] or newest or None
            finding.resolved_at = now
            finding.save(update_fields=["resolved_by", "resolved_at"])
        elif (text := sentence(template, problem)) != finding.sentence:
            finding.sentence, finding.proposals = text, list(problem.proposals)
            finding.uscc, finding.unit_id = outcome.about.get(problem.id, ("", None))
            finding.save(update_fields=["sentence", "proposals", "uscc", "unit"])
    _find(list(now_true.values()), outcome, {}, now)


def store(sheet_file: Any) -> Path | None:
    """Keep the file as it came, under its hash; the path when it was not there before (to undo it)."""
    target = Delivery(sha256=sheet_file.sha256).path
    if target.exists():
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as copy:
        copy.write(sheet_file.path.read_bytes())
        copy.flush()
        os.fsync(copy.fileno())
    Path(temporary).replace(target)
    return target


# --- rows and deliveries that no longer count ---------------------------------------------------------------------


def reject_row(row: RawRow, *, user: User | None, reason: str) -> None:
    """The row counts for nothing any more; its findings are closed. The facts are the registry's to work out."""
    row.status = RawRow.Status.REJECTED
    row.save(update_fields=["status"])
    Finding.objects.filter(raw_row=row, resolved_at__isnull=True).update(resolved_at=timezone.now())
    record("feeds.rejected", actor=user, subject=row, reason=reason, after={"status": row.status})


def restore_row(row: RawRow, *, user: User | None, reason: str) -> None:
    """A rejected row counts again; the caller works out whether it can be taken."""
    row.refresh_from_db()
    record("feeds.restored", actor=user, subject=row, reason=reason, after={"status": row.status})


def withdraw(deliveries: list[Delivery], *, user: User | None, reason: str) -> None:
    """The deliveries count for nothing any more; nothing of them is deleted."""
    now = timezone.now()
    for delivery in deliveries:
        delivery.withdrawn_at, delivery.withdrawn_by, delivery.withdrawn_reason = now, user, reason[:300]
        delivery.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
        rows = RawRow.objects.filter(delivery=delivery)
        before = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
        rows.update(status=RawRow.Status.WITHDRAWN, resolved_by=None)
        Finding.objects.filter(raw_row__delivery=delivery, resolved_at__isnull=True).update(resolved_at=now)
        record("feeds.withdrawn", actor=user, subject=delivery, reason=reason, before=before)
