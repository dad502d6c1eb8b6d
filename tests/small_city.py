"""A small demonstration city, imported, graded and computed: built once a session, then loaded row by row.

Every test has its own transaction (browser tests even a flushed database), so the rows of the first build are kept
in memory and put back with plain INSERTs: a tenth of a second instead of some.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

FIRMS, SEED = 360, 11
APPS = ("feeds", "registry", "evaluation", "incentives")
_ROWS: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}


class City(NamedTuple):
    """The latest refresh; what else a test needs it asks the database."""

    refresh: Any


@pytest.fixture
def small_city(db: None, tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city of some hundred firms in all ten units, two years, with seeded faults."""
    from fenghuang.domain.evaluation.models import Refresh

    if _ROWS:
        _load()
    else:
        _build(tmp_path_factory.mktemp("city"))
        _keep()
    return City(Refresh.objects.latest())


def _build(folder: Path) -> None:
    from fenghuang.demo.city import write_city
    from fenghuang.domain.incentives.actions import refresh
    from fenghuang.domain.registry.actions import import_files

    write_city(folder, FIRMS, SEED)
    import_files(sorted(path for path in folder.iterdir() if path.suffix in (".xlsx", ".csv")))
    refresh()


def _models() -> list[Any]:
    from django.apps import apps

    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def _keep() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for model in _models():
            columns = [field.column for field in model._meta.concrete_fields]
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}"')
            _ROWS[model._meta.db_table] = (columns, cursor.fetchall())


def _load() -> None:
    from django.core.management.color import no_style
    from django.db import connection

    with connection.cursor() as cursor:
        for table, (columns, rows) in _ROWS.items():
            names = ", ".join(f'"{name}"' for name in columns)
            places = ", ".join(["%s"] * len(columns))
            if rows:
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', [_plain(row) for row in rows])
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):  # the next row has the next number
            cursor.execute(statement)


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """JSON that a driver decoded (PostgreSQL's) goes back as text."""
    import json

    return tuple(json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else cell for cell in row)
