"""What the operator sees of accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import PERMISSIONS

STATES = {"active": "在用", "locked": "已锁定", "waiting": "待首次登录", "closed": "已停用"}


def users_for(actor: User) -> QuerySet[User]:
    """Every account, for who manages them: with `is_locked`, `has_second_factor` and `sessions` (places logged in)."""
    if not PERMISSIONS["accounts.manage_users"].test(actor):
        return User.objects.none()
    now = timezone.now()
    attempts = AccessAttempt.objects.filter(
        username__iexact=OuterRef("username"),
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gte=now - timedelta(hours=settings.AXES_COOLOFF_TIME),
    )
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    places = UserSession.objects.filter(Exists(alive), user=OuterRef("pk")).order_by().values("user")
    return (
        User.objects.select_related("unit", "township__unit", "agency")
        .annotate(
            is_locked=Exists(attempts),
            has_second_factor=Exists(factors),
            sessions=Coalesce(Subquery(places.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0),
        )
        .order_by(F("is_active").desc(), "role", "unit__order", "username")
    )


def state_of(user: Any) -> str:
    """A key of STATES, of one of `users_for`."""
    if not user.is_active:
        return "closed"
    if user.is_locked:
        return "locked"
    return "waiting" if user.must_change_password else "active"
