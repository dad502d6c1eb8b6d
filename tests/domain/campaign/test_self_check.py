"""Firms confirm or contest item by item, departments answer, townships confirm; who may not, and when no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from campaigns import MONDAY, NORTH, SOUTH, begun, carried, confirmed
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from fenghuang.domain.campaign import actions, checking
from fenghuang.domain.campaign.checks import check_of, checks, items_of
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Confirmation, TownshipCheck
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.platform.audit.models import Event
from fenghuang.platform.evidence import proof
from fenghuang.platform.notices.models import Notice
from fenghuang.platform.refusals import Refused, Stale

pytestmark = pytest.mark.django_db
PROOF = proof("不动产证.pdf", b"%PDF-1.7 land")
LAND, POWER = 100_000, 1_000_000  # 10 亩, 1,000,000 千瓦时
FRIDAY, NEXT_MONDAY = date(2023, 3, 10), date(2023, 3, 13)


def opened(**periods: int) -> Campaign:
    """In 企业核对 since Monday, four working days."""
    return carried(begun(**{"self_check": 4, **periods}), "send_to_firms")


def firm(uscc: str) -> Firm:
    return Firm.objects.get(uscc=uscc)


def standings(campaign: Campaign, uscc: str, today: date = MONDAY) -> dict[str, str]:
    campaign.refresh_from_db()
    return {one.name: one.standing.value for one in check_of(campaign, firm(uscc), today).items}


def confirm(who: Any, campaign: Campaign, uscc: str, today: date = MONDAY, **seen: Any) -> list[Confirmation]:
    return checking.confirm(
        who, campaign.pk, firm(uscc), seen or {"land_mu": LAND, "electricity_kwh": POWER}, today=today
    )


def contest(who: Any, campaign: Campaign, uscc: str, item: str = "land_mu", **more: Any) -> Confirmation:
    given = {"seen": LAND, "claimed": 80_000, "note": "厂外道路算进来了", "proof": PROOF, "today": MONDAY, **more}
    return checking.contest(who, campaign.pk, firm(uscc), item, **given)


def test_items_are_the_facts_of_the_method_and_silence_confirms_all_but_two(towns, person) -> None:
    campaign, uscc = opened(), towns[0]
    assert items_of(campaign)[:2] == ("land_mu", "electricity_kwh")
    assert set(standings(campaign, uscc).values()) == {"waiting"}
    late = standings(campaign, uscc, NEXT_MONDAY)
    assert late.pop("land_mu") == late.pop("electricity_kwh") == "silent"
    assert {late["tax"], late["revenue"]} == {"assumed"}
    assert late["rnd_expense"] == "unknown"  # silence confirms no value that nobody knows


def test_a_firm_confirms_and_the_value_its_recording_and_the_person_are_kept(towns, person) -> None:
    campaign, who = opened(), person("firm", towns[0])
    made = confirm(who, campaign, towns[0])
    assert [(one.item, one.value, one.by) for one in made] == [
        ("land_mu", LAND, who),
        ("electricity_kwh", POWER, who),
    ]
    assert made[0].recording_id
    assert standings(campaign, towns[0])["land_mu"] == "confirmed"
    event = Event.objects.get(action="campaign.confirm_items")
    assert event.after == {"firm": towns[0], "land_mu": LAND, "electricity_kwh": POWER}


def test_the_log_tells_no_taxes_and_names_the_row_that_holds_them(towns, person) -> None:
    """The operator reads the log and no taxes."""
    campaign, who = opened(), person("firm", towns[0])
    tax = FirmYear.objects.current().get(firm__uscc=towns[0], year=2022).tax
    checking.confirm(who, campaign.pk, firm(towns[0]), {"tax": tax}, MONDAY)
    one = contest(who, campaign, towns[0], "tax", seen=tax, claimed=tax + 1, note=f"应为 {tax + 1} 分")
    checking.answer(None, one, "upheld", f"税务局核实为 {tax} 分")
    confirmed = Event.objects.get(action="campaign.confirm_items")
    assert confirmed.after == {"firm": towns[0], "tax": "***"}
    for event in Event.objects.filter(action__in=["campaign.contest_item", "campaign.answer_item"]):
        said = f"{event.reason} {event.before} {event.after}"
        assert str(tax) not in said
        assert str(tax + 1) not in said
        assert one.pk in ((event.before or {}).get("confirmation"), (event.after or {}).get("confirmation"))


def test_nobody_speaks_for_another_firm(towns, person, city) -> None:
    campaign = opened()
    for who in (person("firm", towns[1]), person("county"), person("township", NORTH), city):
        with pytest.raises(PermissionDenied):
            confirm(who, campaign, towns[0])
        with pytest.raises(PermissionDenied):
            contest(who, campaign, towns[0])
    assert not Confirmation.objects.exists()


def test_two_accounts_of_a_firm_the_second_hears_who_was_first(towns, person) -> None:
    campaign = opened()
    one, other = person("firm", towns[0]), person("firm", towns[0], name="second")
    confirm(one, campaign, towns[0])
    with pytest.raises(Stale, match=r"厂 办 已于 .* 已确认"):
        confirm(other, campaign, towns[0])
    contest(other, campaign, towns[0])  # the second thinks better of it: that is said, and replaces the first
    with pytest.raises(Stale, match="提出异议（8 亩），正在处理"):
        contest(one, campaign, towns[0])
    assert Confirmation.objects.filter(is_current=True, item="land_mu").count() == 1
    assert Confirmation.objects.filter(item="land_mu").count() == 2  # what was said first is still there


def test_after_the_last_day_it_is_refused_with_the_date(towns, person) -> None:
    campaign, who = opened(), person("firm", towns[0])
    confirm(who, campaign, towns[0], today=FRIDAY, land_mu=LAND)
    with pytest.raises(Refused, match="企业核对已于 2023-03-10 截止"):
        confirm(who, campaign, towns[0], today=NEXT_MONDAY, electricity_kwh=POWER)


def test_before_it_begins_nothing_is_taken(towns, person) -> None:
    campaign = carried(begun(), "collect")
    with pytest.raises(Refused, match="企业核对还没有开始"):
        confirm(person("firm", towns[0]), campaign, towns[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"claimed": LAND}, "与现有数据相同（10 亩）"),
        ({"note": " "}, "请写明理由"),
        ({"proof": None}, "请附证明材料"),
        ({"seen": 1}, "您看到的是 0.0001 亩，现在是 10 亩"),
    ],
)
def test_a_contest_needs_a_value_a_reason_and_a_proof(towns, person, change, said) -> None:
    with pytest.raises(Refused, match=said):
        contest(person("firm", towns[0]), opened(), towns[0], **change)


def test_an_unknown_value_cannot_be_confirmed_only_said(towns, person, deliver) -> None:
    from fenghuang.domain.registry.models import FirmYear

    campaign, who = opened(), person("firm", towns[0])
    FirmYear.objects.current().filter(firm__uscc=towns[0]).update(land_mu=None)
    with pytest.raises(Refused, match="用地面积目前未知"):
        confirm(who, campaign, towns[0], land_mu=None)
    assert contest(who, campaign, towns[0], seen=None).value is None


def test_another_value_voids_what_was_confirmed_and_both_are_told(towns, person, deliver) -> None:
    campaign, who = opened(), person("firm", towns[0])
    confirm(who, campaign, towns[0])
    deliver(parcels=[{"uscc": towns[0], "reference": "P99", "amount": 2}])
    item = check_of(campaign, firm(towns[0]), MONDAY).item("land_mu")
    assert (item.standing.value, item.said.holds, item.value) == ("void", LAND, 120_000)
    with pytest.raises(Stale, match="您看到的是 10 亩，现在是 12 亩"):
        confirm(who, campaign, towns[0], land_mu=LAND)
    confirm(who, campaign, towns[0], land_mu=120_000)
    assert standings(campaign, towns[0])["land_mu"] == "confirmed"


def test_a_contested_item_is_upheld_with_a_reason_or_corrected_by_a_newer_recording(towns, person, deliver) -> None:
    campaign, county = opened(), person("county")
    one = contest(person("firm", towns[0]), campaign, towns[0])
    with pytest.raises(Refused, match="请填写处理意见"):
        checking.answer(county, one, "upheld", " ")
    with pytest.raises(Refused, match="数据还没有更正，仍是 10 亩"):
        checking.answer(county, one, "corrected", "已核")
    deliver(parcels=[{"uscc": towns[0], "reference": "P0", "amount": 8}])
    done = checking.answer(county, one, "corrected", "已按不动产证更正")
    assert (done.value, done.new_value) == (LAND, 80_000)
    assert done.new_recording_id > done.recording_id
    assert standings(campaign, towns[0])["land_mu"] == "corrected"
    with pytest.raises(Stale, match="椒 某 已处理为“已更正”"):
        checking.answer(county, one, "upheld", "不")
    other = contest(person("firm", towns[1]), campaign, towns[1])
    checking.answer(county, other, "upheld", "道路在红线内")
    assert standings(campaign, towns[1])["land_mu"] == "upheld"
    assert Notice.objects.filter(uscc=towns[1], kind="campaign.item_answered").get().text.endswith("道路在红线内")


def test_the_department_answers_for_its_own_sheet_alone(towns, person) -> None:
    campaign = opened()
    one = contest(person("firm", towns[0]), campaign, towns[0])
    with pytest.raises(PermissionDenied):
        checking.answer(person("clerk", "tax", name="shui"), one, "upheld", "核过")
    with pytest.raises(PermissionDenied):
        checking.answer(person("township", NORTH), one, "upheld", "核过")
    from fenghuang.platform.accounts.models import Department

    agency = Department.objects.get(name=checking.department_of("land_mu"))
    assert checking.answer(person("clerk", agency.pk, name="di"), one, "upheld", "核过").answer == "upheld"


# --- townships -------------------------------------------------------------------------------------------------------


def test_townships_follow_when_the_period_is_over_or_everybody_has_spoken(towns, person) -> None:
    campaign = opened()
    with pytest.raises(Refused, match="核对期到 2023-03-10 为止，还有 10 家企业没有核对完"):
        actions.advance(None, campaign.pk, "to_townships", today=FRIDAY)
    for uscc in towns:
        confirm(person("firm", uscc), campaign, uscc)
    assert actions.advance(None, campaign.pk, "to_townships", today=FRIDAY).state == State.TOWNSHIP
    assert "10 家企业中 0 家没有确认" in Event.objects.filter(action="campaign.to_townships").get().after["told"]


def sent(campaign: Campaign) -> Campaign:
    return actions.advance(None, campaign.pk, "to_townships", today=NEXT_MONDAY)


def seen(campaign: Campaign, *codes: str) -> dict[str, str]:
    return {one.firm.uscc: one.seen for one in checks(campaign, NEXT_MONDAY) if one.firm.uscc in codes}


def test_a_township_confirms_its_own_firms_and_the_record_says_for_whom_it_spoke(towns, person) -> None:
    campaign = opened()
    confirm(person("firm", towns[0]), campaign, towns[0])
    campaign, north = sent(campaign), person("township", NORTH)
    done, refused = checking.confirm_township(north, campaign.pk, seen(campaign, towns[0], towns[1]))
    assert (done, refused) == (2, [])
    spoke = dict(TownshipCheck.objects.values_list("firm__uscc", "for_silent"))
    assert spoke == {towns[0]: [], towns[1]: ["land_mu", "electricity_kwh"]}
    event = Event.objects.filter(action="campaign.township_confirm").get()
    assert event.after["silent"] == {towns[1]: ["land_mu", "electricity_kwh"]}
    with pytest.raises(PermissionDenied):
        checking.confirm_township(north, campaign.pk, seen(campaign, towns[9]))
    with pytest.raises(PermissionDenied):
        checking.confirm_township(person("firm", towns[2]), campaign.pk, seen(campaign, towns[2]))
    assert TownshipCheck.objects.count() == 2


def test_the_county_confirms_in_place_with_a_reason(towns, person) -> None:
    campaign, county = sent(opened()), person("county")
    with pytest.raises(Refused, match="须填写理由"):
        checking.confirm_township(county, campaign.pk, seen(campaign, towns[0]))
    checking.confirm_township(county, campaign.pk, seen(campaign, towns[0]), reason="乡镇人员空缺")
    assert TownshipCheck.objects.get().in_place
    event = Event.objects.filter(action="campaign.township_confirm").get()
    assert (event.reason, event.after["in_place"]) == ("乡镇人员空缺", True)


def test_scoring_waits_for_objections_and_townships_by_name_and_number(towns, person) -> None:
    campaign = opened()
    one = contest(person("firm", towns[0]), campaign, towns[0])
    campaign = sent(campaign)
    with pytest.raises(Refused, match="还有 1 项企业核对的异议没有处理：企业"):
        actions.advance(None, campaign.pk, "to_scoring", today=NEXT_MONDAY)
    done, refused = checking.confirm_township(person("township", NORTH), campaign.pk, seen(campaign, *towns[:6]))
    assert done == 5
    assert "用地面积有异议" in refused[0]
    checking.answer(None, one, "upheld", "核过")
    with pytest.raises(Refused, match=f"还有 5 家企业没有经乡镇（街道）确认：{NORTH} 1 家、{SOUTH} 4 家"):
        actions.advance(None, campaign.pk, "to_scoring", today=NEXT_MONDAY)
    confirmed_rest = {c: s for c, s in seen(campaign, *towns).items() if c in (towns[0], *towns[6:])}
    checking.confirm_township(None, campaign.pk, confirmed_rest, reason="代")
    assert actions.advance(None, campaign.pk, "to_scoring", today=NEXT_MONDAY).state == State.SCORING


def test_what_the_township_confirmed_is_void_with_another_value(towns, person, deliver) -> None:
    campaign = sent(opened())
    confirmed(campaign)
    deliver(meters=[{"uscc": towns[0], "reference": "M99", "amount": 5}])
    check = check_of(campaign, firm(towns[0]), NEXT_MONDAY)
    assert (check.is_confirmed, check.township_state) == (False, "数据有变，须重新确认")
    with pytest.raises(Refused, match=f"{NORTH} 1 家"):
        actions.advance(None, campaign.pk, "to_scoring", today=NEXT_MONDAY)


def test_what_was_seen_has_changed_and_nothing_is_confirmed_blindly(towns, person, deliver) -> None:
    campaign = sent(opened())
    was = seen(campaign, towns[0])
    deliver(meters=[{"uscc": towns[0], "reference": "M99", "amount": 5}])
    done, refused = checking.confirm_township(person("township", NORTH), campaign.pk, was)
    assert done == 0
    assert "刚刚有变" in refused[0]


def test_sent_back_the_firm_speaks_again_and_the_township_decides(towns, person) -> None:
    campaign, who, north = opened(), person("firm", towns[0]), person("township", NORTH)
    campaign = sent(campaign)
    with pytest.raises(Refused, match="企业核对已经结束"):
        confirm(who, campaign, towns[0], today=NEXT_MONDAY)
    was = seen(campaign, towns[0])[towns[0]]
    with pytest.raises(Refused, match="退回须填写理由"):
        checking.send_back(north, campaign.pk, firm(towns[0]), "", seen=was, today=NEXT_MONDAY)
    checking.send_back(north, campaign.pk, firm(towns[0]), "用电户号漏了一个", seen=was, today=NEXT_MONDAY)
    assert "用电户号漏了一个" in Notice.objects.get(kind="campaign.sent_back", uscc=towns[0]).text
    with pytest.raises(PermissionDenied):
        checking.send_back(person("township", SOUTH), campaign.pk, firm(towns[0]), "不", seen=was, today=NEXT_MONDAY)
    confirm(who, campaign, towns[0], today=NEXT_MONDAY)
    assert check_of(campaign, firm(towns[0]), NEXT_MONDAY).township_state == "待确认"
    done, _ = checking.confirm_township(north, campaign.pk, seen(campaign, towns[0]))
    assert done == 1
    assert TownshipCheck.objects.get().for_silent == []


def test_a_frozen_campaign_keeps_its_self_check(towns, person) -> None:
    campaign = opened()
    confirm(person("firm", towns[0]), campaign, towns[0])
    campaign = sent(campaign)
    confirmed(campaign)
    actions.advance(None, campaign.pk, "to_scoring", today=NEXT_MONDAY)
    Campaign.objects.filter(pk=campaign.pk).update(state="frozen", frozen_at="2023-12-01T00:00:00+08:00")
    for table in (Confirmation, TownshipCheck):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            table.objects.all().delete()


def test_a_township_begins_with_its_firms_that_wait_for_its_word(towns, person, as_user) -> None:
    campaign = opened()
    client = as_user(person("township", SOUTH))
    assert "企业正在核对，4 家还没有核对完" in client.get("/").content.decode()
    campaign = actions.advance(None, campaign.pk, "to_townships", today=NEXT_MONDAY)
    page = client.get("/").content.decode()
    assert "还有 4 家企业等您确认" in page
    assert f'href="/campaigns/{campaign.pk}/check/?show=waiting"' in page
    confirmed(campaign)
    assert "4 家企业已全部确认" in client.get("/").content.decode()
