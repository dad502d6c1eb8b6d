"""`fenghuang rules`: what can be calculated."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fenghuang.engines.describe import described
from fenghuang.language.words import clause_title
from fenghuang.law.pack import packs


def register(commands: Any) -> None:
    parser = commands.add_parser("rules", help="列出全部规则")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出的格式")


def run(args: argparse.Namespace) -> int:
    found = [described(pack, name) for pack in packs().values() for name in pack.rules]
    if args.format == "json":
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for rule in found:
            print(f"{clause_title(rule['clause'])}　{rule['name']:24} {rule['title']}（{rule['subject']}）")
    return 0
