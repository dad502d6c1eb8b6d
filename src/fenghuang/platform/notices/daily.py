"""Tasks of every day. An app writes its own in `reminders.py`, which is found by itself:

from fenghuang.platform.notices.daily import daily

@daily("campaign.reminders")
def remind(today): ...

The worker runs each once a day (`run_due`). A task that fails is undone, logged and tried again at the next look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from fenghuang.platform.notices.models import DailyRun

logger = logging.getLogger(__name__)
Task = Callable[[date], object]
_tasks: dict[str, Task] = {}


def daily(name: str) -> Callable[[Task], Task]:
    """Register a function of today's date."""

    def register(task: Task) -> Task:
        if _tasks.setdefault(name, task) is not task:
            raise ValueError(f"two daily tasks named {name}")
        return task

    return register


def run_due(today: date | None = None) -> list[str]:
    """Run what has not run today; the names of what ran."""
    today = today or timezone.localdate()
    done = set(DailyRun.objects.filter(day=today).values_list("name", flat=True))
    return [name for name in _tasks if name not in done and _run(name, today)]


def _run(name: str, today: date) -> bool:
    """One task with its note, in one transaction. Another worker that was first is no fault."""
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    DailyRun.objects.create(name=name, day=today)
            except IntegrityError:
                return False
            _tasks[name](today)
    except Exception:
        logger.exception("the daily task %s failed", name)
        return False
    return True
