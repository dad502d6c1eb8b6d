"""Large exports as background work."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.actions import attach, progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job
from fenghuang.platform.lists.registry import find, order
from fenghuang.platform.lists.sheet import file_name, write


@job("lists.export", own_file=True)
def run_export(job: Job, *, listing: str, user: int, query: str, columns: list[str]) -> dict[str, Any]:
    """The list as the person sees it now, with the rights they have now."""
    found, person, asked = find(listing), User.objects.get(pk=user), QueryDict(query)
    shown = found.open(person, asked) if found and person.is_active else None
    if found is None or shown is None:
        raise ValueError("没有可以导出的数据")
    progress(job, 2, "读取数据")
    total = max(len(shown.table.data), 1)
    said = order(shown.table, asked)
    made = write(
        found,
        shown,
        columns,
        said,
        person,
        lambda rows: progress(job, 2 + 95 * min(rows, total) // total, f"已写入 {rows:,} / {total:,} 行"),
    )
    attach(job, file_name(found), made.content)
    progress(job, 99, f"已导出 {made.rows:,} 行，可下载结果文件")
    return {"rows": made.rows}
