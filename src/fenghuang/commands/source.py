"""`fenghuang source load FILE`, `fenghuang source show CLAUSE|LINE`: the document's own text, kept on this machine."""

from __future__ import annotations

import argparse
from typing import Any

from fenghuang.commands import common
from fenghuang.config.environment import home
from fenghuang.law import source
from fenghuang.law.document import Document, documents


def register(commands: Any) -> None:
    parser = commands.add_parser("source", help="载入政策原文，查看条款原文")
    actions = parser.add_subparsers(dest="action", metavar="操作", required=True)
    load = actions.add_parser("load", help="核对 SHA-256 后存入数据目录")
    load.add_argument("file", help="原文的文本文件")
    show = actions.add_parser("show", help="显示一个条款或一行的原文")
    show.add_argument("place", metavar="条款或行号", help="如 art.10、task.16、target、49")


def run(args: argparse.Namespace) -> int:
    try:
        return _load(args.file) if args.action == "load" else _show(args.place)
    except common.Unusable as fault:
        return common.refuse(fault)


def _load(file: str) -> int:
    path = common.existing(file)
    try:
        document, stored = source.load(path.read_bytes(), home())
    except source.NotTheSource as fault:
        known = "；".join(f"{d.pack.number} 应为 {d.sha256}" for d in documents().values())
        raise common.Unusable([f"{path.name}：不是政策原文：{known}，读到的 SHA-256 为 {fault.found}"]) from fault
    except OSError as fault:
        raise common.Unusable([f"{fault.filename or path}：无法读写（{fault.strerror}）"]) from fault
    print(f"{document.pack.number}：原文已核对并存入 {stored}")
    return 0


def _show(place: str) -> int:
    texts = {document: source.text(document, home()) for document in documents().values()}
    loaded = {document: text for document, text in texts.items() if text is not None}
    if not loaded:
        raise common.Unusable(["原文未载入：先运行 fenghuang source load FILE"])
    for document, text in loaded.items():
        if paragraphs := _paragraphs(document, place, text):
            print("\n".join(paragraphs))
            return 0
    raise common.Unusable([f"{place}：应为条款（如 art.10、task.16）或原文中有字的行号"])


def _paragraphs(document: Document, place: str, text: str) -> list[str]:
    if not place.isdecimal():
        return source.passage(document, place, home()) or []
    lines = text.splitlines()
    return [line] if 0 < int(place) <= len(lines) and (line := lines[int(place) - 1].strip()) else []
