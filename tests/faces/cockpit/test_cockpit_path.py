"""The path to the next grade on the firm's page: what it says holds, who may read it, and what the costs do."""

from __future__ import annotations

import time
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from fenghuang.domain.evaluation import paths
from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.evaluation.queries import evaluation_of
from fenghuang.platform.audit.models import Event


def firm_with_a_path(unit: str = "331003", year: int = 2022) -> Result:
    """A firm of the second class, above scale, that knows its taxes and land."""
    found = Result.objects.filter(unit=unit, firm__unit=unit, year=year, grade="B", above_scale=True)
    return found.exclude(tax_per_mu=None).select_related("firm", "run__snapshot", "run__refresh", "unit").first()


def address(result: Result, **asked: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"year": result.year, **asked}.items())
    return reverse("cockpit:path", args=[result.firm.uscc]) + "?" + query


def words(answer: Any) -> str:
    return " ".join(unescape(strip_tags(answer.content.decode())).split())


def fragment(client: Any, where: str) -> Any:
    return client.get(where, headers={"HX-Request": "true"})


def test_the_firms_page_opens_it_on_demand(as_user, city, small_city) -> None:
    result = firm_with_a_path()
    client = as_user(city)
    page = client.get(reverse("cockpit:firm", args=[result.firm.uscc]) + "?year=2022").content.decode()
    assert f'hx-get="{address(result)}"' in page
    assert "费用最低的组合" not in page
    part = fragment(client, address(result))
    assert b"<html" not in part.content
    assert "到 A 类的路径" in words(part)
    whole = client.get(address(result))
    assert b"<html" in whole.content
    assert "到 A 类的路径" in words(whole)


def test_every_change_on_the_page_is_proved(as_user, city, small_city) -> None:
    result = firm_with_a_path()
    found = as_user(city).get(address(result)).context
    moved = [step for step in found["steps"] if step.move]
    assert moved
    for step in moved:
        reached, short = (proof.outcome.firm for proof in step.proofs)
        assert (reached.grade, short.grade) == ("A", "B")
        assert step.move.startswith(("再增加", "对应的实缴税金再增加", "减少"))
    assert all(step.reason for step in found["steps"] if not step.move)
    assert "本组其他企业的数据不变" in words(as_user(city).get(address(result)))


def test_the_distribution_counts_the_group_and_marks_the_firm(as_user, city, small_city) -> None:
    result = firm_with_a_path()
    evaluation, i = evaluation_of(result)
    run, position = evaluation.run_of(i)
    members = run.groups[run.group_of[position]].positions
    charts = as_user(city).get(address(result)).context["charts"]
    assert len(charts) == len(run.items)
    for chart, scores in zip(charts, run.items, strict=True):
        known = sum(scores.value(p) is not None for p in members)
        assert sum(bar.firms for bar in chart.bars) == (known if known >= paths.FEWEST else 0)
        shown = scores.value(position) is not None and known >= paths.FEWEST
        assert sum(bar.here for bar in chart.bars) == shown
        if shown:
            assert f"高于本组 {sum(scores.value(p) is not None for p in members):,} 家中的" in chart.words


def test_costs_give_the_cheapest_combination_never_dearer_than_one_change(as_user, city, small_city) -> None:
    result = firm_with_a_path()
    asked = {"cost_tax": "10000", "cost_value_added": "800", "cost_land_mu": "300000"}
    answer = as_user(city).get(address(result, **asked))
    found = paths.cheapest_of(
        result, {"tax": Fraction(1, 100), "value_added": Fraction(800, 10**6), "land_mu": Fraction(30)}
    )
    assert found is not None
    costs = {"tax": Fraction(1, 100), "value_added": Fraction(800, 10**6), "land_mu": Fraction(30)}
    single = [abs(c.amount) * costs[c.fact] for c in paths.path_of(result).changes if c.amount and c.fact in costs]
    assert found.cost <= min(single)
    assert found.reached.firm.grade == "A"
    assert all(part.short.firm.grade == "B" for part in found.parts)
    assert answer.context["combination"]["cost"] in words(answer)
    assert "单价" in words(answer)


@pytest.mark.parametrize("typed", ["-5", "0", "many", "1e999", "１２３abc"])
def test_a_cost_that_is_none_is_said_at_its_field(as_user, city, small_city, typed: str) -> None:
    answer = as_user(city).get(address(firm_with_a_path(), cost_tax=typed))
    assert answer.status_code == 200
    assert "大于 0 的数" in words(answer)
    assert answer.context["combination"] is None


def test_without_costs_nothing_is_assumed(as_user, city, small_city) -> None:
    answer = as_user(city).get(address(firm_with_a_path()))
    assert answer.context["combination"] is None
    assert all(field.text == "" for field in answer.context["fields"])


def test_who_may_not_see_taxes_sees_neither_them_nor_what_gives_them_away(as_user, operator, small_city) -> None:
    result = firm_with_a_path()
    found = as_user(operator).get(address(result, cost_tax="1", cost_land_mu="1"))
    steps = {step.title: step for step in found.context["steps"]}
    for title in ("评价税收", "营业收入", "研发经费", "用地面积"):
        assert steps[title].masked
        assert not steps[title].move
    assert not steps["工业增加值"].masked
    assert {chart.title for chart in found.context["charts"] if chart.masked} == {"亩均税收", "研发经费占营业收入比重"}
    assert found.context["combination"] is None
    assert "无查看权限" in words(found)
    open_paths = {change.title: change for change in paths.path_of(result).changes if change.amount}
    for title in ("评价税收", "用地面积"):
        if title in open_paths:
            assert f"{abs(open_paths[title].amount):,}" not in words(found)


def test_a_county_official_reads_the_own_county_only(as_user, county, small_city) -> None:
    client = as_user(county)
    own = client.get(address(firm_with_a_path()))
    assert own.status_code == 200
    assert not any(step.masked for step in own.context["steps"])
    assert client.get(address(firm_with_a_path("331081"))).status_code == 404


def test_reading_it_is_noted_like_the_firms_page(as_user, city, small_city) -> None:
    result = firm_with_a_path()
    before = Event.objects.filter(action="registry.read_firm").count()
    as_user(city).get(address(result))
    assert Event.objects.filter(action="registry.read_firm").count() == before + 1


@pytest.mark.parametrize("grade", ["A", ""])
def test_the_best_and_the_ungraded_are_told_why_there_is_no_path(as_user, city, small_city, grade: str) -> None:
    result = Result.objects.filter(year=2022, grade=grade).select_related("firm").first()
    seen = words(as_user(city).get(address(result)))
    assert ("已是 A 类" if grade else "尚未定级") in seen


def test_it_takes_less_than_a_second(as_user, city, small_city) -> None:
    result = firm_with_a_path()
    client = as_user(city)
    client.get("/firms/")
    began = time.process_time()
    client.get(address(result))
    assert time.process_time() - began < 1
