"""Columns on a terminal: 中文 is two places wide, numbers stand to the right."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from fenghuang.language.numbers import show_decimal


def yuan(fen: int) -> str:
    """1,234.56 of 分."""
    text = show_decimal(abs(fen), 2)
    whole, _, rest = text.partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{rest}"


def grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of equal width; the first column to the left."""
    widths = [max(_width(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    return [
        "  ".join(_pad(cell, w, left=not i) for i, (cell, w) in enumerate(zip(row, widths, strict=True)))
        for row in [heads, *rows]
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text
