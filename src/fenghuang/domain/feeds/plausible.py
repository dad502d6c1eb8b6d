"""Whether a column was filled in another unit (元 for 万元, m² for 亩): told by the same firms' other figures.

A figure is compared with the one of the same key: of the year itself as delivered before, else of the year before or
after. Where most of a column is off by the factor between two units, the whole sheet is held back until a person
confirms it. New keys have nothing to be compared with: there the column's middle is compared with that of all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import polars as pl

from fenghuang.domain.feeds.standing import key_of
from fenghuang.domain.feeds.templates import Column, Template

FEWEST = 3  # pairs that tell anything
FEWEST_STRANGERS = 10  # figures on either side where only the middles can be compared
SHARE = 0.6  # of the pairs that are off by one and the same factor
NEAR = 1.6  # how near to the factor a pair must come; firms do not change more alike than that
WILD = 100  # a single figure this many times another year's
MONEY = {"元": 1, "千元": 1000, "万元": 10_000, "亿元": 100_000_000}
UNITS: dict[str, dict[str, float]] = {  # type -> the unit it may have been filled in -> how many times too large
    "mu": {"平方米": 10_000 / 15, "公顷": 1 / 15},
    "m2": {"亩": 15 / 10_000, "万平方米": 1e-4},
    "tce": {"万吨标准煤": 1e-4, "千克标准煤": 1000},
    "t": {"千克": 1000, "克": 1e6, "万吨": 1e-4},
    "percent": {"小数": 1e-2},
}
ELECTRICITY = {"万千瓦时": 1e-4}


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a person has to confirm before a sheet is taken."""

    kind: str  # unit | wild
    field: str
    year: int
    sentence: str
    rows: int

    @property
    def is_unit(self) -> bool:
        return self.kind == "unit"


def doubts(template: Template, year: int, fresh: pl.DataFrame, others: list[tuple[str, pl.DataFrame]]) -> list[Doubt]:
    """`fresh` and `others` are parsed rows of the template; others come with words for their year, nearest first."""
    if fresh.is_empty() or not others:
        return []
    found = []
    keyed = fresh.with_columns(key=key_of(template))
    references = [(words, frame.with_columns(key=key_of(template))) for words, frame in others if not frame.is_empty()]
    for column in template.columns:
        if column.is_number and (doubt := _of_column(template, column, year, keyed, references)):
            found.append(doubt)
    return found


def _of_column(
    template: Template, column: Column, year: int, fresh: pl.DataFrame, others: list[tuple[str, pl.DataFrame]]
) -> Doubt | None:
    mine = _figures(fresh, column)
    pairs: dict[str, tuple[int, int, int, str]] = {}
    strangers: list[int] = []
    for words, frame in others:
        theirs = _figures(frame, column)
        strangers += [abs(value) for value, _ in theirs.values()]
        for key in mine.keys() & theirs.keys() - pairs.keys():
            pairs[key] = mine[key][0], theirs[key][0], mine[key][1], words
    ratios = [abs(new / old) for new, old, _, _ in pairs.values()]
    factors = _factors(template, column)
    if len(ratios) >= FEWEST:
        for unit, factor in factors.items():
            off = sum(1 for ratio in ratios if factor / NEAR <= ratio <= factor * NEAR)
            if off >= SHARE * len(ratios):
                words = next(iter(pairs.values()))[3]
                return _unit(column, year, unit, factor, off, f"{len(ratios)} 行可比的数中有 {off} 行约为{words}的")
    elif len(mine) >= FEWEST_STRANGERS <= len(strangers):
        ratio = median(abs(value) for value, _ in mine.values()) / median(strangers)
        for unit, factor in factors.items():
            if (factor >= 500 or factor <= 1 / 500) and factor / 5 <= ratio <= factor * 5:
                return _unit(column, year, unit, factor, len(mine), "中位数约为已有数据的")
    return _wild(column, year, pairs)


def _figures(frame: pl.DataFrame, column: Column) -> dict[str, tuple[int, int]]:
    """Key -> (value, line) of what is known and not zero."""
    known = frame.filter(pl.col(column.field).is_not_null() & (pl.col(column.field) != 0))
    return {key: (value, row) for key, value, row in known.select("key", column.field, "row").iter_rows()}


def _factors(template: Template, column: Column) -> dict[str, float]:
    """Unit -> how many times too large a figure is that was filled in it."""
    if column.type == "money":
        return {unit: column.scale / scale for unit, scale in MONEY.items() if scale != column.scale}
    if template.name == "meters":
        return ELECTRICITY
    return UNITS.get(column.type, {})


def _unit(column: Column, year: int, unit: str, factor: float, rows: int, how: str) -> Doubt:
    times = f"{_plain(factor)} 倍" if factor > 1 else f"{_plain(1 / factor)} 分之一"
    sentence = (
        f"{year} 年“{column.header}”{how} {times}，像是按“{unit}”填报；"
        "请与报送部门核对单位：填错的请放弃并更正后重报，确实无误的请勾选确认"
    )
    return Doubt("unit", column.field, year, sentence, rows)


def _plain(factor: float) -> str:
    return f"{factor:,.0f}" if factor >= 100 else f"{factor:.0f}"


def _wild(column: Column, year: int, pairs: dict[str, tuple[int, int, int, str]]) -> Doubt | None:
    """Single figures that are a hundred times another year's, or a hundredth."""
    if column.type in ("percent", "ratio"):
        return None
    wild = [one for one in pairs.values() if abs(one[0]) >= WILD * abs(one[1]) or WILD * abs(one[0]) <= abs(one[1])]
    if not wild:
        return None
    lines = sorted(one[2] for one in wild)
    shown = "、".join(map(str, lines[:5])) + (" 等" if len(lines) > 5 else "")
    sentence = (
        f"{year} 年“{column.header}”有 {len(wild)} 行与{wild[0][3]}相差 {WILD} 倍以上（第 {shown} 行）；"
        "请核对单位和数字，确实无误的请勾选确认"
    )
    return Doubt("wild", column.field, year, sentence, len(wild))
