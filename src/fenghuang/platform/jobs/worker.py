"""The worker process: `python -m fenghuang.platform.jobs.worker`.

A worker holds a lock on $FENGHUANG_HOME/workers/<id> as long as it lives; the kernel drops the lock with the process,
however it ends. So a starting worker can tell the jobs of dead workers from those of living ones (all workers share
the home folder: they need its uploads anyway).
"""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import threading
import time
import uuid
from pathlib import Path
from typing import IO

logger = logging.getLogger(__name__)
LOOK_AGAIN = 600  # seconds


def folder() -> Path:
    """Where the workers' locks are."""
    from django.conf import settings

    path = Path(settings.HOME) / "workers"
    path.mkdir(parents=True, exist_ok=True)
    return path


def enrol() -> tuple[str, IO[str]]:
    """A new worker id and its locked file, to be kept open."""
    worker = uuid.uuid4().hex
    file = (folder() / worker).open("w")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return worker, file


def is_alive(worker: str) -> bool:
    """Whether some process still holds the worker's lock."""
    path = folder() / worker
    if not worker or not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    path.unlink(missing_ok=True)
    return False


def bury_the_dead() -> int:
    """Mark jobs of dead workers as failed, and their tasks with them."""
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from fenghuang.platform.jobs import actions
    from fenghuang.platform.jobs.models import Job, State

    running = Job.objects.filter(state=State.RUNNING).values_list("worker", flat=True).distinct()
    count = actions.bury([worker for worker in running if not is_alive(worker)])
    for row in DBTaskResult.objects.running():
        if not any(is_alive(worker) for worker in row.worker_ids):
            DBTaskResult.objects.filter(pk=row.pk).update(status="FAILED", finished_at=timezone.now())
    return count


def anchor_daily() -> None:
    """Sign the head of the event log once a day (audit/anchors.py), as long as the worker lives."""
    from django.db import close_old_connections

    from fenghuang.platform.audit import anchors

    while True:
        try:
            close_old_connections()
            anchors.write_once_a_day()
        except anchors.Broken as fault:
            logger.critical("审计日志不完整，今天没有签锚点：%s", fault)
        except Exception:
            logger.exception("the anchor of today was not written")
        finally:
            close_old_connections()
        time.sleep(LOOK_AGAIN)


def tasks_daily() -> None:
    """Run the apps' daily tasks (notices/daily.py), as long as the worker lives."""
    from django.db import close_old_connections

    from fenghuang.platform.notices import daily

    while True:
        try:
            close_old_connections()
            daily.run_due()
        except Exception:
            logger.exception("the daily tasks were not run")
        finally:
            close_old_connections()
        time.sleep(LOOK_AGAIN)


def main() -> None:
    """Bury the dead, then work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the starter says when to stop
    worker, _lock = enrol()
    os.environ["FENGHUANG_WORKER"] = worker
    bury_the_dead()
    for task in (anchor_daily, tasks_daily):
        threading.Thread(target=task, daemon=True).start()
    call_command("db_worker", worker_id=worker, interval=1, startup_delay=False, reload=False, verbosity=0)


if __name__ == "__main__":
    main()
