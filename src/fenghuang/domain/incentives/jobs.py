"""The refresh as background work."""

from __future__ import annotations

from typing import Any

from fenghuang.domain.incentives.actions import refresh
from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.actions import progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job


@job("incentives.refresh")
def run_refresh(job: Job, *, user: int | None = None) -> dict[str, Any]:
    """Evaluate and decide anew from the latest recording."""
    progress(job, 5, "冻结数据，按各地方法评价，测算补助")
    made, new = refresh(User.objects.get(pk=user) if user is not None else None)
    decided = made.decisions.count()
    progress(job, 99, f"{made}已完成，共 {decided} 项补助" if new else f"数据、方法和政策都没有变化，沿用{made}")
    return {"refresh": made.pk, "new": new, "decisions": decided}
