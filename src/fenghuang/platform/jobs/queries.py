"""What a person may see of jobs."""

from __future__ import annotations

from django.db.models import QuerySet

from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.models import Job


def visible_to(user: User) -> QuerySet[Job]:
    """County officials see their own jobs, everybody else sees all."""
    jobs = Job.objects.select_related("created_by")
    return jobs if user.sees_all_units else jobs.filter(created_by=user)
