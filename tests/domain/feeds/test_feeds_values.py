"""Columns of text against the exact parser of single numbers."""

import re
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fenghuang.domain.feeds.sentences import sentence
from fenghuang.domain.feeds.templates import Column, template
from fenghuang.domain.feeds.values import choices, code_column, flags, numbers, parse, years
from fenghuang.language.numbers import INT64_MAX, plain, round_decimal

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


THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def exactly(text: str) -> int | None:
    """The fen of a text by the single parser; a comma after every three digits counts for nothing."""
    text = plain(text)
    try:
        return round_decimal(text.replace(",", "") if THOUSANDS.fullmatch(text) else text, 2)
    except ValueError:
        return None


@example(["1,234", "１，２３４．５", "1,234,567.891", "12,34", "1,234,56", ",123", "-1,000."])
@given(st.lists(st.one_of(st.text(max_size=12), st.text("0123456789,.-+ ", max_size=12)), max_size=20))
def test_any_text_is_read_as_the_single_parser_reads_it_or_reported(data: list[str]) -> None:
    values, bad = numbers(pl.Series("x", data, dtype=pl.String), COLUMNS[0])
    for text, value in zip(data, values.to_list(), strict=True):
        exact = exactly(text)
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


def test_a_finding_says_what_was_found_what_is_expected_and_what_to_do() -> None:
    cases = {
        "331003000000001": "统一社会信用代码“331003000000001”是 15 位旧注册号，应为：18 位统一社会信用代码；",
        "91331002MA28GAAA1A": "“91331002MA28GAAA1A”校验位不符，应为：与前 17 位相符的末位（GB 32100-2015）；",
        "91331002MA28GOAA1X": "含有不使用的字符，应为：数字和 I、O、S、V、Z 以外的大写字母（现有“O”）；",
        None: "统一社会信用代码为空，必须填写；请补填后重新报送该行",
    }
    texts = {"id": range(4), "uscc": cases, "name": [None] * 4, "year": ["2022"] * 4, "energy_tce": ["约3"] * 4}
    frame = pl.DataFrame(
        {name: list(column) for name, column in texts.items()},
        schema={"id": pl.Int64, **dict.fromkeys(list(texts)[1:], pl.String)},
    )
    problems = parse(template("energy"), frame).problems
    said = {one.id: sentence(template("energy"), one) for one in problems if one.field == "uscc"}
    for number, expected in enumerate(cases.values()):
        assert expected in said[number]
        assert "重新报送该行" in said[number]
    said = {one.id: sentence(template("energy"), one) for one in problems if one.field == "energy_tce"}
    assert said[0] == "综合能耗（吨标准煤）“约3”不是数字，应为：只填数字，如 1234.50；请更正后重新报送该行"


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
