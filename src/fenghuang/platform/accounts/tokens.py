"""Tokens for other systems: made by the person, told once, good for one purpose until a day, ended at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from fenghuang.platform.accounts.actions import may_manage
from fenghuang.platform.accounts.models import ApiToken, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record, record_once

PREFIX = "fh_"  # so that a token that lies about is recognised as one
LONGEST = 366  # days
MOST = 10  # of a person that are good at the same time


class Unfit(ValueError):
    """What was asked cannot be: the sentence says why."""


def good_ones(user: User) -> QuerySet[ApiToken]:
    """The person's tokens that open something now."""
    return ApiToken.objects.filter(user=user, revoked_at__isnull=True, expires_at__gt=timezone.now())


@transaction.atomic
def make(user: User, name: str, days: int, *, actor: User) -> str:
    """A token for the own account; needs the right to deliver. Told this once."""
    require(user, "accounts.import_data")
    if actor.pk != user.pk or actor.seen_by:
        raise PermissionDenied("only for oneself")
    name = " ".join(name.split())[:60]
    if len(name) < 2:
        raise Unfit("请填写用途（至少两个字），如：税务局数据平台")
    if not 1 <= days <= LONGEST:
        raise Unfit(f"有效天数应为 1 至 {LONGEST}")
    User.objects.select_for_update().get(pk=user.pk)
    if good_ones(user).count() >= MOST:
        raise Unfit(f"最多同时有 {MOST} 个有效令牌，请先停用不用的")
    token = PREFIX + secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=days)
    made = ApiToken.objects.create(user=user, name=name, digest=_digest(token), expires_at=expires)
    record("accounts.make_token", actor=actor, subject=made, after={"scope": made.scope, "expires": expires})
    return token


@transaction.atomic
def revoke(token: ApiToken, *, actor: User) -> ApiToken:
    """It opens nothing any more: by its owner, or by who manages users. Done twice it changes nothing."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if actor.pk != token.user_id:
        require(actor, "accounts.manage_users")
        if not may_manage(actor, token.user):
            raise PermissionDenied("an account that maintains the system")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record("accounts.revoke_token", actor=actor, subject=token)
    return token


def owner(text: str, scope: str, address: str) -> User | None:
    """Whose token this is, if it is good for the purpose and its person may enter; its first use of a day from an
    address is noted."""
    found = ApiToken.objects.filter(digest=_digest(text), scope=scope, revoked_at__isnull=True)
    token = found.filter(expires_at__gt=timezone.now(), user__is_active=True).select_related("user__agency").first()
    if token is None or token.user.must_change_password or (token.user.is_demo and not settings.FENGHUANG_DEMO):
        return None
    record_once("accounts.use_token", actor=token.user, subject=token, after={"address": address})
    return token.user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
