"""The grade of record: what was announced stands in every page and subsidy; what is calculated says that it is."""

from __future__ import annotations

import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "campaign"))

from campaigns import LATER, MONDAY, begun, carried
from deliveries import code, firm

from fenghuang.domain.campaign import actions, objecting, record
from fenghuang.domain.evaluation.announced import NOT_IN_IT
from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.evaluation.queries import explain
from fenghuang.domain.incentives import queries
from fenghuang.domain.incentives.actions import refresh
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.evidence import proof

CODES = [code(5000 + 41 * number) for number in range(10)]
DOCUMENT = "政府常务会议〔2023〕5 号"


def rows(taxes: list[int]) -> dict[str, Any]:
    return {
        "directory": [firm(c, above_scale="否", revenue=100_000, value_added=30_000) for c in CODES],
        "tax": [{"uscc": c, "tax": tax, "local_contribution": 9_000_000} for c, tax in zip(CODES, taxes, strict=True)],
        "parcels": [{"uscc": c, "reference": f"P{n}", "amount": 10} for n, c in enumerate(CODES)],
        "meters": [{"uscc": c, "reference": f"M{n}", "amount": 1_000_000} for n, c in enumerate(CODES)],
    }


@pytest.fixture
def ten(deliver: Any) -> list[str]:
    """Ten firms of 椒江, the third graded B and applying for an upgrade subsidy."""
    project = {"code": "T1", "uscc": CODES[2], "applies_for": "技改补助", "title": "技改"}
    project |= {"equipment_investment": 2000, "actual_investment": 2000}
    deliver(**rows([1_000_000 - 50_000 * place for place in range(10)]), projects=[project])
    return CODES


def promoted(ten: list[str], until: str = "publish") -> Any:
    """The year's campaign with the third firm promoted to A by decision."""
    campaign = begun()
    campaign = carried(campaign, "to_scoring")
    given = {"reason": "攻关", "clause": "art.8", "document": "会议纪要 1 号", "proof": proof("甲.pdf", b"%PDF-1.4")}
    objecting.regrade(None, campaign.pk, Firm.objects.get(uscc=ten[2]), kind="promote", to="", **given)
    actions.rescore(None, campaign.pk)
    for name in ("publicise", "close_objections", "reconcile", "submit", "publish"):
        day = MONDAY if name == "publicise" else LATER
        campaign = actions.advance(None, campaign.pk, name, document=DOCUMENT, today=day)
        if name == until:
            break
    return campaign


def result(uscc: str) -> Result:
    return (
        Result.objects.select_related("run__unit", "run__refresh", "run__snapshot")
        .order_by("-id")
        .filter(firm__uscc=uscc)[0]
    )


def text(client: Any, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_a_calculated_grade_makes_a_decision_provisional(city, ten, as_user) -> None:
    refresh()
    decision = Decision.objects.get()
    assert result(ten[2]).grade == "B"
    assert decision.is_provisional
    ((_, why),) = queries.explain_all(Decision.objects.all())
    assert queries.PROVISIONAL in why.notes
    client = as_user(city)
    assert "暂定" in text(client, "/incentives/")
    assert "测算（未公布）" in text(client, "/firms/")
    assert "测算（未公布）" in text(client, "/evaluation/")
    assert "测算（未公布）" in text(client, "/")


def test_what_is_published_stands_in_every_page_and_subsidy(city, ten, as_user) -> None:
    refresh()
    before = Decision.objects.get().amount
    promoted(ten)
    made, new = refresh()
    assert new
    stands = result(ten[2])
    assert (stands.grade, stands.initial_grade, stands.regrades) == ("A", "B", stands.regrades)
    assert "攻关（会议纪要 1 号）" in stands.regrades
    decision = Decision.objects.get(refresh=made)
    assert not decision.is_provisional
    assert decision.amount > before
    ((_, why),) = queries.explain_all(Decision.objects.filter(pk=decision.pk))
    said = f"椒江区 2022 年度评价，{DOCUMENT}公布，第 3 次计分"
    assert f"评价等级来源：{said}" in why.notes
    client = as_user(city)
    page = text(client, f"/firms/{ten[2]}/")
    assert said in page
    assert f"/campaigns/{stands.run.announced['campaign']}/firms/{ten[2]}/" in page
    assert 'title="暂定' not in text(client, "/incentives/")
    assert said in text(client, "/firms/")
    assert DOCUMENT in text(client, "/evaluation/")


def test_the_explanation_runs_what_was_announced_again(ten) -> None:
    promoted(ten)
    refresh()
    notes = explain(result(ten[2])).notes
    assert not [note for note in notes if "不一致" in note]


def test_new_facts_do_not_move_an_announced_grade(ten, deliver) -> None:
    promoted(ten)
    refresh()
    deliver(tax=[{"uscc": ten[0], "tax": 1}], directory=[firm(code(9999), above_scale="否")])
    made, new = refresh()
    assert new
    first = Result.objects.get(refresh=made, firm__uscc=ten[0])
    assert (first.grade, first.run.known_at < made.recording_id) == ("A", True)
    late = Result.objects.get(refresh=made, firm__uscc=code(9999))
    assert (late.status, late.grade, late.reason) == ("marked", "", NOT_IN_IT)


def test_a_firm_that_came_later_has_a_page_that_says_so(city, ten, deliver, as_user) -> None:
    promoted(ten)
    deliver(directory=[firm(code(9999), above_scale="否")])
    refresh()
    assert NOT_IN_IT in text(as_user(city), f"/firms/{code(9999)}/")
    assert "尚未评价" in text(as_user(city), f"/firms/{code(9999)}/path")


def test_publishing_makes_results_stale_and_every_page_says_so(city, ten, as_user) -> None:
    refresh()
    client = as_user(city)
    assert "公布前的结果" not in text(client, "/")
    promoted(ten)
    for page in ("/", "/firms/", "/evaluation/", "/incentives/", f"/firms/{ten[2]}/"):
        said = text(client, page)
        assert "椒江区 2022 年度评价在第" in said, page
        assert "重新测算" in said, page
    assert "重新测算后以公布为准" in text(client, f"/firms/{ten[2]}/")  # why the page has two grades
    refresh()
    assert "公布前的结果" not in text(client, "/")


def test_freezing_the_same_grades_makes_nothing_stale(ten) -> None:
    campaign = promoted(ten)
    made, _ = refresh()
    actions.advance(None, campaign.pk, "freeze")
    assert record.unseen(made) == []
    assert refresh() == (made, False)


def test_a_campaign_under_way_does_not_count_yet_and_the_page_says_why(city, ten, as_user) -> None:
    promoted(ten, until="publicise")
    refresh()
    assert result(ten[2]).grade == "B"
    page = text(as_user(city), f"/firms/{ten[2]}/")
    assert "暂定 A" in page
    assert "尚未公布" in page


def test_firms_are_filtered_by_where_their_grade_comes_from(city, ten, as_user) -> None:
    promoted(ten)
    refresh()
    client = as_user(city)
    assert ten[0] in text(client, "/firms/?origin=announced")
    assert ten[0] not in text(client, "/firms/?origin=calculated")


def test_the_previous_years_announced_grade_decides_this_years_rent(deliver, ten) -> None:
    assert carried(begun(), "publish").state == "published"
    deliver(
        2023,
        directory=[firm(ten[0], above_scale="否")],
        projects=[
            {"code": "T2", "uscc": ten[0], "applies_for": "租赁厂房补助", "title": "新厂"}
            | {"actual_investment": 3000, "rented_area_m2": 1000, "rented_months": 12, "is_new_major_upgrade": "是"}
        ],
    )
    refresh()
    decision = Decision.objects.get(year=2023)
    assert decision.graded_before_by.run.announced["document"] == DOCUMENT
    assert not decision.is_provisional
