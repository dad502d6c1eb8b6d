"""Many rows at once: executemany on SQLite, COPY on PostgreSQL. Ids are given out by the caller, who holds the lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Max, Model

MANY = 1000  # rows after which what the planner knows of a table is worth nothing


def next_id(model: type[Model]) -> int:
    """The first id not used yet. Only sound while nobody else inserts (actions.lock)."""
    return int(model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Rows of plain database values (JSON as text), the id among the columns."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            if cursor.rowcount >= MANY:
                cursor.execute(f"ANALYZE {table}")  # until then the planner takes the table to be empty
            if model._meta.auto_field is None:
                return
            last = model._base_manager.aggregate(last=Max("pk"))["last"] or 1
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", cast(Any, rows))  # noqa: S608


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Each row: the new values of the columns, then the id."""
    quote = connection.ops.quote_name
    setting = ", ".join(f"{quote(name)} = %s" for name in columns)
    key = quote(cast(Any, model._meta.pk).column)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {setting} WHERE {key} = %s", list(rows))  # noqa: S608
