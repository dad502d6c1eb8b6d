"""Every change of a job. `progress` writes at once: call it between transactions, inside one nobody sees it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.audit.log import record
from fenghuang.platform.jobs.models import Job, State
from fenghuang.platform.jobs.registry import Cancelled, is_known

LOG_LIMIT = 200_000


@transaction.atomic
def enqueue(
    kind: str,
    title: str,
    *,
    actor: User | None,
    arguments: dict[str, Any] | None = None,
    changes_nothing: bool = False,
) -> Job:
    """Put a job into the queue. Whether the actor may do what the job does is for the caller to check first.

    Auditors and townships start only what `changes_nothing` (an export).
    """
    from fenghuang.platform.jobs.tasks import run_job

    if not is_known(kind):
        raise KeyError(kind)
    if actor is not None and actor.role in (Role.AUDITOR, Role.TOWNSHIP, Role.FIRM) and not changes_nothing:
        raise PermissionDenied("who only reads changes nothing")
    job = Job.objects.create(kind=kind, title=title, arguments=arguments or {}, created_by=actor)
    record("jobs.enqueue", actor=actor, subject=job, after={"kind": kind, "arguments": job.arguments})
    run_job.enqueue(job.pk)
    return job


@transaction.atomic
def cancel(job: Job, *, actor: User | None) -> Job:
    """Ask a job to stop: one in the queue stops now, a running one at its next `progress`."""
    if not may_cancel(actor, job):
        raise PermissionDenied("jobs are cancelled by who started them, or by the operator")
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_over or job.cancel_requested:
        return job
    job.cancel_requested = True
    if job.state == State.QUEUED:
        _finish(job, State.CANCELLED, "已取消")
    else:
        job.save(update_fields=["cancel_requested"])
    record("jobs.cancel", actor=actor, subject=job)
    return job


def may_cancel(actor: User | None, job: Job) -> bool:
    """Who started a job may stop it, and the operator."""
    if actor is None:
        return True
    return actor.is_active and (actor.role == Role.OPERATOR or actor == job.created_by)


@transaction.atomic
def start(job_id: int, worker: str) -> Job | None:
    """The worker takes the job; None when it was cancelled meanwhile or has run already."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != State.QUEUED:
        return None
    job.state, job.worker, job.started_at = State.RUNNING, worker, timezone.now()
    job.save(update_fields=["state", "worker", "started_at"])
    return job


def progress(job: Job, percent: int, message: str = "") -> None:
    """Say how far the job is (0-100); raises Cancelled if somebody asked it to stop."""
    fields = ["progress"]
    job.progress = max(0, min(100, percent))
    if message:
        stamp = timezone.localtime().strftime("%H:%M:%S")
        job.message = message[:300]
        job.log = (job.log + f"{stamp} {message}\n")[-LOG_LIMIT:]
        fields += ["message", "log"]
    job.save(update_fields=fields)
    if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        raise Cancelled


def attach(job: Job, name: str, content: bytes) -> None:
    """Keep a file as the job's result."""
    job.result_file.save(name, ContentFile(content), save=False)
    job.save(update_fields=["result_file"])


def attach_stream(job: Job, name: str, content: IO[bytes]) -> None:
    """Keep a large file as the job's result. It gets its name when it is whole: a broken-off one is nobody's result."""
    storage = job.result_file.storage
    kept = storage.get_available_name(job.result_file.field.generate_filename(job, name))
    path = Path(storage.path(kept))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{job.pk}.part")
    try:
        with aside.open("wb") as file:
            shutil.copyfileobj(content, file, 2**20)
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    job.result_file.name = kept
    job.save(update_fields=["result_file"])


def done(job: Job, result: Any) -> None:
    """The job has run to its end."""
    job.progress, job.result = 100, result
    job.save(update_fields=["progress", "result"])
    _finish(job, State.DONE, job.message or "已完成")


def fail(job: Job, message: str, log: str = "") -> None:
    """The job broke off."""
    job.log = (job.log + log)[-LOG_LIMIT:]
    job.save(update_fields=["log"])
    _finish(job, State.FAILED, message)


def stopped(job: Job) -> None:
    """The job broke off because it was asked to."""
    _finish(job, State.CANCELLED, "已取消")


def _finish(job: Job, state: State, message: str) -> None:
    job.state, job.message, job.finished_at = state, message[:300], timezone.now()
    job.save(update_fields=["state", "message", "finished_at", "cancel_requested"])


@transaction.atomic
def bury(dead: list[str]) -> int:
    """Mark the jobs of workers that are gone as failed; how many there were."""
    jobs = Job.objects.select_for_update().filter(state=State.RUNNING, worker__in=dead)
    for job in jobs:
        _finish(job, State.FAILED, "执行进程已中断，请重新发起")
        record("jobs.bury", actor=None, subject=job, reason="worker is gone", before={"worker": job.worker})
    return len(jobs)
