"""Totals from the stored texts: sums with what they lack, totals / totals, masking, who may see the city's."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
from campaigns import CODES, begun, carried, rows
from deliveries import firm
from django.http import QueryDict

from fenghuang.domain.campaign import totals
from fenghuang.domain.campaign.models import Campaign
from fenghuang.domain.campaign.totals_lists import campaign_totals


@pytest.fixture
def towns(deliver: Callable[..., Any]) -> Campaign:
    """甲镇: seven firms, one without land. 乙镇: two firms. 丙镇: one. Another industry in 乙镇."""
    given = rows([1_000_000 - 50_000 * place for place in range(10)])
    for n, one in enumerate(given["directory"]):
        one["township"] = "甲镇" if n < 7 else "乙镇" if n < 9 else "丙镇"
        one["industry"] = "2710" if n in (7, 8) else "3411"
    given["parcels"] = given["parcels"][1:]
    deliver(**given)
    return carried(begun(), "to_scoring")


def by(campaign: Campaign, dimension: str) -> dict[str, totals.Line]:
    return {one.title: one for one in totals.by(campaign.scorings.get(), dimension)}


def test_parts_add_up_to_the_whole_in_every_dimension(towns) -> None:
    made = towns.scorings.get()
    whole = totals.whole(made)
    for one in totals.offered(made):
        lines = totals.by(made, one.name)
        assert totals.merged("", "合计", lines) == whole, one
    assert (whole.firms, sum(whole.initial.values()), whole.ungraded) == (
        10,
        sum(whole.final.values()),
        10 - sum(whole.final.values()),
    )
    assert "park" not in [one.name for one in totals.offered(made)]  # no contract was delivered


def test_a_sum_says_how_many_it_lacks_and_the_average_leaves_both_parts_out(towns) -> None:
    town = by(towns, "township")["甲镇"]
    assert (town.sums["land_mu"].known, town.sums["land_mu"].unknown) == (6, 1)
    assert town.sums["tax"].total == sum((1_000_000 - 50_000 * n) * 100 for n in range(7))
    average = town.averages["tax_per_mu"]
    taxes = sum(1_000_000 - 50_000 * n for n in range(1, 7))
    assert (average.pairs, average.lacking) == (6, 1)
    assert average.value == Fraction(taxes, 60 * 10_000)  # 万元 a 亩; the first firm's tax is not in it
    record = totals.explained(town, "甲镇", 2022, frozenset())
    said = {step.name: step for step in record.steps}
    assert "另有 1 家未知" in said["land_mu"].note
    assert "6 家两项都已知" in said["tax_per_mu"].formula


def test_industries_by_division_and_group(towns) -> None:
    assert sorted(by(towns, "division")) == ["27 医药制造业", "34 通用设备制造业"]
    assert {one.key for one in totals.by(towns.scorings.get(), "group")} == {"271", "341"}


def test_taxes_of_few_firms_are_told_nobody_here(towns) -> None:
    small, enough = by(towns, "township")["乙镇"], by(towns, "township")["甲镇"]
    assert small.sums["tax"].told(frozenset()) == "***"
    assert small.averages["tax_per_mu"].is_masked(frozenset())
    assert small.sums["land_mu"].told(frozenset()) == 200_000  # land is no secret
    assert enough.sums["tax"].told(frozenset()) == enough.sums["tax"].total
    assert enough.sums["tax"].told(frozenset({"tax"})) == "***"


def page(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_who_may_not_see_taxes_sees_no_total_of_them(as_user, city, operator, towns) -> None:
    address = f"/campaigns/{towns.pk}/totals?by=township&why=all"
    taxes = f"{sum(1_000_000 - 50_000 * n for n in range(10)) / 10_000:,.2f}"
    assert taxes in page(as_user(city), address)
    masked = page(as_user(operator), address)
    assert taxes not in masked
    assert f"{sum(1_000_000 - 50_000 * n for n in range(10)):,}" not in masked
    assert "不完整，缺 1 家" in masked


def test_the_city_is_for_whom_sees_all_of_it(as_user, city, auditor, county, operator, clerk, towns) -> None:
    for user, status in ((city, 200), (auditor, 200), (county, 403), (operator, 200), (clerk, 403)):
        assert as_user(user).get("/campaigns/totals").status_code == status
    assert "***" in page(as_user(operator), "/campaigns/totals")
    text = page(as_user(city), "/campaigns/totals?why=all")
    assert "全市合计" in text
    assert "计分，第 1 次计分" in text
    assert "27 医药制造业" in page(as_user(city), "/campaigns/totals?by=division")


def test_later_corrections_change_no_total(towns, deliver) -> None:
    before = totals.whole(towns.scorings.get())
    deliver(directory=[firm(c, revenue=1) for c in CODES], tax=[{"uscc": CODES[0], "tax": 7}])
    totals._by.cache_clear()
    assert totals.whole(towns.scorings.get()) == before


def test_a_township_sees_no_totals_of_other_townships(as_user, person, towns) -> None:
    """A line of one firm is that firm's figure: 丙镇 has one, 乙镇 two."""
    who = person("township", "甲镇")
    client = as_user(who)
    assert client.get(f"/campaigns/{towns.pk}/totals?by=township&why=all").status_code == 403
    assert campaign_totals(who, QueryDict(f"pk={towns.pk}")) is None  # nor as a file
    assert "totals" not in page(client, f"/campaigns/{towns.pk}/")


def test_parks_are_those_of_the_years_contracts(deliver: Callable[..., Any]) -> None:
    """In a park, in none by its contract, and without a contract: three things."""
    given = rows([1_000_000 - 50_000 * place for place in range(10)])
    given["contracts"] = [
        {"uscc": code, "reference": f"P{n}", "right": "出让", "park": "飞跃小微园" if n < 2 else None}
        for n, code in enumerate(CODES[:3])
    ]
    deliver(**given)
    lines = by(carried(begun(), "to_scoring"), "park")
    assert {title: line.firms for title, line in lines.items()} == {
        "飞跃小微园": 2,
        "不在园区": 1,
        "不详（没有宗地合同）": 7,
    }
