"""Ranks, cuts, groups, scopes, regrades, marks, reconciliation."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from method_build import CUTS, facts, given, grades, method, override, run, scope

from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.facts import Table
from fenghuang.law.methods.faults import FactsError, MethodError, ReconciliationError
from fenghuang.law.methods.ranking import grade_by_rank, last_ranks, rank_scores
from fenghuang.law.methods.reading import read_method
from fenghuang.law.methods.regrading import NoEngineError

# --- ranks and cuts --------------------------------------------------------------------------------------------------


def test_equal_scores_share_the_better_rank() -> None:
    assert rank_scores([5, 9, 5, 1, 9]) == [3, 1, 3, 5, 1]
    assert rank_scores([]) == []


@pytest.mark.parametrize(
    ("rank", "cut", "size", "grade"),
    [
        (800, "20", 4004, "A"),
        (801, "20", 4004, "B"),  # 20.004995 %, printed as 20.00
        (20, "20", 100, "A"),
        (21, "20", 100, "B"),
        (1, "12.5", 8, "A"),
        (2, "12.5", 8, "B"),
        (2, "12.5", 16, "A"),
        (1, "12.5", 7, "B"),
        (1, "100", 1, "A"),
    ],
)
def test_cuts_are_exact(rank: int, cut: str, size: int, grade: str) -> None:
    assert grade_by_rank(rank, last_ranks([("A", Fraction(cut)), ("B", Fraction(100))], size)) == grade


def test_the_801st_of_4004_is_not_a() -> None:
    result = run(method(), given([str(10000 - i) for i in range(4004)]))
    assert [result.firm(i).grade for i in (799, 800, 3202, 3203, 3802, 3803)] == ["A", "B", "B", "C", "C", "D"]
    assert result.firm(800).percentile == "20.0050"
    assert result.statistics()[0].classes == {"A": 800, "B": 2403, "C": 600, "D": 201}


def test_ties_at_a_cut_all_get_the_better_class() -> None:
    result = run(method(), given(["9", "8", "8", "8", "1"]))
    assert [result.firm(i).rank for i in range(5)] == [1, 2, 2, 2, 5]
    assert grades(result) == "ABBBD"
    assert grades(run(method(), given(["8", "8", "8", "8", "1"]))) == "AAAAD"


def test_scores_are_ranked_as_rounded() -> None:
    used = method(scope({"tax_per_mu": {"weight": "1", "benchmark": "1", "missing": "zero"}}))
    result = run(used, given(["0.00011", "0.00012", "0.00016"]))
    assert [result.firm(i).rank for i in range(3)] == [2, 2, 1]


# --- scopes and groups -----------------------------------------------------------------------------------------------


def test_scopes_are_ranked_apart_and_every_firm_is_told_where_it_is() -> None:
    used = method(scope(scope="above_scale"), scope(scope="below_scale and land_mu >= 3"))
    columns = {"above_scale": ["是", "否", "否", "", "", "否"], "land_mu": ["1", "3", "2.9999", "5", "1", ""]}
    result = run(used, given(["1"] * 6, tax="", **columns))
    found = [result.firm(i) for i in range(6)]
    assert [firm.scope for firm in found[:2]] == ["above_scale", "below_scale and land_mu >= 3"]
    assert [firm.rank for firm in found] == [1, 1, None, None, None, None]
    assert [firm.status for firm in found[2:]] == ["outside", "marked", "marked", "marked"]
    assert found[2].reason == "不在本方法的评价范围内"
    # firm 5 has too little land for the second scope, but may be above scale
    assert found[4].reason == "待定：是否属于评价范围 规上企业 未知"
    assert [s.firms for s in result.statistics()] == [1, 1]


def test_two_scopes_for_one_firm_is_a_fault_of_the_method() -> None:
    used = method(scope(scope="tax_per_mu > 1"), scope(scope="tax_per_mu > 2"))
    assert len(run(used, given(["2", "1"]))) == 2
    with pytest.raises(MethodError, match="同时属于"):
        run(used, given(["2", "3"]))


def test_a_scope_without_firms_needs_no_columns() -> None:
    other = {"tax_per_kwh": {"weight": "100", "benchmark": "1", "missing": "zero"}}
    used = method(scope(scope="above_scale"), scope(other, scope="below_scale"))
    assert grades(run(used, given(["1"], above_scale="是"))) == "D"
    with pytest.raises(FactsError, match="缺少 tax 和 electricity_kwh，或 tax_per_kwh"):
        run(used, given(["1"], above_scale="否"))


def test_groups_and_their_smallest_size() -> None:
    used = method(scope(group_by=["county"], min_group_size="2", regrades=[DEMOTE]))
    values = given(["5", "4", "3", "2"], county=["黄岩区", "椒江区", "黄岩区", ""], fatal_accidents="0")
    result = run(used, values)
    assert [(f.group, f.group_size, f.rank, f.grade) for f in map(result.firm, range(4))] == [
        ("true/黄岩区", 2, 1, "B"),
        ("true/椒江区", 1, 1, None),
        ("true/黄岩区", 2, 2, "D"),
        ("", None, None, None),
    ]
    assert result.firm(1).reason == "待定：所在组 1 家，不足 2 家，不按名次定级"
    assert result.firm(3).reason == "待定：县（市、区）未知，无法分组"
    statistics = result.statistics()[0]
    assert (statistics.evaluated, statistics.not_graded, statistics.marked) == (2, 0, 2)
    group = next(g for g in statistics.groups if g.key == ("黄岩区",))
    assert (group.cut_scores, group.mean_score) == ({"A": None, "B": 500000, "C": None, "D": 300000}, Fraction(40))


# --- not graded ------------------------------------------------------------------------------------------------------


def test_not_graded_firms_leave_rank_size_and_means() -> None:
    items = {"tax_per_mu": {"weight": "100", "benchmark": "mean", "missing": "zero"}}
    exclusions = [
        {"name": "公用事业", "only_if": "industry in ['44', '45', '46']"},
        {"name": "新办", "only_if": "founded >= 2022"},
    ]
    values = given(
        ["1", "3", "100", "100", "100"], industry=["1713", "30", "4411", "", "45"], founded=["1", "1", "1", "1", ""]
    )
    result = run(method(scope(items, not_graded=exclusions)), values)
    assert [result.firm(i).score_text for i in range(5)] == ["50.0000", "150.0000", "", "", ""]
    assert [result.firm(i).reason for i in range(2, 5)] == [
        "公用事业",
        "待定：不参评条件“公用事业”所需事实未知",
        "公用事业",  # surely not graded, whatever the year
    ]
    assert result.firm(0).group_size == 2
    assert result.firm(2).items[0].shown == "100.0000"
    assert (result.statistics()[0].not_graded, result.statistics()[0].marked) == (2, 1)


# --- regrades --------------------------------------------------------------------------------------------------------

DEMOTE = {"name": "事故", "kind": "demote", "to": "D", "only_if": "fatal_accidents >= 1", "clause": "local"}


def regraded(values: str, *regrades: dict[str, Any], **columns: Any) -> str:
    """Grades of ten firms, AABBBBBBCD by score, after the regrades where x has one of these values."""
    table = given([str(100 - i) for i in range(10)], x=list(values), **columns)
    return grades(run(method(scope(regrades=list(regrades), grades={**CUTS, "C": "90"})), table, override))


def rule(kind: str, to: str | None = None, when: str = "x = 1", clause: str = "local") -> dict[str, Any]:
    return {"name": f"{kind} {to}", "kind": kind, "only_if": when, "clause": clause, **({"to": to} if to else {})}


@pytest.mark.parametrize(
    ("regrade", "expected"),
    [
        (rule("fix", "C"), "CCCCCCCCCC"),
        (rule("promote"), "AAAAAAAABC"),
        (rule("promote", "B"), "AABBBBBBBB"),
        (rule("demote"), "BBCCCCCCDD"),
        (rule("demote", "C"), "CCCCCCCCCD"),
        (rule("not_below", "C"), "AABBBBBBCC"),
        (rule("not_below", "A"), "AAAAAAAAAA"),
        (rule("fix", "C", "x = 2"), "AABBBBBBCD"),
    ],
)
def test_kinds_of_regrade(regrade: dict[str, Any], expected: str) -> None:
    assert regraded("1111111111", regrade) == expected


def test_the_order_is_fix_promote_demote_not_below_whatever_the_file_says() -> None:
    assert regraded("1111111111", rule("demote"), rule("fix", "B")) == "CCCCCCCCCC"
    assert regraded("1111111111", rule("not_below", "B"), rule("demote", "D")) == "BBBBBBBBBB"
    assert regraded("1111111111", rule("demote"), rule("promote")) == "BBBBBBBBCD"  # A stays A, then one down


def test_conflicting_fixes_and_unknown_conditions_are_for_people() -> None:
    assert regraded("1222222222", rule("fix", "A"), rule("fix", "B", "x < 3")) == "-BBBBBBBBB"
    assert regraded("1222222222", rule("fix", "C"), rule("fix", "C", "x < 3")) == "CCCCCCCCCC"
    table = given(["9", "8"], x=["", "0"])
    result = run(method(scope(regrades=[rule("demote", "D")])), table)
    firm = result.firm(0)
    # it is ranked and keeps its initial grade; only the regrade is open
    assert (firm.rank, firm.group_size, firm.initial_grade, firm.grade) == (1, 2, "B", None)
    assert firm.reason == "待定：调档条件“demote D”所需事实未知"


ART_8 = {"rule": "evaluation_override", "clause": "art.8"}


def art_8(investment: list[str], building: list[str], *more: dict[str, Any], x: str = "0000000000") -> str:
    columns = {"key_project_investment": investment, "under_construction": building}
    return regraded(x, ART_8, *more, **columns)


def test_the_rule_of_article_8() -> None:
    investment = ["", "", "100000000", "99999999.99", "100000000", "30000000", "", "", "100000000", "30000000"]
    building = ["", "否", "是", "是", "否", "是", "否", "", "是", "是"]
    assert art_8(investment, building) == "AAABBBBBAC"
    investment[9] = "29999999.99"
    assert art_8(investment, building) == "AAABBBBBAD"


def test_article_8_unknowns_are_for_people() -> None:
    investment = ["", "100000000", "", "29999999", "30000000", "", "", "", "", "30000000"]
    building = ["是", "", "是", "", "", "", "", "", "", ""]
    # 30 million with the construction unknown matters only to the D
    assert art_8(investment, building) == "---BBBBBC-"


def test_article_8_protects_after_a_demotion_and_its_fix_comes_before() -> None:
    investment = ["30000000", "100000000", *[""] * 8]
    building = ["是", "是", *[""] * 8]
    assert art_8(investment, building, rule("demote", "D"), x="1100000000") == "CDBBBBBBCD"


def test_article_8_reaches_firms_that_were_not_graded() -> None:
    used = method(scope(regrades=[ART_8], not_graded=[{"name": "公用", "only_if": "industry = '44'"}]))
    values = given(
        ["9", "8", "7", "6", "5"],
        industry=["44", "44", "44", "30", "44"],
        key_project_investment=["100000000", "30000000", "", "", ""],
        under_construction=["是", "是", "", "", "是"],
    )
    result = run(used, values, override)
    assert [(f.status, f.grade, f.rank) for f in map(result.firm, range(5))] == [
        ("evaluated", "A", None),
        ("not_graded", None, None),
        ("not_graded", None, None),
        ("evaluated", "D", 1),
        ("marked", None, None),
    ]
    assert result.firm(0).regrades_text == "重点产业项目在建（第八条） 不参评→A"
    assert (result.firm(0).reason, result.firm(1).reason) == ("", "公用")
    assert result.statistics()[0].classes == {"A": 1, "B": 0, "C": 0, "D": 1}


def test_a_local_fix_does_not_reach_firms_that_were_not_graded_but_one_under_article_8_does() -> None:
    for clause, expected in (("local", "-D"), ("art.8", "AA")):
        used = method(
            scope(
                regrades=[rule("fix", "A", "x = 1", clause)],
                not_graded=[{"name": "公用", "only_if": "industry = '44'"}],
            )
        )
        table = given(["9", "8"], industry=["44", "30"], x=["1", "1" if clause == "art.8" else "0"])
        assert grades(run(used, table)) == expected


def test_a_fix_settles_a_group_that_is_too_small() -> None:
    used = method(scope(regrades=[rule("fix", "B")], min_group_size="5"))
    assert grades(run(used, given(["9", "8"], x=["1", "0"]))) == "B-"


def test_without_the_columns_the_rule_is_not_applied_and_says_so() -> None:
    result = run(method(scope(regrades=[ART_8])), given(["1"]))
    assert grades(result) == "D"
    assert any("第八条" in notice for notice in result.notices)


def test_without_an_engine_the_rule_is_loud() -> None:
    table = given(["1"], key_project_investment=["1"], under_construction=["是"])
    with pytest.raises(NoEngineError):
        run(method(scope(regrades=[ART_8])), table)
    # no project, nothing to ask
    table = given(["1"], key_project_investment=[""], under_construction=["否"])
    assert grades(run(method(scope(regrades=[ART_8])), table)) == "D"


def test_an_engine_that_answers_nonsense_is_loud() -> None:
    table = given(["1"], key_project_investment=["1"], under_construction=["是"])
    for answers in ([], ["E"]):
        with pytest.raises(ValueError, match="evaluation_override"):
            run(method(scope(regrades=[ART_8])), table, lambda name, inputs, answers=answers: answers)


def test_the_example_of_the_contract_runs() -> None:
    text = (Path(__file__).parents[3] / "spec" / "evaluation.md").read_text(encoding="utf-8")
    used = read_method(text.split("```yaml\n")[1].split("```")[0])
    size = 9
    table = facts(
        size,
        above_scale=["否"] * 8 + ["是"],
        land_mu=["3", "4", "5", "6", "7", "2", "8", "9", "10"],
        tax=["300000", "300000", "100000", "90000", "80000", "1", "1", "1", "24097000"],
        revenue=["3000000"] * 7 + ["", "5"],
        rnd_expense=["0", "1000", "2000", "3000", "4000", "1", "1", "1", ""],
        industry_group=["甲"] * 7 + ["乙", "甲"],
        industry=["33"] * 6 + ["44", "33", "33"],
        tenants=["0", "3", "1", "0", "0", "0", "0", "0", "0"],
        cloud_star=["0", "3", "5", "0", "0", "0", "0", "0", "0"],
        fatal_accidents=["0", "1", "0", "0", "0", "0", "0", "0", "0"],
        **dict.fromkeys(["value_added", "energy_tce", "emission_t", "employees"], ""),
    )
    result = run(used, table, override)
    firms = [result.firm(i) for i in range(size)]
    assert [firm.status for firm in firms] == [*["evaluated"] * 5, "outside", "not_graded", "not_graded", "marked"]
    assert firms[1].adjustments_text == "出租户 -10 分（须附佐证）；上云企业 +3%（须附佐证）"
    assert (firms[1].initial_grade, firms[1].grade) == ("B", "D")
    assert [firm.group for firm in firms[:5]] == ["below_scale and land_mu >= 3/甲"] * 5
    assert firms[7].reason == "缺亩均营业收入（营业收入未知），按方法不予评级"
    # the mean emission score of a scope of one firm that has none cannot be
    assert firms[8].reason == "待定：缺单位排放增加值，且本范围内无可用的平均得分"


# --- facts and reconciliation ----------------------------------------------------------------------------------------


def test_subjects_must_be_named_and_once() -> None:
    with pytest.raises(FactsError, match="没有 uscc 列"):
        evaluate(method(), {"tax_per_mu": [Fraction(1)]})
    with pytest.raises(FactsError, match="相同"):
        evaluate(method(), {"id": ["a", "a"], "tax_per_mu": [1, 2]})
    with pytest.raises(FactsError, match="空"):
        evaluate(method(), {"id": [None], "tax_per_mu": [1]})


def test_floats_and_wrong_kinds_are_refused() -> None:
    with pytest.raises(TypeError):
        evaluate(method(), {"id": ["a"], "tax_per_mu": [0.1]})  # type: ignore[list-item]
    with pytest.raises(TypeError):
        evaluate(method(), {"id": ["a"], "tax": [Fraction(1)], "land_mu": [1]})
    with pytest.raises(ValueError, match="different length"):
        Table({"id": ["a"], "tax": []}, {})


def test_reconciliation_is_loud() -> None:
    def fresh() -> Any:
        result = run(method(), given(["3", "2", "1"]))
        return result, result.runs[0]

    result, part = fresh()
    result.reconcile()
    part.grades[0] = "E"
    with pytest.raises(ReconciliationError, match="A\\+B\\+C\\+D"):
        result.reconcile()
    result, part = fresh()
    del part.grades[0]
    with pytest.raises(ReconciliationError, match="既无等级也无原因"):
        result.reconcile()
    result, part = fresh()
    del part.ranks[0]
    with pytest.raises(ReconciliationError, match="参加排名"):
        result.reconcile()
    result, part = fresh()
    del part.initial[0]
    with pytest.raises(ReconciliationError, match="初评等级"):
        result.reconcile()
    result, part = fresh()
    result.place[1] = None
    with pytest.raises(ReconciliationError):
        result.reconcile()


def test_raw_facts_beside_a_given_indicator_give_a_notice() -> None:
    result = run(method(), facts(1, tax=["100000"], land_mu=["1"], tax_per_mu=["99"]))
    assert result.firm(0).items[0].value == 10
    assert any("并存" in notice for notice in result.notices)
