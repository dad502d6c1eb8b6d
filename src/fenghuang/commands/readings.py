"""`fenghuang readings [RULE]`: the open passages; with --population FILE, what each computable alternative is worth."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from fenghuang.commands import common
from fenghuang.commands.text_tables import grid, yuan
from fenghuang.engines import describe
from fenghuang.engines.door import Faulty
from fenghuang.language.numbers import show_decimal
from fenghuang.language.readings import EVERY_RULE
from fenghuang.language.words import clause_title
from fenghuang.law.pack import Pack, packs


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "readings",
        help="列出各项口径，或按人群测算",
        description="各项口径的原文位置、选择、默认、理由和影响；写明人群的，测算每种可选口径与默认口径相比的对象数和金额",
    )
    parser.add_argument("rule", metavar="规则", nargs="?", help="只列一条规则的口径")
    parser.add_argument("--population", metavar="文件", help="人群：CSV、JSON 或 Parquet 文件")
    parser.add_argument(
        "--rules", metavar="规则", help="测算哪些规则：规则名，多条用逗号分隔（默认人群具备全部数据的规则）"
    )
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="所依据的日期（默认今天或政策最后有效日，取较早者）")
    parser.add_argument("--format", choices=["table", "json"], default="table")


def run(args: argparse.Namespace) -> int:
    try:
        print(priced(args) if args.population else listed(args))
    except common.Unusable as fault:
        return common.refuse(fault)
    return 0


def listed(args: argparse.Namespace) -> str:
    """Every reading, or those of one rule and of its whole document; Unusable for a rule there is not."""
    asked = [common.pack_of(args.rule)] if args.rule else list(packs().values())
    found = [
        (pack, describe.reading(reading))
        for pack in asked
        for reading in pack.every_reading
        if not args.rule or reading.rule in (args.rule, EVERY_RULE)
    ]
    if args.format == "json":
        return json.dumps([{"policy": pack.id, **about} for pack, about in found], ensure_ascii=False, indent=1)
    return "\n\n".join(_told(pack, about) for pack, about in found) or "没有留有选择之处"


def _told(pack: Pack, reading: Mapping[str, Any]) -> str:
    """A reading in lines a person reads; what a reading cannot yet be set for stands beside its name."""
    rule = reading["rule"]
    about = "整份文件"
    if rule != EVERY_RULE:
        about = f"{clause_title(reading['clause'])} {pack.words.rule_title(rule)}（{rule}）"
    open_ = f"　【只作记录，不能选定：还需要{reading['needs']}】" if reading["open"] else ""
    settled = "{by}，{on}".format(**reading["settled"]) if reading["settled"] else "尚无有权机关确认"
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


def priced(args: argparse.Namespace) -> str:
    """The table of prices over the population; Unusable for input that cannot be used."""
    from fenghuang.commands.whatif import named_rules
    from fenghuang.engines import batch, whatif

    names = [name.strip() for name in (args.rules or "").split(",") if name.strip()]
    pack: Pack = common.pack_of(names[0]) if names else next(p for p in packs().values() if p.readings)
    day = common.day(pack, args.on)
    people = common.existing(args.population)
    try:
        table = batch.read(people)
        whatif.population(pack, table)
        have = set(table.frame.columns)
        asked = named_rules(pack, args.rules) or [r for r in pack.readings if have >= set(pack.rules[r].inputs)]
        prices = whatif.price_table(pack, asked, table, day)
    except Faulty as fault:
        raise common.sentences(fault.faults, people.name) from fault
    if not prices:
        raise common.Unusable([f"{people.name}：这些列不足以测算任何一项口径；用 --rules 写明规则"])
    if args.format == "json":
        return json.dumps([_as_json(one) for one in prices], ensure_ascii=False, indent=1)
    heads = ["口径", "可选", "变动对象", "增加（元）", "减少（元）", "净额（元）", "未知"]
    return "\n".join(grid(heads, [_row(one) for one in prices]))


def _row(one: Any) -> list[str]:
    amounts = ["—" if fen is None else yuan(fen) for fen in (one.more, one.less, one.net)]
    named = f"{one.rule}.{one.reading}"
    return [named, f"{one.choice}（{one.means}）", f"{one.changed:,}", *amounts, f"{one.change.unknown:,}"]


def _as_json(one: Any) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in ("rule", "reading", "title", "default", "choice", "means", "changed")}
    amounts = {n: None if (fen := getattr(one, n)) is None else show_decimal(fen, 2) for n in ("more", "less", "net")}
    change = one.change
    return {
        **said,
        **amounts,
        "subjects": change.subjects,
        "winners": change.winners,
        "losers": change.losers,
        "unknown": change.unknown,
    }
