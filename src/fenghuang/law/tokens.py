"""The numbers of a document's text: Arabic figures and the Chinese numerals that bind.

Every numeral counts until somebody says it does not: `idle` words (统一, 进一步) are passed over, a `phrase` (上一年度,
两高一低) is one token, and anything else is a token of its own. A numeral that nobody foresaw is therefore left over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from fenghuang.language.numbers import plain

_ARABIC = r"[0-9０-９]+(?:,[0-9]{3})*(?:[.．][0-9０-９]+)?(?:[ 　]?[%％‰])?"
_DIGITS = "〇零一二两三四五六七八九十百千万亿半双多"
_CHINESE = rf"[{_DIGITS}]+分之[{_DIGITS}]+|[{_DIGITS}]+"
# 万 and 亿 behind an Arabic figure belong to its unit: 500 万元.
_UNIT = r"(?<=[0-9０-９])[ 　]?[万亿]+"
_VALUES = {"一": 1, "二": 2, "两": 2, "双": 2, "多": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}


class Token(NamedTuple):
    """A number as the document writes it, with its place (both counted from 1)."""

    text: str
    line: int
    column: int

    @property
    def place(self) -> str:
        return f"{self.line}:{self.column}"


def tokens(text: str, phrases: Iterable[str] = (), idle: Iterable[str] = ()) -> Iterator[Token]:
    """Every number of the text in reading order."""
    known, passed = (
        "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)" for words in (phrases, idle)
    )
    number = re.compile(rf"(?P<idle>{passed}|{_UNIT})|{known}|{_ARABIC}|{_CHINESE}")
    for row, line in enumerate(text.splitlines(), 1):
        for found in number.finditer(line):
            if found["idle"] is None:
                yield Token(found[0], row, found.start() + 1)


def value(said: str) -> Fraction | None:
    """What a token is worth: 20% is 1/5, 三分之一 is 1/3, 亿 is 10^8; None for a phrase."""
    text = plain(said).replace(" ", "").replace(",", "")
    if re.fullmatch(r"[0-9.]+[%‰]?", text):
        return Fraction(text.rstrip("%‰")) / {"%": 100, "‰": 1000}.get(text[-1], 1)
    below, parted, above = text.partition("分之")
    if not re.fullmatch(rf"[{_DIGITS.replace('半', '')}]+", below + above):
        return None
    return Fraction(_whole(above), _whole(below)) if parted else Fraction(_whole(below))


def _whole(said: str) -> int:
    """十五 is 15, 二十 is 20, 三千 is 3000, 亿 is 10^8."""
    total = section = digit = 0
    for sign in said:
        if sign in _POWERS:
            section += (digit or 1) * _POWERS[sign]
            digit = 0
        elif sign in _MYRIADS:
            total += (section + digit or 1) * _MYRIADS[sign]
            section = digit = 0
        else:
            digit = _VALUES.get(sign, 0)
    return total + section + digit
