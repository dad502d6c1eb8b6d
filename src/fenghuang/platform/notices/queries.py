"""The notices of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from fenghuang.platform.accounts.models import Role
from fenghuang.platform.notices.models import Notice

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


def notices(user: User) -> QuerySet[Notice]:
    """Those for the person, and those for the firm whose account it is; the newest first."""
    mine = Q(user=user)
    if user.role == Role.FIRM and user.uscc:
        mine |= Q(user__isnull=True, uscc=user.uscc)
    return Notice.objects.filter(mine)


def unread(user: User) -> int:
    """How many are new."""
    return notices(user).filter(read_at__isnull=True).count()
