"""政策直兑: filters, totals that agree with the rows, unknown never counted as zero."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db.models import Sum

from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import FirmName


def rows(client: Any, query: str = "") -> list[Decision]:
    page = client.get(f"/incentives/?{query}").context["table"].page
    return [row.record for row in page]


@pytest.mark.parametrize(
    ("result", "holds"),
    [
        ("granted", lambda amount: amount is not None and amount > 0),
        ("refused", lambda amount: amount == 0),
        ("unknown", lambda amount: amount is None),
    ],
)
def test_results_are_told_apart(as_user, city, small_city, result: str, holds: Any) -> None:
    found = rows(as_user(city), f"result={result}")
    assert found
    assert all(holds(decision.amount) for decision in found)


def test_filters_by_rule_unit_and_year(as_user, city, small_city) -> None:
    client = as_user(city)
    for rule in Decision.objects.order_by("rule").values_list("rule", flat=True).distinct():
        assert {d.rule for d in rows(client, f"rule={rule}")} == {rule}
    some = Decision.objects.filter(year=2021).first()
    assert {d.unit_id for d in rows(client, f"unit={some.unit_id}&year=2021")} == {some.unit_id}
    some = Decision.objects.filter(year=2022).select_related("firm", "project").first()
    assert {d.firm_id for d in rows(client, f"q={some.firm.uscc}")} == {some.firm_id}
    assert some.pk in {d.pk for d in rows(client, f"q={some.project.code}")}
    FirmName.objects.create(firm=some.firm, name="从前叫做某某厂", first_year=2010, last_year=2012)
    assert {d.firm_id for d in rows(client, "q=从前叫做")} == {some.firm_id}


def test_the_total_is_that_of_the_rows_and_leaves_unknown_out(as_user, city, small_city) -> None:
    page = as_user(city).get("/incentives/")
    stored = Decision.objects.filter(year=2022)
    assert page.context["totals"]["total"] == stored.aggregate(s=Sum("amount"))["s"]
    assert page.context["totals"]["unknown"] == stored.filter(amount__isnull=True).count() > 0
    assert "资料不全的未计入合计" in page.content.decode()


def test_every_row_leads_to_its_explanation(as_user, city, small_city) -> None:
    client = as_user(city)
    decision = rows(client)[0]
    link = re.search(r'href="(/firms/[^"]+)#(d\d+)"', client.get("/incentives/").content.decode())
    assert link
    assert f'id="{link[2]}"' in client.get(link[1]).content.decode()
    assert link[2] == f"d{decision.pk}"


@pytest.mark.parametrize("column", ["firm", "unit", "project", "rule", "amount"])
def test_columns_sort_both_ways(as_user, city, small_city, column: str) -> None:
    client = as_user(city)
    assert rows(client, f"sort={column}") != rows(client, f"sort=-{column}")


@pytest.mark.parametrize("query", ["result=x", "rule=x", "unit=x", "year=x", "page=x", "sort=x"])
def test_nonsense_is_no_error(as_user, city, small_city, query: str) -> None:
    assert as_user(city).get(f"/incentives/?{query}").status_code == 200


def test_nothing_found_says_so(as_user, city, small_city) -> None:
    assert "没有符合条件的决定" in as_user(city).get("/incentives/?q=没有这样的项目").content.decode()
