"""The path to the next grade, proved by the evaluation: with the change it is reached, with one unit less not."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from method_build import method, override, scope

from fenghuang.law.methods.combining import Combination, cheapest
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.method import GRADES, Method
from fenghuang.law.methods.path import DOWN, UP, Path, find_path
from fenghuang.law.methods.reading import find_method

RANGES = {
    "tax": (-(10**6), 10**10),
    "value_added": (-(10**6), 10**11),
    "revenue": (0, 10**11),
    "rnd_expense": (0, 10**9),
    "land_mu": (0, 10**6),
    "energy_tce": (0, 10**7),
    "emission_t": (0, 10**7),
    "employees": (0, 500),
    "electricity_kwh": (0, 10**7),
}
Columns = dict[str, list[Any]]


@st.composite
def city(draw: st.DrawFn) -> Columns:
    """A dozen firms of both scopes, now and then with a fact unknown and with a project under art.8."""
    size = draw(st.integers(5, 14))
    columns: Columns = {"id": [str(i) for i in range(size)]}
    for name, (low, high) in RANGES.items():
        cell = st.integers(low, high) | st.integers(high // 10, high // 3) | st.none()
        columns[name] = draw(st.lists(cell, min_size=size, max_size=size))
    columns["above_scale"] = draw(st.lists(st.sampled_from([True, True, False]), min_size=size, max_size=size))
    amount = st.sampled_from([None, None, None, 3_500_000_000, 20_000_000_000])
    columns["key_project_investment"] = draw(st.lists(amount, min_size=size, max_size=size))
    columns["under_construction"] = [a is not None for a in columns["key_project_investment"]]
    return columns


def graded(used: Method, columns: Columns, i: int, moved: dict[str, int]) -> tuple[str | None, str]:
    """Grade and scope of the firm, from the whole file, with facts moved by these amounts."""
    changed = {name: list(cells) for name, cells in columns.items()}
    for name, amount in moved.items():
        changed[name][i] += amount
    firm = evaluate(used, changed, override).firm(i)
    return firm.grade, firm.scope


def better(grade: str | None, target: str) -> bool:
    return grade is not None and GRADES.index(grade) <= GRADES.index(target)


def less(amount: int, by: int = 1) -> int:
    return amount - by if amount > 0 else amount + by


def paths(used: Method, columns: Columns) -> list[tuple[int, Path]]:
    evaluation = evaluate(used, columns, override)
    return [(i, find_path(evaluation, i)) for i in range(len(evaluation))]


FOUND = [Phase.explicit, Phase.reuse, Phase.generate]  # shrinking evaluates cities for minutes
SLOW = settings(max_examples=20, deadline=None, phases=FOUND, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", ["huangyan-2021", "huangyan-2022"])
@given(columns=city(), data=st.data())
@SLOW
def test_with_the_change_the_grade_is_reached_and_with_one_unit_less_it_is_not(
    name: str, columns: Columns, data: st.DataObject
) -> None:
    used = find_method(name)
    for i, path in paths(used, columns):
        for change in path.changes:
            if change.amount is None:
                assert change.reason
                continue
            assert (change.amount > 0) == (change.fact in UP)
            assert better(graded(used, columns, i, {change.fact: change.amount})[0], path.target)
            assert not better(graded(used, columns, i, {change.fact: less(change.amount)})[0], path.target)
            by = data.draw(st.integers(1, abs(change.amount)))
            assert not better(graded(used, columns, i, {change.fact: less(change.amount, by)})[0], path.target)
            assert "本组其他企业的数据不变" in change.limits


@pytest.mark.parametrize("name", ["huangyan-2021", "huangyan-2022"])
@given(columns=city(), data=st.data())
@SLOW
def test_what_is_called_impossible_stays_so_at_any_amount_tried(
    name: str, columns: Columns, data: st.DataObject
) -> None:
    used = find_method(name)
    for i, path in paths(used, columns):
        for change in path.changes:
            if change.amount is not None or change.present is None or change.fact == "revenue":
                continue
            if "不作单项测算" in change.reason:  # not called impossible: it helps one indicator and hurts another
                continue
            if change.fact in DOWN:
                if change.present <= 1:
                    continue
                amount = -data.draw(st.integers(1, change.present - 1))
            else:
                amount = data.draw(st.integers(1, 10**14))
            assert not better(graded(used, columns, i, {change.fact: amount})[0], path.target), change.reason


@pytest.mark.parametrize("name", ["huangyan-2021", "huangyan-2022"])
@given(columns=city(), data=st.data())
@SLOW
def test_a_combination_reaches_the_grade_sharply_and_costs_no_more_than_a_single_change(
    name: str, columns: Columns, data: st.DataObject
) -> None:
    used = find_method(name)
    for i, path in paths(used, columns):
        facts = data.draw(st.lists(st.sampled_from([*UP, *DOWN]), unique=True, min_size=1))
        costs = {fact: Fraction(data.draw(st.integers(1, 1000)), 10) for fact in facts}
        found = cheapest(path, costs)
        single = [abs(c.amount) * costs[c.fact] for c in path.changes if c.amount and c.fact in costs]
        assert (found is not None) or not single
        if found:
            check_combination(used, columns, i, path, found)
            assert found.cost <= min(single, default=found.cost)
            assert found.cost == sum(abs(part.amount) * costs[part.fact] for part in found.parts)


def check_combination(used: Method, columns: Columns, i: int, path: Path, found: Combination) -> None:
    moved = {part.fact: part.amount for part in found.parts}
    assert better(graded(used, columns, i, moved)[0], path.target)
    for part in found.parts:
        one_less = {**moved, part.fact: less(part.amount)}
        assert not better(graded(used, columns, i, one_less)[0], path.target)


# --- cases an official can read ---

CAPPED = {
    "tax_per_mu": {"weight": "60", "benchmark": "10", "cap": "60", "missing": "zero"},
    "rnd_share": {"weight": "40", "benchmark": "0.1", "cap": "40", "missing": "zero"},
}
WAN, MU = 10**6, 10**4  # 分 of 1 万元; units of 1 亩


def firms(*rows: tuple[int, int, int]) -> Columns:
    """(tax 万元, R&D 万元, 亩) of firms with a revenue of 1,000 万元."""
    return {
        "id": [str(i) for i in range(len(rows))],
        "tax": [tax * WAN for tax, _, _ in rows],
        "rnd_expense": [spent * WAN for _, spent, _ in rows],
        "revenue": [1000 * WAN] * len(rows),
        "land_mu": [mu * MU for _, _, mu in rows],
    }


def change_of(path: Path, fact: str) -> Any:
    return next(change for change in path.changes if change.fact == fact)


def path_of(used: Method, columns: Columns, i: int) -> Path:
    return find_path(evaluate(used, columns, override), i)


def test_the_figures_of_a_case_done_by_hand() -> None:
    # firm 1 has 100/10/10 x 60 = 60 of tax and 20 of R&D; firm 0 leads with 60 + 40. One A among five.
    rows = firms((100, 100, 10), (80, 100, 10), (50, 50, 10), (40, 50, 10), (10, 0, 10))
    path = path_of(method(scope(CAPPED)), rows, 1)
    assert (path.grade, path.target) == ("B", "A")
    # level with the leader's 100 points it shares his rank: 20 万元 more tax, less the 0.00005 points that round up
    assert change_of(path, "tax").amount == 20 * WAN - 83
    assert "本组其他企业的数据不变" in change_of(path, "tax").limits


def test_a_cap_stands_in_the_way_of_one_fact_and_two_together_pass() -> None:
    rows = firms((100, 100, 10), (60, 60, 10), (50, 50, 10), (40, 50, 10), (10, 0, 10))
    path = path_of(method(scope(CAPPED)), rows, 1)
    for fact in ("tax", "rnd_expense", "land_mu"):
        assert change_of(path, fact).amount is None
        assert "得分已到上限" in change_of(path, fact).reason
    assert "84.0000 分" in change_of(path, "tax").reason  # 60 + 24
    both = cheapest(path, {"tax": Fraction(1), "rnd_expense": Fraction(1)})
    assert both is not None
    assert {part.fact for part in both.parts} == {"tax", "rnd_expense"}
    assert cheapest(path, {"tax": Fraction(1)}) is None


def test_the_cheapest_piece_goes_first_up_to_its_cap() -> None:
    """Tax gives 0.6 points for 1 万元 up to its cap, R&D 0.4: at equal costs tax comes first, R&D closes the gap."""
    rows = firms((100, 80, 10), (70, 55, 10), (50, 50, 10), (40, 50, 10), (10, 0, 10))
    path = path_of(method(scope(CAPPED)), rows, 1)
    found = cheapest(path, {"tax": Fraction(1), "rnd_expense": Fraction(1)})
    assert found is not None
    moved = {part.fact: part.amount for part in found.parts}
    assert moved["tax"] == 30 * WAN
    assert moved["rnd_expense"] == 25 * WAN - 125  # 10 points at 0.4 for 1 万元, less what rounds up
    assert "费用最低" in found.limits[0]


def test_a_regrade_that_takes_the_grade_back_is_named() -> None:
    demoted = [{"name": "重大安全事故", "kind": "demote", "to": "D", "only_if": "accidents >= 1", "clause": "local"}]
    rows = firms((100, 100, 10), (60, 60, 10), (50, 50, 10), (40, 50, 10), (10, 0, 10))
    rows["accidents"] = [Fraction(0), Fraction(1), Fraction(0), Fraction(0), Fraction(0)]
    path = path_of(method(scope(regrades=demoted)), rows, 1)
    assert (path.grade, path.target) == ("D", "C")
    assert "重大安全事故" in change_of(path, "tax").reason


@pytest.mark.parametrize(
    ("cells", "fact", "words"),
    [
        ({"tax": None}, "tax", "评价税收未知，补报后才能测算"),
        ({"tax": None}, "land_mu", "亩均税收未能计算（评价税收未知）"),
        ({"land_mu": 0}, "land_mu", "没有可减少的"),
        ({"tax": 0}, "land_mu", "增减都不改变得分"),
        ({"tax": -5}, "land_mu", "提高得分须增加用地面积"),
    ],
)
def test_a_fact_that_cannot_help_says_why(cells: dict[str, Any], fact: str, words: str) -> None:
    rows = firms((100, 100, 10), (60, 60, 10), (50, 50, 10), (40, 50, 10), (10, 0, 10))
    for name, cell in cells.items():
        rows[name][4] = cell
    change = change_of(path_of(method(scope()), rows, 4), fact)
    assert change.amount is None
    assert words in change.reason


def test_land_that_leaves_the_scope_is_said() -> None:
    rows = firms((100, 100, 10), (60, 60, 10), (5, 50, 10), (4, 50, 10), (1, 0, 10))
    used = method(scope() | {"scope": "land_mu >= 9"})
    assert "离开本评价范围" in change_of(path_of(used, rows, 4), "land_mu").reason


def test_a_group_too_small_for_the_class_says_so() -> None:
    path = path_of(method(scope()), firms((100, 0, 10), (60, 0, 10)), 0)
    assert path.grade == "B"
    assert "没有 A 类名额" in change_of(path, "tax").reason


def test_benchmarks_of_the_group_move_with_the_firm() -> None:
    """A mean and a highest value that the firm itself raises: the change is still sharp."""
    items = {
        "tax_per_mu": {"weight": "50", "benchmark": "mean", "missing": "zero"},
        "rnd_share": {"weight": "50", "score": {"min_max": {"from": "0", "to": "100"}}, "missing": "zero"},
    }
    used = method(scope(items))
    rows = firms((100, 100, 10), (70, 55, 9), (50, 50, 8), (40, 51, 10), (10, 1, 10))
    for i, path in paths(used, rows):
        for change in path.changes:
            if change.amount:
                assert better(graded(used, rows, i, {change.fact: change.amount})[0], path.target)
                assert not better(graded(used, rows, i, {change.fact: less(change.amount)})[0], path.target)
                assert any("随本企业的变动重新计算" in said for said in change.limits)


def test_who_is_not_graded_or_best_has_no_path() -> None:
    used = method(scope(CAPPED) | {"scope": "above_scale"})
    rows = firms((100, 100, 10), (60, 60, 10), (50, 50, 10), (40, 50, 10), (10, 0, 10), (10, 0, 10))
    rows["above_scale"] = [True, True, True, True, True, None]
    assert path_of(used, rows, 0).reason == "已是 A 类"
    assert "尚未定级，先处理：待定" in path_of(used, rows, 5).reason
    assert not path_of(used, rows, 0).changes


def test_more_research_than_revenue_is_pointed_out() -> None:
    items = {"rnd_share": {"weight": "100", "benchmark": "0.1", "missing": "zero"}}
    rows = firms((1, 1500, 1), (1, 100, 1), (1, 60, 1), (1, 50, 1), (1, 0, 1))
    change = change_of(path_of(method(scope(items)), rows, 1), "rnd_expense")
    assert change.amount
    assert "变动后研发经费超过营业收入，实际难以做到" in change.limits
