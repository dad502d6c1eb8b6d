"""The actions of uploads: keep the files aside, have them checked, decide. What is taken, the registry takes.

upload -> checking -> waiting -> taking -> taken, or discarded. A job that ends without having moved its upload on (its
process was killed, or somebody cancelled it) has changed nothing: the upload can be checked again or discarded.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from fenghuang.domain.feeds.models import Delivery, Submission
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.jobs.models import Job

State = Submission.State


class Stale(ValueError):
    """Somebody else was faster, or the state has moved: nothing was done, and the sentence says what is now."""


def submit(files: list[UploadedFile], *, user: User, note: str = "", expected: str = "") -> Submission:
    """Keep uploaded files aside and let a job find out what they would change (registry/jobs.py)."""
    require(user, "accounts.import_data")
    folder = secrets.token_hex(8)
    path = Path(settings.HOME) / "deliveries" / "incoming" / folder
    path.mkdir(parents=True)
    names = []
    try:
        for number, file in enumerate(files):
            with (path / str(number)).open("wb") as copy:
                for chunk in file.chunks():
                    copy.write(chunk)
            names.append(Path(file.name or str(number)).name[:200])
        with transaction.atomic():
            return _submit(folder, names, user, note, expected)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def _submit(folder: str, names: list[str], user: User, note: str, expected: str) -> Submission:
    submission = Submission.objects.create(
        folder=folder,
        files=names,
        expected=expected,
        note=note[:300],
        submitted_at=timezone.now(),
        submitted_by=user,
    )
    record("feeds.submitted", actor=user, subject=submission, reason=note, after={"files": names})
    _enqueue("registry.preview", f"核对 {submission}", submission, user)
    return submission


def _enqueue(
    kind: str, title: str, submission: Submission, user: User | None, more: dict[str, Any] | None = None
) -> None:  # fmt: skip
    arguments = {"submission": submission.pk, **(more or {})}
    submission.job = enqueue(kind, title[:200], actor=user, arguments=arguments)
    submission.save(update_fields=["job"])


def _require(user: User | None, submission: Submission) -> None:
    """Who may import decides on an upload; a clerk on those that people of the own department made."""
    require(user, "accounts.import_data")
    by = submission.submitted_by
    if user is not None and user.role == Role.CLERK and (by is None or by.agency_id != user.agency_id):
        raise PermissionDenied("accounts.import_data")


def _locked(submission: Submission, *states: str) -> Submission:
    """The upload for a decision; Stale when it was decided meanwhile."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related("decided_by", "job")
    now = rows.get(pk=submission.pk)
    if now.state in states or now.is_broken_off:
        return now
    if now.decided_at:
        when = f"{timezone.localtime(now.decided_at):%Y-%m-%d %H:%M}"
        raise Stale(f"这次上传已由{now.decided_by}于 {when} 处理为“{now.get_state_display()}”，请刷新查看")
    raise Stale(f"这次上传正在处理（{now.get_state_display()}），请稍候再操作")


@transaction.atomic
def undo_later(delivery: Delivery, *, user: User, reason: str) -> Job:
    """Let a job take the delivery back (registry.actions.undo): its years are worked out anew."""
    require(user, "accounts.import_data", delivery.department)
    if len(reason.strip()) < 2:
        raise Stale("请填写撤销理由（至少两个字），它会记入审计日志")
    if delivery.withdrawn_at:
        raise Stale("这次报送已经撤销")
    arguments = {"delivery": delivery.pk, "reason": reason.strip(), "user": user.pk}
    return enqueue("registry.undo", f"撤销 {delivery}"[:200], actor=user, arguments=arguments)


@transaction.atomic
def check_again(submission: Submission, *, user: User | None) -> Submission:
    """Find out anew what the files would change: the data have moved, or the check broke off."""
    _require(user, submission)
    submission = _locked(submission, State.WAITING)
    submission.state, submission.decided_at, submission.decided_by = State.CHECKING, None, None
    submission.save(update_fields=["state", "decided_at", "decided_by"])
    record("feeds.checked_again", actor=user, subject=submission)
    _enqueue("registry.preview", f"核对 {submission}", submission, user)
    return submission


@transaction.atomic
def take(submission: Submission, *, user: User | None, confirmed: list[str]) -> Submission:
    """Let a job take what was checked. Every doubt of the check has to be confirmed by its id."""
    _require(user, submission)
    submission = _locked(submission, State.WAITING)
    doubts = [doubt["id"] for sheet in (submission.summary or {}).get("sheets", []) for doubt in sheet["doubts"]]
    if missing := set(doubts) - set(confirmed):
        raise Stale(f"还有 {len(missing)} 处疑点没有确认；请逐项核对并勾选后再采用")
    if submission.summary is None or not submission.summary["usable"]:
        raise Stale("这次上传没有可采用的表；请更正文件后重新上传，或放弃")
    submission.state, submission.decided_at, submission.decided_by = State.TAKING, timezone.now(), user
    submission.save(update_fields=["state", "decided_at", "decided_by"])
    record("feeds.accepted", actor=user, subject=submission, after={"confirmed": doubts})
    _enqueue("registry.take", f"采用 {submission}", submission, user, {"user": user.pk if user else None})
    return submission


@transaction.atomic
def discard(submission: Submission, *, user: User | None, reason: str = "") -> Submission:
    """Drop the uploaded files; the data stay as they are."""
    _require(user, submission)
    submission = _locked(submission, State.WAITING)
    submission.state, submission.decided_at, submission.decided_by = State.DISCARDED, timezone.now(), user
    submission.save(update_fields=["state", "decided_at", "decided_by"])
    record("feeds.discarded", actor=user, subject=submission, reason=reason)
    path = submission.path
    transaction.on_commit(lambda: shutil.rmtree(path, ignore_errors=True))
    return submission


def checked(submission: Submission, summary: dict[str, Any], basis: int | None, said: str = "") -> None:
    """The check's outcome (written by its job)."""
    submission.state, submission.summary, submission.basis, submission.said = State.WAITING, summary, basis, said
    submission.save(update_fields=["state", "summary", "basis", "said"])


def taken(submission: Submission, recording: int | None, *, user: User | None) -> None:
    """Inside the transaction that takes the rows."""
    submission.state, submission.recording = State.TAKEN, recording
    submission.save(update_fields=["state", "recording"])
    record("feeds.took_effect", actor=user, subject=submission, after={"recording": recording})
    path = submission.path
    transaction.on_commit(lambda: shutil.rmtree(path, ignore_errors=True))
