"""Tasks of every day. An app writes its own in `reminders.py`, which is found by itself:

from fenghuang.platform.notices.daily import daily

@daily("campaign.reminders")
def remind(today): ...

The worker runs each once a day (`run_due`). A task that fails is undone, logged and tried again at the next look.

A long task is `daily(name, in_parts=True)`: it commits each part itself, whole with its events, and run again does only
what is left. It is noted once all of it is done; broken off, the next look goes on where it stopped.
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
_in_parts: set[str] = set()


def daily(name: str, *, in_parts: bool = False) -> Callable[[Task], Task]:
    """Register a function of today's date."""

    def register(task: Task) -> Task:
        if _tasks.setdefault(name, task) is not task:
            raise ValueError(f"two daily tasks named {name}")
        if in_parts:
            _in_parts.add(name)
        return task

    return register


def run_due(today: date | None = None) -> list[str]:
    """Run what has not run today; the names of what ran."""
    today = today or timezone.localdate()
    done = set(DailyRun.objects.filter(day=today).values_list("name", flat=True))
    return [name for name in _tasks if name not in done and _run(name, today)]


def _run(name: str, today: date) -> bool:
    """Run one task and note it; False when it failed, or another worker was first."""
    try:
        if name in _in_parts:
            _tasks[name](today)
            return _note(name, today)
        with transaction.atomic():
            if not _note(name, today):
                return False
            _tasks[name](today)
    except Exception:
        logger.exception("the daily task %s failed", name)
        return False
    return True


def _note(name: str, today: date) -> bool:
    """That the task has run; another worker that was first is no fault."""
    try:
        with transaction.atomic():
            DailyRun.objects.create(name=name, day=today)
    except IntegrityError:
        return False
    return True
