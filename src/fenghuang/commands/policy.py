"""`fenghuang policy check FOLDER`, `fenghuang policy new FOLDER`: a policy document of one's own."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from fenghuang.commands import common
from fenghuang.law import skeleton
from fenghuang.law.about import ID


def register(commands: Any) -> None:
    parser = commands.add_parser("policy", help="检查或新建政策包")
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    check = actions.add_parser("check", help="检查一个政策包，列出全部问题")
    check.add_argument("folder", help="政策包所在的文件夹")
    check.add_argument("--format", choices=["table", "json"], default="table")
    new = actions.add_parser("new", help="新建政策包，内有一条可以运行的示例规则")
    new.add_argument("folder", help="新建的文件夹")
    new.add_argument("--id", required=True, help="小写字母、数字和连字符，如 huzhou-2021-sandi")
    new.add_argument("--title", required=True, help="文件名称")
    new.add_argument("--number", required=True, help="文号")
    new.add_argument("--from", dest="first", metavar="YYYY-MM-DD", required=True, help="有效期首日")
    new.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="有效期末日；不写为长期有效")


def run(args: argparse.Namespace) -> int:
    try:
        return _check(args.folder, args.format) if args.action == "check" else _new(args)
    except common.Unusable as fault:
        return common.refuse(fault)


def _check(folder: str, form: str) -> int:
    """One line a fault on standard error, or all of them as JSON; 2 when there is one."""
    from fenghuang.engines.check import everything
    from fenghuang.law import cases
    from fenghuang.law.pack import Pack
    from fenghuang.law.said import sentence

    path = Path(folder)
    if not path.is_dir():
        raise common.Unusable([f"{folder}：没有这个文件夹"])
    faults = everything(path.resolve())
    if form == "json":
        said = [{"file": f.file, "line": f.line or None, "rule": f.rule or None, "fault": sentence(f)} for f in faults]
        print(json.dumps(said, ensure_ascii=False, indent=1))
        return 2 if faults else 0
    for fault in faults:
        place = f"{path / fault.file}:{fault.line}" if fault.line else str(path / fault.file)
        print(f"{place}：{f'规则 {fault.rule}：' if fault.rule else ''}{sentence(fault)}", file=sys.stderr)
    if faults:
        return 2
    pack = Pack(path.resolve())
    counted = f"{len(pack.rules)} 条规则、{len(cases.read(pack).cases)} 个算例"
    print(f"{pack.title}（{pack.number}，{pack.validity}）：{counted}，没有问题")
    for part, why in pack.assumed_in_words:
        print(f"  {part}待核实：{why}")
    return 0


def _new(args: argparse.Namespace) -> int:
    folder = Path(args.folder)
    first, last = (_day(name, text) for name, text in (("--from", args.first), ("--to", args.last)))
    assert first is not None  # argparse asks for it
    faults = []
    if not ID.fullmatch(args.id):
        faults.append(f"--id：读到“{args.id}”，应为小写字母、数字和连字符，如 huzhou-2021-sandi")
    faults += [f"--{name}：不能为空" for name in ("title", "number") if not getattr(args, name).strip()]
    if last and last < first:
        faults.append(f"--to：读到“{last}”，应不早于首日 {first}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        faults.append(f"{folder}：已经存在，且不是空文件夹；不覆盖")
    if faults:
        raise common.Unusable(faults)
    try:
        for name, text in skeleton.files(args.id, args.title.strip(), args.number.strip(), first, last):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
    except OSError as fault:
        raise common.Unusable([f"{fault.filename or folder}：无法写入（{fault.strerror}）"]) from fault
    print(f"已新建 {folder}：示例规则 {skeleton.example_rule(args.id)}")
    print(f"接着：fenghuang policy check {folder}；写法见 docs/write-a-policy.md")
    return 0


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise common.Unusable([f"{option}：读到“{text}”，应为日期，如 2024-01-31"]) from fault
    if not 1900 <= found.year <= 2199:
        raise common.Unusable([f"{option}：读到“{text}”，年份应在 1900 与 2199 之间"])
    return found
