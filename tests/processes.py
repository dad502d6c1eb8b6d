"""Real processes on a database of their own: for one that is killed in the middle, and for two that come at once.

SQLite: a copied file; PostgreSQL: a copied database of the server that DATABASE_URL names. Every piece of work is a
function of a test module, run in a process forked from a clean one that has loaded the product and no connection.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 120  # seconds for a piece of work
COMMIT = -1  # the moment before the last COMMIT


@dataclass(frozen=True)
class Done:
    """How a process ended: `signal` when it was killed; else what the work gave, or the error's name and sentence."""

    exit: int
    value: Any = None
    error: str = ""
    sentence: str = ""
    statements: int = 0
    commits: int = 0

    @property
    def went_well(self) -> bool:
        return self.exit == 0 and not self.error

    @property
    def was_killed(self) -> bool:
        return self.exit == -signal.SIGKILL


@dataclass(frozen=True)
class Place:
    """A database and the folder of its files."""

    database: str
    home: str

    def run(self, work: Callable[..., Any], *args: Any, killed_before: int | None = None) -> Done:
        """The work in a process of its own, killed before its n-th statement, or before its last COMMIT."""
        return _ended(*_start(self, work, args, killed_before))

    def together(self, *works: tuple[Any, ...]) -> list[Done]:
        """Several (work, *args) that begin at the same moment."""
        gate = _clean().Barrier(len(works))
        started = [_start(self, work, args, None, gate) for work, *args in works]
        return [_ended(*one) for one in started]


@dataclass
class Stage:
    """Gives out databases and clears them away."""

    folder: Path
    base: Place
    made: list[Place] = field(default_factory=list)

    def copy(self, of: Place | None = None) -> Place:
        """Another of the same content; of an empty, migrated one by default."""
        of = of or self.base
        made = _beside(self.folder)
        if _on_postgres():
            assert of.run(_sql, f'CREATE DATABASE "{made.database}" TEMPLATE "{of.database}"').went_well
        else:
            shutil.copy(of.database, made.database)
        shutil.copytree(of.home, made.home, dirs_exist_ok=True)
        self.made.append(made)
        return made

    def prepared(self, work: Callable[..., Any], *args: Any) -> tuple[Place, Any]:
        """A database with some work done in it, and what that gave."""
        place = self.copy()
        done = place.run(work, *args)
        assert done.went_well, done
        return place, done.value

    def clear(self) -> None:
        for place in self.made if _on_postgres() else ():
            self.base.run(_sql, f'DROP DATABASE "{place.database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The empty database that all others are copies of."""
    folder = tmp_path_factory.mktemp("processes")
    base = _beside(folder)
    if _on_postgres():
        assert Place("postgres", base.home).run(_sql, f'CREATE DATABASE "{base.database}"').went_well
    done = base.run(_migrate)
    assert done.went_well, done
    yield Stage(folder, base)
    if _on_postgres():
        Place("postgres", base.home).run(_sql, f'DROP DATABASE "{base.database}" WITH (FORCE)')


@pytest.fixture
def stage(migrated: Stage) -> Iterator[Stage]:
    """`stage.copy()` gives a database that no other test knows."""
    own = Stage(migrated.folder, migrated.base)
    yield own
    own.clear()


def _on_postgres() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def _beside(folder: Path) -> Place:
    name = f"fenghuang_{uuid.uuid4().hex[:12]}"
    home = folder / name
    home.mkdir()
    return Place(name if _on_postgres() else str(folder / f"{name}.sqlite3"), str(home))


def _sql(statement: str) -> None:
    from django.db import connection

    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


# --- processes ------------------------------------------------------------------------------------------------------


@cache
def _clean() -> Any:
    """A process that has loaded the product forks the others: none inherits a connection or a thread of this one."""
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["processes_loaded"])
    return context


def _start(place: Place, work: Callable[..., Any], args: Any, killed_before: int | None, gate: Any = None) -> Any:
    context = _clean()
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, place, work, tuple(args), killed_before, gate))
    process.start()
    theirs.close()
    return process, ours


def _ended(process: Any, pipe: Any) -> Done:
    try:
        found = pipe.recv() if pipe.poll(PATIENCE) else {}
    except EOFError:
        found = {}
    process.join(PATIENCE)
    assert process.exitcode is not None, "the process hangs"
    return Done(process.exitcode, **found)


def _child(pipe: Any, place: Place, work: Callable[..., Any], args: Any, killed_before: int | None, gate: Any) -> None:
    import processes_loaded

    processes_loaded.enter(place.database, place.home)
    count = processes_loaded.count(killed_before)
    if gate is not None:
        gate.wait(PATIENCE)
    try:
        found = {"value": work(*args)}
    except Exception as error:  # every error is the outcome that a test looks at
        found = {"error": type(error).__name__, "sentence": str(error)}
    processes_loaded.leave()
    pipe.send({**found, **count})
    pipe.close()
