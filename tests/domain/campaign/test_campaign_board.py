"""The board of who is late and why; the method as a form beside last year's; why a rescoring changed a firm."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from typing import Any

import pytest
from campaigns import MONDAY, begun, carried

from fenghuang.domain.campaign import actions, board, method_form, objecting, queries
from fenghuang.domain.campaign.models import Campaign
from fenghuang.domain.evaluation.actions import version_of_method
from fenghuang.domain.evaluation.methods import Chosen
from fenghuang.domain.registry.models import Firm
from fenghuang.law.methods.reading import from_document
from fenghuang.platform.evidence import proof

DAY = date(2023, 3, 16)


def text(client: Any, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


@pytest.fixture
def on(monkeypatch: Any) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: DAY)


def test_the_board_says_days_reasons_objections_and_the_last_scoring(city, ten, as_user, on) -> None:
    campaign = carried(begun(), "publicise")
    firm = Firm.objects.get(uscc=ten[0])
    paper = proof("甲.pdf", b"%PDF-1.4")
    objecting.file_objection(None, campaign.pk, firm, "land_mu", "多算", paper, today=MONDAY)
    actions.set_periods(None, begun("331003").pk, {"prepared": 10}, version=None)
    first, second = board.lines(city, 2022, DAY)
    assert (first.time_said, first.late, first.pending, first.last.number) == ("逾期 3 天", 3, 1, 1)
    assert second.time_said == "剩 2 天"
    assert second.blocked == ""
    assert [place for _, place in first.cells].count("here") == 1
    page = text(as_user(city), "/campaigns/")
    assert "逾期 3 天" in page
    assert "异议 1" in page
    assert "第 1 次</span>" in page


def test_the_board_says_the_guards_sentence_whoever_looks(auditor, ten, as_user, on) -> None:
    campaign = actions.advance(None, begun("331003").pk, "collect", today=MONDAY)
    (line,) = board.lines(auditor, 2022, DAY)
    assert line.blocked == f"还没有{campaign}的企业数据，请先导入部门文件"
    assert line.blocked in text(as_user(auditor), "/campaigns/")


def test_weights_benchmarks_and_cuts_are_a_form_with_last_years_beside(city, ten, as_user) -> None:
    campaign, client = begun(year=2023), as_user(city)
    address = f"/campaigns/{campaign.pk}/method"
    assert "与 2022 年度方法的权重、基准和等级划分相同" in text(client, address)
    given = {"fields": "1", "text": "", "try": "1", "1.tax_per_mu.weight": "60", "1.grades.A": "50"}
    page = unescape(client.post(address, given).content.decode())
    assert "规下企业 亩均税收 权重 50 → 60" in page
    assert "规下企业 A 类累计占比（%） 20 → 50" in page
    assert "10 家企业，3 家等级变动" in page
    assert "合计 110，不是 100" in page
    assert Campaign.objects.get(pk=campaign.pk).method_id == campaign.method_id


def test_weights_that_do_not_add_up_must_be_confirmed(city, ten, as_user) -> None:
    campaign, client = begun(year=2023), as_user(city)
    address = f"/campaigns/{campaign.pk}/method"
    given = {"fields": "1", "text": "", "adopt": "1", "reason": "常务会议", "1.tax_per_mu.weight": "60"}
    answer = client.post(address, {**given, "version": campaign.version})
    assert answer.status_code == 422
    assert "合计 110，不是 100" in answer.content.decode()
    client.post(address, {**given, "version": campaign.version, "confirmed": "1"})
    adopted = Campaign.objects.get(pk=campaign.pk)
    assert adopted.weights_confirmed
    assert json.loads(adopted.method.content)["scopes"][1]["indicators"]["tax_per_mu"]["weight"] == "60"


def test_a_weight_that_is_no_number_is_said_and_nothing_changes(city, ten, as_user) -> None:
    campaign, client = begun(year=2023), as_user(city)
    given = {"fields": "1", "text": "", "try": "1", "1.tax_per_mu.weight": "五十"}
    answer = client.post(f"/campaigns/{campaign.pk}/method", given)
    assert answer.status_code == 422
    assert "五十" in answer.content.decode()


def test_items_that_are_new_or_gone_are_differences() -> None:
    one = {"scopes": [{"scope": "above_scale", "indicators": {"tax_per_mu": {"weight": "100"}}, "grades": {}}]}
    other = {"scopes": [{"scope": "above_scale", "indicators": {"rnd_share": {"weight": "100"}}, "grades": {}}]}
    assert len(method_form.differences(one, other)) == 2
    assert method_form.differences(one, None) == []


def test_every_changed_firm_has_a_reason_for_values_regrades_methods_and_the_others(ten, deliver) -> None:
    campaign = carried(begun(), "to_scoring")
    deliver(tax=[{"uscc": ten[9], "tax": 1_200_000}])
    given = {"kind": "demote", "to": "", "reason": "事故", "clause": "art.8", "document": "9 号"}
    paper = proof("甲.pdf", b"%PDF-1.4")
    objecting.regrade(None, campaign.pk, Firm.objects.get(uscc=ten[5]), proof=paper, **given)
    why = {one.uscc: one.why for one in queries.changes(actions.rescore(None, campaign.pk))}
    assert all(why.values())
    assert any("有更正" in said for said in why[ten[9]])  # taxes are named without figures
    assert why[ten[5]] == ["调档：事故（9 号）"]
    assert why[ten[1]] == ["其他企业的变动改变了名次或平均值"]
    document = json.loads(campaign.method.content)
    document["scopes"][1]["grades"]["A"] = "50"
    changed = Campaign.objects.get(pk=campaign.pk)
    changed.method = version_of_method(Chosen(from_document(document), borrowed=False))
    changed.save()
    again = queries.changes(actions.rescore(None, campaign.pk))
    assert again
    assert all("评价方法有改动" in one.why for one in again)
