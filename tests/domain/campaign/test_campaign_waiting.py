"""Who has to answer hears of it, and finds it: the county, the department whose sheet it is; what was typed stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from campaigns import begun, carried
from django.core.files.uploadedfile import SimpleUploadedFile

from fenghuang.domain.campaign import actions, checking, objecting
from fenghuang.domain.campaign.checks import check_of
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.evidence import proof
from fenghuang.platform.notices.models import Notice

pytestmark = pytest.mark.django_db
PAPER = ("证明.pdf", b"%PDF-1.7 x")


def contested(ten, person):
    campaign = carried(begun(), "send_to_firms")
    who, firm = person("firm", ten[0]), Firm.objects.get(uscc=ten[0])
    given = {"seen": 1_000_000, "claimed": 900_000, "note": "合用电表", "proof": proof(*PAPER)}
    checking.contest(who, campaign.pk, firm, "electricity_kwh", today=campaign.since, **given)
    return campaign


def test_a_contested_item_is_told_to_the_county_and_the_department_alone(ten, person) -> None:
    county, power, tax = person("county"), person("clerk", "power_supply", "dian"), person("clerk", "tax", "shui")
    contested(ten, person)
    told = Notice.objects.filter(kind="campaign.item_contested")
    assert {one.user for one in told} == {county, power}
    assert "用电量提出异议" in told[0].text
    assert not Notice.objects.filter(user=tax).exists()


def test_what_waits_for_an_answer_stands_on_the_board_and_before_the_next_step(ten, person, as_user) -> None:
    campaign = contested(ten, person)
    county = as_user(person("county"))
    assert "异议 1" in county.get("/campaigns/?year=2022").content.decode()
    assert "企业对数据的异议还有 1 项没有处理" in county.get(f"/campaigns/{campaign.pk}/").content.decode()


def test_an_objection_by_the_firm_is_told_to_the_county_and_one_noted_for_it_is_not(ten, person) -> None:
    county, campaign = person("county"), carried(begun(), "publicise")
    firms = [Firm.objects.get(uscc=code) for code in ten[:2]]
    day = campaign.due - timedelta(days=1)
    objecting.file_objection(county, campaign.pk, firms[1], "grade", "代登记", proof(*PAPER), today=day)
    assert not Notice.objects.filter(kind="campaign.objection_filed").exists()
    objecting.file_objection(person("firm", ten[0]), campaign.pk, firms[0], "grade", "不服", proof(*PAPER), today=day)
    assert Notice.objects.get(kind="campaign.objection_filed").user == county


def test_what_was_typed_into_a_refused_form_is_there_once(ten, person, as_user) -> None:
    campaign = carried(begun(), "to_scoring")
    county, address = as_user(person("county")), f"/campaigns/{campaign.pk}/firms/{ten[0]}/"
    typed = {"kind": "promote", "to": "A", "reason": "省级技改<b>", "clause": "第八条", "document": "〔2023〕3 号"}
    bad = SimpleUploadedFile("批复.exe", b"MZ")
    county.post(f"{address}regrade", {**typed, "evidence": bad})
    assert "省级技改" not in county.get(f"/campaigns/{campaign.pk}/").content.decode()  # another page
    page = county.get(address).content.decode()
    assert 'value="省级技改&lt;b&gt;"' in page
    assert '<option value="promote" selected>' in page
    assert "省级技改" not in county.get(address).content.decode()


def test_each_step_says_what_others_notice_of_it(ten, person, as_user) -> None:
    campaign = begun()
    county = as_user(person("county"))
    assert "方法从此不能再换" in county.get(f"/campaigns/{campaign.pk}/").content.decode()


def test_who_decides_hears_that_a_campaign_was_submitted(ten, person, city, auditor) -> None:
    campaign = carried(begun(), "submit")
    told = Notice.objects.get(kind="campaign.submitted")
    assert (told.user, told.link) == (city, f"/campaigns/{campaign.pk}/")


def test_the_county_hears_that_the_city_sent_its_campaign_back_and_why(ten, person, city) -> None:
    county = person("county")
    campaign = carried(begun(), "submit")
    actions.advance(city, campaign.pk, "send_back", reason="平均值与印发数不符")
    told = Notice.objects.get(kind="campaign.returned")
    assert (told.user, told.link) == (county, f"/campaigns/{campaign.pk}/")
    assert told.text.endswith("平均值与印发数不符")


def test_an_unknown_item_is_never_taken_as_confirmed(ten, person) -> None:
    campaign = carried(begun(), "to_townships")
    found = check_of(campaign, Firm.objects.get(uscc=ten[0]), campaign.since)
    standing = {one.name: one.standing.label for one in found.items}
    assert (standing["revenue"], standing["rnd_expense"]) == ("视为确认", "数据未知")
