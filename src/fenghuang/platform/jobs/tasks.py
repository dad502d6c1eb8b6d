"""The one task of django-tasks: it runs a Job."""

from __future__ import annotations

import logging
import os
import traceback

from django_tasks import task

from fenghuang.platform.jobs import actions
from fenghuang.platform.jobs.registry import Cancelled, runner

logger = logging.getLogger(__name__)


@task()
def run_job(job_id: int) -> None:
    """Run the job; its row tells the outcome, whatever happens."""
    job = actions.start(job_id, os.environ.get("FENGHUANG_WORKER", ""))
    if job is None:
        return
    try:
        result = runner(job.kind)(job, **job.arguments)
    except Cancelled:
        job.cancel_requested = True
        actions.stopped(job)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        actions.fail(job, str(error) or type(error).__name__, traceback.format_exc())
    except BaseException:
        actions.fail(job, "执行进程已中断，请重新发起")
        raise
    else:
        job.refresh_from_db(fields=["cancel_requested"])
        actions.done(job, result)
