"""Columns of text against the exact parser of single numbers."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.domain.feeds.templates import Column, template
from fenghuang.domain.feeds.values import choices, code_column, flags, numbers, parse, years
from fenghuang.language.numbers import INT64_MAX, round_decimal

COLUMNS = [
    Column("元", "x", "money"),
    Column("千元", "x", "money", scale=1000),
    Column("万元", "x", "money", scale=10000),
    Column("亩", "x", "mu"),
    Column("吨", "x", "t"),
    Column("人", "x", "int"),
    Column("%", "x", "percent"),
]
decimals = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=None)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c.header}")
@given(
    data=st.lists(st.one_of(decimals.map(lambda d: f"{d:f}"), st.floats(-1e9, 1e9).map(repr), st.none()), max_size=30)
)
def test_numbers_are_rounded_half_up_exactly(column: Column, data: list[str | None]) -> None:
    values, bad = numbers(pl.Series("x", data, dtype=pl.String), column)
    assert bad == {}
    wanted = [
        None if text is None else int((Decimal(text).scaleb(column.shift)).quantize(Decimal(1), ROUND_HALF_UP))
        for text in data
    ]
    assert values.to_list() == wanted


@given(st.lists(st.text(max_size=12), max_size=20))
def test_any_text_is_read_as_the_single_parser_reads_it_or_reported(data: list[str]) -> None:
    values, bad = numbers(pl.Series("x", data, dtype=pl.String), COLUMNS[0])
    for text, value in zip(data, values.to_list(), strict=True):
        try:
            exact: int | None = round_decimal(text, 2)
        except ValueError:
            exact = None
        if exact is None or abs(exact) > INT64_MAX:  # no number, or none of this world
            assert value is None
            assert text in bad
        else:
            assert value == exact


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("171904347.879999995", 17190434788),
        ("171904347.88000003", 17190434788),
        ("0.30000000000000004", 30),
        ("0.005", 1),
        ("-0.005", -1),
        ("1e3", 100000),
        ("１２．５", 1250),
        ("+.5", 50),
        ("5.", 500),
        ("0", 0),
        ("-0.001", 0),
    ],
)
def test_forms_of_numbers(text: str, fen: int) -> None:
    assert numbers(pl.Series("x", [text]), COLUMNS[0])[0].to_list() == [fen]


@pytest.mark.parametrize(
    "text", ["无", "约120", "1,23", "1,2345", ",123", "1，2", "12万", "--", "1e", "nan", "inf", "0x10", "1_000"]
)
def test_text_is_no_number(text: str) -> None:
    values, bad = numbers(pl.Series("x", [text]), COLUMNS[0])
    assert values.to_list() == [None]
    assert bad[text][0] == "text_in_number"


def test_a_number_beyond_64_bits_is_loud() -> None:
    values, bad = numbers(pl.Series("x", ["9" * 25, "1e300"]), COLUMNS[0])
    assert values.to_list() == [None, None]
    assert {kind for kind, _ in bad.values()} == {"too_large"}


def test_years_flags_codes_choices() -> None:
    read, bad = years(pl.Series("y", ["2022", "2022.0", "2022年", "２０２２", "22", "2202", "1999"]))
    assert read.to_list() == [2022] * 4 + [None] * 3
    assert set(bad) == {"22", "2202", "1999"}
    assert flags(pl.Series("b", ["是", "否", "TRUE", "0", "也许", None]))[0].to_list() == [
        True,
        False,
        True,
        False,
        None,
        None,
    ]
    assert code_column(pl.Series("c", [" 9133 1002ma28gaaa1x ".strip()]))[0].to_list() == ["91331002MA28GAAA1X"]
    column = template("projects").column("applies_for")
    read, bad = choices(pl.Series("p", ["技改补助、租赁厂房补助", None, "其他补助"]), column)
    assert read.to_list() == ["upgrade_subsidy,rent_subsidy", "", ""]
    assert set(bad) == {"其他补助"}


def test_a_row_says_all_that_is_wrong_with_it() -> None:
    texts = {"id": [1], "uscc": ["123"], "name": [None], "year": ["二〇二二"], "energy_tce": ["-3"]}
    frame = pl.DataFrame(texts, schema={"id": pl.Int64, **dict.fromkeys(list(texts)[1:], pl.String)})
    found = {(problem.field, problem.kind) for problem in parse(template("energy"), frame).problems}
    assert found == {("uscc", "wrong_length"), ("year", "bad_year"), ("energy_tce", "negative")}


def test_forced_text_of_csv_writers() -> None:
    texts = {
        "id": [1],
        "uscc": ['="91331002MA28GAAA1X"'],
        "name": ["\u200b 甲 "],
        "year": ["2022"],
        "energy_tce": [" "],
    }
    frame = pl.DataFrame(texts, schema={"id": pl.Int64, **dict.fromkeys(list(texts)[1:], pl.String)})
    row = parse(template("energy"), frame).frame.row(0, named=True)
    assert (row["uscc"], row["name"], row["energy_tce"]) == ("91331002MA28GAAA1X", "甲", None)
