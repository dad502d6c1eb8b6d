"""A variant with a method of its own is computed in the background: the whole city is graded anew."""

from __future__ import annotations

from typing import Any

from fenghuang.domain.whatif import actions, compute
from fenghuang.domain.whatif.models import Version
from fenghuang.engines.door import Faulty
from fenghuang.platform.jobs.actions import progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job


@job("whatif.compute")
def run_compute(job: Job, *, version: int) -> dict[str, Any]:
    """Grade anew, compare, keep."""
    one = Version.objects.select_related("refresh", "policy", "method", "scenario", "author").get(pk=version)
    progress(job, 5, "按方案的评价方法重新评级，比较两套结果")
    try:
        found = compute.result(one)
    except Faulty as fault:
        raise ValueError("；".join(f.sentence() for f in fault.faults)) from fault
    actions.complete(one, found, one.author)
    progress(job, 99, "推演完成")
    return {"version": one.pk}
