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
_own: set[str] = set()  # kinds whose file is for nobody but who started the job


class Cancelled(Exception):
    """Somebody asked the job to stop."""


def job(kind: str, *, own_file: bool = False) -> Callable[[Runner], Runner]:
    """Register a function as the runner of a kind. `own_file`: what it makes was made with the rights of who asked."""

    def register(runner: Runner) -> Runner:
        if own_file:
            _own.add(kind)
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


def is_own_file(kind: str) -> bool:
    """Whether the file of such a job is only for who started it."""
    return kind in _own
