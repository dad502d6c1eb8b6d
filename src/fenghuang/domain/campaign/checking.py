"""The self-check: what firms say of their data, how objections are dealt with, what townships confirm.

As in actions.py: lock, permission, change, event, one transaction. `seen` is what the person saw: who acts on data
that have changed meanwhile, or comes second, hears it and nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from fenghuang.domain.campaign import telling
from fenghuang.domain.campaign.actions import opened
from fenghuang.domain.campaign.checks import LACKING, FirmCheck, Item, check_of, checks, said_value
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Confirmation, TownshipCheck
from fenghuang.domain.evaluation.actions import BATCH
from fenghuang.domain.feeds.sensitive import in_log
from fenghuang.domain.feeds.templates import template
from fenghuang.domain.registry.models import Firm, FirmYear, Recording
from fenghuang.domain.registry.queries import PART_FIELDS, ROWS
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.log import record
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused, Stale

ANSWERED_IN = (State.COLLECTING, State.SELF_CHECK, State.TOWNSHIP)
SHEETS = {"land_mu": PART_FIELDS["own"][0], "electricity_kwh": PART_FIELDS["meter"][0]}


def department_of(item: str) -> str:
    """Whose sheet tells the item."""
    return template(SHEETS.get(item) or ROWS[item][1]).department


def may_answer(user: User | None, item: str, unit: str) -> bool:
    """The county, or the clerk of the department whose sheet it is."""
    if user is None or may(user, "accounts.change", unit):
        return True
    own = user.role == Role.CLERK and may(user, "accounts.import_data", department_of(item))
    return own and user.units().filter(pk=unit).exists()


def why_silent(campaign: Campaign, check: FirmCheck, today: date) -> str:
    """Why the firm cannot speak now; "" when it can."""
    if campaign.state == State.TOWNSHIP and check.is_sent_back:
        return ""
    if campaign.state in (State.PREPARED, State.COLLECTING):
        return "企业核对还没有开始"
    if campaign.state != State.SELF_CHECK:
        return f"企业核对已经结束，现在处于“{campaign.get_state_display()}”"
    if campaign.is_late(today):
        return f"企业核对已于 {campaign.due} 截止，不再受理"
    return ""


# --- the firm --------------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(
    actor: User | None, pk: int, firm: Firm, seen: Mapping[str, int | None], today: date | None = None
) -> list[Confirmation]:
    """The firm says that these items are right, each as it saw it: all of them or none."""
    campaign, check = _speaking(actor, pk, firm, today or timezone.localdate())
    if not seen:
        raise Refused("没有需要确认的数据")
    made = []
    for name, value in seen.items():
        item = _item(check, name, value)
        if item.value is None:
            raise Refused(f"{item.title}目前未知，不能确认；请填报贵企业的数据并附证明")
        if item.said and item.standing not in LACKING:
            raise Stale(f"{item.title}：{_who(item.said)}{item.said.get_state_display()}，没有重复办理")
        made.append(_say(campaign, check, item, actor, state=Confirmation.State.CONFIRMED))
    _answered_to_township(check)
    said = {one.item: in_log(one.item, one.value) for one in made}
    record("campaign.confirm_items", actor=actor, subject=campaign, clause="art.8", after={"firm": firm.uscc, **said})
    return made


@transaction.atomic
def contest(
    actor: User | None,
    pk: int,
    firm: Firm,
    name: str,
    *,
    seen: int | None,
    claimed: int,
    note: str,
    proof: Proof | None,
    today: date | None = None,
) -> Confirmation:
    """The firm says that an item should be another value (smallest unit), why, with evidence."""
    campaign, check = _speaking(actor, pk, firm, today or timezone.localdate())
    item = _item(check, name, seen)
    if item.standing.value == Confirmation.State.CONTESTED and item.said:
        raise Stale(f"{item.title}：{_who(item.said)}提出异议（{said_value(name, item.said.claimed)}），正在处理")
    if claimed == item.value:
        raise Refused(f"{item.title}填的与现有数据相同（{item.shown}），没有异议的请直接确认")
    if not note.strip():
        raise Refused("请写明理由")
    if proof is None:
        raise Refused("请附证明材料")
    before = item.said
    texts = {"claimed": claimed, "note": note.strip()[:500], **proof.fields()}
    made = _say(campaign, check, item, actor, state=Confirmation.State.CONTESTED, **texts)
    _answered_to_township(check)
    record(
        "campaign.contest_item",
        actor=actor,
        subject=campaign,
        clause="art.8",
        reason=in_log(name, made.note),
        before={"state": before.state, "value": in_log(name, before.value)} if before else None,
        after={
            "confirmation": made.pk,
            "firm": firm.uscc,
            "item": name,
            "value": in_log(name, item.value),
            "claimed": in_log(name, claimed),
            "evidence": made.sha256,
        },
    )
    telling.item_contested(made, department_of(name))
    return made


def _speaking(actor: User | None, pk: int, firm: Firm, today: date) -> tuple[Campaign, FirmCheck]:
    """The firm's check, for one of its own accounts, while it may speak."""
    require(actor, "accounts.speak_for", firm.uscc)
    campaign = opened(pk)
    check = check_of(campaign, firm, today)
    if check is None:
        raise Refused(f"{firm} 不在{campaign}评价的企业名录中")
    if why := why_silent(campaign, check, today):
        raise Refused(why)
    return campaign, check


def _item(check: FirmCheck, name: str, seen: int | None) -> Item:
    item = check.item(name)
    if item is None:
        raise Refused("请选择要核对的数据项")
    if item.value != seen:
        raise Stale(f"{item.title}刚刚有变：您看到的是 {said_value(name, seen)}，现在是 {item.shown}。请看过后再办理")
    return item


def _say(campaign: Campaign, check: FirmCheck, item: Item, actor: User | None, **about: Any) -> Confirmation:
    """In place of what was said before."""
    campaign.confirmations.filter(firm=check.firm, item=item.name, is_current=True).update(is_current=False)
    recording = Recording.latest()
    assert recording is not None  # there is a FirmYear
    return Confirmation.objects.create(
        campaign=campaign, firm=check.firm, item=item.name, value=item.value, recording=recording, by=actor, **about
    )


def _answered_to_township(check: FirmCheck) -> None:
    """What was sent back waits for the township again."""
    if check.is_sent_back and check.township:
        check.township.state = TownshipCheck.State.WAITING
        check.township.save(update_fields=["state"])


def _who(said: Confirmation) -> str:
    return f"{said.by or '系统'} 已于 {timezone.localtime(said.at):%Y-%m-%d %H:%M} "


# --- the county and the departments ----------------------------------------------------------------------------------


@transaction.atomic
def answer(actor: User | None, confirmation: Confirmation, how: str, note: str) -> Confirmation:
    """Uphold the data with a reason, or say that they have been corrected: then they are another than the firm saw.

    Correcting itself is a delivery of a row (feeds); here it is only stated, with the value before and after.
    """
    campaign = opened(confirmation.campaign_id)
    one = (
        Confirmation.objects.select_for_update(of=("self",))
        .select_related("firm", "answered_by")
        .get(pk=confirmation.pk)
    )
    if not may_answer(actor, one.item, campaign.unit_id):
        raise PermissionDenied("accounts.change")
    if not one.is_open:
        who = one.answered_by or "系统"
        raise Stale(f"{who} 已处理为“{one.get_answer_display()}”：{one.answer_note}。您的意见没有保存")
    if not one.is_current or campaign.state not in ANSWERED_IN:
        raise Refused(f"“{campaign.get_state_display()}”环节不再处理企业核对的异议")
    if how not in Confirmation.Answer.values:
        raise Refused("请选择维持或已更正")
    if not note.strip():
        raise Refused("请填写处理意见")
    if how == Confirmation.Answer.CORRECTED:
        now = _value_now(campaign, one)
        if now == one.value:
            still = said_value(one.item, one.value)
            raise Refused(f"数据还没有更正，仍是 {still}：请先更正原始行（{department_of(one.item)}），再办理")
        one.new_value, one.new_recording = now, Recording.latest()
    one.answer, one.answer_note = how, note.strip()[:500]
    one.answered_by, one.answered_at = actor, timezone.now()
    one.save(update_fields=["answer", "answer_note", "answered_by", "answered_at", "new_value", "new_recording"])
    record(
        "campaign.answer_item",
        actor=actor,
        subject=campaign,
        reason=in_log(one.item, one.answer_note),
        before={
            "confirmation": one.pk,
            "firm": one.firm.uscc,
            "item": one.item,
            "value": in_log(one.item, one.value),
            "claimed": in_log(one.item, one.claimed),
        },
        after={"answer": one.answer, "value": in_log(one.item, one.holds)},
    )
    telling.item_answered(one)
    return one


def _value_now(campaign: Campaign, one: Confirmation) -> int | None:
    year = FirmYear.objects.current().filter(firm=one.firm, year=campaign.year).first()
    value: int | None = getattr(year, one.item) if year else None
    return value


# --- the township ----------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm_township(
    actor: User | None, pk: int, seen: Mapping[str, str], *, reason: str = "", today: date | None = None
) -> tuple[int, list[str]]:
    """Confirm firms (code -> what was seen of it). How many were confirmed, and a sentence for each that was not.

    A firm that was silent is confirmed by the township, and the record names the items. The county does it in place of
    a township with a reason.
    """
    today = today or timezone.localdate()
    campaign = _in_township(pk)
    done: list[FirmCheck] = []
    refused: list[str] = []
    found = {one.firm.uscc: one for one in checks(campaign, today, Q(firm__uscc__in=list(seen)))}
    for uscc, was in seen.items():
        check = found.get(uscc)
        if check is None:
            raise PermissionDenied("no firm of the campaign")
        if _in_place(actor, campaign, check) and not reason.strip():
            raise Refused("县级代乡镇（街道）确认须填写理由")
        if was != check.seen:
            refused.append(f"{check.year.name}：数据或企业意见刚刚有变，请看过后再确认")
        elif check.why_not and not check.is_sent_back:
            refused.append(f"{check.year.name}：{check.why_not}")
        else:
            done.append(check)
    if done:
        in_place = _in_place(actor, campaign, done[0])
        said = reason if in_place else ""
        _keep(done, actor, TownshipCheck.State.CONFIRMED, reason=said, in_place=in_place)
        record(
            "campaign.township_confirm",
            actor=actor,
            subject=campaign,
            clause="art.8",
            reason=reason.strip(),
            after={
                "firms": [one.firm.uscc for one in done],
                "silent": {one.firm.uscc: [item.name for item in one.lacking] for one in done if one.lacking},
                "in_place": in_place,
            },
        )
    return len(done), refused


@transaction.atomic
def send_back(
    actor: User | None, pk: int, firm: Firm, reason: str, *, seen: str, today: date | None = None
) -> TownshipCheck:
    """Let the firm look again: it may speak until the township confirms."""
    campaign = _in_township(pk)
    check = check_of(campaign, firm, today or timezone.localdate())
    if check is None:
        raise PermissionDenied("no firm of the campaign")
    in_place = _in_place(actor, campaign, check)
    if not reason.strip():
        raise Refused("退回须填写理由")
    if seen != check.seen:
        raise Stale("数据或企业意见刚刚有变，请看过后再决定")
    [made] = _keep([check], actor, TownshipCheck.State.SENT_BACK, reason=reason, in_place=in_place)
    after = {"firm": firm.uscc, "in_place": in_place}
    record("campaign.township_send_back", actor=actor, subject=campaign, reason=made.reason, after=after)
    telling.sent_back(campaign, made)
    return made


def _in_township(pk: int) -> Campaign:
    campaign = opened(pk)
    if campaign.state != State.TOWNSHIP:
        raise Refused(f"只在“{State.TOWNSHIP.label}”环节办理，现在处于“{campaign.get_state_display()}”")
    return campaign


def _in_place(actor: User | None, campaign: Campaign, check: FirmCheck) -> bool:
    """Whether the person stands in for the township; PermissionDenied for who may not at all."""
    if actor is not None and may(actor, "accounts.confirm_township", (campaign.unit_id, check.year.township)):
        return False
    require(actor, "accounts.change", campaign.unit_id)
    return True


def _keep(
    found: Sequence[FirmCheck], actor: User | None, state: str, *, reason: str, in_place: bool
) -> list[TownshipCheck]:
    """What a township says of firms, in place of what it said before."""
    said = [
        TownshipCheck(
            campaign=check.campaign,
            firm=check.firm,
            state=state,
            values=check.values,
            for_silent=[one.name for one in check.lacking] if state == TownshipCheck.State.CONFIRMED else [],
            in_place=in_place,
            reason=reason.strip()[:300],
            by=actor,
            at=timezone.now(),
        )
        for check in found
    ]
    told = ["state", "values", "for_silent", "in_place", "reason", "by", "at"]
    return TownshipCheck.objects.bulk_create(
        said, BATCH, update_conflicts=True, update_fields=told, unique_fields=["campaign", "firm"]
    )
