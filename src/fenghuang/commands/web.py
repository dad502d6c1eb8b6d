"""Django, for the commands that need it: set up once, with one clear line when it cannot be."""

from __future__ import annotations

import os
import sys

from fenghuang.language.words import system_fault


def django_ready(*, migrated: bool = True) -> None:
    """Set Django up. SystemExit(2) after one line when home or database cannot be used, or tables are missing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
    import django

    try:
        django.setup()
    except OSError as error:
        _stop(f"数据目录无法使用（{system_fault(error)}：{error.filename}）。请检查 FENGHUANG_HOME 的位置和权限。")
    if migrated and (fault := not_migrated()):
        _stop(fault)


def _stop(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def not_migrated() -> str:
    """What to do when the database has no tables yet, or older ones; "" when it is ready."""
    from django.conf import settings
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"数据库无法使用（{str(error).strip().splitlines()[0]}）。请检查 DATABASE_URL 和 FENGHUANG_HOME。"
    if not pending:
        return ""
    what = "还没有建表" if len(pending) == len(executor.loader.graph.nodes) else f"缺少 {len(pending)} 项升级"
    return f"数据库{what}（{settings.HOME}）：请先运行 fenghuang manage migrate，或用 make run 启动一次。"
