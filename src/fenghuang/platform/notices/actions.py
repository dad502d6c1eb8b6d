"""Telling people, and noting that they have read it.

A notice is part of the change it tells of: it is written in the caller's transaction, and the caller's event is the
record. That somebody has read a notice is that person's own affair and no event.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from fenghuang.platform.accounts.models import User
from fenghuang.platform.notices.models import Notice
from fenghuang.platform.notices.queries import notices

BATCH = 500


@transaction.atomic(savepoint=False)
def notify(
    kind: str,
    text: str,
    *,
    link: str = "",
    users: Iterable[User] = (),
    firms: Iterable[str] = (),
    once: str = "",
) -> None:
    """Tell people and firms (by code). With `once` nobody is told twice of the same thing, whoever calls again."""
    now = timezone.now()
    about = {"kind": kind, "text": text[:300], "link": link, "once": once, "at": now}
    told = [Notice(user=user, **about) for user in users]
    told += [Notice(uscc=uscc, **about) for uscc in dict.fromkeys(firms)]
    Notice.objects.bulk_create(told, BATCH, ignore_conflicts=bool(once))


@transaction.atomic
def mark_read(user: User, pk: int | None = None) -> int:
    """One of the person's notices, or all; how many were new."""
    mine = notices(user).filter(read_at__isnull=True)
    return (mine if pk is None else mine.filter(pk=pk)).update(read_at=timezone.now())
