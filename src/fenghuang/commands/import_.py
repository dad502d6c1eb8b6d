"""`fenghuang import DIR|FILE...`: take departments' files into the registry."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fenghuang.commands.web import django_ready
from fenghuang.language.words import system_fault

if TYPE_CHECKING:
    from fenghuang.domain.feeds.report import FileReport, Report

TABLES = (".xlsx", ".xlsm", ".csv", ".xls", ".et")


def register(subparsers: Any) -> None:
    """Add the command."""
    command = subparsers.add_parser("import", help="导入部门文件", description="导入部门报送的表格文件（XLSX 或 CSV）")
    command.add_argument("paths", nargs="*", type=Path, metavar="文件夹或文件", help="文件夹只取其中的表格文件")
    command.add_argument(
        "--template", default="", metavar="部门", help="不导入，而是写出该部门的空白报送模板（到所给文件夹，默认当前）"
    )
    command.add_argument("--note", default="", metavar="说明", help="记入日志的说明")
    command.add_argument("--demo", action="store_true", help="标为演示数据")
    command.add_argument("--preview", action="store_true", help="只列出会有什么变化，不导入")
    command.add_argument("--confirmed", action="store_true", help="单位疑似有误的表也导入（已与报送部门核对）")
    command.add_argument("--format", choices=["table", "json"], default="table", help="报告的格式")


def run(args: argparse.Namespace) -> int:
    """Import, print the report; 2 when a file could not be used."""
    if args.template:
        return _write_template(args.template, args.paths)
    if not args.paths:
        print("请给出要导入的文件夹或文件；如需空白模板，用 --template 部门。", file=sys.stderr)
        return 2
    paths, absent = collect(args.paths)
    for path in absent:
        print(f"{path}：没有这个文件或文件夹，或文件夹里没有表格文件。请检查路径。", file=sys.stderr)
    if not paths:
        return 2
    django_ready()
    if args.preview:
        return _preview(paths, args.format) or (2 if absent else 0)
    from fenghuang.domain.registry.actions import import_files

    report = import_files(paths, note=args.note, is_demo=args.demo, confirmed=args.confirmed)
    if args.format == "json":
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        print("\n".join(lines(report)))
    held = [file for file in report.files if file.status == "held"]
    for fault in report.faults:
        print(fault.sentence, file=sys.stderr)
    for file in held:
        print(f"{_place(file)}：{file.sentence}（加 --confirmed 照常导入）", file=sys.stderr)
    return 2 if report.faults or held or absent else 0


def _write_template(text: str, folders: list[Path]) -> int:
    """The department's empty form; 2 when there is no such department or nowhere to write."""
    from fenghuang.domain.feeds.blank import blank, department, departments, file_name

    of = department(text)
    if of is None:
        print(f"没有唯一对应“{text}”的部门；可用：{'、'.join(departments())}。", file=sys.stderr)
        return 2
    target = (folders[0] if folders else Path()) / file_name(of)
    try:
        with target.open("xb") as file:
            file.write(blank(of))
    except FileExistsError:
        print(f"{target} 已经存在，没有覆盖。请换一个文件夹，或先移开它。", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{target}：无法写入（{system_fault(error)}）。请检查文件夹和权限。", file=sys.stderr)
        return 2
    print(target)
    return 0


def _preview(paths: list[Path], form: str) -> int:
    """What an import would change; 2 when a file could not be used."""
    from fenghuang.domain.registry.plan import make_plan, read_files
    from fenghuang.domain.registry.preview import KINDS, difference, summary

    sheets, faults = read_files(paths)
    plan = make_plan(sheets)
    found = summary(plan, faults, difference(plan))
    if form == "json":
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for sheet in found["sheets"]:
            print(f"? {sheet['file']}" + (f" · {sheet['sheet']}" if sheet["sheet"] else ""))
            counts = "，".join(f"{words} {sheet['counts'][kind]}" for kind, words in KINDS.items())
            print(f"    {sheet['title']}（{'、'.join(map(str, sheet['years']))} 年） {sheet['rows']} 行：{counts}")
            for said in [*sheet["remarks"], *(doubt["sentence"] for doubt in sheet["doubts"])]:
                print(f"    · {said}")
        print("以上为预览，没有导入任何数据")
    for other in found["others"]:
        print(other["sentence"], file=sys.stderr if other["status"] == "fault" else sys.stdout)
    return 2 if any(other["status"] == "fault" for other in found["others"]) else 0


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


def _place(file: FileReport) -> str:
    return f"{file.file} · {file.sheet}" if file.sheet else file.file


def _of_file(file: FileReport) -> list[str]:
    place = _place(file)
    if file.status in ("fault", "held"):
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
