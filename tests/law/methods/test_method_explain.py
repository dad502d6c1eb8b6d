"""The record of a grade: every step, in words and numbers, and the same outcome as the evaluation."""

from __future__ import annotations

import json
from fractions import Fraction

from method_build import facts, given, method, override, run, scope

from fenghuang.language.record import Record, Source, Step
from fenghuang.law.methods.explain import cut_sentence, explain
from fenghuang.law.methods.reading import find_method


def step(record: Record, name: str) -> Step:
    return next(s for s in record.steps if s.name == name)


def test_cut_sentence() -> None:
    assert (
        cut_sentence("A", Fraction(20), 404)
        == "前 20% 为 A 类：本组 404 家，第 80 名以内（404 × 20% = 80.8，不足一名的不计）"
    )
    assert cut_sentence("A", Fraction("12.5"), 8) == "前 12.5% 为 A 类：本组 8 家，第 1 名以内"
    assert cut_sentence("D", Fraction(100), 8) == "其余为 D 类：本组 8 家"


def test_every_stage_of_a_firm() -> None:
    items = {
        "tax_per_mu": {"weight": "60", "benchmark": "20", "missing": "zero"},
        "rnd_share": {"weight": "40", "benchmark": "mean", "missing": "zero", "cap": "50"},
    }
    adjustments = [
        {"name": "出租户", "kind": "points", "value": "-5", "per": "tenants", "first": "1", "evidence": "required"},
    ]
    used = method(
        scope(
            items,
            adjustments=adjustments,
            regrades=[{"rule": "evaluation_override", "clause": "art.8"}],
            assumed=["grades"],
        )
    )
    table = facts(
        3,
        land_mu=["3", "3", "3"],
        tax=["600000", "500000", "100000.5"],
        rnd_share=["0.02", "0.02", ""],
        tenants=["1", "3", "0"],
        key_project_investment=["", "", "30000000"],
        under_construction=["", "", "是"],
    )
    result = run(used, table, override)
    record = explain(result, 1)
    assert [s.name for s in record.steps] == [
        *("tax_per_mu", "score_tax_per_mu", "rnd_share", "score_rnd_share"),
        *("sum", "adjustment_1", "score", "rank", "initial_grade", "grade"),
    ]
    tax = step(record, "tax_per_mu")
    assert (tax.value, tax.unit, tax.formula) == ("16.6667", "万元/亩", "评价税收 ÷ 用地面积")
    assert [(i.name, i.value, i.unit) for i in tax.inputs] == [("tax", "500000", "元"), ("land_mu", "3", "亩")]
    assert step(record, "score_tax_per_mu").formula == "60 × 16.66666667 ÷ 20"
    assert step(record, "score_tax_per_mu").value == "50.0000"
    assert step(record, "rnd_share").formula == "直接填报"
    assert step(record, "score_rnd_share").formula == "40 × 2% ÷ 2%，最高 50 分"
    assert step(record, "sum").value == "90.0000"
    assert (step(record, "adjustment_1").value, step(record, "adjustment_1").note) == ("-10.0000", "须附佐证材料")
    assert step(record, "score").value == "80.0000"
    assert (
        step(record, "initial_grade").formula
        == "前 80% 为 B 类：本组 3 家，第 2 名以内（3 × 80% = 2.4，不足一名的不计）"
    )
    # one of three is above 20 %: nobody is A, so there is no score to reach
    assert step(record, "initial_grade").distance == ""
    assert record.outputs == {"grade": "B", "initial_grade": "B", "score": "80.0000", "rank": 2, "group_size": 3}
    assert record.carried == {"id": "2"}
    assert any("等级比例" in note for note in record.notes)
    json.dumps(record.as_json(), ensure_ascii=False)

    last = explain(result, 2)
    assert step(last, "initial_grade").distance == "距 B 类差 69.9999 分、1 名（B 类最后一家 80.0000 分）"
    assert step(last, "score_rnd_share").formula == "缺研发经费占营业收入比重，按 0 分计"
    assert (step(last, "regrade_1").formula, step(last, "regrade_1").clause) == (
        "重点产业项目在建（第八条） D→C",
        "art.8",
    )
    assert (step(last, "grade").value, last.missing) == ("C", ())


def test_the_other_kinds_of_score_in_words() -> None:
    items = {
        "tax_per_mu": {"weight": "60", "score": {"min_max": {"from": "20", "to": "100"}}, "missing": "zero"},
        "revenue_per_mu": {"weight": "20", "score": "inverse", "benchmark": "median", "missing": "reweight"},
        "rnd_share": {"weight": "20", "score": "share_of_max", "missing": "group_mean_score"},
    }
    table = given(["1", "2", "3"], revenue_per_mu=["4", "4", ""], rnd_share=["0.1", "", "0.2"])
    result = run(method(scope(items)), table)
    first, last = explain(result, 0), explain(result, 2)
    assert step(first, "score_tax_per_mu").formula == "60 × （20 + 80 × （1 − 1） ÷ （3 − 1））÷ 100"
    assert step(first, "score_revenue_per_mu").formula == "（2 − 4 ÷ 4）× 20 ÷ 2，达到基准两倍起为 0"
    assert step(last, "score_rnd_share").formula == "20 × 20% ÷ 20%，再乘 1.25（缺项的权重分给其余指标）"
    assert step(explain(result, 1), "score_rnd_share").formula.endswith("按本范围平均得分计")


def test_firms_without_a_grade_say_why() -> None:
    used = method(scope(scope="above_scale", not_graded=[{"name": "公用事业", "only_if": "industry = '44'"}]))
    table = given(["1", "2", "3"], above_scale=["是", "否", ""], industry=["44", "1", "1"])
    table["industry"] = ["44", "17", "17"]
    result = run(used, table)
    assert [explain(result, i).steps[-1].formula for i in range(3)] == [
        "公用事业",
        "不在本方法的评价范围内",
        "待定：是否属于评价范围 规上企业 未知",
    ]


def test_the_record_takes_the_sources_of_its_inputs() -> None:
    table = facts(1, above_scale="否", land_mu="2", tax="100000", electricity_kwh="1000")
    record = explain(run(find_method("huangyan-2022"), table), 0)
    source = Source("税务.xlsx", row=7)
    with_sources = record.with_sources({"tax": (source,)})
    assert step(with_sources, "tax_per_mu").inputs[0].sources == (source,)
    assert record.title == "黄岩区 2022 年度工业企业综合评价"
    assert record.on == "2022"


def test_a_masked_indicator_stands_in_no_formula() -> None:
    items = {
        "tax_per_mu": {"weight": "60", "benchmark": "20", "missing": "zero"},
        "rnd_share": {"weight": "40", "benchmark": "0.02", "missing": "zero"},
    }
    table = given(["16.66666667", "3"], rnd_share=["0.0246913", "0.01"])
    hidden = explain(run(method(scope(items)), table), 0).masked({"tax_per_mu", "rnd_share"})
    assert step(hidden, "score_tax_per_mu").formula == "60 × *** ÷ 20"
    assert step(hidden, "score_rnd_share").formula == "40 × *** ÷ 2%"
    assert "2.469" not in repr(hidden)
    assert "16.66" not in repr(hidden)
