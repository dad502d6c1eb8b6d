"""Things of a case that are settled one by one: added, settled with a document, dropped with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from fenghuang.domain.casework import people
from fenghuang.domain.casework.actions import locked
from fenghuang.domain.casework.filling import read_all
from fenghuang.domain.casework.models import Attachment, Case, Part
from fenghuang.law.registers.declaration import Parts
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

MOST = 100


@transaction.atomic
def add(
    actor: User | None,
    pk: int,
    group: str,
    title: str,
    *,
    fields: Mapping[str, Any] | None = None,
    due: date | None = None,
    today: date | None = None,
) -> Part:
    """One more of a group, while the case is in a state that takes it."""
    today = today or timezone.localdate()
    case = locked(pk, None)
    parts = _declared(case, group)
    if case.state not in parts.added_in:
        raise Refused(f"“{case.at.title}”时不能登记{parts.title}")
    if not people.may(actor, parts.by, case):
        raise Refused(f"{parts.title}由{people.in_words(parts.by, case.declared)}登记")
    title = title.strip()[:100]
    if not title:
        raise Refused(f"请填写{parts.title}的名称")
    if parts.due and (due is None or due < today):
        raise Refused(f"请填写{parts.title}“{title}”的期限，今天或以后" if due is None else f"期限 {due} 早于今天")
    standing = case.parts.filter(group=group, dropped="")
    if standing.filter(title=title).exists():
        raise Refused(f"{parts.title}“{title}”已经登记")
    if standing.count() >= MOST:
        raise Refused(f"{parts.title}最多 {MOST} 项")
    told = read_all(parts.fields, fields or {})
    one = Part.objects.create(case=case, group=group, title=title, fields=told, due=due if parts.due else None)
    after = {"group": group, "title": title, "fields": told, "due": one.due}
    record("casework.part", actor=actor, subject=case, clause=case.declared.clause, after=after)
    return one


@transaction.atomic
def settle(actor: User | None, part: int, words: str, *, proof: Proof | None = None, today: date | None = None) -> Part:
    """One is settled, with words and the document that its group asks for."""
    case, one, parts = _locked(part)
    if not parts.settled:
        raise Refused(f"{parts.title}按数据核对，不逐项办结")
    if not people.may(actor, parts.settled_by, case):
        raise Refused(f"“{parts.settled}”由{people.in_words(parts.settled_by, case.declared)}办理")
    if not words.strip():
        raise Refused(f"请写明“{parts.settled}”的情况")
    if parts.document and proof is None:
        raise Refused(f"“{parts.settled}”须附：{parts.document}")
    one.settled_on, one.settled_by, one.words = today or timezone.localdate(), actor, words[:300]
    one.save()
    if proof:
        title = f"{one.title}：{parts.document or parts.settled}"[:60]
        Attachment.objects.create(case=case, title=title, by=actor, **proof.fields())
    after = {"group": one.group, "title": one.title, "settled_on": one.settled_on, "file": proof and proof.sha256}
    record("casework.settle", actor=actor, subject=case, clause=case.declared.clause, reason=words, after=after)
    return one


@transaction.atomic
def drop(actor: User | None, part: int, reason: str) -> Part:
    """One no longer counts; it stays to be read."""
    case, one, parts = _locked(part)
    if not people.may(actor, ("county",), case):
        raise Refused(f"{parts.title}由县级经办取消")
    if not reason.strip():
        raise Refused("请写明取消的原因")
    one.dropped = reason.strip()[:300]
    one.save()
    after = {"group": one.group, "title": one.title, "dropped": True}
    record("casework.drop", actor=actor, subject=case, clause=case.declared.clause, reason=reason, after=after)
    return one


def _locked(part: int) -> tuple[Case, Part, Parts]:
    case = locked(Part.objects.values_list("case", flat=True).get(pk=part), None)
    one = Part.objects.select_for_update(of=("self",)).get(pk=part)
    if not case.is_open:
        raise Refused("这件事项已经办结")
    if one.settled_on or one.dropped:
        raise Refused(f"“{one.title}”{'已经办结' if one.settled_on else '已经取消'}")
    return case, one, _declared(case, one.group)


def _declared(case: Case, group: str) -> Parts:
    if group not in case.declared.parts:
        raise Refused(f"“{case.declared.title}”没有这类分项")
    return case.declared.parts[group]
