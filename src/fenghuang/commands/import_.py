"""`fenghuang import DIR|FILE...`: take departments' files into the registry."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fenghuang.domain.feeds.report import FileReport, Report

TABLES = (".xlsx", ".xlsm", ".csv", ".xls", ".et")


def register(subparsers: Any) -> None:
    """Add the command."""
    command = subparsers.add_parser("import", help="导入部门文件", description="导入部门报送的表格文件（XLSX 或 CSV）")
    command.add_argument("paths", nargs="+", type=Path, metavar="文件夹或文件", help="文件夹只取其中的表格文件")
    command.add_argument("--note", default="", help="记入日志的说明")
    command.add_argument("--demo", action="store_true", help="标为演示数据")
    command.add_argument("--format", choices=["table", "json"], default="table", help="报告的格式")


def run(args: argparse.Namespace) -> int:
    """Import, print the report; 2 when a file could not be used."""
    paths, absent = collect(args.paths)
    for path in absent:
        print(f"{path}：没有这个文件或文件夹，或文件夹里没有表格文件。请检查路径。", file=sys.stderr)
    if not paths:
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
    import django

    django.setup()
    from fenghuang.domain.registry.actions import import_files

    report = import_files(paths, note=args.note, is_demo=args.demo)
    if args.format == "json":
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(report)))
    for fault in report.faults:
        print(fault.sentence, file=sys.stderr)
    return 2 if report.faults or absent else 0


def collect(arguments: list[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read, each once, and the arguments that lead to none."""
    found: dict[Path, None] = {}
    absent = []
    for path in arguments:
        inside = (
            sorted(p for p in path.iterdir() if p.suffix.lower() in TABLES and not p.name.startswith(("~$", ".")))
            if path.is_dir()
            else [path] * path.is_file()
        )
        found.update(dict.fromkeys(inside))
        if not inside:
            absent.append(path)
    return list(found), absent


def lines(report: Report) -> list[str]:
    """The report for people."""
    text: list[str] = []
    for file in sorted(report.files, key=lambda one: (one.file, one.delivery or 0)):
        text += _of_file(file)
    for missing in report.missing:
        text.append(f"缺：{missing.year} 年 {missing.department} 《{missing.title}》尚未收到")
    taken = [file for file in report.files if file.status == "taken"]
    if taken:
        counts = {name: sum(getattr(file, name) for file in taken) for name in COUNTS}
        text.append(f"合计 {_counts(counts)}；新增企业 {report.firms_added} 家")
        text.append(f"记录号 {report.recording}，用时 {report.seconds:.1f} 秒")
    return text


COUNTS = {"rows": "行", "taken": "采用", "unchanged": "未变", "quarantined": "隔离", "notices": "提示"}


def _counts(counts: dict[str, int]) -> str:
    return f"{counts['rows']} 行：" + "，".join(
        f"{title} {counts[name]}" for name, title in COUNTS.items() if name != "rows"
    )


def _of_file(file: FileReport) -> list[str]:
    place = f"{file.file} · {file.sheet}" if file.sheet else file.file
    if file.status == "fault":
        return [f"✗ {place}：未导入（原因见下）"]
    if file.status == "known":
        return [f"＝ {place}：{file.sentence}"]
    years = "、".join(map(str, file.years))
    counts = _counts({name: getattr(file, name) for name in COUNTS})
    return [
        f"✓ {place}",
        f"    {file.title}（{file.department}，{years} 年） {counts}",
        *(f"    · {remark}" for remark in file.remarks),
    ]
