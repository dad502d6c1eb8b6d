"""What counts as a number in a document's text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from fenghuang.law.tokens import tokens, value


def found(text: str, phrases: list[str] | None = None, idle: list[str] | None = None) -> list[str]:
    return [token.text for token in tokens(text, phrases or [], idle or [])]


def test_arabic_figures_with_decimals_signs_and_full_width() -> None:
    assert found("提取 0.5% 以上，不超过２０％，下降10.4%以上") == ["0.5%", "２０％", "10.4%"]
    assert found("共 1,200 家；2018、2019 年") == ["1,200", "2018", "2019"]
    assert found("11. 标题") == ["11"]
    assert found("DB33/1021-2013") == ["33", "1021", "2013"]


def test_wan_and_yi_behind_a_figure_are_its_unit_and_alone_a_number() -> None:
    assert found("500 万元、18亿美元、40万吨") == ["500", "18", "40"]
    assert found("亿元企业") == ["亿"]


def test_chinese_numerals_bind() -> None:
    assert found("不低于三分之一，一年内，前三名，两级，六大行动") == ["三分之一", "一", "三", "两", "六"]


def test_a_phrase_is_one_token_and_an_idle_word_none() -> None:
    assert found("连续两年和两年", ["连续两年"]) == ["连续两年", "两"]
    assert found("统一、进一步、一年", idle=["统一", "进一步"]) == ["一"]


def test_places_are_counted_from_one() -> None:
    assert [token.place for token in tokens("甲\n乙 3 宗且 10 亩")] == ["2:3", "2:8"]


@pytest.mark.parametrize(
    ("said", "worth"),
    [
        ("20%", Fraction(1, 5)),
        ("２０ ％", Fraction(1, 5)),
        ("0.5%", Fraction(1, 200)),
        ("1,200", Fraction(1200)),
        ("三分之一", Fraction(1, 3)),
        ("百分之二十五", Fraction(1, 4)),
        ("十八", Fraction(18)),
        ("二十", Fraction(20)),
        ("三千", Fraction(3000)),
        ("十五万", Fraction(150000)),
        ("亿", Fraction(10**8)),
        ("两", Fraction(2)),
        ("上一年度", None),
    ],
)
def test_what_a_token_is_worth(said: str, worth: Fraction | None) -> None:
    assert value(said) == worth
