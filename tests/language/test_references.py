"""Reference tables: a row by key and day, and an unknown that says which row is missing."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import packs_made
from fenghuang.engines import columns
from fenghuang.engines.explain import explainer
from fenghuang.language.numbers import days
from fenghuang.language.values import RuleError

RULE = """
@rule("art.1")
def r(division: Text, tax: WanPerMu, law: Law) -> Outputs:
    return outputs(met=tax >= law.guide[division].tax)
"""
TABLE = """
guide:
  title: 指南
  clause: art.1
  rules: [r]
  basis: 由省里发布
  key: {name: division, title: 行业}
  columns: {tax: {title: 亩均税收, unit: 万元/亩}}
  versions:
    - valid: {from: 2022-01-01, to: 2022-06-30}
      source: 甲表
      rows: {"29": {tax: 10.5}, "34": {tax: 20}}
    - valid: {from: 2022-07-01, to: 2022-12-31}
      source: 乙表
      rows: {"29": {tax: 12}}
"""
WORDS = "rules: {r: {title: 规则, subject: 项目}}\nnames: {division: 行业, tax: 亩均税收, met: 达标, in_force: 有效}"
TEN_AND_A_HALF = 10_500_000  # 万元/亩, six decimals
MAY, AUGUST = date(2022, 5, 1), date(2022, 8, 1)


@pytest.mark.parametrize(
    ("division", "tax", "on", "met", "missing"),
    [
        ("29", TEN_AND_A_HALF, MAY, True, ()),
        ("29", TEN_AND_A_HALF - 1, MAY, False, ()),
        ("29", TEN_AND_A_HALF, AUGUST, False, ()),  # the later version asks for more
        ("34", TEN_AND_A_HALF, MAY, False, ()),
        ("34", TEN_AND_A_HALF, AUGUST, None, ("guide[34]",)),  # the later version has no such row
        ("99", TEN_AND_A_HALF, MAY, None, ("guide[99]",)),
        (None, TEN_AND_A_HALF, MAY, None, ("division",)),
        ("29", None, MAY, None, ("tax",)),
        ("99", None, MAY, None, ("tax", "guide[99]")),
    ],
)
def test_a_row_is_found_by_key_and_day(
    tmp_path: Path, division: str | None, tax: int | None, on: date, met: bool | None, missing: tuple[str, ...]
) -> None:
    pack = packs_made.pack(tmp_path, RULE, references=TABLE, words=WORDS)
    record = explainer(pack, "r").record((division, tax), days(on))
    assert (record.outputs["met"], record.missing) == (met, missing)
    table = pl.DataFrame({"division": [division], "tax": [tax]}, schema={"division": pl.String, "tax": pl.Int64})
    program = pack.program("r")
    assert columns.run(program, table, on)["met"].to_list() == [met]
    assert columns.missing(program, table, on).to_list() == [";".join(missing)]


def test_a_missing_row_is_said_in_words(tmp_path: Path) -> None:
    pack = packs_made.pack(tmp_path, RULE, references=TABLE, words=WORDS)
    record = explainer(pack, "r").record(("99", 0), days(MAY))
    assert record.missing_titles == ("《指南》中行业 99 的数据（由省里发布）",)


@pytest.mark.parametrize(
    ("written", "instead", "why"),
    [
        ("source: 甲表", "source: ''", "a row without source"),
        ("tax: 10.5", "tax: ten", "is not a decimal number"),
        ('"29": {tax: 10.5}', '"29": {other: 1}', "expected the columns tax"),
        ("basis: 由省里发布", "x: 1", "no `basis`"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, written: str, instead: str, why: str) -> None:
    with pytest.raises(RuleError) as fault:
        packs_made.pack(tmp_path, RULE, references=TABLE.replace(written, instead))
    assert re.match(r"references\.yaml:\d+: guide", str(fault.value))
    assert why in str(fault.value)


def test_a_table_that_no_rule_reads_is_refused(tmp_path: Path) -> None:
    pack = packs_made.pack(tmp_path, RULE.replace("law.guide[division].tax", "tax"), references=TABLE)
    with pytest.raises(RuleError, match="never reads: guide"):
        pack.program("r")
