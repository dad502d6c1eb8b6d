"""Checks, imports and undos as background work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.models import Delivery, Submission
from fenghuang.domain.feeds.report import Report
from fenghuang.domain.registry import actions
from fenghuang.domain.registry.plan import Say, make_plan, read_files
from fenghuang.domain.registry.preview import difference, summary
from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.actions import progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job

MOVED = "核对之后有其他数据生效，差异已重新核对；请再看一遍后决定"


def _say(job: Job) -> Say:
    """Progress of the job; this is where it stops when somebody cancels it."""
    return lambda percent, text: progress(job, percent, text)


@job("registry.preview")
def run_preview(job: Job, *, submission: int) -> dict[str, Any]:
    """Find out what an upload would change."""
    return _preview(job, Submission.objects.get(pk=submission))


def _preview(job: Job, submission: Submission, said: str = "") -> dict[str, Any]:
    paths = [(submission.path / str(number), name) for number, name in enumerate(submission.files)]
    sheets, faults = read_files(paths, submission.expected, _say(job), by=submission.submitted_by)
    plan = make_plan(sheets, say=_say(job))
    progress(job, 88, "列出差异")
    frame = difference(plan)
    found = summary(plan, faults, frame)
    temporary = submission.lines.with_suffix(".new")
    frame.write_parquet(temporary)
    temporary.replace(submission.lines)
    uploads.checked(submission, found, plan.basis, said)
    tally = {
        kind: sum(sheet["counts"][kind] for sheet in found["sheets"]) for kind in ("new", "changed", "quarantined")
    }
    unusable = sum(one["status"] == "fault" for one in found["others"])
    words = f"核对完成：新增 {tally['new']}，改动 {tally['changed']}，隔离 {tally['quarantined']}"
    progress(job, 99, words + (f"；{unusable} 个文件不能用" if unusable else ""))
    return {"submission": submission.pk, **tally}


@job("registry.take")
def run_take(job: Job, *, submission: int, user: int | None = None) -> dict[str, Any]:
    """Take a checked upload; when other data took effect since, check it again instead."""
    one = Submission.objects.get(pk=submission)
    who = User.objects.get(pk=user) if user is not None else None
    try:
        report = actions.take_submission(one, user=who, say=_say(job))
    except actions.Moved:
        progress(job, 10, MOVED)
        one.refresh_from_db()
        return _preview(job, one, MOVED)
    _tell(job, report)
    return report.as_json()


@job("registry.undo")
def run_undo(job: Job, *, delivery: int, reason: str, user: int | None = None) -> dict[str, Any]:
    """Take a whole delivery back."""
    who = User.objects.get(pk=user) if user is not None else None
    recording = actions.undo(Delivery.objects.get(pk=delivery), user=who, reason=reason, say=_say(job))
    progress(job, 99, "已撤销，事实已恢复")
    return {"recording": recording.pk}


@job("registry.import")
def run_import(job: Job, *, files: list[list[str]], note: str = "", user: int | None = None) -> dict[str, Any]:
    """Import files that lie on this machine, at once."""
    who = User.objects.get(pk=user) if user is not None else None
    paths = [(Path(path), name) for path, name in files]
    report = actions.import_files(paths, user=who, note=note, say=_say(job))
    _tell(job, report)
    return report.as_json()


def _tell(job: Job, report: Report) -> None:
    for file in report.files:
        place = f"{file.file} · {file.sheet}" if file.sheet else file.file
        counts = (
            f"{file.rows} 行，采用 {file.taken}，未变 {file.unchanged}，隔离 {file.quarantined}，提示 {file.notices}"
        )
        progress(job, 95, file.sentence or f"{place}：{counts}")
    for missing in report.missing:
        progress(job, 95, f"缺 {missing.year} 年 {missing.department}《{missing.title}》")
    taken = sum(file.taken for file in report.files)
    held = sum(file.quarantined for file in report.files)
    progress(
        job, 99, f"采用 {taken} 行，隔离 {held} 行" + (f"，{len(report.faults)} 个文件未导入" if report.faults else "")
    )
