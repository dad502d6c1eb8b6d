"""What is done to a case: entered, moved on, answered, paused, reopened.

Every function locks the case, asks who may, changes, notes the event, in one transaction. What cannot be done is
`Refused` with the sentence that people read; what somebody else changed meanwhile is `Stale`, with both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from fenghuang.domain.casework import code, deadlines, people, quiet, telling
from fenghuang.domain.casework.ahead import ahead
from fenghuang.domain.casework.code import Found
from fenghuang.domain.casework.filling import filled
from fenghuang.domain.casework.models import Alarm, Answer, Attachment, Case, Movement
from fenghuang.domain.casework.steps import PAUSE, REOPEN, RESUME, round_of
from fenghuang.domain.registry.models import Recording
from fenghuang.law.registers import register as declared
from fenghuang.law.registers.declaration import Register
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.audit.log import record
from fenghuang.platform.calendar import after, between
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused, Stale


def locked(pk: int, version: int | None) -> Case:
    """The case as it was when the person looked at it; Stale says who was first."""
    case = Case.objects.select_for_update(of=("self",)).select_related("unit", "firm").get(pk=pk)
    if version is not None and version != case.version:
        who, at = case.changed_by or "系统", timezone.localtime(case.changed_at).strftime("%Y-%m-%d %H:%M")
        raise Stale(f"{who} 已于 {at} 办理过（现在是“{case.at.title}”），您的操作没有执行；请看过现状后再决定")
    return case


def keep(case: Case, actor: User | None) -> None:
    """Save under the next version."""
    case.version += 1
    case.changed_by = actor
    case.save()


# --- onto a register


@transaction.atomic
def enter(
    actor: User | None,
    name: str,
    found: Found,
    *,
    recording: Recording | None = None,
    fields: Mapping[str, Any] | None = None,
    proof: Proof | None = None,
    reason: str = "",
    by_hand: bool = False,
    is_demo: bool = False,
    today: date | None = None,
) -> Case:
    """A subject comes onto a register: found on the facts, or by hand with evidence. One open case a subject."""
    register = declared(name)
    today = today or timezone.localdate()
    unit = Unit.objects.select_for_update().get(pk=found.unit)
    _may_enter(actor, register, found, by_hand, proof, reason)
    if Case.objects.filter(register=name, subject=found.subject, ended_on__isnull=True).exists():
        raise Refused(f"{found.title} 已在“{register.title}”清单上办理，同一对象不能同时有两件")
    told = filled(register, register.entry.fields, (), fields or {}, {}, today)
    due = deadlines.entering(register, register.first.name, told, today)
    case = Case(
        register=name,
        subject=found.subject,
        title=found.title,
        firm=found.firm,
        unit=unit,
        township=found.township,
        fields=told,
        entry={"why": reason or found.why, "by_hand": by_hand, "facts": found.facts},
        recording=recording,
        entered_on=today,
        is_demo=is_demo,
        changed_by=actor,
    )
    _stand(case, register.first.name, due, today)
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as fault:  # two who enter it at once
        raise Refused(f"{found.title} 刚刚由他人列入“{register.title}”清单") from fault
    moved = _moved(case, "enter", "列入清单", "", actor, today, reason or found.why, told)
    _ask(case, moved)
    if proof:
        _attach(case, moved, actor, "列入依据", proof)
    record(
        "casework.enter",
        actor=actor,
        subject=case,
        clause=register.clause,
        reason=reason or found.why,
        after={"register": name, "subject": found.subject, "state": case.state, "due": case.due, **_proven(proof)},
    )
    return case


def _may_enter(
    actor: User | None, register: Register, found: Found, by_hand: bool, proof: Proof | None, reason: str
) -> None:
    entry = register.entry
    if not by_hand:
        if not people.may_enter(actor, ("county",), found.unit, found.township):
            raise PermissionDenied("cases found on the facts are entered by county or city")
        return
    if not entry.by_hand:
        raise Refused(f"“{register.title}”按数据筛查列入，不能手工列入")
    if not people.may_enter(actor, entry.by_hand, found.unit, found.township):
        raise PermissionDenied(f"{register.name} is entered by {entry.by_hand}")
    if not reason.strip():
        raise Refused("手工列入须写明理由")
    if entry.evidence and proof is None:
        raise Refused("手工列入须附证明材料")


# --- from state to state


@transaction.atomic
def move(
    actor: User | None,
    pk: int,
    name: str,
    *,
    version: int | None = None,
    fields: Mapping[str, Any] | None = None,
    documents: Mapping[str, Proof] | None = None,
    reason: str = "",
    today: date | None = None,
) -> Case:
    """Go along a step of the declaration. Refused says what does not hold, or who may."""
    today = today or timezone.localdate()
    case = locked(pk, version)
    register = case.declared
    if name not in register.steps:
        raise Refused(f"“{register.title}”没有这一步")
    step = register.steps[name]
    documents = documents or {}
    way = ahead(case, step, actor, today, fields=fields or {}, documents=documents, reason=reason)
    before = {"state": case.state, "due": case.due}
    case.fields = {**case.fields, **way.told}
    case.kind = str(case.fields.get(register.classes) or "") if register.classes else ""
    if stays := step.after == case.state:
        case.due, case.due_estimated = way.due
    else:
        _stand(case, step.after, way.due, today)
    keep(case, actor)
    moved = _moved(case, step.name, step.title, str(before["state"]), actor, today, reason, way.told, way.shown)
    if not stays:
        _ask(case, moved)
    for title, proof in documents.items():
        _attach(case, moved, actor, title, proof)
    for effect in step.effects:
        code.effect_of(effect)(case, moved, actor)
    record(
        f"casework.{name}",
        actor=actor,
        subject=case,
        clause=register.clause,
        reason=reason,
        before=before,
        after={
            "state": case.state,
            "due": case.due,
            "fields": way.told,
            "documents": {title: proof.sha256 for title, proof in documents.items()},
            "shown": quiet.fingerprint(way.shown),
            "declaration": register.sha256,
        },
    )
    return case


def _stand(case: Case, state: str, due: deadlines.Due, today: date) -> None:
    """The case is in this state from today on; alarms and pauses of the one before are over."""
    at = case.declared.states[state]
    case.state, case.holder, case.since = state, at.held_by, today
    case.due, case.due_estimated = due
    case.alarm, case.alarm_on, case.risen_to, case.paused_since = Alarm.NONE, None, "", None
    case.ended_on = today if at.end else None


def _moved(
    case: Case,
    step: str,
    title: str,
    before: str,
    actor: User | None,
    today: date,
    reason: str,
    fields: Mapping[str, Any],
    shown: Mapping[str, Any] | None = None,
) -> Movement:
    return Movement.objects.create(
        case=case,
        number=case.movements.count() + 1,
        step=step,
        title=title,
        before=before,
        after=case.state,
        due=case.due,
        on=today,
        by=actor,
        reason=reason[:500],
        fields=dict(fields),
        shown=dict(shown or {}),
        declaration=case.declared.sha256,
    )


def _ask(case: Case, moved: Movement) -> None:
    """A joint state asks its agencies anew each time it is entered, and they hear of it."""
    if joint := case.at.joint:
        Answer.objects.bulk_create(Answer(case=case, movement=moved, agency=one) for one in joint.agencies)
        telling.asked(case, moved, joint)


def _attach(case: Case, moved: Movement | None, actor: User | None, title: str, proof: Proof) -> Attachment:
    return Attachment.objects.create(case=case, movement=moved, title=title[:60], by=actor, **proof.fields())


def _proven(proof: Proof | None) -> dict[str, Any]:
    return {"file": proof.name, "sha256": proof.sha256} if proof else {}


# --- answers of agencies


@transaction.atomic
def answer(actor: User | None, pk: int, agency: str, given: str, words: str, *, proof: Proof | None = None) -> Answer:
    """One agency's answer to the question of the present state; given once. It does not move the case."""
    case = locked(pk, None)
    joint = case.at.joint
    if joint is None or not case.is_open:
        raise Refused(f"现在是“{case.at.title}”，没有需要部门答复的事项")
    if agency not in joint.agencies:
        raise Refused("这个部门不在征求意见之列")
    if not people.may(actor, (f"agency:{agency}",), case):
        raise PermissionDenied(f"{agency} answers for itself")
    if given not in joint.answers:
        raise Refused(f"请选择：{'、'.join(joint.answers.values())}")
    if not words.strip():
        raise Refused("请写明意见")
    one = next(one for one in round_of(case) if one.agency == agency)
    one = case.answers.select_for_update().get(pk=one.pk)
    if one.answer:
        raise Stale(f"{one.by or '系统'} 已答复“{joint.answers[one.answer]}”，一轮只能答复一次")
    one.answer, one.words, one.by, one.at = given, words[:500], actor, timezone.now()
    one.save()
    if proof:
        _attach(case, None, actor, "部门意见", proof)
    record(
        "casework.answer",
        actor=actor,
        subject=case,
        clause=case.declared.clause,
        reason=words,
        after={"agency": agency, "answer": given, "state": case.state, **_proven(proof)},
    )
    return one


# --- the clock, and an ended case taken up again


@transaction.atomic
def pause(actor: User | None, pk: int, *, version: int | None, reason: str, today: date | None = None) -> Case:
    """Stop the clock, with a reason."""
    today = today or timezone.localdate()
    case = locked(pk, version)
    _may_manage(actor, case)
    if not case.at.pausable or case.paused_since:
        raise Refused(f"“{case.at.title}”{'已经暂停' if case.paused_since else '不能暂停计时'}")
    if not reason.strip():
        raise Refused("暂停计时须填写理由")
    case.paused_since = today
    return _noted(case, actor, PAUSE, reason, today)


@transaction.atomic
def resume(actor: User | None, pk: int, *, version: int | None, reason: str = "", today: date | None = None) -> Case:
    """The clock runs on: the limit moves by the working days of the pause."""
    today = today or timezone.localdate()
    case = locked(pk, version)
    _may_manage(actor, case)
    if not case.paused_since:
        raise Refused("没有暂停计时")
    lost = between(case.paused_since, today)
    if case.due and lost:
        case.due, estimated = after(case.due, lost)
        case.due_estimated |= estimated
    case.paused_since = None
    return _noted(case, actor, RESUME, reason, today)


@transaction.atomic
def reopen(actor: User | None, pk: int, *, version: int | None, reason: str, today: date | None = None) -> Case:
    """An ended case is taken up again where its register says so."""
    today = today or timezone.localdate()
    case = locked(pk, version)
    again = case.declared.reopen
    if again is None or case.is_open:
        raise Refused(f"“{case.at.title}”的事项不能重新办理")
    if not people.may(actor, again.by, case):
        raise Refused(f"重新办理由{people.in_words(again.by, case.declared)}决定")
    if not reason.strip():
        raise Refused("重新办理须填写理由")
    if Case.objects.filter(register=case.register, subject=case.subject, ended_on__isnull=True).exists():
        raise Refused(f"{case.title} 已有另一件在办")
    before = case.state
    _stand(case, again.to, deadlines.entering(case.declared, again.to, case.fields, today), today)
    return _noted(case, actor, REOPEN, reason, today, before)


def _may_manage(actor: User | None, case: Case) -> None:
    if not people.may(actor, ("county",), case):
        raise Refused("计时由县级经办或市级专班调整")


def _noted(
    case: Case, actor: User | None, what: tuple[str, str], reason: str, today: date, before: str | None = None
) -> Case:
    """Keep the case, its movement and its event."""
    keep(case, actor)
    moved = _moved(case, *what, before if before is not None else case.state, actor, today, reason, {})
    if before is not None:
        _ask(case, moved)
    record(
        f"casework.{what[0]}",
        actor=actor,
        subject=case,
        clause=case.declared.clause,
        reason=reason,
        after={"state": case.state, "due": case.due},
    )
    return case
