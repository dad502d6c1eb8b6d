"""Conditions: reading, kinds, three-valued evaluation; nothing but ExpressionError comes out of a bad text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.law.methods.expressions import Column, ExpressionError, evaluate_columns, infer_kinds, parse
from fenghuang.law.methods.facts import KNOWN_KINDS

COLUMNS = {
    "flag": Column("bool", [True, False, None]),
    "land_mu": Column("number", [30000, 29999, None], 4),
    "tax": Column("number", [300, 1, None], 2),
    "industry": Column("code", ["4411", "17", None]),
    "county": Column("text", ["黄岩区", "椒江区", None]),
}


def value(text: str) -> list[bool | None]:
    return evaluate_columns(parse(text), COLUMNS.__getitem__, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flag", [True, False, None]),
        ("not flag", [False, True, None]),
        ("true", [True, True, True]),
        ("land_mu >= 3", [True, False, None]),
        ("land_mu > 3", [False, False, None]),
        ("land_mu = 2.9999", [False, True, None]),
        ("land_mu != 3", [False, True, None]),
        ("3 <= land_mu", [True, False, None]),
        ("-1.5 > land_mu", [False, False, None]),
        ("tax = land_mu", [True, False, None]),  # 3.00 and 3.0000; 0.01 and 2.9999
        ("tax < land_mu", [False, True, None]),
        ("land_mu in [3, 5]", [True, False, None]),
        ("county in ['黄岩区', \"路桥区\"]", [True, False, None]),
        ("county = '椒江区'", [False, True, None]),
        ("flag = false", [False, True, None]),
        ("land_mu >= 3 or true", [True, True, True]),
        ("land_mu >= 3 and false", [False, False, False]),
        ("land_mu >= 3 or false", [True, False, None]),
        ("flag or not flag", [True, True, None]),
        ("not (flag and land_mu >= 3)", [False, True, None]),
        ("false and false or true", [True, True, True]),
        ("not false and false", [False, False, False]),
    ],
)
def test_values(text: str, expected: list[bool | None]) -> None:
    assert value(text) == expected


def test_an_industry_code_belongs_to_its_division() -> None:
    assert value("industry in ['44', '45']") == [True, False, None]
    assert value("industry = '441'") == [True, False, None]
    assert value("industry != '44'") == [False, True, None]
    # 17 may or may not be 1713: nobody can tell from two digits
    assert value("industry = '1713'") == [False, None, None]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "land_mu >=",
            "land_mu > > 3",
            "(flag",
            "flag)",
            "flag flag",
            "land_mu in []",
            "land_mu in [3",
            "3x",
        ),
        *(
            "land_mu in [tax]",
            "a ? b",
            "land_mu == 3",
            "tax + 1 > 3",
            "not",
            "and flag",
            "'open",
            "1.2.3 > 4",
            "in",
            "；",
        ),
    ],
)
def test_broken_texts(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    ["industry >= 30", "county = 3", "land_mu = '3'", "above_scale > 1", "land_mu", "county in ['a', 3]", "x or x > 1"],
)
def test_kinds_that_do_not_fit(text: str) -> None:
    with pytest.raises(ExpressionError):
        infer_kinds(parse(text), KNOWN_KINDS)


def test_kinds_from_use() -> None:
    text = "tenants > 1 and star in ['五星'] and listed and not (risky = true)"
    assert infer_kinds(parse(text), KNOWN_KINDS) == {
        "tenants": "number",
        "star": "text",
        "listed": "bool",
        "risky": "bool",
    }


def test_deep_nesting_is_refused_in_words() -> None:
    for text in ("(" * 5000 + "flag" + ")" * 5000, "not " * 400 + "flag", "(" * 900 + "flag" + ")" * 900):
        with pytest.raises(ExpressionError):
            parse(text)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_an_expression_error(text: str) -> None:
    try:
        parse(text)
    except ExpressionError:
        return


TOKENS = [
    "land_mu",
    "flag",
    "tax",
    "3",
    "-0.5",
    "'17'",
    "and",
    "or",
    "not",
    "in",
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    "<",
    ">=",
    "true",
]


@given(st.lists(st.sampled_from(TOKENS), max_size=12))
def test_any_tokens_are_read_typed_and_evaluated_or_refused(tokens: list[str]) -> None:
    text = " ".join(tokens)
    try:
        expression = parse(text)
        infer_kinds(expression, {**KNOWN_KINDS, "flag": "bool"})
    except ExpressionError:
        return
    values = evaluate_columns(expression, COLUMNS.__getitem__, 3)
    assert len(values) == 3
    assert set(values) <= {True, False, None}
