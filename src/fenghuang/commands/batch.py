"""`fenghuang batch RULE[,RULE...] --input FILE --output FILE`: the same rules over columns."""

from __future__ import annotations

import argparse
from typing import Any

from fenghuang.commands import common
from fenghuang.engines.door import Faulty


def register(commands: Any) -> None:
    parser = commands.add_parser("batch", help="按列批量计算")
    parser.add_argument("rules", metavar="规则", help="规则名，多条用逗号分隔")
    parser.add_argument("--input", required=True, metavar="文件", help="CSV、JSON 或 Parquet 文件")
    parser.add_argument("--output", required=True, metavar="文件", help="CSV 或 Parquet 文件")
    parser.add_argument("--steps", action="store_true", help="输出每一步")
    common.add_case_options(parser)


def run(args: argparse.Namespace) -> int:
    from fenghuang.engines import batch  # the column engine is loaded only when it is needed

    names = list(dict.fromkeys(name.strip() for name in args.rules.split(",") if name.strip()))
    try:
        if not names:
            raise common.Unusable(["没有给出规则名；用 fenghuang rules 查看全部规则"])
        packs = {common.pack_of(name).id: common.pack_of(name) for name in names}
        if len(packs) != 1:
            raise common.Unusable(["一次只能计算同一政策的规则"])
        (pack,) = packs.values()
        overlay = common.overlay(pack, names, args.set)
        day = common.day(pack, args.on)
        source = common.existing(args.input)
        with common.faults_of_output():
            target = batch.target(args.output)
        try:
            result = batch.calculate(pack, names, batch.read(source), day, overlay, steps=args.steps)
        except Faulty as fault:
            raise common.sentences(fault.faults, source.name) from fault
        with common.faults_of_output():
            batch.write(result, target)
    except common.Unusable as fault:
        return common.refuse(fault)
    print(f"已计算 {len(result):,} 行，写入 {args.output}")
    return 0
