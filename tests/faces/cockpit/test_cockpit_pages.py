"""The three pages: who sees what, filters and search, unknown as unknown, and how many queries they take."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from html import unescape
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import Firm, FirmName, FirmYear
from fenghuang.faces.cockpit import bars, home
from fenghuang.platform.accounts.models import Unit

PAGES = ["/", "/firms/", "/evaluation/", "/incentives/"]
FIRM_QUERIES = 46  # also: what was registered, newer data, what was announced; fourteen for land and power


def text(response: Any) -> str:
    """What a reader sees: tags gone, spaces single."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def of_unit(code: str, **more: Any) -> Result:
    return Result.objects.filter(unit=code, firm__unit=code, year=2022, **more).select_related("firm").first()


def address(result: Result) -> str:
    return reverse("cockpit:firm", args=[result.firm.uscc])


# --- who sees what ---


@pytest.mark.parametrize("page", [*PAGES, "/firms/91330000000000000X/"])
def test_nobody_enters_without_logging_in(client, small_city, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["city", "county", "auditor", "operator"])
def test_every_role_reads_every_page(request, as_user, small_city, page: str, role: str) -> None:
    answer = as_user(request.getfixturevalue(role)).get(page)
    assert answer.status_code == 200
    assert "None" not in text(answer)


@pytest.mark.parametrize("page", PAGES)
def test_without_data_pages_say_what_to_do(as_user, city, county, page: str) -> None:
    assert "还没有" in text(as_user(city).get(page))
    seen = text(as_user(county).get(page))
    assert "还没有" in seen
    assert "fenghuang import" not in seen


def test_a_county_official_sees_the_own_county_only(as_user, county, small_city) -> None:
    client = as_user(county)
    own, other = of_unit("331003"), of_unit("331081")
    assert client.get(address(own)).status_code == 200
    assert client.get(address(other)).status_code == 404
    assert client.get("/firms/91330000000000000X/").status_code == 404
    listed = client.get("/firms/")
    assert {row.record.unit_id for row in listed.context["table"].page} == {"331003"}
    assert not list(client.get("/firms/?unit=331081&q=" + other.firm.uscc).context["table"].rows)
    assert {row.record.unit_id for row in client.get("/incentives/").context["table"].rows} <= {"331003"}
    assert {line.run.unit_id for line in client.get("/evaluation/").context["lines"]} == {"331003"}


@pytest.mark.parametrize("query", ["", "?unit=331081", "?by=amount", "?year=2021"])
def test_other_counties_do_not_leak_into_the_home_page(as_user, county, small_city, query: str) -> None:
    context = as_user(county).get("/" + query).context
    assert [row.code for _, row in context["ranked"]] == ["331003"]
    assert [item["code"] for item in context["chart"]["items"]] == ["331003"]
    assert context["unit"] is None
    own = Result.objects.filter(unit="331003", year=context["year"])
    assert context["cards"]["evaluated"] == own.exclude(grade="").count()
    assert sum(bar.firms for bar in context["bars"]) == own.filter(score__isnull=False).count()
    assert context["bay"]["row"] is None
    decisions = Decision.objects.filter(unit="331003", year=context["year"])
    assert context["cards"]["subsidies"]["decisions"] == decisions.count()


def test_an_auditor_reads_every_firm(as_user, auditor, small_city) -> None:
    client = as_user(auditor)
    for code in Unit.objects.values_list("pk", flat=True):
        assert client.get(address(of_unit(code))).status_code == 200


# --- home ---


def test_a_chosen_unit_filters_everything(as_user, city, small_city) -> None:
    client = as_user(city)
    whole, one = client.get("/").context, client.get("/?unit=331003")
    assert len(whole["ranked"]) == len(one.context["ranked"]) == 10
    assert sum(bar.firms for bar in one.context["bars"]) < sum(bar.firms for bar in whole["bars"])
    counted = Result.objects.filter(unit="331003", year=2022, grade="A").count()
    assert one.context["cards"]["classes"][0][1] == counted
    assert "返回全市" in text(one)
    assert client.get("/?unit=nowhere").context["unit"] is None


@pytest.mark.parametrize("shade", [shade[0] for shade in home.SHADES])
def test_every_indicator_ranks_and_colours(as_user, city, small_city, shade: str) -> None:
    context = as_user(city).get(f"/?by={shade}").context
    values = [row.value for _, row in context["ranked"] if row.value is not None]
    assert values == sorted(values, reverse=True)
    assert len(context["chart"]["items"]) == 9
    assert context["bay"]["row"].name == "台州湾新区"


def test_the_home_page_says_what_it_stands_on(as_user, city, small_city) -> None:
    seen = text(as_user(city).get("/"))
    assert "边界数据：天地图（审图号 GS(2024)0650号），仅作示意" in seen
    assert "假定" in seen
    assert "借用，演示" in seen
    assert "第 1 次测算" in seen or "次测算" in seen
    assert "目标 28 万元" in seen


def test_tax_per_mu_is_the_exact_quotient(as_user, city, small_city) -> None:
    known = [
        (tax, land)
        for tax, land in FirmYear.objects.current()
        .filter(year=2022, above_scale=True, unit="331003")
        .values_list("tax", "land_mu")
        if tax is not None and land
    ]
    exact = Fraction(sum(t for t, _ in known), 10**6) / Fraction(sum(m for _, m in known), 10**4)
    card = as_user(city).get("/?unit=331003").context["cards"]
    assert card["tax"].value == exact
    assert card["tax"].firms == len(known)


def test_the_target_is_the_documents() -> None:
    clauses = yaml.safe_load((settings.SPEC / "clauses.yaml").read_text("utf-8"))
    target = next(t for t in clauses["targets"] if t["id"] == "target.tax_per_mu")
    assert target["at_least"] == home.TARGET_TAX_PER_MU


def test_ties_share_the_better_place_and_unknown_has_none() -> None:
    from collections import Counter

    rows = [home.Row(str(k), str(k), True, v, Counter(), 0) for k, v in enumerate([Fraction(2), None, Fraction(3)])]
    rows.append(home.Row("x", "x", True, Fraction(3), Counter(), 0))
    assert [place for place, _ in home.ranked(rows)] == [1, 1, 3, None]


def test_bars_mark_the_place_of_a_score() -> None:
    counted = [(start, {"A": int(start == 70), "B": 1, "C": 0, "D": 0}) for start in range(0, 210, 10)]
    found = bars.stacked(counted, 75_0000)
    assert [bar.start for bar in found if bar.here] == [70]
    assert found[7].words == "70 至 80 分：2 家（A 类 1 家，B 类 1 家）"
    assert bars.stacked(counted, -5)[0].here
    assert bars.stacked(counted, 9_999_0000)[-1].here


def test_demonstration_data_are_called_so(as_user, city, small_city, settings) -> None:
    settings.FENGHUANG_DEMO = False
    client = as_user(city)
    assert "demo-ribbon" not in client.get("/").content.decode()
    type(small_city.refresh).objects.update(is_demo=True)
    for page in PAGES:
        assert "演示数据" in text(client.get(page))


# --- firms ---


def listed(client: Any, query: str) -> list[str]:
    return [row.record.firm.uscc for row in client.get(f"/firms/?{query}").context["table"].page or []]


def test_search_by_name_code_pinyin_and_former_name(as_user, city, small_city) -> None:
    client = as_user(city)
    firm = of_unit("331003").firm
    assert listed(client, f"q={firm.name}") == [firm.uscc]
    assert listed(client, f"q={firm.uscc[:17].lower()}") == [firm.uscc]
    assert firm.uscc in listed(client, f"q={firm.initials[:6]}")
    assert firm.uscc in listed(client, f"q={firm.name[:2]}+{firm.name[2:5]}")
    renamed = next(n for n in FirmName.objects.select_related("firm") if n.name != n.firm.name)
    assert renamed.firm.uscc in listed(client, f"q={renamed.name}")


def test_filters_are_deep_links(as_user, city, small_city) -> None:
    client = as_user(city)
    page = client.get("/firms/?unit=331081&grade=B&scale=below&year=2021")
    rows = [row.record for row in page.context["table"].page]
    assert rows
    assert {(r.unit_id, r.grade, r.above_scale, r.year) for r in rows} == {("331081", "B", False, 2021)}
    code = rows[0].industry[:2]
    assert {r.record.industry[:2] for r in client.get(f"/firms/?industry={code}").context["table"].page} == {code}
    total = page.context["table"].page.paginator.count
    assert f"{total:,} 家" in text(page)
    assert re.search(r'<option value="331081"\s+selected', page.content.decode())


@pytest.mark.parametrize("column", ["name", "uscc", "unit", "industry", "tax_per_mu", "score", "rank", "grade"])
def test_every_column_sorts_both_ways(as_user, city, small_city, column: str) -> None:
    client = as_user(city)
    assert listed(client, f"sort={column}") != listed(client, f"sort=-{column}")


def test_pages_follow_each_other(as_user, city, small_city) -> None:
    client = as_user(city)
    first, second = listed(client, "page=1"), listed(client, "page=2")
    assert len(first) == 50
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    "query",
    ["page=x", "page=99999", "sort=nonsense", "year=1066", "year=²", "unit='", "grade=Z", "q=" + "长" * 300, "q=%"],
)
def test_nonsense_in_the_address_is_no_error(as_user, city, small_city, query: str) -> None:
    assert as_user(city).get(f"/firms/?{query}").status_code == 200


def test_nothing_found_says_what_to_try(as_user, county, small_city) -> None:
    seen = text(as_user(county).get("/firms/?q=没有这样的企业"))
    assert "没有符合条件的企业" in seen
    assert "您只能查看黄岩区的企业" in seen


def test_while_typing_only_the_table_comes(as_user, city, small_city) -> None:
    client = as_user(city)
    part = client.get("/firms/?q=a&unit=&grade=A", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == "/firms/?q=a&grade=A"
    assert "HX-Request" in part["Vary"]
    whole = client.get("/firms/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


# --- unknown ---


def test_what_is_unknown_is_said_and_never_zero(as_user, city, small_city) -> None:
    client = as_user(city)
    result = Result.objects.filter(tax_per_mu__isnull=True, year=2022).select_related("firm").first()
    page = client.get(f"/firms/?q={result.firm.uscc}").content.decode()
    cell = re.search(r'data-label="亩均税收（万元/亩）">(.*?)</td>', page, re.DOTALL)
    assert cell
    assert "未知" in cell[1]
    year = FirmYear.objects.current().filter(emission_t__isnull=True, firm__results__isnull=False).first()
    facts = client.get(reverse("cockpit:firm", args=[year.firm.uscc])).context["lines"]
    emission = next(line for line in facts if line.name == "emission_t")
    assert None in [cell.value for cell in emission.cells]


def test_a_firm_without_a_grade_says_why(as_user, city, small_city) -> None:
    result = of_unit("331003")
    reason = "待定：art.8（重点产业项目在建）所需事实不全，无法判断"
    Result.objects.filter(pk=result.pk).update(grade="", status="marked", reason=reason)
    client = as_user(city)
    assert "待定 第八条（重点产业项目在建）所需事实不全，无法判断" in text(client.get(f"/firms/?q={result.firm.uscc}"))
    page = text(client.get(address(result) + "?year=2022"))
    assert "第八条（重点产业项目在建）所需事实不全，无法判断" in page
    assert "art.8" not in page


# --- a firm ---


def test_the_explanation_ends_in_the_stored_grade(as_user, city, small_city) -> None:
    client = as_user(city)
    for grade in "ABCD":
        result = Result.objects.filter(year=2022, grade=grade).select_related("firm").first()
        context = client.get(f"{address(result)}?year=2022").context
        outputs = context["why"].outputs
        assert outputs["grade"] == result.grade
        assert Fraction(outputs["score"]) == Fraction(result.score, 10**4)
        assert outputs["rank"] == result.rank
        assert sum(Fraction(item.score) for item in context["items"]) == pytest.approx(result.score / 10**4, abs=1e-3)
        assert not any("不一致" in note for note in context["why"].notes)


def test_every_decision_is_explained_and_gives_its_amount(as_user, city, small_city) -> None:
    client = as_user(city)
    kinds = set()
    for firm in Firm.objects.filter(decisions__isnull=False).distinct()[:40]:
        for item in client.get(reverse("cockpit:firm", args=[firm.uscc])).context["decided"]:
            amount = item.record.outputs["amount"]
            stored = item.decision.amount
            assert (None if amount is None else Fraction(amount) * 100) == stored
            kinds.add(item.outcome)
    assert kinds == {"granted", "refused", "unknown"}


def test_an_unknown_subsidy_says_what_is_missing(as_user, city, small_city) -> None:
    decision = Decision.objects.filter(amount__isnull=True).select_related("firm").first()
    seen = text(as_user(city).get(reverse("cockpit:firm", args=[decision.firm.uscc])))
    assert "缺少：" in seen
    assert "资料不全" in seen


def test_facts_open_their_sources_and_grades_link_to_themselves(as_user, city, small_city) -> None:
    decision = Decision.objects.filter(rule="upgrade_subsidy", graded_by__isnull=False).select_related("firm").first()
    page = as_user(city).get(reverse("cockpit:firm", args=[decision.firm.uscc]))
    tax = next(line for line in page.context["lines"] if line.name == "tax")
    source = next(cell.sources for cell in tax.cells if cell.sources)[0]
    assert source.department in text(page)
    assert f"第 {source.row} 行" in text(page)
    assert f'/firms/{decision.firm.uscc}/?year={decision.year}#grade"' in page.content.decode()


def test_former_names_are_told(as_user, city, small_city) -> None:
    renamed = next(n for n in FirmName.objects.select_related("firm") if n.name != n.firm.name)
    seen = text(as_user(city).get(reverse("cockpit:firm", args=[renamed.firm.uscc])))
    assert f"曾用名： {renamed.name}" in seen or f"曾用名：{renamed.name}" in seen


def test_findings_about_a_firm_are_shown(as_user, city, small_city) -> None:
    from fenghuang.domain.feeds.models import Finding

    codes = Firm.objects.values_list("uscc", flat=True)
    finding = Finding.objects.filter(resolved_at__isnull=True, uscc__in=codes).first()
    assert finding.sentence in text(as_user(city).get(reverse("cockpit:firm", args=[finding.uscc])))


def test_chart_data_are_numbers_as_shown(as_user, city, small_city) -> None:
    page = as_user(city).get("/").content.decode()
    data = json.loads(re.search(r'<script id="map-data" type="application/json">(.*?)</script>', page)[1])
    assert data["absent"] == "无查看权限"
    assert len(data["items"]) == 9


# --- cost ---


def test_a_firms_page_takes_few_queries_however_many_decisions(as_user, city, small_city) -> None:
    client = as_user(city)
    evaluation._evaluation.cache_clear()
    for firm in [Firm.objects.filter(decisions__isnull=True, results__isnull=False).first(), *_busiest()]:
        url = reverse("cockpit:firm", args=[firm.uscc])
        client.get(url)  # the unit's evaluation is kept in memory from here
        with CaptureQueriesContext(connection) as taken:
            client.get(url)
        assert len(taken) <= FIRM_QUERIES


def test_the_first_page_of_a_process_does_not_grade_the_unit_again(as_user, city, small_city, monkeypatch) -> None:
    """Once any process has, or the refresh; and the page says the same."""
    from fenghuang.domain.evaluation import actions, queries

    graded = []
    monkeypatch.setattr(queries, "run_method", lambda *given: graded.append(given) or actions.run_method(*given))
    url = reverse("cockpit:firm", args=[Firm.objects.filter(results__isnull=False).first().uscc])
    client = as_user(city)
    evaluation._evaluation.cache_clear()
    first = client.get(url).context["why"]
    assert len(graded) == 1
    evaluation._evaluation.cache_clear()
    assert client.get(url).context["why"] == first
    assert len(graded) == 1


def _busiest() -> list[Firm]:
    from django.db.models import Count

    return list(Firm.objects.annotate(n=Count("decisions")).order_by("-n")[:2])
