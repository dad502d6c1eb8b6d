"""What a person types into a field: 4875万元, 1.2 亿, 48,750,000, 20%, ２０ become the plain text the door reads.

Nothing is guessed: a suffix counts only where its unit belongs to the field, and the page says what was understood.
"""

from __future__ import annotations

import re
from fractions import Fraction

from fenghuang.engines.door import Refused, value
from fenghuang.language import numbers, types
from fenghuang.language.words import figure
from fenghuang.platform.ui.numbers import thousands

LONGEST = 60  # characters of a number somebody types
_MONEY = {"亿元": 10**8, "亿": 10**8, "万元": 10**4, "万": 10**4, "元": 1}
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?\Z")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\Z")
_SUFFIX = re.compile(r"[^\d.,+\-eE\s].*\Z", re.DOTALL)


def plain(kind: types.Type, text: str) -> str:
    """The text as the door reads it; Refused where it cannot be meant for this field."""
    if kind.name == "date":
        return day(text)
    if not isinstance(kind, types.NumberType) or not text.strip():
        return text.strip()
    asked = numbers.plain(text)
    if len(asked) > LONGEST:
        raise Refused(expected(kind))
    found = _SUFFIX.search(asked)
    number, suffix = (asked[: found.start()].strip(), found[0].strip()) if found else (asked, "")
    factor = suffixes(kind).get(suffix)
    if factor is None:
        raise Refused(expected(kind))
    if _GROUPED.match(number):
        number = number.replace(",", "")
    if factor == 1:
        return number
    try:
        exact = numbers.fraction(number) * factor
    except numbers.NotANumber as fault:
        raise Refused(expected(kind)) from fault
    if (exact * 10**kind.decimals).denominator != 1:
        raise Refused(f"最多 {kind.decimals} 位小数")
    return numbers.show_fraction(exact, kind.decimals)


def day(text: str) -> str:
    """A day as people write it (2022.12.31, 2022年12月31日) as 2022-12-31; anything else as it is."""
    found = _DAY.match(numbers.plain(text).replace(" ", ""))
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else text.strip()


def suffixes(kind: types.NumberType) -> dict[str, Fraction]:
    """The units one may write behind the number, and what they multiply it by."""
    known = {"": Fraction(1)}
    unit = kind.unit.text
    if unit == "元":
        known |= {suffix: Fraction(size) for suffix, size in _MONEY.items()}
    elif unit:
        known[unit] = Fraction(1)
    if unit == "平方米":
        known |= dict.fromkeys(("m2", "平米"), Fraction(1))  # numbers.plain() makes m2 of ㎡ and m²
    if unit == "月":
        known["个月"] = Fraction(1)
    if kind is types.RATIO:
        known["%"] = Fraction(1, 100)
    return known


def expected(kind: types.Type) -> str:
    """What a field expects, as the page says it."""
    if not isinstance(kind, types.NumberType):
        return {"bool": "应为 是、否 或 未知", "date": "应为日期，如 2022-12-31"}.get(kind.name, "应为所列选项之一")
    example = "，可写成 4875万元、1.2亿元" if kind.unit.text == "元" else ""
    return f"应为{'数' if kind.decimals else '整数'}，{bounds(kind)}{example}"


def bounds(kind: types.NumberType) -> str:
    """From where to where, and how many decimals."""
    lowest, highest = (_figure(Fraction(n, 10**kind.decimals), kind.unit.text) for n in (kind.lo, kind.hi))
    unit = kind.unit.text
    decimals = f"，最多 {kind.decimals} 位小数" if kind.decimals else "，不带小数"
    if kind.lo == -kind.hi:
        return f"±{highest} 以内{decimals}"
    if unit and highest.endswith(unit):
        lowest = lowest.removesuffix(f" {unit}")
    return f"{lowest} 至 {highest}{decimals}"


def _figure(size: Fraction, unit: str) -> str:
    return f"{int(size / 10**8):,} 亿{unit}" if abs(size) >= 10**8 and unit else figure(size, unit)


def understood(kind: types.Type, text: str, canonical: str) -> str:
    """What the page says it read; empty where the text speaks for itself."""
    if not isinstance(kind, types.NumberType) or not canonical:
        return ""
    amount = numbers.parse_decimal(canonical, kind.decimals)
    exact = Fraction(amount, 10**kind.decimals)
    text_of = numbers.show_decimal(amount, kind.decimals)
    shown = thousands(text_of if kind.unit.text == "元" else numbers.trim(text_of))
    said = f"{shown} {kind.unit.text}".rstrip()
    if kind.unit.text == "元" and abs(exact) >= 10**4:
        return f"{said}，即 {figure(exact, '元')}"
    return said if text.strip() != canonical or abs(exact) >= 10**4 else ""


def read(kind: types.Type, text: str) -> tuple[int | bool | str | None, str, str]:
    """The value inside, its plain text, and what was understood; Refused says what is expected."""
    canonical = plain(kind, text)
    try:
        found = value(kind, canonical)
    except Refused as fault:
        many = isinstance(kind, types.NumberType) and "介于" not in str(fault)
        raise Refused(str(fault) if many else expected(kind)) from fault
    if isinstance(kind, types.NumberType) and isinstance(found, int):
        canonical = numbers.trim(numbers.show_decimal(found, kind.decimals))
    return found, canonical, understood(kind, text, canonical)
