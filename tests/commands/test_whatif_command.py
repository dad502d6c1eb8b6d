"""The commands `whatif` and `readings --population`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

RATE = "art.10.upgrade_subsidy.rates[A][0]"
PEOPLE = """id,equipment_investment,grade,local_contribution,x_county
甲,10000000,A,90000000,黄岩区
丙,60000000,B,90000000,椒江区
戊,,A,90000000,
"""
VARIANT = f"""title: 第一档 12%
policy: taizhou-2021-27
parameters:
  {RATE}: 12%
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    variant, people = tmp_path / "方案.yaml", tmp_path / "企业.csv"
    variant.write_text(VARIANT, "utf-8")
    people.write_text(PEOPLE, "utf-8")
    return variant, people


def test_winners_and_losers_as_json(fenghuang: Any, files: tuple[Path, Path]) -> None:
    code, out, _ = fenghuang("whatif", files[0], "--population", files[1], "--format", "json")
    said = json.loads(out)
    assert code == 0
    assert (said["total"]["before"], said["total"]["after"]) == ("6000000.00", "6200000.00")
    assert (said["total"]["winners"], said["total"]["losers"], said["total"]["unknown"]) == (1, 0, 1)
    assert [group["label"] for group in said["by"]["x_county"]] == ["未知", "椒江区", "黄岩区"]
    assert said["largest"][0]["id"] == "甲"


def test_the_table_names_the_variant_and_the_unknown(fenghuang: Any, files: tuple[Path, Path]) -> None:
    code, out, _ = fenghuang("whatif", files[0], "--population", files[1])
    assert code == 0
    assert f"{RATE} → 12%" in out
    assert "另有 1 项金额未知，未计入差额" in out


def test_a_budget_search(fenghuang: Any, files: tuple[Path, Path]) -> None:
    """甲: 1000 万元 at the rate, 丙: 500 万元: 650 万元 leave 15 %."""
    arguments = ("whatif", files[0], "--population", files[1], "--search", RATE, "--under", "650万元")
    code, out, _ = fenghuang(*arguments, "--format", "json")
    said = json.loads(out)
    assert code == 0
    assert (said["value"], said["total"], said["beyond"], said["beyond_total"]) == (
        "15%",
        "6500000.00",
        "15.0001%",
        "6500010.00",
    )
    assert "结果 15%" in fenghuang(*arguments)[1]


def test_readings_are_priced(fenghuang: Any, files: tuple[Path, Path]) -> None:
    code, out, _ = fenghuang("readings", "--population", files[1], "--format", "json")
    (price,) = [p for p in json.loads(out) if p["reading"] == "first_band_from"]
    assert code == 0
    assert (price["reading"], price["changed"], price["less"], price["unknown"]) == (
        "first_band_from",
        2,
        "-600000.00",
        1,
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (VARIANT + f"  {RATE}: 13%\n", f"方案.yaml，第 5 行，字段 {RATE}：与第 4 行重复"),
        (VARIANT.replace("12%", "12"), "第 4 行"),
        ("- a\n", "方案.yaml，第 1 行"),
        ("title: [\n", "不是正确的 YAML"),
        ("", "文件是空的"),
    ],
)
def test_a_faulty_variant_is_told_by_line(fenghuang: Any, files: tuple[Path, Path], text: str, sentence: str) -> None:
    files[0].write_text(text, "utf-8")
    code, out, err = fenghuang("whatif", files[0], "--population", files[1])
    assert (code, out) == (2, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--search", RATE), "须一起给出"),
        (("--search", RATE, "--under", "2亩"), "应为金额"),
        (("--search", RATE, "--under=-2亿元"), "应为不为负"),
        (("--search", "art.10.x", "--under", "2亿元"), "没有这个参数"),
        (("--rules", "rent_subsidy"), "方案改动了 upgrade_subsidy"),
        (("--rules", "rent"), "没有名为 rent 的规则"),
        (("--on", "昨天"), "应为日期"),
    ],
)
def test_faults_of_the_options(fenghuang: Any, files: tuple[Path, Path], more: tuple[str, ...], sentence: str) -> None:
    code, _, err = fenghuang("whatif", files[0], "--population", files[1], *more)
    assert code == 2
    assert sentence in err


def test_a_method_without_its_facts_is_told(fenghuang: Any, files: tuple[Path, Path]) -> None:
    files[0].write_text(VARIANT + "method: huangyan-2022\n", "utf-8")
    code, _, err = fenghuang("whatif", files[0], "--population", files[1])
    assert code == 2
    assert "不能按这个方法重新评级" in err
