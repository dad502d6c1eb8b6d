"""Keep what was delivered: the file itself, its rows with their outcome, and the findings.

Everything happens in the caller's transaction: the registry takes the rows in the same one (registry/actions.py).
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from fenghuang.domain.feeds import bulk
from fenghuang.domain.feeds.intake import Arrival, arrive, no_year
from fenghuang.domain.feeds.models import Delivery, Finding, RawRow
from fenghuang.domain.feeds.recognise import Sheet
from fenghuang.domain.feeds.report import FileReport
from fenghuang.domain.feeds.sentences import sentence
from fenghuang.domain.feeds.standing import QUARANTINED, RESOLVED, SUPERSEDED, Judged
from fenghuang.domain.feeds.templates import template as template_of
from fenghuang.domain.feeds.values import Problem
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.jobs.models import Job

LOCK = 7_330_133_101  # the advisory lock's number on PostgreSQL: any constant that is ours alone
ROW_COLUMNS = ["id", "delivery_id", "row", "year", "key", "cells", "status", "resolved_by_id"]
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


def admit(sheets: list[Sheet]) -> tuple[list[Arrival], list[FileReport]]:
    """Give ids to sheets that were not received before; the others, and those without a usable year, are reported."""
    arrivals: list[Arrival] = []
    reports: list[FileReport] = []
    delivery, row = bulk.next_id(Delivery), bulk.next_id(RawRow)
    seen: set[tuple[str, str]] = set()
    for sheet in sheets:
        twin = Delivery.objects.filter(sha256=sheet.file.sha256, sheet=sheet.name).first()
        if twin or (sheet.file.sha256, sheet.name) in seen:
            when = f"已于 {timezone.localtime(twin.received_at):%Y-%m-%d %H:%M} 收到" if twin else "在本次导入中重复"
            reports.append(FileReport.of(sheet, "known", f"同样的内容{when}，未再导入"))
            continue
        seen.add((sheet.file.sha256, sheet.name))
        arrival = arrive(sheet, delivery, row)
        if arrival is None:
            reports.append(FileReport.of(sheet, "fault", str(no_year(sheet))))
            continue
        arrivals.append(arrival)
        delivery += 1
        row += sheet.frame.height
    return arrivals, reports


def keep_rows(
    arrivals: list[Arrival], outcomes: dict[str, Outcome], *, user: User | None, is_demo: bool
) -> list[FileReport]:
    """Write deliveries, rows and findings, move on the rows that came earlier, and write one event a delivery."""
    now = timezone.now()
    newest = max((arrival.delivery for arrival in arrivals), default=0)
    for outcome in outcomes.values():
        _move_on(outcome, newest, now)
    return [_keep(arrival, outcomes[arrival.template.name], user, now, is_demo=is_demo) for arrival in arrivals]


def _keep(arrival: Arrival, outcome: Outcome, user: User | None, now: datetime, *, is_demo: bool) -> FileReport:
    mine = pl.col("delivery") == arrival.delivery
    columns = ["id", "year", "key", "verdict", "answer"]
    judged = pl.concat([one.frame.filter(mine).select(columns) for one in outcome.judged.values()]).sort("id")
    problems = _problems(arrival, outcome)
    counts = Counter(judged["verdict"].to_list())
    notices = sum(problem.severity == "notice" for problem in problems)
    remarks = [*arrival.sheet.remarks, *_vanished(arrival, outcome)]
    delivery = Delivery(
        id=arrival.delivery,
        template=arrival.template.name,
        department=arrival.template.department,
        years=arrival.years,
        file_name=arrival.sheet.file.name[:255],
        sheet=arrival.sheet.name,
        sha256=arrival.sheet.file.sha256,
        size=arrival.sheet.file.size,
        encoding=arrival.sheet.file.encoding,
        headers=arrival.sheet.headers,
        header_row=arrival.sheet.header_row,
        received_at=now,
        received_by=user,
        is_demo=is_demo,
        rows=judged.height,
        taken=counts["taken"],
        unchanged=counts["unchanged"],
        quarantined=counts["quarantined"],
        notices=notices + len(remarks),
        remarks=remarks,
    )
    delivery.save(force_insert=True)
    bulk.insert(RawRow, ROW_COLUMNS, _raw_rows(arrival, judged))
    answers = dict(judged.filter(pl.col("answer").is_not_null()).select("id", "answer").iter_rows())
    _find(problems, outcome, answers, now)
    record(
        "feeds.delivered",
        actor=user,
        subject=delivery,
        after={
            "rows": judged.height,
            **{k: counts[k] for k in sorted(counts)},
            "notices": notices,
            "years": arrival.years,
        },
    )
    return FileReport.of(arrival.sheet, "taken", "", delivery)


def _raw_rows(arrival: Arrival, judged: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    frame = arrival.sheet.frame
    cells = frame.select(pl.exclude("row")).iter_rows()
    rows = zip(judged.iter_rows(), frame["row"].to_list(), cells, strict=True)
    for (number, year, key, verdict, answer), row, texts in rows:
        text = json.dumps([one if one is not None else "" for one in texts], ensure_ascii=False)
        yield number, arrival.delivery, row, year, key[:200], text.replace("\\u0000", ""), verdict, answer


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
            remarks.append(f"{year} 年以前报送的 {gone} 行本次未出现，仍然保留；如应删除请书面说明")
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
        changed = old.filter(pl.col("status") != pl.col("verdict"))
        for number, verdict, answer in changed.select("id", "verdict", "answer").iter_rows():
            # An earlier good row that says the same stands in for the one in quarantine: it needed no other answer.
            status = SUPERSEDED if verdict == "unchanged" else verdict
            moved.append((status, None if verdict == QUARANTINED else answer or newest, number))
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
            finding.resolved_by_id = gone_by[finding.raw_row_id] or newest
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


@transaction.atomic
def submit(files: list[UploadedFile], *, user: User, note: str = "") -> Job:
    """Keep uploaded files aside and let a job import them (registry/jobs.py): an import may take a minute."""
    require(user, "accounts.import_data")
    folder = Path(settings.HOME) / "deliveries" / "incoming" / secrets.token_hex(8)
    folder.mkdir(parents=True)
    kept = []
    for number, file in enumerate(files):
        path = folder / str(number)
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        kept.append([str(path), Path(file.name or str(number)).name])
    title = f"导入 {kept[0][1]}" + (f" 等 {len(kept)} 个文件" if len(kept) > 1 else "")
    return enqueue("registry.import", title[:200], actor=user, arguments={"files": kept, "note": note, "user": user.pk})
