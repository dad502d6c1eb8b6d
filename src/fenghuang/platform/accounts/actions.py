"""Every change of an account: permission, change, event, one transaction."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from fenghuang.platform.accounts.models import Role, Unit, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

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


@transaction.atomic
def set_password(user: User, password: str, *, actor: User | None = None) -> None:
    """Set a new password; the event does not carry it."""
    require(actor, "accounts.manage_users")
    user = User.objects.select_for_update().get(pk=user.pk)
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record("accounts.set_password", actor=actor, subject=user)


@transaction.atomic
def set_active(user: User, active: bool, *, reason: str, actor: User | None = None) -> None:
    """Close an account, or open it again. Accounts are never deleted: events name them."""
    require(actor, "accounts.manage_users")
    user = User.objects.select_for_update().get(pk=user.pk)
    before = _state(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record("accounts.set_active", actor=actor, subject=user, reason=reason, before=before, after=_state(user))


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
