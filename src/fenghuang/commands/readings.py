"""`fenghuang readings [RULE]`: the open passages, each with its place, choices, default, reason, effect, and who settled it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from fenghuang.commands import common
from fenghuang.engines.describe import interpretation
from fenghuang.language.readings import EVERY_RULE
from fenghuang.language.words import clause_title
from fenghuang.law.pack import Pack, packs


def register(commands: Any) -> None:
    parser = commands.add_parser("readings", help="列出各项口径：原文位置、选择、默认、理由、影响")
    parser.add_argument("rule", metavar="规则", nargs="?", help="规则名；不写则列出全部")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出的格式")


def run(args: argparse.Namespace) -> int:
    try:
        asked = [common.pack_of(args.rule)] if args.rule else list(packs().values())
    except common.Unusable as fault:
        return common.refuse(fault)
    found = [
        (pack, interpretation(pack, reading))
        for pack in asked
        for reading in pack.every_reading
        if not args.rule or reading.rule in (args.rule, EVERY_RULE)
    ]
    if args.format == "json":
        print(json.dumps([reading for _, reading in found], ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(_told(pack, reading) for pack, reading in found))
    return 0


def _told(pack: Pack, reading: Mapping[str, Any]) -> str:
    """A reading in lines a person reads; what a reading cannot yet be set for stands beside its name."""
    rule = reading["rule"]
    about = f"{clause_title(reading['clause'])} {pack.words.rule_title(rule)}（{rule}）" if rule else "整份文件"
    open_ = f"　【只作记录，不能选定：还需要{reading['needs']}】" if reading["open"] else ""
    settled = f"{reading['settled_by']}，{reading['settled_on']}" if reading["settled_by"] else "尚无有权机关确认"
    return "\n".join(
        (
            f"{reading['name']}　{reading['title']}{open_}",
            f"  所属：{pack.number}　{about}　原文第 {reading['at']}（行:列）",
            *(
                f"  {'默认' if choice == reading['default'] else '可选'}：{choice}（{said}）"
                for choice, said in reading["choices"].items()
            ),
            f"  理由：{reading['reason']}",
            f"  影响：{reading['effect']}",
            f"  确认：{settled}",
        )
    )
