"""Claims of projects for what a county's pool holds: applied for, granted in the order of art.15, withdrawn."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fenghuang.domain.ledger.actions import Origin, Told, check_dates, debit, known_project, locked
from fenghuang.domain.ledger.kinds import CLAIMED, CLASSES, FIRST
from fenghuang.domain.ledger.models import Claim
from fenghuang.domain.ledger.people import require_entering
from fenghuang.domain.ledger.refusals import said
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.audit.log import record
from fenghuang.platform.refusals import Refused


@transaction.atomic
def apply(
    actor: User | None,
    kind: str,
    unit: Unit,
    amount: int | None,
    *,
    sort: str,
    project: str,
    code: str = "",
    applied_on: date,
    today: date | None = None,
) -> Claim:
    """A project asks for so much. An amount that is not known is no claim."""
    if kind not in CLAIMED:
        raise Refused("只有用能和碳排放按申请安排")
    require_entering(actor, CLAIMED[kind], unit.pk)
    if amount is None or amount <= 0:
        raise Refused("请填写申请量（大于 0）；还不知道要多少的，知道后再登记")
    if sort not in CLASSES:
        raise Refused("请选择项目类别")
    check_dates(applied_on.year, applied_on, today or timezone.localdate())
    project, code = known_project(unit, project, code)
    made = Claim.objects.create(
        kind=kind,
        unit=unit,
        project=project,
        project_code=code,
        sort=sort,
        rank=0 if sort in FIRST else 1,
        amount=amount,
        applied_on=applied_on,
        by=actor,
    )
    after = {"kind": kind, "unit": unit.pk, "project": project, "sort": sort, "amount": amount}
    record("ledger.apply", actor=actor, subject=made, clause=made.about.clause, after=after)
    return made


def ahead_of(claim: Claim) -> QuerySet[Claim]:
    """Waiting claims of a sort that comes first. Among those that come first the text gives no order."""
    return Claim.objects.filter(
        kind=claim.kind, unit=claim.unit_id, state=Claim.State.WAITING, rank__lt=claim.rank
    ).exclude(pk=claim.pk)


@transaction.atomic
def grant(actor: User | None, pk: int, *, reason: str = "", today: date | None = None) -> Claim:
    """Take the amount from the pool. Ahead of a claim that comes first only with a reason."""
    claim = _waiting(actor, pk)
    passed = list(ahead_of(claim)[:5])
    if passed and not reason.strip():
        names = "、".join(f"{one.project}（{one.get_sort_display()}）" for one in passed)
        raise Refused(f"还有优先的申请在等：{names}；先安排“{claim.project}”须填写理由")
    today = today or timezone.localdate()
    told = Told(
        claim.sort, today.year, today, Origin("ledger.claim", str(claim.pk), f"{claim}"), claim.project,
        claim.project_code, reason=reason,
        why={"sentence": f"{claim.get_sort_display()}，{claim.applied_on} 申请 {said(claim.about, claim.amount)}"},
    )  # fmt: skip
    entry = debit(actor, claim.kind, claim.unit, claim.amount, told)
    claim.entry = entry
    _decide(claim, actor, Claim.State.GRANTED, reason)
    after = {"entry": entry.pk, "amount": claim.amount, "passed": [one.pk for one in passed]}
    record("ledger.grant", actor=actor, subject=claim, clause=claim.about.clause, reason=reason, after=after)
    return claim


@transaction.atomic
def withdraw(actor: User | None, pk: int, *, reason: str) -> Claim:
    """A claim that no longer waits, with the reason."""
    claim = _waiting(actor, pk)
    if not reason.strip():
        raise Refused("撤回申请须填写理由")
    _decide(claim, actor, Claim.State.WITHDRAWN, reason)
    record("ledger.withdraw_claim", actor=actor, subject=claim, clause=claim.about.clause, reason=reason)
    return claim


def _waiting(actor: User | None, pk: int) -> Claim:
    """The claim under the lock of its account, so that two that are granted at once see each other."""
    seen = Claim.objects.select_related("unit").get(pk=pk)
    require_entering(actor, seen.about, seen.unit_id)
    locked(seen.kind, seen.unit)
    claim = Claim.objects.select_for_update(of=("self",)).select_related("unit", "decided_by").get(pk=pk)
    if claim.state != Claim.State.WAITING:
        at = timezone.localtime(claim.decided_at).strftime("%Y-%m-%d %H:%M") if claim.decided_at else ""
        raise Refused(f"这项申请{claim.get_state_display()}（{claim.decided_by or '系统'}，{at}），不能再办理")
    return claim


def _decide(claim: Claim, actor: User | None, state: str, reason: str) -> None:
    claim.state, claim.reason = state, reason.strip()[:500]
    claim.decided_by, claim.decided_at = actor, timezone.now()
    claim.save()
