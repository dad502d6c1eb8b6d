"""Working days: Mondays to Fridays but for the days announced each year (`working_days.yaml`).

A year that is not announced yet counts Mondays to Fridays; what stands on it says 暂按周末推算.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

TABLE = Path(__file__).with_name("working_days.yaml")
ESTIMATED = "暂按周末推算"


class Deadline(NamedTuple):
    """The last day; `estimated` when it touches a year that is not announced."""

    day: date
    estimated: bool


@cache
def announced() -> dict[int, tuple[frozenset[date], frozenset[date]]]:
    """Year -> (working weekdays that are off, weekend days that are worked)."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {year: (_days(year, told["rest"]), _days(year, told["work"])) for year, told in table.items()}


def _days(year: int, by_month: dict[int, list[int]]) -> frozenset[date]:
    return frozenset(date(year, month, day) for month, days in by_month.items() for day in days)


def is_working(day: date) -> bool:
    """Whether people work on the day, as far as is announced."""
    off, work = announced().get(day.year, (frozenset(), frozenset()))
    return day in work or (day.weekday() < 5 and day not in off)


def after(start: date, days: int) -> Deadline:
    """The last of so many working days; the first is the next working day after `start`."""
    if days < 1:
        raise ValueError("a period has at least one working day")
    day, left, estimated = start, days, False
    while left:
        day += timedelta(days=1)
        estimated |= day.year not in announced()
        left -= is_working(day)
    return Deadline(day, estimated)


def between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -between(end, start)
    return sum(is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
