"""Text cells of a facts file."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.law.methods.cells import described_column, read_cell, read_cells, show_exact
from fenghuang.law.methods.faults import FactsError
from fenghuang.law.methods.reading import find_method


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("tax", "12.5", 1250),
        ("tax", "12", 1200),
        ("tax", "１，２３４.５０", 123450),
        ("tax", " 1,234.50 ", 123450),
        ("tax", "-3.005", -301),
        ("tax", "171904347.879999995", 17190434788),  # a spreadsheet's double
        ("tax", "0.005", 1),
        ("tax", "1e3", 100000),
        ("tax", "", None),
        ("tax", None, None),
        ("tax", "  ", None),
        ("land_mu", "3.00004", 30000),
        ("emission_t", "0.0000005", 1),
        ("employees", "12.5", 13),
        ("above_scale", "是", True),
        ("above_scale", "FALSE", False),
        ("above_scale", "", None),
        ("industry", "３８", "38"),
        ("county", " 黄岩区 ", "黄岩区"),
        ("rnd_share", "0.0302", Fraction("0.0302")),
    ],
)
def test_cells(name: str, text: str | None, expected: object) -> None:
    assert read_cell(text, described_column(name, {})) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *[("tax", text) for text in ("abc", "1,23", "1.2.3", "12元", "nan", "inf", "1e30", "9" * 5000, "1e9999")],
        *[("land_mu", "-1"), ("above_scale", "1"), ("industry", "C33"), ("industry", "3"), ("rnd_share", "2%")],
    ],
)
def test_unusable_cells(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_cell(text, described_column(name, {}))


def test_faults_name_file_row_field_found_and_expected() -> None:
    cells = {"uscc": ["a", "b"], "above_scale": ["是", "maybe"], "land_mu": ["x", "-1"], "nonsense": ["?", "?"]}
    with pytest.raises(FactsError) as caught:
        read_cells(find_method("huangyan-2022"), cells, "f.csv")
    assert str(caught.value).splitlines() == [
        "f.csv：第 3 行 above_scale：“maybe”；应为是、否、true 或 false，未知留空",
        "f.csv：第 2 行 land_mu：“x”；应为数字（亩）",
        "f.csv：第 3 行 land_mu：“-1”；应为不小于 0 的数字（亩）",
    ]


def test_unused_columns_are_named_not_read() -> None:
    read = read_cells(find_method("huangyan-2022"), {"uscc": ["a"], "name": ["甲"], "phone": ["x"]})
    assert (read.columns, read.unused) == ({"uscc": ["a"]}, ("name", "phone"))


@given(
    st.text(max_size=30), st.sampled_from(["tax", "land_mu", "employees", "above_scale", "industry", "rnd_share", "x"])
)
def test_any_cell_is_a_value_or_a_told_fault(text: str, name: str) -> None:
    try:
        read_cell(text, described_column(name, {"x": "number"}))
    except ValueError:
        return


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_shown_exactly(digits: int, decimals: int) -> None:
    assert Fraction(show_exact(Fraction(digits, 10**decimals), decimals)) == Fraction(digits, 10**decimals)
