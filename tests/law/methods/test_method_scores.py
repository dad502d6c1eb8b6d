"""Scores: benchmarks, kinds of score, missing rules, adjustments, exact rounding."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from method_build import facts, given, grades, half_up, method, run, scope, scores

from fenghuang.law.methods.explain import explain
from fenghuang.law.methods.reading import find_method, load_method

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[3]


def test_a_firm_at_every_benchmark_scores_the_weights() -> None:
    table = facts(
        2,
        above_scale=["是", "否"],
        land_mu=["1000", "10000"],
        tax=["240970000", "1159320000"],
        value_added=["1361600000", ""],
        energy_tce="",
        emission_t="",
        employees="",
        revenue=["10000000000", ""],
        rnd_expense=["302000000", ""],
        electricity_kwh="",
    )
    # quotients that end are given as raw facts, the others directly in the indicator's column
    table["value_added_per_tce"] = ["2.694", None]
    table["value_added_per_emission_t"] = ["4929.81", None]
    table["labour_productivity"] = ["18.14", None]
    table["tax_per_kwh"] = [None, "0.2352"]
    result = run(find_method("huangyan-2022"), table)
    assert scores(result) == ["100.0000", "100.0000"]
    assert [item.score_text for item in result.firm(0).items] == [
        f"{weight}.000000000000000000" for weight in (30, 20, 20, 10, 10, 10)
    ]


@pytest.mark.parametrize("name", ["huangyan-2021", "huangyan-2022"])
def test_benchmarks_given_directly(name: str) -> None:
    used = find_method(name)
    for part, above in zip(used.scopes, ("true", "false"), strict=True):
        columns = {item.name: [str(float(item.benchmark))] for item in part.items}  # type: ignore[arg-type]
        assert scores(run(used, facts(1, above_scale=above, **columns))) == ["100.0000"]


def test_indicators_come_from_raw_facts_in_one_division() -> None:
    table = facts(1, land_mu=["3"], tax=["1000000.01"])
    firm = run(method(), table).firm(0)
    assert firm.items[0].value == Fraction(100000001, 3 * 100 * 10000)
    assert firm.items[0].shown == "33.3333"
    assert firm.items[0].score_text == "333.333336666666666667"
    assert firm.score_text == "333.3333"


def items(**keys: object) -> dict[str, object]:
    return {"tax_per_mu": {"weight": "40", "missing": "zero", **keys}}


@pytest.mark.parametrize(
    ("keys", "values", "expected"),
    [
        ({"benchmark": "10"}, ["10", "5", "25", "-1"], ["40", "20", "100", "-4"]),
        ({"benchmark": "10", "cap": "40", "floor": "0"}, ["10", "5", "25", "-1"], ["40", "20", "40", "0"]),
        ({"benchmark": "mean"}, ["1", "2", "6"], ["13.3333", "26.6667", "80"]),
        ({"benchmark": "median"}, ["1", "2", "6"], ["20", "40", "120"]),
        ({"benchmark": "median"}, ["1", "2", "6", "100"], ["10", "20", "60", "1000"]),
        ({"benchmark": "max"}, ["1", "2", "8"], ["5", "10", "40"]),
        ({"score": "share_of_max"}, ["1", "2", "8"], ["5", "10", "40"]),
        ({"score": "inverse", "benchmark": "10"}, ["0", "10", "19", "20", "30"], ["40", "20", "2", "0", "0"]),
        ({"score": "inverse", "benchmark": "10", "floor": "5"}, ["0", "19", "30"], ["40", "5", "5"]),
        ({"score": {"min_max": {"from": "20", "to": "100"}}}, ["3", "5", "7"], ["8", "24", "40"]),
        ({"score": {"min_max": {"from": "100", "to": "0"}}}, ["3", "4", "7"], ["40", "30", "0"]),
    ],
)
def test_kinds_of_score(keys: dict[str, object], values: list[str], expected: list[str]) -> None:
    found = scores(run(method(scope(items(**keys))), given(values)))
    assert [Fraction(score) for score in found] == [Fraction(score) for score in expected]


@pytest.mark.parametrize(
    ("keys", "values"),
    [
        ({"score": {"min_max": {"from": "0", "to": "100"}}}, ["3", "3", ""]),
        ({"benchmark": "mean"}, ["0", "0"]),
        ({"score": "share_of_max"}, ["0", "-1"]),
    ],
)
def test_a_benchmark_that_cannot_be_is_for_people(keys: dict[str, object], values: list[str]) -> None:
    result = run(method(scope(items(**keys))), given(values))
    for i, value in enumerate(values):
        firm = result.firm(i)
        # the one firm without a value scores 0 and is alone in the ranking: the last of one
        assert (firm.status, firm.grade) == (("marked", None) if value else ("evaluated", "D"))
        assert not value or "基准无法计算" in firm.reason


# --- missing ---------------------------------------------------------------------------------------------------------

TWO = {
    "tax_per_mu": {"weight": "60", "benchmark": "10", "missing": "zero"},
    "rnd_share": {"weight": "40", "benchmark": "0.02", "missing": "zero", "cap": "50"},
}


def two(rule: str) -> dict[str, object]:
    return {**TWO, "rnd_share": {**TWO["rnd_share"], "missing": rule}}


def test_missing_zero() -> None:
    result = run(method(scope(two("zero"))), given(["10", "10"], rnd_share=["0.02", ""]))
    assert scores(result) == ["100.0000", "60.0000"]
    assert result.firm(1).missing_text == "缺研发经费占营业收入比重，按 0 分计"
    assert result.firm(1).grade


def test_missing_names_the_absent_fact_and_a_zero_denominator() -> None:
    result = run(method(), facts(3, tax=["1", "", "1"], land_mu=["", "", "0"]))
    assert [result.firm(i).missing_text for i in range(3)] == [
        "缺亩均税收（用地面积未知），按 0 分计",
        "缺亩均税收（评价税收、用地面积未知），按 0 分计",
        "缺亩均税收（用地面积为 0），按 0 分计",
    ]


def test_a_zero_denominator_is_unknown_even_beside_a_given_value() -> None:
    result = run(method(), facts(2, tax=["1", ""], land_mu=["0", "2"], tax_per_mu=["5", "5"]))
    assert [result.firm(i).items[0].value for i in range(2)] == [None, 5]


def test_missing_group_mean_score_is_the_mean_after_the_cap() -> None:
    values = given(["10"] * 4, rnd_share=["0.02", "0.01", "1", ""])
    result = run(method(scope(two("group_mean_score"))), values)
    # 40, 20 and 2000 capped at 50: mean 36.666...
    assert result.firm(3).items[1].score_text == "36.666666666666666667"
    assert scores(result)[3] == "96.6667"


def test_group_mean_without_any_known_score() -> None:
    result = run(method(scope(two("group_mean_score"))), given(["10"], rnd_share=[""]))
    assert result.firm(0).status == "marked"


def test_missing_reweight() -> None:
    three = {**two("reweight"), "labour_productivity": {"weight": "20", "benchmark": "10", "missing": "reweight"}}
    values = given(["10", "10", "5", ""], rnd_share=["", "", "0.02", ""], labour_productivity=["10", "", "", ""])
    result = run(method(scope(three)), values)
    # whole 120: (60+20) x 120/80; 60 x 120/60; (30+40) x 120/100; tax is missing too, but by the rule zero
    assert scores(result) == ["120.0000", "120.0000", "84.0000", "0.0000"]
    assert "其权重按比例分给其余指标" in result.firm(0).missing_text


def test_reweight_with_nothing_left_is_for_people() -> None:
    only = {"tax_per_mu": {"weight": "60", "benchmark": "10", "missing": "reweight"}}
    result = run(method(scope(only)), given(["10", ""]))
    assert grades(result) == "D-"
    assert result.firm(1).reason == "待定：全部指标缺失，无法计分"


def test_missing_unknown_is_not_graded_and_leaves_the_means() -> None:
    mixed = {
        "tax_per_mu": {"weight": "60", "benchmark": "mean", "missing": "zero"},
        "rnd_share": {"weight": "40", "benchmark": "0.02", "missing": "unknown"},
    }
    result = run(method(scope(mixed)), given(["10", "20", "1000"], rnd_share=["0.02", "0.02", ""]))
    assert result.firm(0).items[0].score_text.startswith("40.0000")  # 60 x 10 / 15
    left = result.firm(2)
    assert (left.status, left.score, left.rank, left.grade) == ("not_graded", None, None, None)
    assert left.reason == "缺研发经费占营业收入比重，按方法不予评级"
    assert result.firm(0).group_size == 2


# --- adjustments -----------------------------------------------------------------------------------------------------


def test_points_then_percent_of_the_items() -> None:
    adjustments = [
        {"name": "上云", "kind": "percent", "value": "3", "only_if": "cloud_star >= 3", "evidence": "required"},
        {"name": "出租户", "kind": "points", "value": "-5", "per": "tenants", "first": "1", "only_if": "tenants > 1"},
    ]
    used = method(scope(adjustments=adjustments))
    result = run(used, given(["8", "8", "8", "8"], cloud_star=["3", "2", "5", "1"], tenants=["1", "3", "4", "0"]))
    assert scores(result) == ["82.4000", "70.0000", "67.4000", "80.0000"]  # percent is of the 80, not of the 65
    assert result.firm(2).adjustments_text == "上云 +3%（须附佐证）；出租户 -15 分"


def test_an_unknown_adjustment_is_never_passed_over() -> None:
    adjustments = [{"name": "上云", "kind": "points", "value": "3", "only_if": "cloud_star >= 3"}]
    result = run(method(scope(adjustments=adjustments)), given(["8", "9"], cloud_star=["", "1"]))
    firm = result.firm(0)
    assert (firm.status, firm.rank, firm.reason) == ("marked", None, "待定：加减分条件“上云”所需事实未知")
    assert result.firm(1).group_size == 1


def test_per_unknown_and_money_in_yuan() -> None:
    adjustments = [{"name": "研发", "kind": "points", "value": "0.000001", "per": "rnd_expense", "first": "1000000"}]
    result = run(method(scope(adjustments=adjustments)), given(["1", "1", "1"], rnd_expense=["3000000", "5", ""]))
    assert scores(result) == ["12.0000", "10.0000", ""]
    assert result.firm(2).status == "marked"


# --- rounding --------------------------------------------------------------------------------------------------------


def test_a_tie_of_the_fifth_decimal_rounds_half_up() -> None:
    used = method(scope({"tax_per_mu": {"weight": "1", "benchmark": "1", "missing": "zero"}}))
    values = ["0.00005", "0.000049999999999999999999", "0.00015", "-0.00005", "0.000050000000000000000001"]
    assert scores(run(used, given(values))) == ["0.0001", "0.0000", "0.0002", "-0.0001", "0.0001"]


def test_a_tie_made_of_parts_that_do_not_end() -> None:
    """Three thirds of a tie: their sum in 10^-18 misses it, the exact sum does not."""
    thirds = {
        "tax_per_mu": {"weight": "1", "benchmark": "3", "missing": "zero"},
        "value_added_per_mu": {"weight": "1", "benchmark": "3", "missing": "zero"},
        "revenue_per_mu": {"weight": "1", "benchmark": "3", "missing": "zero"},
    }
    used = method(scope(thirds))
    table = given(["0.00025"], value_added_per_mu=["0.00025"], revenue_per_mu=["0.00025"])
    result = run(used, table)
    assert sum(item.score or 0 for item in result.firm(0).items) == 249_999_999_999_999  # a unit of 10^-18 short
    assert scores(result) == ["0.0003"]
    table = given(["0.0003"], value_added_per_mu=["0.00025"], revenue_per_mu=["0.00019999999999999999"])
    assert scores(run(used, table)) == ["0.0002"]


def test_a_tie_through_an_exact_mean() -> None:
    """A mean that does not end: 60 decimals of it cannot prove the tie, the exact mean does."""
    used = method(scope({"tax_per_mu": {"weight": "0.00015", "benchmark": "mean", "missing": "group_mean_score"}}))
    table = facts(4, land_mu=["7", "7", "7", ""], tax=["10000", "10000", "10000", ""])
    result = run(used, table)
    assert scores(result) == ["0.0002"] * 4  # each is the mean: 0.00015 exactly


# --- the ten published county rows ------------------------------------------------------------------------------------


def county_table() -> tuple[list[str], dict[str, list[str | None]], list[dict[str, Fraction | None]]]:
    data = yaml.load((ROOT / "data" / "published_facts.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    rows = data["county_indicators_2019_lishui"][0]
    names = list(rows["rows"])
    columns = dict(zip(rows["columns"], zip(*rows["rows"].values(), strict=True), strict=True))
    table: dict[str, list[str | None]] = {"id": list(names), "above_scale": ["是"] * len(names)}
    for name, cells in columns.items():
        if name == "rnd_share_percent":
            table["rnd_share"] = [f"{float(Fraction(cell)) / 100:.6f}" for cell in cells]
        else:
            table[name] = ["" if cell == "null" else cell for cell in cells]
    values = [
        {
            name: Fraction(cells[i]) if cells[i] else None
            for name, cells in table.items()
            if name not in ("id", "above_scale")
        }
        for i in range(len(names))
    ]
    return names, table, values


def test_the_published_county_rows() -> None:
    names, table, rows = county_table()
    result = run(load_method(HERE / "data" / "lishui-2019.yaml"), table)
    assert [result.firm(i).subject for i in range(10)] == names

    def column(name: str) -> list[Fraction]:
        return sorted(row[name] for row in rows if row[name] is not None)  # type: ignore[type-var]

    tax, added, tce = column("tax_per_mu"), column("value_added_per_mu"), column("value_added_per_tce")
    emission, labour = column("value_added_per_emission_t"), column("labour_productivity")
    expected = []
    for row in rows:
        known = {name: value for name, value in row.items() if value is not None}
        total = 30 * known["tax_per_mu"] / (sum(tax) / 10)
        total += 20 * (20 + 80 * (known["value_added_per_mu"] - added[0]) / (added[-1] - added[0])) / 100
        total += min(Fraction(30), 20 * known["value_added_per_tce"] / ((tce[4] + tce[5]) / 2))
        total += max(Fraction(0), (2 - known["labour_productivity"] / labour[-1]) * 5)
        total += 10 * known["rnd_share"] / Fraction("0.025")
        if "value_added_per_emission_t" in known:
            total += 10 * known["value_added_per_emission_t"] / emission[-1]
        else:
            total *= Fraction(100, 90)
        expected.append(half_up(total))
    assert [Fraction(score) for score in scores(result)] == expected
    assert sorted(grades(result)) == list("AABBBBBBCD")
    qingtian = explain(result, names.index("Qingtian"))
    assert any("其权重按比例分给其余指标" in note for note in qingtian.notes)


def test_a_zero_row_file() -> None:
    assert len(run(method(), facts(0, tax_per_mu=[]))) == 0
