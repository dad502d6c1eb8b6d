"""A document as data: what both Word and PDF are made of, so that the two cannot differ.

All values are text as it is printed. Nothing of the present moment enters: the same data give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

DEMO = "演示数据：企业和数字均为虚构，不作为任何决定的依据"


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Table:
    """Rows of equal length. `widths` are parts of the whole; `right` the columns whose figures stand at the right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    right: tuple[int, ...] = ()
    title: str = ""
    note: str = ""


Block = Heading | Paragraph | Table
KINDS = {Heading: "heading", Paragraph: "paragraph", Table: "table"}


@dataclass(frozen=True)
class Anchor:
    """The end of the audit log that a document states: the event's number and hash."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"审计日志第 {self.number} 条，哈希 {self.hash}" if self.number else "审计日志尚无事件"


@dataclass(frozen=True)
class Document:
    """`stands_on`: the decision (what, which fingerprints) as pairs of title and value; `mark` heads every page."""

    title: str
    body: tuple[Block, ...]
    signature: str
    day: date
    stands_on: tuple[tuple[str, str], ...]
    anchor: Anchor
    verify: str
    number: str = ""  # 发文字号
    addressee: str = ""
    mark: str = ""

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the templates read."""
        said = self._said()
        return said | {"stands_on": [*said["stands_on"], ["本文件内容指纹", f"SHA-256 {self.fingerprint}"]]}

    @cached_property
    def fingerprint(self) -> str:
        """Over everything the document says but this line: Word and PDF of one document carry the same."""
        text = json.dumps(self._said(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _said(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "number": self.number,
            "addressee": self.addressee,
            "body": [{"kind": KINDS[type(block)], **vars(block)} for block in self.body],
            "signature": self.signature,
            "day": f"{self.day.year}年{self.day.month}月{self.day.day}日",
            "iso_day": self.day.isoformat(),
            "stands_on": [list(pair) for pair in self.stands_on] + [["审计锚点", str(self.anchor)]],
            "verify": self.verify,
            "mark": self.mark,
        }
