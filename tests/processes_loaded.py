"""What a clean process has loaded before it forks (processes.py): the product, and no connection."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")

import django

django.setup()

from fenghuang.domain.campaign import actions, objecting  # noqa: E402, F401 - loaded once for all
from fenghuang.domain.incentives import actions as incentives  # noqa: E402, F401
from fenghuang.law.pack import packs  # noqa: E402

packs()


def enter(database: str, home: str) -> None:
    """Work on this database from now on."""
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = database
    connections["default"].settings_dict["NAME"] = database
    settings.HOME = Path(home)
    settings.MEDIA_ROOT = Path(home) / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def leave() -> None:
    """Nothing stays open: SQLite's log is written back into its file, which can then be copied."""
    from django.db import connections

    connections.close_all()


def count(killed_before: int | None) -> dict[str, int]:
    """Statements and commits as they come; this very process is killed before the n-th, or the (-n)-th commit."""
    from django.db.backends import utils
    from django.db.backends.base.base import BaseDatabaseWrapper

    counted = {"statements": 0, "commits": 0}

    def before(method: Any, what: str) -> Any:
        def run(*args: Any, **kwargs: Any) -> Any:
            counted[what] += 1
            reached = counted["statements"] if what == "statements" else -counted["commits"]
            if reached == killed_before:
                os.kill(os.getpid(), signal.SIGKILL)
            return method(*args, **kwargs)

        return run

    for owner, name, what in (
        (utils.CursorWrapper, "execute", "statements"),
        (utils.CursorWrapper, "executemany", "statements"),
        (BaseDatabaseWrapper, "_commit", "commits"),
    ):
        setattr(owner, name, before(getattr(owner, name), what))
    return counted
