"""`fenghuang demo`: write the demonstration city's files."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the top-level parser."""
    parser = subparsers.add_parser(
        "demo", help="生成演示城市的部门文件", description="生成一座演示城市的部门文件，全部为虚构数据"
    )
    parser.add_argument("--firms", type=int, default=20_000, metavar="家数", help="企业家数（默认 20000）")
    parser.add_argument("--seed", type=int, default=7, metavar="种子", help="家数和种子相同，文件就相同（默认 7）")
    parser.add_argument("--out", type=Path, required=True, metavar="文件夹", help="文件写入的文件夹")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the files and say what came out; 2 for a wish that cannot be met."""
    from fenghuang.demo.city import write_city

    started = time.perf_counter()
    try:
        truth = write_city(args.out, args.firms, args.seed)
    except (ValueError, OSError) as error:
        print(f"fenghuang demo: {error}", file=sys.stderr)
        return 2
    rows = sum(truth.rows.values())
    seconds = time.perf_counter() - started
    print(f"{args.out}: {len(truth.files)} 个文件，{rows} 行，埋入 {len(truth.faults)} 处错误，用时 {seconds:.1f} 秒")
    return 0
