"""Text cells of a facts file as the columns of facts.py, for the command line and any other edge.

Numbers may carry full-width digits and thousands separators ("1,234.50"); decimals beyond the fact's own are rounded
half up as the feeds do. An empty cell is unknown. Every fault is told: file, row, field, found, expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fenghuang.language.numbers import fraction, int64, plain, round_half_away
from fenghuang.law.methods.expressions import Kind
from fenghuang.law.methods.facts import FACTS, INDICATORS, Cell, Fact, fact
from fenghuang.law.methods.faults import FactsError, Fault
from fenghuang.law.methods.method import Method

MAX_FAULTS = 200  # a file with the wrong unit everywhere need not fill the screen
BOOLS = {"true": True, "false": False, "是": True, "否": False}

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class CellsRead:
    """The columns that the method uses, and the names of those it does not."""

    columns: dict[str, list[Cell]]
    unused: tuple[str, ...]


def read_cells(
    method: Method, cells: Mapping[str, Sequence[str | None]], file: str = "", rows: Sequence[int] | None = None
) -> CellsRead:
    """Convert the columns that the method uses; FactsError with every fault.

    `rows`: the row numbers as a reader of the file counts them; without them the header is row 1 and no row is blank.
    """
    used = {"uscc" if "uscc" in cells else "id", *method.columns_read()}
    faults: list[Fault] = []
    columns: dict[str, list[Cell]] = {}
    for name, texts in cells.items():
        if name not in used:
            continue
        described = described_column(name, method.kinds)
        column: list[Cell] = []
        for row, text in zip(rows or range(2, len(texts) + 2), texts, strict=True):
            try:
                column.append(read_cell(text, described))
            except ValueError as error:
                column.append(None)
                faults.append(Fault(file, f"第 {row} 行 {name}", f"“{text}”", str(error)))
                if len(faults) >= MAX_FAULTS:
                    faults.append(Fault(file, "", f"仅列出前 {MAX_FAULTS} 处错误", "逐一改正后重试"))
                    raise FactsError(faults) from error
        columns[name] = column
    if faults:
        raise FactsError(faults)
    return CellsRead(columns, tuple(name for name in cells if name not in used))


def described_column(name: str, kinds: Mapping[str, Kind]) -> Fact:
    """What a column holds: a fact of the contract, an indicator given directly, or what the method's use says."""
    if name in INDICATORS:
        return Fact(name, INDICATORS[name].title, "number", INDICATORS[name].unit)
    return fact(name, kinds)


def read_cell(text: str | None, described: Fact) -> Cell:
    """One cell; ValueError with what is expected, in Chinese, when it cannot be read."""
    if text is None:
        return None
    if described.kind == "number":
        return _number(text, described)
    text = plain(text)
    if not text:
        return None
    if described.kind == "bool":
        if text.lower() not in BOOLS:
            raise ValueError("是、否、true 或 false，未知留空")
        return BOOLS[text.lower()]
    if described.name == "industry" and not (text.isascii() and text.isdigit() and 2 <= len(text) <= 4):
        raise ValueError("GB/T 4754-2017 的 2 至 4 位数字代码")
    return text


def _number(text: str, described: Fact) -> Cell:
    decimals = described.decimals
    whole, _, part = text.partition(".")
    # the common cell, quickly: ASCII digits that fit the decimals and 64 bits
    if decimals is not None and whole.isascii() and whole.isdigit() and len(whole) <= 12 and len(part) <= decimals:
        if not part:
            return _scaled(whole, decimals)
        if part.isascii() and part.isdigit():
            return _scaled(whole + part, decimals - len(part))
    text = plain(text)
    if not text:
        return None
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    try:
        value = fraction(text)
    except ValueError:
        raise ValueError(f"数字（{described.unit}）" if described.unit else "数字") from None
    if described.not_negative and value < 0:
        raise ValueError(f"不小于 0 的数字（{described.unit}）")
    if decimals is None:
        return value
    try:
        return int64(round_half_away(value.numerator * 10**decimals, value.denominator))
    except OverflowError:
        raise ValueError(f"64 位以内的数字（{described.unit}）") from None


def _scaled(digits: str, zeros: int) -> int:
    return int(digits + "0" * zeros)


def show_cell(value: Cell, name: str, kinds: Mapping[str, Kind]) -> str | bool | None:
    """A cell as text in the fact's unit, for explanations; booleans stay, unknown stays."""
    if value is None or isinstance(value, (bool, str)):
        return value
    decimals = FACTS[name].decimals if name in FACTS else None
    exact = Fraction(value) / 10 ** (decimals or 0)
    return show_exact(exact, decimals if decimals is not None else 6)


def show_exact(value: Fraction, decimals: int) -> str:
    """Decimal text with at most so many decimals, idle zeros gone."""
    digits = round_half_away(value.numerator * 10**decimals, value.denominator)
    sign, digits = ("-" if digits < 0 else ""), abs(digits)
    whole, part = divmod(digits, 10**decimals)
    tail = str(part).rjust(decimals, "0").rstrip("0") if decimals else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"
