"""What the calculating commands share: the rule asked for, the day, the readings, faults on standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from fenghuang.engines.door import Fault
from fenghuang.language.readings import choose
from fenghuang.language.values import RuleError
from fenghuang.law.pack import Overlay, Pack, find, packs

MOST_FAULTS = 50


class Unusable(Exception):
    """Input that cannot be used: one line a fault, exit code 2, nothing written."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = list(lines)
        super().__init__("\n".join(self.lines))


def refuse(fault: Unusable) -> int:
    """Print the faults, one line each, and give the exit code."""
    for line in fault.lines[:MOST_FAULTS]:
        print(line, file=sys.stderr)
    if len(fault.lines) > MOST_FAULTS:
        print(f"……另有 {len(fault.lines) - MOST_FAULTS} 处问题未列出", file=sys.stderr)
    return 2


def sentences(faults: Sequence[Fault], file: str) -> Unusable:
    return Unusable(f.sentence(file) for f in faults)


def add_case_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="所依据的日期（默认今天或政策最后有效日，取较早者）")
    parser.add_argument("--set", metavar="READING=VALUE", action="append", default=[], help="改变一项口径，可重复")


def today() -> date:
    from datetime import datetime

    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def pack_of(rule: str) -> Pack:
    """The pack of a rule; Unusable suggests the nearest name."""
    from difflib import get_close_matches

    pack = find(rule)
    if pack is None:
        known = [name for p in packs().values() for name in p.rules]
        near = get_close_matches(rule, known, n=1, cutoff=0.4)
        raise Unusable(
            [f"没有名为 {rule} 的规则{f'，是否指 {near[0]}' if near else ''}；用 fenghuang rules 查看全部规则"]
        )
    return pack


def day(pack: Pack, text: str | None) -> date:
    if not text:
        return pack.default_day(today())
    try:
        found = date.fromisoformat(text)
    except ValueError as fault:
        raise Unusable([f"--on：读到“{text}”，应为日期，如 2022-12-31"]) from fault
    if not 1900 <= found.year <= 2199:
        raise Unusable([f"--on：读到“{text}”，年份应在 1900 与 2199 之间"])
    return found


def overlay(pack: Pack, rules: Sequence[str], settings: Sequence[str]) -> Overlay:
    """The readings set for this run; every one must belong to a rule that is asked for."""
    wanted: dict[str, str] = {}
    for setting in settings:
        name, equals, choice = setting.partition("=")
        if not equals:
            raise Unusable([f"--set：读到“{setting}”，应为 名称=取值"])
        wanted[name] = choice
    own = {r.name: r for rule in rules for r in pack.readings.get(rule, ())}
    for name in wanted:
        if name not in own:
            raise Unusable([f"--set {name}：{'、'.join(rules)} 没有这项口径；可用 {'、'.join(own) or '（无）'}"])
    try:
        for rule in rules:
            choose(pack.readings.get(rule, ()), wanted)
    except RuleError as fault:
        raise Unusable([f"--set {fault}"]) from fault
    return Overlay(readings=wanted)


def existing(path: str) -> Path:
    found = Path(path)
    if not found.is_file():
        raise Unusable([f"{path}：找不到这个文件"])
    return found
