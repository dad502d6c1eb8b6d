"""How numbers read on pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from fenghuang.platform.ui import numbers


def show(expression: str, value: object) -> str:
    return Template("{{ v|" + expression + " }}").render(Context({"v": value}))


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("money", 123456, "1,234.56 元"),
        ("money", 0, "0.00 元"),
        ("money", -5, "-0.05 元"),
        ("money", -123456789, "-1,234,567.89 元"),
        ('money:"bare"', 100, "1.00"),
        ('money:"万元"', 123456789, "123.46 万元"),
        ('money:"万元"', -50, "0.00 万元"),
        ('money:"亿元"', 638_000_000_00, "6.38 亿元"),
        ('money:"auto"', 99999, "999.99 元"),
        ('money:"auto"', 1000000, "1.00 万元"),
        ('money:"auto"', 10**10, "1.00 亿元"),
        ("number", 1234567, "1,234,567"),
        ("number", 0, "0"),
        ('number:"4 亩"', 125000, "12.5 亩"),
        ('number:"4>2 亩"', 125049, "12.50 亩"),
        ('number:"4>2"', -125050, "-12.51"),
        ("percent", 123456, "12.35%"),
        ("percent:1", 1000000, "100.0%"),
        ("day", date(2024, 3, 1), "2024-03-01"),
        ("moment", datetime(2024, 3, 1, 16, 30, tzinfo=UTC), "2024-03-02 00:30"),
        ("shown", "7100000.00", "7,100,000.00"),
        ("shown", True, "是"),
        ("shown", ["甲", "乙"], "甲、乙"),
        ("shown", [], "无"),
        ("shown", "2021-12-26", "2021-12-26"),
        ("shown", "0331", "0331"),
        ("shown", "A", "A"),
    ],
)
def test_filters(expression: str, value: object, text: str) -> None:
    assert show(expression, value) == text


@pytest.mark.parametrize("expression", ["money", 'money:"bare"', "number", "percent", "day", "moment", "shown"])
def test_unknown_is_a_dash_that_says_so(expression: str) -> None:
    text = show(expression, None)
    assert 'title="未知"' in text
    assert "—" in text
    assert "0" not in text


def test_large_amounts_stay_exact() -> None:
    assert numbers.money(9007199254740993) == "90,071,992,547,409.93 元"
