"""`fenghuang calc RULE --input FILE|-`: one or more subjects, each explained."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fenghuang.commands import common, tables
from fenghuang.engines import case
from fenghuang.engines.door import Faulty
from fenghuang.language.record import Record
from fenghuang.language.words import clause_title


def register(commands: Any) -> None:
    parser = commands.add_parser("calc", help="计算一个或多个对象", description="按一条规则计算，并给出逐步说明")
    parser.add_argument("rule", metavar="规则", help="规则名")
    parser.add_argument("--input", required=True, metavar="文件", help="JSON、CSV 或 Parquet 文件；- 为标准输入")
    common.add_case_options(parser)
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出的格式")


def run(args: argparse.Namespace) -> int:
    try:
        records = calculate(args.rule, args.input, args.on, args.set)
    except common.Unusable as fault:
        return common.refuse(fault)
    if args.format == "json":
        print(json.dumps([r.as_json() for r in records], ensure_ascii=False, indent=1, default=str))
    else:
        print("\n\n".join(as_table(r) for r in records))
    return 0


def calculate(rule: str, source: str, on: str | None, settings: list[str]) -> list[Record]:
    """Records in input order; Unusable when any row has a fault."""
    pack = common.pack_of(rule)
    overlay = common.overlay(pack, [rule], settings)
    day = common.day(pack, on)
    rows, file = tables.read(source)
    if not rows:
        raise common.Unusable([f"{file}：没有要计算的对象"])
    try:
        return case.records(pack, rule, rows, day, overlay)
    except Faulty as fault:
        raise common.sentences(fault.faults, file) from fault


def as_table(record: Record) -> str:
    """A record as a person reads it on a terminal."""
    lines = [f"{record.title}　{clause_title(record.clause)}　依据日期 {record.on}"]
    lines += [f"  {k}：{v}" for k, v in record.carried.items()]
    for step in record.steps:
        mark = {"condition": {"是": "✓", "否": "✗"}.get(step.text, "?"), "output": "="}.get(step.kind, "·")
        shown = step.text or ("未知" if step.value is None else f"{step.value} {step.unit}".strip())
        distance = f"（{step.distance}）" if step.distance else ""
        lines.append(f"  {mark} {step.title}：{shown}{distance}    {step.formula}")
    if record.missing:
        lines.append("  缺少：" + "、".join(record.missing_titles))
    lines += [f"  口径：{r.title}——{r.choice_title}" for r in record.readings]
    lines += [f"  备注：{note}" for note in record.notes]
    return "\n".join(lines)
