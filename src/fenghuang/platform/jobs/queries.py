"""What a person may see of jobs."""

from __future__ import annotations

from django.db.models import QuerySet

from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import is_own_file


def visible_to(user: User) -> QuerySet[Job]:
    """Task force, auditors and the operator see all jobs, everybody else the own ones."""
    jobs = Job.objects.select_related("created_by")
    return jobs if user.sees_whole_city else jobs.filter(created_by=user)


def may_take(user: User, job: Job) -> bool:
    """Whether the job's file is for the person: one made with somebody's rights is for nobody else, whoever sees the
    job, and not for an operator who looks as that person."""
    return not is_own_file(job.kind) or (job.created_by_id == user.pk and user.seen_by is None)
