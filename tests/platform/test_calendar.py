"""Working days over holidays that were announced, and over a year that is not."""

from datetime import date

import pytest

from fenghuang.platform.calendar import after, announced, between, is_working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2023, 3, 6), 5, date(2023, 3, 13)),  # Monday: the next Monday
        (date(2023, 1, 20), 1, date(2023, 1, 28)),  # over 春节, to a Saturday that is worked
        (date(2022, 9, 30), 3, date(2022, 10, 10)),  # over 国庆: Saturday 8 and Sunday 9 are worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # 14 is worked
    ],
)
def test_deadlines_go_over_holidays(start: date, days: int, end: date) -> None:
    assert after(start, days) == (end, False)
    assert between(start, end) == days


def test_a_year_that_is_not_announced_counts_weekdays_and_says_so() -> None:
    year = max(announced()) + 1
    found = after(date(year, 9, 28), 5)
    assert found.estimated
    assert all(is_working(date(year, 10, day)) == (date(year, 10, day).weekday() < 5) for day in range(1, 8))


def test_lateness_counts_backwards() -> None:
    assert between(date(2023, 3, 14), date(2023, 3, 10)) == -2


def test_days_worked_are_weekend_days_and_days_off_are_not() -> None:
    for off, work in announced().values():
        assert all(day.weekday() < 5 for day in off)
        assert all(day.weekday() >= 5 for day in work)
        assert not off & work
