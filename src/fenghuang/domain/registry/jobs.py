"""The import as background work."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from fenghuang.domain.registry.actions import import_files
from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.actions import progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job


@job("registry.import")
def run_import(job: Job, *, files: list[list[str]], note: str = "", user: int | None = None) -> dict[str, Any]:
    """Import the files that feeds.actions.submit kept aside."""
    progress(job, 5, f"核对 {len(files)} 个文件")
    who = User.objects.get(pk=user) if user is not None else None
    try:
        report = import_files([(Path(path), name) for path, name in files], user=who, note=note)
    finally:
        shutil.rmtree(Path(files[0][0]).parent, ignore_errors=True)
    for file in report.files:
        place = f"{file.file} · {file.sheet}" if file.sheet else file.file
        counts = (
            f"{file.rows} 行，采用 {file.taken}，未变 {file.unchanged}，隔离 {file.quarantined}，提示 {file.notices}"
        )
        progress(job, 95, file.sentence or f"{place}：{counts}")
    for missing in report.missing:
        progress(job, 95, f"缺 {missing.year} 年 {missing.department}《{missing.title}》")
    taken = sum(file.taken for file in report.files)
    held = sum(file.quarantined for file in report.files)
    progress(
        job, 99, f"采用 {taken} 行，隔离 {held} 行" + (f"，{len(report.faults)} 个文件未导入" if report.faults else "")
    )
    return report.as_json()
