"""政策推演: saved in versions, the same result later, told when the law changed; who may see and save."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Sum

from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.whatif import queries
from fenghuang.domain.whatif.actions import complete, save
from fenghuang.domain.whatif.models import Version
from fenghuang.engines.door import Faulty
from fenghuang.language.record import MASK
from fenghuang.platform.audit.models import Event

RATE = "art.10.upgrade_subsidy.rates[A][0]"


def document(title: str = "第一档 12%", **said: Any) -> dict[str, Any]:
    return {"title": title, "policy": "taizhou-2021-27", **(said or {"parameters": {RATE: "12%"}})}


@pytest.fixture
def version(city, small_city) -> Version:
    return save(city, small_city.refresh, 2022, document())


def test_the_law_as_it_stands_is_that_of_the_decisions(version, small_city) -> None:
    """The baseline is the sum of what incentives decided, and the variant that of the rule run on their inputs."""
    decided = Decision.objects.filter(refresh=small_city.refresh, year=2022)
    total = version.result["total"]
    assert total["before"] == decided.aggregate(total=Sum("amount"))["total"]
    assert total["unknown_before"] == decided.filter(amount=None).count()
    assert total["subjects"] == decided.count()
    assert total["winners"] > 0
    assert total["losers"] == 0
    for lines in version.result["by"].values():
        assert sum(change["difference"] for _, change in lines) == total["difference"]


def test_by_hand_for_one_firm(version, small_city) -> None:
    """The largest change is that of the decision's own inputs: 2 % of the first 2000 万元, no cap in the way."""
    one = version.result["largest"][0]
    decision = Decision.objects.get(
        refresh=small_city.refresh, year=2022, rule="upgrade_subsidy", project__code=one["code"]
    )
    invested = decision.inputs["equipment_investment"]
    by_bands = decision.outputs["amount_by_bands"] + min(invested, 2000 * 10**6) * 2 // 100
    cap = {0: 2000 * 10**6, 1: 500 * 10**6}[decision.inputs["grade"]]
    assert one["before"] == decision.amount
    assert one["after"] == min(by_bands, cap, decision.inputs["local_contribution"])


def test_saving_again_makes_the_next_version_and_leaves_the_first(version, city, small_city) -> None:
    before = version.result
    again = save(city, small_city.refresh, 2022, document(parameters={RATE: "13%"}))
    assert (again.number, again.scenario_id) == (2, version.scenario_id)
    version.refresh_from_db()
    assert version.number == 1
    assert version.result == before
    assert version.variant["parameters"] == {RATE: "12%"}
    assert [e.subject_label for e in Event.objects.filter(action="whatif.save")] == [
        "第一档 12% 第 2 版",
        "第一档 12% 第 1 版",
    ]


def test_opened_later_it_gives_the_same_result(as_user, city, version) -> None:
    version.refresh_from_db()
    assert queries.same_again(version)
    page = as_user(city).get(f"/whatif/{version.pk}/?check=1").content.decode()
    assert "逐分一致" in page
    assert "政策文件在保存之后有改动" not in page


def test_a_changed_law_is_told(as_user, city, version, monkeypatch) -> None:
    from fenghuang.law.pack import packs

    monkeypatch.setitem(packs()["taizhou-2021-27"].__dict__, "sha256", "0" * 64)
    page = as_user(city).get(f"/whatif/{version.pk}/").content.decode()
    assert "政策文件在保存之后有改动" in page


def test_what_is_written_is_not_written_again(version) -> None:
    kept = version.result
    assert complete(version, {"total": {"difference": 0}}, None).result == kept


def test_the_form_saves_and_says_what_is_wrong_where(as_user, city, small_city) -> None:
    client = as_user(city)
    answer = client.post("/whatif/new", {"name": "甲", f"p.{RATE}": "0.12", "year": "2022"})
    assert answer.status_code == 422
    assert "应带单位 %" in answer.content.decode()
    assert not Version.objects.exists()
    answer = client.post("/whatif/new", {"name": "甲", f"p.{RATE}": "12%", "year": "2022"})
    version = Version.objects.get()
    assert answer["Location"] == f"/whatif/{version.pk}/"
    assert 'value="12%"' in client.get(f"/whatif/new?from={version.pk}").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "甲"}, "与现行政策没有不同"),
        ({"name": "", f"p.{RATE}": "12%"}, "应写明方案名称"),
        ({"name": "甲", "search": RATE}, "须一起填写"),
        ({"name": "甲", "search": RATE, "under": "很多"}, "应为金额"),
        ({"name": "甲", "search": "art.9", "under": "2亿元"}, "没有这个参数"),
        ({"name": "甲", "method": "x"}, "可选"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_kept(as_user, city, small_city, typed, sentence) -> None:
    answer = as_user(city).post("/whatif/new", typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Version.objects.exists()


def test_a_budget_is_searched(as_user, city, small_city) -> None:
    decided = Decision.objects.filter(refresh=small_city.refresh, year=2022).aggregate(total=Sum("amount"))["total"]
    typed = {"name": "预算", "search": RATE, "under": f"{decided // 100 + 100_000}元"}
    as_user(city).post("/whatif/new", typed)
    found = Version.objects.get().result["found"]
    assert found["present_total"] == decided
    assert found["total"] <= found["bound"] < found["beyond_total"]
    assert "预算反推" in as_user(city).get(f"/whatif/{Version.objects.get().pk}/").content.decode()


def test_a_method_is_applied_in_the_background(as_user, city, small_city) -> None:
    from fenghuang.platform.jobs.registry import runner

    version = save(city, small_city.refresh, 2022, document("方法", method="huangyan-2022"))
    assert version.result is None
    assert "进度" in as_user(city).get(f"/whatif/{version.pk}/").content.decode()
    runner("whatif.compute")(version.job, **version.job.arguments)
    version.refresh_from_db()
    total = version.result["total"]
    assert total["subjects"] == total["winners"] + total["losers"] + total["same"] + total["unknown"]
    assert queries.same_again(version)


def test_only_the_city_saves(auditor, operator, county, small_city) -> None:
    for person in (auditor, operator, county):
        with pytest.raises(PermissionDenied):
            save(person, small_city.refresh, 2022, document())
    with pytest.raises(Faulty):
        save(None, small_city.refresh, 2022, document(parameters={RATE: "-1%"}))


def test_who_may_not_read_taxes_sees_no_firm_s_amount(as_user, operator, auditor, version) -> None:
    one = version.result["largest"][0]
    seen = queries.shown_result(operator, version)
    assert {line["before"] for line in seen["largest"]} == {MASK}
    few = [c for groups in seen["by"].values() for _, c in groups if c["subjects"] < queries.FEW]
    assert few
    assert {c["difference"] for c in few} == {MASK}
    assert queries.shown_result(auditor, version)["largest"][0] == one
    shown = f"{one['after'] // 100:,}.{one['after'] % 100:02d}"
    assert shown in as_user(auditor).get(f"/whatif/{version.pk}/").content.decode()
    assert shown not in as_user(operator).get(f"/whatif/{version.pk}/").content.decode()


def test_the_county_sees_none(as_user, county, version) -> None:
    assert as_user(county).get("/whatif/").status_code == 403
    assert "政策推演" not in as_user(county).get("/").content.decode()
