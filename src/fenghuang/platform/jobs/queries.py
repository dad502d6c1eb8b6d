"""What a person may see of jobs."""

from __future__ import annotations

from django.db.models import QuerySet

from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.models import Job


def visible_to(user: User) -> QuerySet[Job]:
    """Task force, auditors and the operator see all jobs, everybody else the own ones."""
    jobs = Job.objects.select_related("created_by")
    return jobs if user.sees_whole_city else jobs.filter(created_by=user)
