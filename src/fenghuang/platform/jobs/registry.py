"""Kinds of jobs. An app writes its kinds in its own `jobs.py`, which is found by itself:

from fenghuang.platform.jobs.registry import job

@job("registry.refresh")
def refresh(job, *, year: int) -> dict:
    progress(job, 10, "读取企业")
    ...
    return {"firms": 20000}       # shown as the job's result; a file: actions.attach(job, name, content)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Runner = Callable[..., Any]
_kinds: dict[str, Runner] = {}


class Cancelled(Exception):
    """Somebody asked the job to stop."""


def job(kind: str) -> Callable[[Runner], Runner]:
    """Register a function as the runner of a kind."""

    def register(runner: Runner) -> Runner:
        if _kinds.setdefault(kind, runner) is not runner:
            raise ValueError(f"two runners for {kind}")
        return runner

    return register


def runner(kind: str) -> Runner:
    """The runner of a kind."""
    return _kinds[kind]


def is_known(kind: str) -> bool:
    """Whether some app registered the kind."""
    return kind in _kinds
