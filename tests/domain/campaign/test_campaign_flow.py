"""A campaign goes only along its table, for those who may, one change at a time, whole or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from campaigns import LATER, MONDAY, PATH, begun, carried, confirmed
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from fenghuang.domain.campaign import actions, replay
from fenghuang.domain.campaign.flow import BY_NAME, TRANSITIONS, State
from fenghuang.domain.campaign.models import Campaign, Grade, Scoring
from fenghuang.domain.registry.models import FirmYear
from fenghuang.law.methods.reading import find_method, from_document
from fenghuang.platform.accounts.models import Role, Unit, User
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event
from fenghuang.platform.refusals import Refused, Stale


def person(role: str, unit: str | None = None) -> User:
    return User.objects.create(username=f"{role}{unit or ''}", role=role, unit_id=unit)


def finals(campaign: Campaign) -> dict[str, str]:
    last = campaign.scorings.first()
    return dict(Grade.objects.filter(scoring=last).values_list("firm__uscc", "final"))


# --- the table


@pytest.mark.parametrize("state", list(State))
def test_only_the_arrows_of_the_table_lead_anywhere(ten, state: str) -> None:
    campaign = begun()
    if state == State.FROZEN:
        carried(campaign, "freeze")
    else:
        Campaign.objects.filter(pk=campaign.pk).update(state=state)
    for transition in TRANSITIONS:
        if transition.before == state:
            continue
        with pytest.raises(Refused, match="归档" if state == State.FROZEN else "只能在"):
            actions.advance(None, campaign.pk, transition.name, reason="因", document="文", today=MONDAY)
    assert Campaign.objects.get().state == state


ROLES = {
    (Role.CITY, None): {"unit", "city"},
    (Role.COUNTY, "331002"): {"unit"},
    (Role.COUNTY, "331003"): set(),
    (Role.AUDITOR, None): set(),
    (Role.OPERATOR, None): set(),
}


@pytest.mark.parametrize(("who", "may"), ROLES.items())
def test_who_may_go_along_each_arrow(ten, who: tuple[str, str | None], may: set[str]) -> None:
    campaign = carried(begun(), "publicise")
    actor = person(*who)
    for transition in TRANSITIONS:
        Campaign.objects.filter(pk=campaign.pk).update(state=transition.before)
        given: dict[str, Any] = {"reason": "因", "document": "文", "today": LATER}
        if transition.who in may:
            with transaction.atomic():
                actions.advance(actor, campaign.pk, transition.name, **given)
                transaction.set_rollback(True)
        else:
            with pytest.raises((PermissionDenied, Refused)):
                actions.advance(actor, campaign.pk, transition.name, **given)
    if not may:
        with pytest.raises(PermissionDenied):
            actions.start(actor, Unit.objects.get(pk="331002"), 2023)


def test_a_county_official_hears_who_may_freeze(ten) -> None:
    campaign = carried(begun(), "publish")
    said = actions.why_not(campaign, BY_NAME["freeze"], person(Role.COUNTY, "331002"))
    assert said == "“归档”由市级经办办理"


def test_the_whole_way_leaves_one_event_a_step_and_a_chain_that_holds(ten) -> None:
    carried(begun(), "freeze")
    done = Event.objects.filter(action__startswith="campaign.").order_by("id").values_list("action", flat=True)
    steps = [
        action.removeprefix("campaign.")
        for action in done
        if action not in ("campaign.score", "campaign.township_confirm")
    ]
    assert steps == ["start", "periods", *PATH, "submit", "publish", "freeze"]
    assert verify().ok


@pytest.mark.parametrize(("name", "words"), [("send_back", "理由"), ("publish", "文件编号")])
def test_what_must_be_said_is_asked_for(ten, name: str, words: str) -> None:
    campaign = carried(begun(), "submit")
    with pytest.raises(Refused, match=words):
        actions.advance(None, campaign.pk, name, reason=" ", document=" ", today=LATER)


# --- deadlines


def test_deadlines_are_working_days_of_the_state(ten) -> None:
    campaign = carried(begun(), "publicise")
    assert campaign.due == date(2023, 3, 13)
    assert not campaign.is_late(date(2023, 3, 13))
    assert campaign.is_late(date(2023, 3, 14))
    with pytest.raises(Refused, match="2023-03-13"):
        actions.advance(None, campaign.pk, "close_objections", today=date(2023, 3, 13))
    actions.advance(None, campaign.pk, "close_objections", today=date(2023, 3, 14))


def test_a_state_without_a_period_has_no_deadline_and_publication_needs_one(ten) -> None:
    campaign = begun()
    assert campaign.due is None
    campaign = actions.set_periods(None, campaign.pk, {"objections": None}, version=None)
    Campaign.objects.filter(pk=campaign.pk).update(state=State.SCORING)
    actions.rescore(None, campaign.pk)
    with pytest.raises(Refused, match="3 至 7"):
        actions.advance(None, campaign.pk, "publicise", today=MONDAY)


@pytest.mark.parametrize("days", [2, 8])
def test_publication_lasts_three_to_seven_working_days(ten, days: int) -> None:
    with pytest.raises(Refused, match="3 至 7"):
        actions.set_periods(None, begun().pk, {"objections": days}, version=None)


# --- two at once, and a break


def test_who_comes_second_hears_who_was_first(ten) -> None:
    campaign = begun()
    first = person(Role.CITY)
    first.display_name = "陈先"
    first.save()
    actions.advance(first, campaign.pk, "collect", version=campaign.version, today=MONDAY)
    with pytest.raises(Stale, match="陈先"):
        actions.advance(None, campaign.pk, "collect", version=campaign.version, today=MONDAY)


def test_one_campaign_a_unit_and_year(ten) -> None:
    campaign = begun()
    with pytest.raises(Refused, match="只有一次"):
        begun()
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.create(unit_id="331002", year=2022, method=campaign.method, since=MONDAY)


def test_a_break_in_the_middle_leaves_nothing(ten, monkeypatch) -> None:
    campaign = carried(begun(), "to_townships")
    confirmed(campaign)
    events = Event.objects.count()

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(actions, "set_due", broken)
    with pytest.raises(RuntimeError):
        actions.advance(None, campaign.pk, "to_scoring", today=MONDAY)
    assert Campaign.objects.get().state == State.TOWNSHIP
    assert not Scoring.objects.exists()
    assert not Grade.objects.exists()
    assert Event.objects.count() == events


# --- the method


def test_the_next_year_copies_the_method_and_the_periods(ten) -> None:
    last = begun(year=2022)
    this = actions.start(None, last.unit, 2023)
    assert this.periods == last.periods
    assert '"data_year":"2023"' in this.method.content
    assert "2023" in this.method.name


def test_weights_that_are_not_a_hundred_ask_for_confirmation(ten) -> None:
    campaign = begun()
    document: Any = find_method("huangyan-2022").document
    scopes = [dict(scope) for scope in document["scopes"]]
    scopes[1]["indicators"] = {
        **scopes[1]["indicators"],
        "tax_per_mu": {"weight": "40", "benchmark": "11", "missing": "zero"},
    }
    odd = from_document({**document, "scopes": scopes})
    with pytest.raises(Refused, match="合计 90，不是 100"):
        actions.adopt(None, campaign.pk, odd, version=None, reason="试")
    kept = actions.adopt(None, campaign.pk, odd, version=None, reason="试", confirmed=True)
    assert kept.method.sha256 == odd.sha256
    actions.advance(None, campaign.pk, "collect", today=MONDAY)
    with pytest.raises(Refused, match="只能在“准备”"):
        actions.adopt(None, campaign.pk, odd, version=None, reason="晚了", confirmed=True)


def test_without_facts_nothing_is_sent_to_firms(deliver) -> None:
    campaign = begun()
    actions.advance(None, campaign.pk, "collect", today=MONDAY)
    with pytest.raises(Refused, match="先导入"):
        actions.advance(None, campaign.pk, "send_to_firms", today=MONDAY)


# --- frozen


def test_a_frozen_campaign_replays_to_the_last_digit_whatever_the_registry_says(ten, deliver) -> None:
    campaign = carried(begun(), "freeze")
    before = finals(campaign)
    assert sorted(before.values()) == sorted("AABBBBBBCD")
    deliver(tax=[{"uscc": ten[9], "tax": 9_000_000}])
    FirmYear.objects.filter(firm__uscc=ten[0]).update(tax=1)  # even an edited version
    assert finals(campaign) == before
    found = replay.replay(campaign)
    assert (found.differences, found.firms) == ([], 10)


def test_nothing_of_a_frozen_campaign_can_be_changed(ten) -> None:
    from django.db import DatabaseError, connection

    campaign = carried(begun(), "freeze")
    for change in (
        lambda: actions.rescore(None, campaign.pk),
        lambda: actions.set_periods(None, campaign.pk, {"objections": 4}, version=None),
        lambda: actions.advance(None, campaign.pk, "send_back", reason="因"),
    ):
        with pytest.raises(Refused, match="归档"):
            change()
    columns = {"campaign": "year", "scoring": "number", "grade": "rank", "content": "kind"}
    for table, column in columns.items():
        for statement in (f"DELETE FROM campaign_{table}", f"UPDATE campaign_{table} SET {column} = {column}"):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                connection.cursor().execute(statement)


def test_the_command_replays_and_tells_each_difference(ten, capsys, monkeypatch) -> None:
    from fenghuang.commands import replay as command

    class Asked:
        campaign = "331002/2022"

    monkeypatch.setattr("fenghuang.commands.web.django_ready", lambda **_: None)
    campaign = carried(begun(), "publish")
    assert command.run(Asked()) == 2
    assert "还没有归档" in capsys.readouterr().err
    actions.advance(None, campaign.pk, "freeze", today=LATER)
    assert command.run(Asked()) == 0
    assert "逐位一致" in capsys.readouterr().out
    import json

    from fenghuang.domain.campaign import scoring

    honest = scoring.score

    def other(*texts: str) -> Any:
        found = honest(*texts)
        found.results[0]["items"]["tax_per_mu"][1] += "1"
        return found

    monkeypatch.setattr(scoring, "score", other)
    assert command.run(Asked()) == 1
    said = capsys.readouterr().out
    assert json.loads(Scoring.objects.first().results.text)[0]["uscc"] in said
    assert "1 处不同" in said
