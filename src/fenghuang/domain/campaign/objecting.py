"""Objections during 公示 and regrades by decision: state changes, as in actions.py."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from fenghuang.domain.campaign import telling
from fenghuang.domain.campaign.actions import keep, locked, opened
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Objection, Regrade
from fenghuang.domain.registry.models import Firm
from fenghuang.law.methods.facts import FACTS
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import may
from fenghuang.platform.audit.log import record
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused, Stale

ITEMS = {
    **{name: FACTS[name].title for name in ("land_mu", "tax", "value_added", "revenue", "rnd_expense", "energy_tce")},
    **{name: FACTS[name].title for name in ("emission_t", "employees", "electricity_kwh")},
    "grade": "评价等级",
    "other": "其他",
}
MOST_PENDING = 20  # of a firm: more are no objections but a flood of files
REGRADED_IN = (State.SCORING, State.OBJECTIONS, State.ADJUSTING)


class Differs(Stale):
    """Another regrade of the firm stands than the person saw: both are shown."""

    def __init__(self, standing: Regrade | None, mine: str) -> None:
        self.standing = said(standing) if standing else "没有调档"
        self.mine = mine
        who = f"（{standing.by or '系统'}，{standing.document}）" if standing else ""
        super().__init__(f"现在是：{self.standing}{who}；您要改为：{mine}。没有改动，请看过后再决定")


def said(one: Regrade) -> str:
    """ "提档 B：关键技术攻关" """
    return f"{one.get_kind_display()}{' ' + one.to if one.to else ''}：{one.reason}"


@transaction.atomic
def file_objection(
    actor: User | None, pk: int, firm: Firm, item: str, claim: str, proof: Proof | None, today: date | None = None
) -> Objection:
    """What a firm holds against its result: said by the firm itself, or noted for it by an official.

    Refused outside 公示, after its last day, for a firm not in it.
    """
    itself = actor is not None and may(actor, "accounts.speak_for", firm.uscc)
    campaign = opened(pk) if itself else locked(actor, pk, None)
    today = today or timezone.localdate()
    if campaign.state != State.OBJECTIONS:
        raise Refused(f"只在公示期内受理异议，现在处于“{campaign.get_state_display()}”")
    if campaign.is_late(today):
        raise Refused(f"公示期已于 {campaign.due} 截止，不再受理异议")
    if item not in ITEMS:
        raise Refused("请选择异议事项")
    if not claim.strip():
        raise Refused("请写明异议内容")
    if proof is None:
        raise Refused("请附证明材料")
    _in_campaign(campaign, firm)
    if campaign.objections.filter(firm=firm, state=Objection.State.PENDING).count() >= MOST_PENDING:
        raise Refused(f"{firm} 已有 {MOST_PENDING} 件异议待处理，请等处理后再提，或并入一件说明")
    made = Objection.objects.create(
        campaign=campaign, firm=firm, item=item, claim=claim.strip(), by=actor, **proof.fields()
    )
    after = {"firm": firm.uscc, "item": item, "claim": made.claim, "evidence": made.sha256}
    record("campaign.object", actor=actor, subject=campaign, clause="art.8", after=after)
    if itself:
        telling.objection_filed(made)
    return made


@transaction.atomic
def answer(actor: User | None, objection: Objection, state: str, words: str) -> Objection:
    """Accept or return it, with words. Who comes second hears what the first one answered."""
    campaign = locked(actor, objection.campaign_id, None)
    one = Objection.objects.select_for_update(of=("self",)).select_related("firm", "answered_by").get(pk=objection.pk)
    if one.state != Objection.State.PENDING:
        raise Stale(f"{one.answered_by or '系统'} 已处理为“{one.get_state_display()}”：{one.answer}。您的意见没有保存")
    if state not in (Objection.State.ACCEPTED, Objection.State.RETURNED):
        raise Refused("请选择成立或退回")
    if not words.strip():
        raise Refused("请填写处理意见")
    if campaign.state not in (State.OBJECTIONS, State.ADJUSTING):
        raise Refused(f"“{campaign.get_state_display()}”环节不再处理异议")
    one.state, one.answer = state, words.strip()
    one.answered_by, one.answered_at = actor, timezone.now()
    one.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    after = {"objection": one.pk, "firm": one.firm.uscc, "state": one.state}
    record(
        "campaign.answer", actor=actor, subject=campaign, reason=one.answer, before={"state": "pending"}, after=after
    )
    telling.objection_answered(one)
    return one


@transaction.atomic
def regrade(
    actor: User | None,
    pk: int,
    firm: Firm,
    *,
    kind: str,
    to: str,
    reason: str,
    clause: str,
    document: str,
    proof: Proof | None,
    seen: int | None = None,
) -> Regrade:
    """A regrade in place of the one that stood (`seen`, None for none); it counts from the next scoring."""
    campaign = locked(actor, pk, None)
    if campaign.state not in REGRADED_IN:
        raise Refused(f"“{campaign.get_state_display()}”环节不能调档")
    if kind not in Regrade.Kind.values or to not in ("", "A", "B", "C", "D"):
        raise Refused("请选择调档方式和等级")
    if kind in (Regrade.Kind.FIX, Regrade.Kind.NOT_BELOW) and not to:
        raise Refused(f"“{Regrade.Kind(kind).label}”须选定等级")
    for name, text in (("理由", reason), ("依据条款", clause), ("文件编号", document)):
        if not text.strip():
            raise Refused(f"请填写{name}")
    if proof is None:
        raise Refused("请附证明材料")
    _in_campaign(campaign, firm)
    standing = campaign.regrades.filter(firm=firm, withdrawn_at__isnull=True).select_related("by").first()
    texts = {"reason": reason.strip(), "clause": clause.strip(), "document": document.strip()}
    made = Regrade(campaign=campaign, firm=firm, kind=kind, to=to, by=actor, **texts, **proof.fields())
    if (standing.pk if standing else None) != seen:
        raise Differs(standing, said(made))
    if standing:
        _withdraw(standing, actor)
    made.save()
    keep(campaign, actor)
    record(
        "campaign.regrade",
        actor=actor,
        subject=campaign,
        clause=made.clause,
        reason=made.reason,
        before={"regrade": said(standing)} if standing else None,
        after={"firm": firm.uscc, "kind": kind, "to": to, "document": made.document, "evidence": made.sha256},
    )
    return made


@transaction.atomic
def withdraw(actor: User | None, one: Regrade, reason: str) -> Regrade:
    """It no longer counts from the next scoring on."""
    campaign = locked(actor, one.campaign_id, None)
    one = Regrade.objects.select_for_update(of=("self",)).select_related("firm").get(pk=one.pk)
    if one.withdrawn_at:
        raise Stale("这项调档已经撤销")
    if campaign.state not in REGRADED_IN:
        raise Refused(f"“{campaign.get_state_display()}”环节不能撤销调档")
    if not reason.strip():
        raise Refused("请填写理由")
    _withdraw(one, actor)
    keep(campaign, actor)
    before = {"firm": one.firm.uscc, "regrade": said(one)}
    record("campaign.withdraw_regrade", actor=actor, subject=campaign, reason=reason.strip(), before=before)
    return one


def _withdraw(one: Regrade, actor: User | None) -> None:
    one.withdrawn_at, one.withdrawn_by = timezone.now(), actor
    one.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _in_campaign(campaign: Campaign, firm: Firm) -> None:
    last = campaign.scorings.first()
    if last is None or not last.grades.filter(firm=firm).exists():
        raise Refused(f"{firm} 不在{campaign}的评价结果中")
