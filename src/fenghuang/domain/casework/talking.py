"""Remarks and files on a case, by anybody who works on it."""

from __future__ import annotations

from django.db import transaction

from fenghuang.domain.casework.actions import locked
from fenghuang.domain.casework.models import Attachment, Comment
from fenghuang.domain.casework.queries import may_work_on
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

LONGEST = 1000  # characters


@transaction.atomic
def comment(actor: User | None, pk: int, text: str) -> Comment:
    """Say something to the others."""
    case = locked(pk, None)
    may_work_on(actor, case)
    if not text.strip():
        raise Refused("留言没有内容")
    if len(text) > LONGEST:
        raise Refused(f"留言有 {len(text)} 个字，最多 {LONGEST} 个")
    one = Comment.objects.create(case=case, text=text.strip(), by=actor)
    record("casework.comment", actor=actor, subject=case, after={"text": one.text})
    return one


@transaction.atomic
def attach(actor: User | None, pk: int, title: str, proof: Proof) -> Attachment:
    """Add a file that no step asked for."""
    case = locked(pk, None)
    may_work_on(actor, case)
    if not title.strip():
        raise Refused("请写明是什么材料")
    one = Attachment.objects.create(case=case, title=title.strip()[:60], by=actor, **proof.fields())
    record("casework.attach", actor=actor, subject=case, after={"title": one.title, "sha256": one.sha256})
    return one
