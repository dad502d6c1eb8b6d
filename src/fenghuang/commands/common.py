"""What the calculating commands share: the rule asked for, the day, the readings, faults on standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from fenghuang.engines import case
from fenghuang.engines.door import Fault, Faulty
from fenghuang.law.pack import Overlay, Pack

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


@contextmanager
def faults_of_output() -> Iterator[None]:
    """What is wrong with the file to be written is said of that file, not of the one that was read."""
    try:
        yield
    except Faulty as fault:
        raise Unusable(f"{f.found}：{f.expected}" for f in fault.faults) from fault


def add_case_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", metavar="年-月-日", help="所依据的日期（默认今天或政策最后有效日，取较早者）")
    parser.add_argument("--set", metavar="口径=取值", action="append", default=[], help="改变一项口径，可重复")


def pack_of(rule: str) -> Pack:
    """The pack of a rule; Unusable suggests the nearest name."""
    try:
        return case.pack_of(rule)
    except case.NoSuchRule as fault:
        raise Unusable([f"{fault}；用 fenghuang rules 查看全部规则"]) from fault


def day(pack: Pack, text: str | None) -> date:
    """The day of --on, or the pack's own default."""
    try:
        return case.day(pack, text)
    except Faulty as fault:
        raise Unusable(f"--on：读到“{f.found}”，{f.expected}" for f in fault.faults) from fault


def overlay(pack: Pack, rules: Sequence[str], settings: Sequence[str]) -> Overlay:
    """The readings set for this run; every one must belong to a rule that is asked for."""
    try:
        return case.overlay(pack, rules, case.settings(settings))
    except Faulty as fault:
        raise Unusable(_setting(f) for f in fault.faults) from fault


def _setting(fault: Fault) -> str:
    if not fault.field:
        return f"--set：读到“{fault.found}”，{fault.expected}"
    return f"--set {fault.field}" + (f"={fault.found}: " if fault.found else "：") + fault.expected


def existing(path: str) -> Path:
    found = Path(path)
    if found.is_dir():
        raise Unusable([f"{path}：是一个文件夹，应为文件"])
    if not found.is_file():
        raise Unusable([f"{path}：找不到这个文件"])
    return found
