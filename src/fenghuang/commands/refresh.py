"""`fenghuang refresh`: snapshot, evaluations, subsidies."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any


def register(commands: Any) -> None:
    commands.add_parser("refresh", help="重新评价并测算补助", description="由最近一次导入的数据重新评价并测算补助")


def run(args: argparse.Namespace) -> int:
    from fenghuang.commands.web import django_ready

    django_ready()
    from fenghuang.domain.evaluation.actions import NothingRecorded
    from fenghuang.domain.incentives.actions import refresh

    start = time.monotonic()
    try:
        made, new = refresh()
    except NothingRecorded:
        print("还没有数据：请先用 fenghuang import 导入部门文件", file=sys.stderr)
        return 2
    if not new:
        print(f"数据、方法和政策都没有变化，沿用{made}")
        return 0
    graded = made.results.exclude(grade="").count()
    print(f"{made}：{graded:,} 个企业年度已定等级，{made.decisions.count():,} 项补助已测算")
    print(f"用时 {time.monotonic() - start:.1f} 秒")
    return 0
