"""Exact numbers: integers of a smallest unit, one division, decimals only at the edges.

Money is 分, areas 0.01 m², 亩 0.0001 亩 (spec/rules.yaml, types). Nothing here knows a float: a double that came out of
a spreadsheet is taken by its shortest decimal form (`repr`).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from fractions import Fraction

EPOCH = date(1970, 1, 1).toordinal()
INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)
LONGEST = 400  # characters of a number that is worth reading; the longest double has 330

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\Z", re.ASCII)


class NotANumber(ValueError):
    """The text is no decimal number."""


class TooManyDecimals(ValueError):
    """The number has more decimals than its type keeps."""


def round_half_away(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest integer, halves away from zero (四舍五入)."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if denominator == 0:
        raise ZeroDivisionError("denominator is zero")
    magnitude, rest = divmod(abs(numerator), denominator)
    if 2 * rest >= denominator:
        magnitude += 1
    return -magnitude if numerator < 0 else magnitude


def fits_int64(lo: int, hi: int) -> bool:
    """Whether a range lies within 64 bits."""
    return lo >= INT64_MIN and hi <= INT64_MAX


def int64(value: int) -> int:
    """The value itself; loud when it does not fit 64 bits, as the column engine is."""
    if not fits_int64(value, value):
        raise OverflowError(f"{value} does not fit 64 bits")
    return value


def muldiv(a: int | None, b: int | None, c: int | None) -> int | None:
    """a*b/c rounded half away from zero; unknown for an unknown operand or c = 0; OverflowError past 64 bits."""
    if a is None or b is None or c is None or c == 0:
        return None
    return int64(round_half_away(a * b, c))


def days(day: date) -> int:
    """Days since 1970-01-01: how a date is carried inside."""
    return day.toordinal() - EPOCH


def day(days_since: int) -> date:
    """The date that is carried as this number of days."""
    return date.fromordinal(days_since + EPOCH)


def add_months(days_since: int | None, months: int) -> int | None:
    """The same day so many calendar months later; the month's last day where that day is missing."""
    if days_since is None:
        return None
    start = day(days_since)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return days(date(year, month, min(start.day, monthrange(year, month)[1])))


def plain(text: str) -> str:
    """Full-width digits and signs as ASCII, outer blanks gone (Excel and input methods leave them)."""
    return unicodedata.normalize("NFKC", text).strip()


def fraction(text: str) -> Fraction:
    """The exact value of a decimal text ("12.50", "1e3"); NotANumber otherwise."""
    text = plain(text)
    if len(text) > LONGEST or not _DECIMAL.match(text):
        raise NotANumber(text)
    return Fraction(text)


def parse_decimal(text: str, decimals: int) -> int:
    """Decimal text as an integer of 10^-decimals ("12.5", 2 -> 1250).

    Raises NotANumber, or TooManyDecimals when digits would be lost (trailing zeros are no loss).
    """
    scaled: Fraction = fraction(text) * 10**decimals
    if scaled.denominator != 1:
        raise TooManyDecimals(text)
    return scaled.numerator


def round_decimal(text: str, decimals: int) -> int:
    """As parse_decimal, but rounds half away from zero: for feeds of spreadsheet doubles (spec/evaluation.md)."""
    scaled = fraction(text) * 10**decimals
    return round_half_away(scaled.numerator, scaled.denominator)


def show_decimal(value: int, decimals: int) -> str:
    """The integer of 10^-decimals as plain decimal text (1250, 2 -> "12.50")."""
    if decimals == 0:
        return str(value)
    digits = str(value)
    if value < 0 or len(digits) <= decimals:
        sign = "-" if value < 0 else ""
        digits = sign + str(abs(value)).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def show_fraction(value: Fraction, decimals: int) -> str:
    """An exact value rounded half away from zero for display."""
    return show_decimal(round_half_away(value.numerator * 10**decimals, value.denominator), decimals)


def trim(text: str) -> str:
    """Decimal text without idle zeros ("12.50" -> "12.5", "3.00" -> "3")."""
    return text.rstrip("0").rstrip(".") if "." in text else text
