"""Every change of an account: permission, change, event, one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from fenghuang.platform.accounts.models import Department, Invitation, Role, Township, Unit, User
from fenghuang.platform.accounts.rules import PERMISSIONS, require
from fenghuang.platform.audit.log import record

READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 l I

# The only place where the demonstration's password stands. Such accounts enter only where FENGHUANG_DEMO=1.
DEMO_PASSWORD = "Tenglong-Huanniao-27"  # noqa: S105
DEMO_ACCOUNTS: list[tuple[str, Role, str, str, dict[str, str]]] = [
    ("city", Role.CITY, "陈市级", "市经信局", {}),
    ("shuiwu", Role.CLERK, "周税务", "市税务局", {"agency": "tax"}),
    ("huangyan", Role.COUNTY, "王黄岩", "黄岩区经信局", {"unit": "331003"}),
    ("zhenjie", Role.TOWNSHIP, "吴镇街", "经济发展办", {"unit": "331003", "township": "澹溪镇"}),
    ("auditor", Role.AUDITOR, "李审计", "市审计局", {}),
    ("operator", Role.OPERATOR, "赵运维", "市大数据局", {}),
    ("qiye", Role.FIRM, "孙企业", "", {"uscc": "91331003MA2AAAAAAA"}),
]


@transaction.atomic
def create_user(
    username: str,
    password: str | None,
    *,
    role: str,
    unit: Unit | str | None = None,
    display_name: str = "",
    department: str = "",
    township: Township | None = None,
    agency: Department | str | None = None,
    uscc: str = "",
    actor: User | None = None,
    is_demo: bool = False,
    must_change: bool = False,
) -> User:
    """Open an account. A password of None opens one that cannot log in until a password is set."""
    require(actor, "accounts.manage_users")
    user = User(
        username=username,
        role=Role(role),
        unit_id=unit.pk if isinstance(unit, Unit) else unit,
        display_name=display_name,
        department=department,
        township=township,
        agency_id=agency.pk if isinstance(agency, Department) else agency,
        uscc=uscc.strip().upper(),
        is_demo=is_demo,
        must_change_password=must_change,
    )
    if password is None:
        user.set_unusable_password()
    else:
        validate_password(password, user)
        user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    record("accounts.create_user", actor=actor, subject=user, after=_state(user))
    return user


def open_account(username: str, *, actor: User | None, **about: Any) -> tuple[User, str]:
    """An account with a password that is told once and changed at the first login."""
    password = temporary_password()
    return create_user(username, password, actor=actor, must_change=True, **about), password


def temporary_password() -> str:
    """Easy to read out: four groups of four without look-alikes, 79 bits."""
    groups = ("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


@transaction.atomic
def set_password(user: User, password: str, *, actor: User | None = None, must_change: bool = False) -> None:
    """Set a new password and end all sessions; the event does not carry it."""
    user = _another(user, actor)
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])
    ended = _end_sessions(user)
    record("accounts.set_password", actor=actor, subject=user, after={"must_change": must_change, "sessions": ended})


def reset_password(user: User, *, actor: User | None) -> str:
    """A temporary password for who has lost the own one."""
    password = temporary_password()
    set_password(user, password, actor=actor, must_change=True)
    return password


@transaction.atomic
def password_chosen(user: User) -> None:
    """The person has chosen a password that nobody else knows."""
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {"must_change": user.must_change_password}
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    record("accounts.change_password", actor=user, subject=user, before=before, after={"must_change": False})


@transaction.atomic
def set_active(user: User, active: bool, *, reason: str, actor: User | None = None) -> None:
    """Close an account, which ends its sessions, or open it again. Accounts are never deleted: events name them."""
    user = _another(user, actor)
    before = _state(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        _end_sessions(user)
    record("accounts.set_active", actor=actor, subject=user, reason=reason, before=before, after=_state(user))


@transaction.atomic
def change_role(
    user: User,
    *,
    role: str,
    unit: Unit | str | None,
    department: str,
    reason: str,
    actor: User | None,
    township: Township | None = None,
    agency: Department | None = None,
    uscc: str = "",
) -> None:
    """Give another role, with what it answers for; rights follow at once. ValidationError: what the role needs."""
    user = _another(user, actor)
    before = _state(user)
    user.role = Role(role)
    user.unit_id = unit.pk if isinstance(unit, Unit) else unit
    user.department = department
    user.township, user.agency, user.uscc = township, agency, uscc.strip().upper()
    user.full_clean(exclude=["password"])
    user.save(update_fields=["role", "unit", "department", "township", "agency", "uscc"])
    record("accounts.change_role", actor=actor, subject=user, reason=reason, before=before, after=_state(user))


@transaction.atomic
def unlock(user: User, *, actor: User | None) -> None:
    """Forget the wrong passwords that locked the account."""
    user = _another(user, actor)
    forgotten, _ = AccessAttempt.objects.filter(username__iexact=user.username).delete()
    record("accounts.unlock", actor=actor, subject=user, after={"attempts": forgotten})


@transaction.atomic
def reset_second_factor(user: User, *, reason: str, actor: User | None) -> None:
    """Take away the second factor and its recovery codes, for who has lost the device."""
    user = _another(user, actor)
    gone = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    Authenticator.objects.filter(user=user).delete()
    record("accounts.reset_second_factor", actor=actor, subject=user, reason=reason, before={"factors": gone})


@transaction.atomic
def end_sessions(user: User, *, actor: User | None) -> int:
    """Log the person out everywhere; how many places that were."""
    user = _another(user, actor)
    ended = _end_sessions(user)
    record("accounts.end_sessions", actor=actor, subject=user, after={"sessions": ended})
    return ended


# --- invitations and whole lists ------------------------------------------------------------------------------------

INVITED_FOR = timedelta(days=7)


@transaction.atomic
def invite(user: User, *, actor: User | None) -> str:
    """A token with which the person chooses a password: told once, used once, for seven days; earlier ones end."""
    user = _another(user, actor)
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    Invitation.objects.filter(user=user, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    made = Invitation.objects.create(user=user, digest=_digest(token), expires_at=now + INVITED_FOR)
    record("accounts.invite", actor=actor, subject=user, after={"expires": made.expires_at})
    return token


def invited(token: str) -> User | None:
    """Whom a token invites; None when it is unknown, used, too old, or the account is closed."""
    found = Invitation.objects.filter(digest=_digest(token), used_at__isnull=True, expires_at__gt=timezone.now())
    invitation = found.select_related("user").filter(user__is_active=True).first()
    return invitation.user if invitation else None


@transaction.atomic
def accept_invitation(token: str, password: str) -> User | None:
    """The person's own first password; None when the token is no longer good. ValidationError: a weak password."""
    found = Invitation.objects.select_for_update(of=("self",)).filter(
        digest=_digest(token), used_at__isnull=True, expires_at__gt=timezone.now(), user__is_active=True
    )
    if (invitation := found.first()) is None:
        return None
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    _end_sessions(user)
    record("accounts.accept_invitation", actor=user, subject=user)
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def import_users(people: list[dict[str, Any]], *, file: str, actor: User | None) -> list[tuple[User, str]]:
    """Open all accounts of a checked list (sheet.py), each with the token of its invitation; all of them or none."""
    require(actor, "accounts.manage_users")
    opened = [create_user(password=None, actor=actor, **about) for about in people]
    record(
        "accounts.import_users",
        actor=actor,
        subject=("accounts.list", file[:80], file),
        after={"accounts": [user.username for user in opened]},
    )
    return [(user, invite(user, actor=actor)) for user in opened]


def know_townships(named: Iterable[tuple[str | None, str]]) -> None:
    """Townships as a directory names them (unit code, name): new ones are added, none is ever dropped."""
    known = set(Township.objects.values_list("unit_id", "name"))
    fresh = sorted({(unit, name) for unit, name in named if unit and name} - known)
    Township.objects.bulk_create(Township(unit_id=unit, name=name) for unit, name in fresh)


# --- looking as another ---------------------------------------------------------------------------------------------


@transaction.atomic
def view_as(user: User, *, reason: str, actor: User) -> None:
    """The operator begins to look as somebody: never as oneself, another operator, or out of another's view."""
    if actor.seen_by or not may_view_as(actor, user):
        raise PermissionDenied("accounts.view_as")
    record("accounts.view_as", actor=actor, subject=user, reason=reason)


@transaction.atomic
def view_as_end(user: User, *, actor: User, reason: str = "") -> None:
    """And ends it."""
    record("accounts.view_as_end", actor=actor, subject=user, reason=reason)


@transaction.atomic
def viewed_page(user: User, path: str, *, actor: User) -> None:
    """One page opened as somebody."""
    record("accounts.view_as_page", actor=actor, subject=user, after={"page": path[:500]})


def may_view_as(actor: User, user: User) -> bool:
    """Only who manages users, and only as somebody who does not."""
    above = user.is_superuser or user.role == Role.OPERATOR
    return bool(PERMISSIONS["accounts.manage_users"].test(actor)) and user.is_active and not above


def _another(user: User, actor: User | None) -> User:
    """The account, locked for the change: never the actor's own, and a superuser's only for a superuser."""
    require(actor, "accounts.manage_users")
    user = User.objects.select_for_update().get(pk=user.pk)
    if not may_manage(actor, user):
        raise PermissionDenied("the own account, or one that maintains the system")
    return user


def may_manage(actor: User | None, user: User) -> bool:
    """Whether the account is one that this person, who manages users, may change. None is the command line."""
    return actor is None or (actor.pk != user.pk and (actor.is_superuser or not user.is_superuser))


def _end_sessions(user: User) -> int:
    sessions = UserSession.objects.filter(user=user)
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def create_demo_accounts(township: str = "", uscc: str = "") -> list[tuple[str, str, str]]:
    """The demonstration's accounts as (username, password, role in words); existing ones are left as they are.

    A township of 黄岩区 and a firm's code may be named, so that its two accounts have something to see.
    """
    if not settings.FENGHUANG_DEMO:
        raise PermissionDenied("demonstration accounts need FENGHUANG_DEMO=1")
    accounts = []
    for username, role, name, department, place in DEMO_ACCOUNTS:
        user = User.objects.filter(username=username).first()
        if user is None:
            about: dict[str, Any] = dict(place)
            if role == Role.TOWNSHIP:
                about["township"], _ = Township.objects.get_or_create(
                    unit_id=place["unit"], name=township or place["township"]
                )
            if role == Role.FIRM and uscc:
                about["uscc"] = uscc
            user = create_user(
                username, DEMO_PASSWORD, role=role, display_name=name, department=department, is_demo=True, **about
            )
        accounts.append((username, DEMO_PASSWORD, f"{role.label}（{user.place}）" if user.place else str(role.label)))
    return accounts


def _state(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "role": user.role,
        "unit": user.unit_id,
        "department": user.department,
        "township": str(user.township or ""),
        "agency": user.agency_id,
        "uscc": user.uscc,
        "active": user.is_active,
    }
