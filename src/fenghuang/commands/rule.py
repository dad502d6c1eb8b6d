"""`fenghuang rule RULE`: one rule with its formulas, parameters and readings."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fenghuang.commands import common
from fenghuang.engines.describe import detailed
from fenghuang.engines.door import expected
from fenghuang.language.words import clause_title


def register(commands: Any) -> None:
    parser = commands.add_parser("rule", help="查看一条规则")
    parser.add_argument("rule", metavar="规则", help="规则名")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出的格式")


def run(args: argparse.Namespace) -> int:
    try:
        pack = common.pack_of(args.rule)
    except common.Unusable as fault:
        return common.refuse(fault)
    about = detailed(pack, args.rule)
    if args.format == "json":
        print(json.dumps(about, ensure_ascii=False, indent=1))
        return 0
    kinds = pack.rules[args.rule].inputs
    print(f"{about['title']}　{about['name']}　{clause_title(about['clause'])}　{pack.number}")
    print("输入")
    for field in about["inputs"]:
        print(f"  {field['name']:28} {field['title']}：{expected(kinds[field['name']])}")
    print("步骤")
    for step in about["steps"]:
        print(f"  {step['name']:28} {step['title']} = {step['formula']}")
    print("口径")
    for reading in about["readings"]:
        choices = "；".join(f"{k}（{v}）" for k, v in reading["choices"].items())
        print(f"  {reading['name']:28} {reading['title']}：{choices}，默认 {reading['default']}")
    if about["open_readings"]:
        print("只作记录的口径")
    for reading in about["open_readings"]:
        print(f"  {reading['name']:28} {reading['title']}：选定还需要{reading['needs']}")
    return 0
