"""Every change of an account: permission, change, event, one transaction."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from fenghuang.platform.accounts.models import Role, Unit, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 l I

# The only place where the demonstration's password stands. Such accounts enter only where FENGHUANG_DEMO=1.
DEMO_PASSWORD = "Tenglong-Huanniao-27"  # noqa: S105
DEMO_ACCOUNTS = [
    ("city", Role.CITY, None, "陈市级", "市经信局"),
    ("huangyan", Role.COUNTY, "331003", "王黄岩", "黄岩区经信局"),
    ("auditor", Role.AUDITOR, None, "李审计", "市审计局"),
    ("operator", Role.OPERATOR, None, "赵运维", "市大数据局"),
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
    user: User, *, role: str, unit: Unit | str | None, department: str, reason: str, actor: User | None
) -> None:
    """Give another role, unit or department; rights follow at once. ValidationError: a county official without unit."""
    user = _another(user, actor)
    before = _state(user)
    user.role = Role(role)
    user.unit_id = unit.pk if isinstance(unit, Unit) else unit
    user.department = department
    user.full_clean(exclude=["password"])
    user.save(update_fields=["role", "unit", "department"])
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
def create_demo_accounts() -> list[tuple[str, str, str]]:
    """The demonstration's accounts as (username, password, role in words); existing ones are left as they are."""
    if not settings.FENGHUANG_DEMO:
        raise PermissionDenied("demonstration accounts need FENGHUANG_DEMO=1")
    accounts = []
    for username, role, unit, name, department in DEMO_ACCOUNTS:
        if not User.objects.filter(username=username).exists():
            create_user(
                username,
                DEMO_PASSWORD,
                role=role,
                unit=unit,
                display_name=name,
                department=department,
                is_demo=True,
            )
        where = f"（{Unit.objects.get(pk=unit).name}）" if unit else ""
        accounts.append((username, DEMO_PASSWORD, f"{role.label}{where}"))
    return accounts


def _state(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "role": user.role,
        "unit": user.unit_id,
        "department": user.department,
        "active": user.is_active,
    }
