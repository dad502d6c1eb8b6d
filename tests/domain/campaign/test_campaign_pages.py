"""The pages of campaigns: what is offered to whom, files, the public list."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from campaigns import MONDAY, begun, carried
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from fenghuang.domain.campaign import actions
from fenghuang.domain.campaign.models import Campaign, Objection, Regrade


def text(client: Any, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


@pytest.fixture
def on(monkeypatch: Any) -> Any:
    """on(date): today."""

    def set_day(day: date) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)

    return set_day


def test_the_dashboard_says_who_is_late_by_how_many_working_days(as_user, city, ten, on) -> None:
    carried(begun(), "publicise")
    on(date(2023, 3, 13))
    assert "badge-soft is-warn" not in text(as_user(city), "/campaigns/")
    on(date(2023, 3, 16))
    page = text(as_user(city), "/campaigns/")
    assert "逾期 3 天" in page
    assert "“公示异议”逾期 3 个工作日" in page
    assert "尚未开始：" in page


def test_steps_are_offered_to_whom_may_and_said_to_whom_may_not(as_user, city, auditor, ten, on) -> None:
    campaign = carried(begun(), "publish")
    address = f"/campaigns/{campaign.pk}/"
    on(date(2023, 4, 10))
    assert 'name="name" value="freeze"' in text(as_user(city), address)
    page = text(as_user(auditor), address)
    assert 'value="freeze"' not in page
    assert '<b>归档</b>：<span class="text-secondary">由市级经办办理' in page


def test_a_step_by_a_form_and_a_second_one_from_an_old_page(as_user, city, ten, on) -> None:
    campaign, client = begun(), as_user(city)
    on(MONDAY)
    sent = {"name": "collect", "version": campaign.version}
    client.post(f"/campaigns/{campaign.pk}/go", sent)
    assert Campaign.objects.get().state == "collecting"
    answer = client.post(f"/campaigns/{campaign.pk}/go", sent, follow=True)
    assert "您的操作没有执行" in answer.content.decode()


def test_a_year_is_begun_and_a_bad_one_is_said(as_user, city, ten) -> None:
    client = as_user(city)
    assert (
        "应为 2013 至 2100"
        in client.post("/campaigns/start", {"unit": "331002", "year": "二二"}, follow=True).content.decode()
    )
    client.post("/campaigns/start", {"unit": "331002", "year": "2022"})
    assert (
        "只有一次" in client.post("/campaigns/start", {"unit": "331002", "year": "2022"}, follow=True).content.decode()
    )


def test_a_method_is_tried_then_adopted_and_faults_are_told_together(as_user, city, ten) -> None:
    campaign, client = begun(year=2023), as_user(city)
    address = f"/campaigns/{campaign.pk}/method"
    known = client.get(address).context["text"]
    wider = known.replace("A: '20'", "A: '50'")
    page = client.post(address, {"text": wider, "try": "1"}).content.decode()
    assert "10 家企业，3 家等级变动" in page
    assert Campaign.objects.get(pk=campaign.pk).method_id == campaign.method_id
    answer = client.post(address, {"text": "method: x\nscopes: [{scope: 1 +}]", "try": "1"})
    assert answer.status_code == 422
    assert answer.content.decode().count("<li>方法：") >= 2
    client.post(address, {"text": wider, "adopt": "1", "reason": "常务会议", "version": campaign.version})
    assert Campaign.objects.get(pk=campaign.pk).method_id != campaign.method_id


def test_an_objection_and_a_regrade_with_files_on_the_firms_page(as_user, city, operator, ten, on) -> None:
    campaign, client = carried(begun(), "publicise"), as_user(city)
    address = f"/campaigns/{campaign.pk}/firms/{ten[4]}/"
    on(date(2023, 3, 8))
    file = SimpleUploadedFile("../../证明.pdf", b"%PDF-1.7")
    client.post(f"{address}object", {"item": "land_mu", "claim": "多算 2 亩", "evidence": file})
    one = Objection.objects.get()
    got = client.get(f"/campaigns/objections/{one.pk}/file")
    assert got.getvalue() == b"%PDF-1.7"
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert ".." not in one.file.name
    file = SimpleUploadedFile("页面.html", b"<script>")
    answer = client.post(f"{address}object", {"item": "land_mu", "claim": "x", "evidence": file}, follow=True)
    assert "请用 PDF" in answer.content.decode()
    given = {"kind": "promote", "to": "", "reason": "攻关", "clause": "第六条", "document": "9 号", "seen": ""}
    client.post(f"{address}regrade", {**given, "evidence": SimpleUploadedFile("批复.pdf", b"%PDF-1")})
    client.post(f"/campaigns/objections/{one.pk}/answer", {"state": "accepted", "words": "属实"})
    assert Regrade.objects.get().by == city
    actions.advance(None, campaign.pk, "close_objections", today=date(2023, 3, 20))
    actions.advance(None, campaign.pk, "reconcile", today=date(2023, 3, 20))
    page = text(client, address)
    assert "攻关（9 号）" in page
    assert "B→A" in page
    assert as_user(operator).get(f"/campaigns/objections/{one.pk}/file").status_code == 403


def test_the_public_list_holds_names_codes_and_grades_only_while_it_is_open(ten) -> None:
    campaign = carried(begun(), "to_scoring")
    anyone, address = Client(), "/publication/331002/2022/"
    assert anyone.get(address).status_code == 404
    assert "没有正在公示或已经公布的评价结果" in text(anyone, "/publication/")
    campaign = actions.advance(None, campaign.pk, "publicise", today=MONDAY)
    index = re.sub(r"<[^>]+>", " ", text(anyone, "/publication/")).split()
    at = index.index("椒江区")
    assert index[at : at + 6] == ["椒江区", "公示", "10", "2023-03-06", "至", "2023-03-13"]
    assert not any(code in index for code in ten)
    page = text(anyone, address)
    assert all(code in page for code in ten)
    assert "2023-03-06 至 2023-03-13" in page
    assert "得分" not in page
    content = b"".join(anyone.get(f"{address}list.xlsx").streaming_content)
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("企业名称", "统一社会信用代码", "等级")
    assert sorted(row[2] for row in rows[1:]) == list("AABBBBBBCD")
    actions.advance(None, campaign.pk, "close_objections", today=date(2023, 3, 20))
    assert anyone.get(address).status_code == 404
    assert anyone.get(f"{address}list.xlsx").status_code == 404


def test_totals_per_township_and_industry_add_up(as_user, city, ten) -> None:
    campaign = carried(begun(), "to_scoring")
    context = as_user(city).get(f"/campaigns/{campaign.pk}/").context
    for lines in (context["townships"], context["industries"]):
        assert sum(counted["total"] for _, counted in lines) == 10
        assert all(sum(n for x, n in counted.items() if x != "total") == counted["total"] for _, counted in lines)


def test_the_firms_page_names_both_grades_and_leads_to_the_reasons(as_user, city, ten) -> None:
    from fenghuang.domain.incentives.actions import refresh

    refresh()
    campaign = carried(begun(), "to_scoring")
    page = text(as_user(city), f"/firms/{ten[0]}/")
    assert f'href="/campaigns/{campaign.pk}/firms/{ten[0]}/">初评 A → 暂定 A</a>' in page


def test_many_at_once_are_shown_first_and_each_stands_for_itself(as_user, city, county, ten, on) -> None:
    ready, bare = begun("331002"), begun("331003")
    for one in (ready, bare):
        actions.advance(None, one.pk, "collect", today=MONDAY)
    on(MONDAY)
    page = text(as_user(city), "/campaigns/bulk?name=send_to_firms")
    assert page.count('type="checkbox"') == 1
    assert "还没有黄岩区 2022 年度的企业数据" in page
    sent = {"name": "send_to_firms", "year": "2022", "campaign": [ready.pk, bare.pk]}
    versions = {f"version-{one.pk}": one.version + 1 for one in (ready, bare)}
    answer = as_user(city).post("/campaigns/bulk", {**sent, **versions}, follow=True)
    assert "黄岩区 2022 年度：还没有" in answer.content.decode()
    assert dict(Campaign.objects.values_list("pk", "state")) == {ready.pk: "self_check", bare.pk: "collecting"}
    assert "椒江区" not in text(as_user(county), "/campaigns/bulk?name=to_townships").split("<main")[1]
