"""`fenghuang audit verify`: walk the event log, by itself and against its anchors. `audit anchor`: sign its head."""

from __future__ import annotations

import argparse
import sys

from fenghuang.commands.web import django_ready


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("audit", help="核验审计日志")
    parser.add_argument("what", choices=["verify", "anchor"], help="verify: 核对哈希链和锚点；anchor: 签下今天的锚点")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the log holds, 1 when it does not."""
    django_ready()
    from fenghuang.platform.audit import anchors

    if args.what == "anchor":
        return _anchor()
    verdict = anchors.check()
    for fault in verdict.faults[:20]:
        print(fault.sentence)
    if len(verdict.faults) > 20:
        print(f"…… 共 {len(verdict.faults)} 处")
    print(f"{verdict.events} 条事件，链{'完整' if verdict.ok else '已断'}，末条哈希 {verdict.head}")
    print(f"锚点 {len(anchors.files())} 个（{anchors.folder()}）")
    return 0 if verdict.ok else 1


def _anchor() -> int:
    from fenghuang.platform.audit import anchors

    try:
        path = anchors.write()
    except anchors.Broken as fault:
        print(f"日志不完整，没有签锚点：{fault}", file=sys.stderr)
        return 1
    print(path or "日志还是空的，没有可签的")
    return 0
