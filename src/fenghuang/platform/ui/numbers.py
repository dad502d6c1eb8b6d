"""How numbers read: thousands, decimals, 万元 / 亿元. Plain text; the template filters add the dash for unknown.

Inside, numbers are integers of a smallest unit (language/numbers.py); nothing here goes through a float.
"""

from __future__ import annotations

from fenghuang.language.numbers import fraction, plain, round_half_away, show_decimal, trim

UNKNOWN = "—"
MONEY = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


def thousands(text: str) -> str:
    """Decimal text with separators ("-1234567.80" -> "-1,234,567.80")."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole or '0'):,}{point}{rest}"


def scaled(value: int, decimals: int, shown: int | None = None) -> str:
    """An integer of 10^-decimals; idle zeros go unless `shown` fixes the decimals."""
    if shown is None:
        return thousands(trim(show_decimal(value, decimals)))
    if shown < decimals:
        value = round_half_away(value, 10 ** (decimals - shown))
    else:
        value *= 10 ** (shown - decimals)
    return thousands(show_decimal(value, shown))


def amount(value: int, decimals: int, unit: str) -> str:
    """ "1,250.5 亩"; without a unit the number alone."""
    return f"{scaled(value, decimals)} {unit}".rstrip()


def money(fen: int, unit: str = "元") -> str:
    """Fen as 元 to the fen, as 万元 / 亿元 with two decimals, or in the unit that reads best ("auto")."""
    if unit == "auto":
        unit = "亿元" if abs(fen) >= 10**10 else "万元" if abs(fen) >= 10**6 else "元"
    in_fen = MONEY[unit] * 100
    return f"{thousands(show_decimal(round_half_away(fen * 100, in_fen), 2))} {unit}"


def percent(ratio: int, shown: int = 2) -> str:
    """A ratio x 10^6 as percent."""
    return f"{scaled(ratio, 4, shown)}%"


def value_text(value: object) -> str:
    """A value of an explanation record: decimal text gets separators, True / False 是 / 否, None the dash."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(value_text(part) for part in value) or "无"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    return thousands(text) if is_decimal(text) else text


def is_decimal(text: str) -> bool:
    """Whether the text is a number to be read as one: not a date, a year code or a name."""
    if plain(text) != text or not text.lstrip("-")[:1].isdigit() or "e" in text.lower():
        return False
    try:
        fraction(text)
    except ValueError:
        return False
    return not (len(text) > 1 and text.startswith("0") and not text.startswith("0."))
