"""`fenghuang audit verify`: walk the event log and say whether its chain holds."""

from __future__ import annotations

import argparse

from fenghuang.commands.web import django_ready


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser("audit", help="核验审计日志")
    parser.add_argument("what", choices=["verify"], help="verify: 核对哈希链")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the chain holds, 1 when it is broken."""
    django_ready()
    from fenghuang.platform.audit.log import verify

    verdict = verify()
    for fault in verdict.faults[:20]:
        print(fault.sentence)
    if len(verdict.faults) > 20:
        print(f"…… 共 {len(verdict.faults)} 处")
    print(f"{verdict.events} 条事件，链{'完整' if verdict.ok else '已断'}，末条哈希 {verdict.head}")
    return 0 if verdict.ok else 1
