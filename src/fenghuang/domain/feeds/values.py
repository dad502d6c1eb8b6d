"""Columns of text -> columns of facts, and what could not be read.

A column is parsed at once; only texts that are no plain decimal ("1e3", full-width, "约120") are looked at one by one.
A number is rounded half away from zero to the fact's decimals, exactly, from its decimal text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import polars as pl

from fenghuang.domain.feeds import codes
from fenghuang.domain.feeds.templates import Column, Template
from fenghuang.language.numbers import INT64_MAX, NotANumber, fraction, plain, round_half_away

EARLIEST_YEAR = 2010
TRUE = ("是", "true", "1", "y", "yes", "√", "t")
FALSE = ("否", "false", "0", "n", "no", "×", "f")
INDUSTRY = r"^[A-T]?(\d{2,4})$"
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?%?", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")  # how a date of a spreadsheet comes as text
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00:00)?|(\d{4})(\d\d)(\d\d)", re.ASCII)
EARLIEST_DAY, LATEST_DAY = 1949, 2200  # years: 70 years of use reach far
ERROR_VALUES = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong or worth knowing about a row."""

    id: int
    field: str
    kind: str
    found: str = ""
    expected: str = ""
    severity: str = "quarantine"
    proposals: tuple[str, ...] = ()
    more: str = ""


@dataclass
class Parsed:
    """The typed rows and the cells that could not be read. Unreadable is null, as empty is."""

    frame: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)


def parse(template: Template, texts: pl.DataFrame) -> Parsed:
    """`texts` has `id` and a text column a field of the template; further columns are carried along."""
    texts = texts.with_columns(_clean(pl.col(name)).alias(name) for name in template.fields)
    parsed = Parsed(texts)
    for column in template.columns:
        source = texts[column.field]
        values, bad = _column(column, source)
        parsed.frame = parsed.frame.with_columns(values.alias(column.field))
        _note_bad(parsed, column, texts["id"], source, bad)
        if column.required:
            _note_missing(parsed, column, texts["id"], source)
        if column.min is not None or column.max is not None:
            _note_bounds(parsed, column, texts["id"], source)
    return parsed


def _clean(text: pl.Expr) -> pl.Expr:
    """Without outer blanks, invisible marks and the ="…" by which CSV writers force text; "" is null."""
    text = text.str.replace_all("[\u200b\ufeff\u200e\u200f]", "").str.normalize("NFC").str.strip_chars()
    text = text.str.replace(r'^="(.*)"$', "${1}").str.strip_chars()
    return pl.when(text != "").then(text)


def _column(column: Column, source: pl.Series) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    """The typed column, and text -> (kind, expected) of what could not be read."""
    if column.is_number:
        return numbers(source, column)
    match column.type:
        case "code":
            return code_column(source)
        case "year":
            return years(source)
        case "bool":
            return flags(source)
        case "date":
            return days(source)
        case "choices":
            return choices(source, column)
        case _:
            return words(source, column)


# --- numbers ------------------------------------------------------------------------------------------------------


def numbers(source: pl.Series, column: Column) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    """Integers of the fact's smallest unit."""
    shift = column.shift
    name = source.name
    plain = rf"^[+-]?\d{{1,{17 - shift}}}(\.\d*)?$"
    whole = pl.col(name).str.extract(r"^[+-]?(\d+)", 1).cast(pl.Int64, strict=False)
    digits = pl.col(name).str.extract(r"\.(\d*)$", 1).fill_null("")
    part = digits.str.slice(0, shift + 1).str.pad_end(shift + 1, "0").cast(pl.Int64, strict=False)
    magnitude = (whole * 10 ** (shift + 1) + part + 5) // 10
    signed = pl.when(pl.col(name).str.starts_with("-")).then(-magnitude).otherwise(magnitude)
    values = source.to_frame().select(pl.when(pl.col(name).str.contains(plain)).then(signed).alias(name)).to_series()
    odd = source.filter(values.is_null() & source.is_not_null()).unique().to_list()
    if not odd:
        return values, {}
    read: dict[str, int] = {}
    bad: dict[str, tuple[str, str]] = {}
    for text in odd:
        try:
            read[text] = _odd_number(text, column)
        except NotANumber:
            bad[text] = _no_number(text)
        except OverflowError:
            bad[text] = ("too_large", f"绝对值不超过 {INT64_MAX // 10**column.shift:,} 的数字（请核对单位）")
    slow = source.replace_strict(read, default=None, return_dtype=pl.Int64) if read else None
    return (values if slow is None else values.fill_null(slow)), bad


def _odd_number(text: str, column: Column) -> int:
    text = plain(text)
    if THOUSANDS.fullmatch(text):  # '1,234.50'; of '1,23' nobody knows what it was meant to be
        text = text.replace(",", "")
    exact = fraction(text.removesuffix("%") if column.type == "percent" else text)
    scaled = exact * 10**column.shift
    value = round_half_away(scaled.numerator, scaled.denominator)
    if abs(value) > INT64_MAX:
        raise OverflowError(text)
    return value


def _no_number(text: str) -> tuple[str, str]:
    """Kind and what is expected of a text that is no number."""
    if DATE.fullmatch(text):
        return "date_in_number", "数字（单元格是日期格式，请改为“常规”）"
    if text in ERROR_VALUES:
        return "error_value", "数字（公式出错，请改正公式或留空）"
    if "," in plain(text):
        return "text_in_number", "数字（千分位逗号只能每三位一个，如 1,234.50）"
    return "text_in_number", "只填数字，如 1234.50"


# --- everything else ----------------------------------------------------------------------------------------------


def code_column(source: pl.Series) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    """Codes in capitals without blanks. An invalid one stays readable here: it is still part of the row's key."""
    values = source.str.normalize("NFKC").str.replace_all(r"[\s'-]", "").str.to_uppercase()
    wrong = {text: codes.fault(text) for text in values.drop_nulls().unique().to_list() if not codes.is_valid(text)}
    if not wrong:
        return values, {}
    pairs = zip(source.to_list(), values.to_list(), strict=True)
    return values, {text: wrong[value] for text, value in pairs if text is not None and value in wrong}


def years(source: pl.Series) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    latest = datetime.now(UTC).year
    values = source.str.normalize("NFKC").str.extract(r"^(\d{4})(?:\.0+)?\s*年?度?$", 1).cast(pl.Int16)
    values = values.set((values < EARLIEST_YEAR) | (values > latest), None)
    bad = _unread(source, values, "bad_year", f"{EARLIEST_YEAR} 至 {latest} 的四位年份")
    for text in bad:
        if DATE.fullmatch(text) or (text.isdecimal() and len(text) == 5):
            bad[text] = ("bad_year", "四位年份（单元格是日期或日期序号，请改为“常规”后只填年份，如 2022）")
    return values, bad


def flags(source: pl.Series) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    meaning = {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}
    texts = source.str.normalize("NFKC").str.to_lowercase()
    values = texts.replace_strict(meaning, default=None, return_dtype=pl.Boolean)
    return values, _unread(source, values, "not_yes_or_no", "是 或 否")


def days(source: pl.Series) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    """Days as ISO text (2022-03-01), from the ways in which people and spreadsheets write them."""
    texts = source.str.normalize("NFKC")
    read = {text: day for text in texts.drop_nulls().unique().to_list() if (day := _day(text))}
    values = texts.replace_strict(read, default=None, return_dtype=pl.String)
    return values, _unread(source, values, "bad_date", "日期，如 2022-03-01")


def _day(text: str) -> str | None:
    found = DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(one) for one in found.groups() if one)
    try:
        return date(year, month, day).isoformat() if EARLIEST_DAY <= year <= LATEST_DAY else None
    except ValueError:
        return None


def choices(source: pl.Series, column: Column) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    """Several joined by 、 as their names in rules, joined by a comma; empty is none."""
    read: dict[str, str] = {}
    bad: dict[str, tuple[str, str]] = {}
    for text in source.drop_nulls().unique().to_list():
        words = [word.strip() for word in text.replace("，", "、").replace(",", "、").replace("；", "、").split("、")]
        if unknown := [word for word in words if word and word not in column.choices]:
            bad[text] = ("not_a_choice", f"{'、'.join(column.choices)}（现有“{'、'.join(unknown)}”）")
        else:
            read[text] = ",".join(dict.fromkeys(column.choices[word] for word in words if word))
    values = source.replace_strict(read, default=None, return_dtype=pl.String)
    return values.fill_null(""), bad


def words(source: pl.Series, column: Column) -> tuple[pl.Series, dict[str, tuple[str, str]]]:
    values = (
        source.str.normalize("NFKC")
        if column.field in ("reference", "code", "industry", "building", "park")
        else source
    )
    if column.field == "industry":
        values = values.str.to_uppercase().str.extract(INDUSTRY, 1)
        return values, _unread(source, values, "bad_industry", "GB/T 4754-2017 的 2 至 4 位数字")
    long = values.str.len_chars() > column.longest
    values = values.set(long, None)
    return values, _unread(source, values, "too_long", f"不超过 {column.longest} 个字")


def _unread(source: pl.Series, values: pl.Series, kind: str, expected: str) -> dict[str, tuple[str, str]]:
    lost = source.filter(values.is_null() & source.is_not_null())
    return dict.fromkeys(lost.unique().to_list(), (kind, expected))


# --- problems -----------------------------------------------------------------------------------------------------


def _note_bad(
    parsed: Parsed, column: Column, ids: pl.Series, source: pl.Series, bad: dict[str, tuple[str, str]]
) -> None:
    if not bad:
        return
    hit = source.is_in(list(bad))
    for row, text in zip(ids.filter(hit).to_list(), source.filter(hit).to_list(), strict=True):
        kind, expected = bad[text]
        parsed.problems.append(Problem(row, column.field, kind, text, expected))


def _note_missing(parsed: Parsed, column: Column, ids: pl.Series, source: pl.Series) -> None:
    for row in ids.filter(source.is_null()).to_list():
        parsed.problems.append(Problem(row, column.field, "missing", "", "必须填写"))


def _note_bounds(parsed: Parsed, column: Column, ids: pl.Series, source: pl.Series) -> None:
    values = parsed.frame[column.field]
    scale = 10**column.shift
    if column.min is not None:
        low = (values < column.min * scale).fill_null(value=False)
        for row, text in zip(ids.filter(low).to_list(), source.filter(low).to_list(), strict=True):
            parsed.problems.append(Problem(row, column.field, "negative", text, f"不小于 {column.min}"))
    if column.max is not None:
        high = (values > column.max * scale).fill_null(value=False)
        for row, text in zip(ids.filter(high).to_list(), source.filter(high).to_list(), strict=True):
            parsed.problems.append(Problem(row, column.field, "above_maximum", text, f"不大于 {column.max}"))
