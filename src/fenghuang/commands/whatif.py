"""`fenghuang whatif FILE.yaml --population FILE`: a variant of the law beside the law as it stands."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fenghuang.commands import common
from fenghuang.commands.text_tables import grid, yuan
from fenghuang.engines.door import Faulty, Refused
from fenghuang.language import numbers
from fenghuang.law.pack import Pack

if TYPE_CHECKING:
    import polars as pl

    from fenghuang.engines.batch import Table
    from fenghuang.engines.whatif import Comparison, Found, Variant
    from fenghuang.engines.whatif.budget import Direction


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "whatif", help="方案与现行政策比较", description="按方案重新计算人群，并与现行政策比较"
    )
    parser.add_argument("variant", metavar="FILE.yaml", help="方案文件：名称、政策、改动的数值、口径和评价方法")
    parser.add_argument("--population", required=True, metavar="FILE", help="人群：CSV、JSON 或 Parquet 文件")
    parser.add_argument("--rules", help="规则名，多条用逗号分隔（默认方案改动的规则）")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="所依据的日期（默认今天或政策最后有效日，取较早者）")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    parser.add_argument("--search", metavar="PATH", help="反推这个参数：总额不超过 --under 的最高取值")
    parser.add_argument("--under", metavar="AMOUNT", help="总额上限，如 2亿元")
    parser.add_argument("--lowest", action="store_true", help="反推最低（而不是最高）取值，如起点")


def run(args: argparse.Namespace) -> int:
    try:
        answer = _answer(args)
    except common.Unusable as fault:
        return common.refuse(fault)
    print(answer)
    return 0


def _answer(args: argparse.Namespace) -> str:
    from fenghuang.engines import whatif  # the column engine is loaded only when it is needed
    from fenghuang.engines.whatif.comparison import told

    source = common.existing(args.variant)
    try:
        variant = whatif.load(source)
    except Faulty as fault:
        raise common.sentences(fault.faults, source.name) from fault
    pack = variant.pack
    day = common.day(pack, args.on)
    bound = _bound(args)
    people = common.existing(args.population)
    try:
        table, grades = _population(pack, people, variant, day)
        rules = named_rules(pack, args.rules) or whatif.rules_for(pack, table, variant)
        if not rules:
            raise common.Unusable([f"{people.name}：没有一条有金额的规则能由这些列计算；用 --rules 写明规则"])
        if bound is not None:
            direction: Direction = "lowest" if args.lowest else "highest"
            found = whatif.search(pack, rules, table, day, variant, args.search, bound, direction, grades)
            return (
                json.dumps(_found_json(found), ensure_ascii=False, indent=1) if args.format == "json" else _told(found)
            )
        comparison = whatif.compare(pack, rules, table, day, variant, grades)
    except Faulty as fault:
        raise common.sentences(fault.faults, people.name) from fault
    if args.format == "json":
        return json.dumps(told(variant, comparison), ensure_ascii=False, indent=1)
    return _table(variant, comparison)


def _bound(args: argparse.Namespace) -> int | None:
    """--under in 分; both options or neither."""
    if bool(args.search) != bool(args.under):
        raise common.Unusable(
            ["--search 与 --under 须一起给出，如 --search art.10.upgrade_subsidy.rates[A][0] --under 2亿元"]
        )
    if not args.under:
        return None
    from fenghuang.engines.whatif.budget import amount

    try:
        return amount(args.under)
    except Refused as fault:
        raise common.Unusable([f"--under：读到“{args.under}”，{fault}"]) from fault


def _population(pack: Pack, people: Path, variant: Variant, day: date) -> tuple[Table, pl.Series | None]:
    from fenghuang.engines import batch, whatif
    from fenghuang.engines.whatif.regrade import method_of

    table = batch.read(people)
    method = method_of(variant.method) if variant.method else None
    whatif.population(pack, table, ["uscc", *method.columns_read()] if method else ())
    return table, whatif.regraded(method, table, day) if method else None


def named_rules(pack: Pack, text: str | None) -> list[str]:
    """The rules of --rules, all of this pack."""
    names = list(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))
    for name in names:
        if common.pack_of(name).id != pack.id:
            raise common.Unusable([f"--rules：{name} 不属于政策 {pack.id}"])
    return names


# --- as a person reads it


def _table(variant: Variant, found: Comparison) -> str:
    from fenghuang.engines.whatif.people import DIMENSIONS

    said = [f"{path} → {text}" for path, text in {**variant.parameters, **variant.readings}.items()]
    if variant.method:
        said.append(f"评价方法 → {variant.method}")
    lines = [f"方案：{variant.title}　依据日期 {found.on}", *(f"  {one}" for one in said or ["（与现行政策相同）"]), ""]
    heads = ["规则", "对象", "现行合计（元）", "方案合计（元）", "差额（元）", "增加", "减少", "不变", "未知"]
    lines += grid(heads, [_row(one.title, one.total, one.money) for one in found.rules])
    if len([one for one in found.rules if one.money]) > 1:
        lines += ["", *grid(heads, [_row("合计", found.total, True)])]
    for name, groups in found.by.items():
        lines += ["", *grid([DIMENSIONS[name], *heads[1:]], [_row(label, change, True) for label, change in groups])]
    if found.largest:
        rows = [
            [one.id, one.rule, yuan(one.before), yuan(one.after), yuan(one.after - one.before)] for one in found.largest
        ]
        lines += ["", "变动最大的十项", *grid(["对象", "规则", "现行（元）", "方案（元）", "差额（元）"], rows)]
    for rule in found.rules:
        for c in rule.conditions:
            verdicts = f"变为成立 {c.became_true}，变为不成立 {c.became_false}"
            known = f"变为已知 {c.became_known}，变为未知 {c.became_unknown}"
            lines.append(f"条件变化：{rule.title}·{c.title}：{verdicts}，{known}")
    if found.total.unknown:
        lines.append(f"另有 {found.total.unknown} 项金额未知，未计入差额")
    return "\n".join(lines)


def _row(title: str, change: Any, money: bool) -> Sequence[str]:
    amounts = [yuan(change.before), yuan(change.after), yuan(change.difference)] if money else ["—"] * 3
    counts = [change.winners, change.losers, change.same, change.unknown]
    return [title, f"{change.subjects:,}", *amounts, *(f"{count:,}" for count in counts)]


def _found_json(found: Found) -> dict[str, Any]:
    said = asdict(found)
    for name in ("bound", "present_total", "total", "beyond_total"):
        said[name] = None if said[name] is None else numbers.show_decimal(said[name], 2)
    return said


def _told(found: Found) -> str:
    """The answer of a search in sentences."""
    extreme = "最高" if found.direction == "highest" else "最低"
    lines = [
        f"{found.path}：总额不超过 {yuan(found.bound)} 元的{extreme}取值",
        f"  在 {found.tried_from} 至 {found.tried_to} 之间，以 {found.resolution} 为最小单位，试算 {found.runs} 次",
        f"  方案中为 {found.present}，总额 {yuan(found.present_total)} 元",
    ]
    if found.value is None or found.total is None:
        return "\n".join([*lines, "  没有一个取值使总额不超过上限"])
    lines.append(f"  结果 {found.value}，总额 {yuan(found.total)} 元")
    if found.beyond is None or found.beyond_total is None:
        lines.append("  已到试算范围的一端，总额仍不超过上限")
    else:
        lines.append(f"  再多一个最小单位为 {found.beyond}，总额 {yuan(found.beyond_total)} 元")
    if not found.monotone:
        lines.append("  注意：总额并不随这个取值单调变化，以上只是试算中最外侧的分界")
    if found.unknown:
        lines.append(f"  另有 {found.unknown} 项金额未知，未计入总额")
    return "\n".join(lines)
