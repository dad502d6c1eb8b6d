"""`fenghuang clauses`: how far each clause is carried out; with --numbers, where each number of the document lives."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fenghuang.commands import common
from fenghuang.commands.web import django_ready
from fenghuang.config.environment import home
from fenghuang.language.words import clause_title
from fenghuang.law import source
from fenghuang.law.clauses import STATUS, coverage, told
from fenghuang.law.document import Document, documents
from fenghuang.law.figures import KINDS, left_over

GAP = 2


def register(commands: Any) -> None:
    parser = commands.add_parser("clauses", help="列出各条款的实现情况，或原文的每个数字")
    parser.add_argument("--numbers", action="store_true", help="列出原文的每个数字、位置和所在")
    parser.add_argument("--on", metavar="年-月-日", help="所依据的日期（默认今天或政策最后有效日，取较早者）")
    parser.add_argument("--format", choices=["table", "json"], default="table", help="输出的格式")


def run(args: argparse.Namespace) -> int:
    said: list[Mapping[str, Any]] = []
    code = 0
    if not args.numbers:
        django_ready(migrated=False)  # the apps say themselves which duties they carry
    try:
        for document in documents().values():
            said += _numbers(document) if args.numbers else _clauses(document, common.day(document.pack, args.on))
    except common.Unusable as fault:
        return common.refuse(fault)
    if args.format == "json":
        print(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    else:
        print("\n".join(_numbers_table(said) if args.numbers else _clauses_table(said)))
    for document in documents().values() if args.numbers else ():
        code = max(code, _against_the_text(document))
    return code


def _clauses(document: Document, on: date) -> list[Mapping[str, Any]]:
    from fenghuang.platform.carried import carried

    return [told(document, clause, on) for clause in coverage(document, carried())]


def _clauses_table(clauses: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    rows = [("条款", "状态", "实现", "待办")]
    for clause in clauses:
        newer = clause["superseded"]
        done = "；".join(f"{duty['title']}（{'、'.join(duty['by'])}）" for duty in clause["done"])
        todo = "；".join(duty["title"] for duty in clause["todo"])
        status = f"已被 {newer['by']} 取代" if newer else STATUS[clause["status"]]
        rows.append((f"{clause_title(clause['clause'])} {clause['title']}", status, done or "—", todo or "—"))
    yield from _table(rows)
    count = [sum(clause["status"] == status for clause in clauses) for status in STATUS]
    yield "；".join(f"{title} {n}" for title, n in zip(STATUS.values(), count, strict=True))


def _numbers(document: Document) -> list[Mapping[str, Any]]:
    return [{**row._asdict(), "policy": document.pack.id} for row in document.numbers]


def _numbers_table(numbers: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    rows = [("数字", "位置", "类别", "所在")]
    for number in numbers:
        kind, _, where = number["where"].partition(":")
        rows.append((number["token"], f"{number['line']}:{number['column']}", KINDS[kind], where))
    return _table(rows)


def _against_the_text(document: Document) -> int:
    """Compare with the loaded text; what is left over is told on standard error, exit code 1."""
    text = source.text(document, home())
    if text is None:
        print(f"{document.pack.number}：共 {len(document.numbers)} 个数字；原文未载入，未与原文核对", file=sys.stderr)
        return 0
    more, stale = left_over(document, text)
    for token in more:
        print(f"第 {token.line} 行第 {token.column} 列的“{token.text}”没有归属", file=sys.stderr)
    for row in stale:
        print(f"第 {row.line} 行第 {row.column} 列没有“{row.token}”", file=sys.stderr)
    if more or stale:
        return 1
    print(f"{document.pack.number}：共 {len(document.numbers)} 个数字，与原文逐一核对，全部有归属", file=sys.stderr)
    return 0


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Columns as wide as their widest cell on a terminal, where a Chinese character takes two places."""
    widths = [max(map(_width, column)) + GAP for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(sign) in "WFA") for sign in text)
