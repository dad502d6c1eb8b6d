"""Accounts for the firms of a unit: those that have none yet, opened together; each gets a link to choose a password.

The operator hands the links on (county officials pass them to their firms). The login name of a firm is its code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from fenghuang.domain.registry.models import Firm
from fenghuang.platform.accounts.actions import import_users
from fenghuang.platform.accounts.models import Role, Unit, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User as Person

MOST = 300  # accounts of one go: each is an event of its own, and the answer must come while the page waits


def without_account(unit: Unit) -> QuerySet[Firm]:
    """Firms of the unit for which nobody can enter; a name that is taken otherwise is left to the operator."""
    known = User.objects.filter(role=Role.FIRM, uscc=OuterRef("uscc"), is_active=True)
    taken = User.objects.filter(username__iexact=OuterRef("uscc"))
    return Firm.objects.filter(~Exists(known), ~Exists(taken), unit=unit).order_by("uscc")


@transaction.atomic
def invite_firms(actor: Person | None, unit: Unit) -> list[tuple[Person, str]]:
    """Open the next accounts of the unit's firms, each with the token of its invitation: all of them or none."""
    require(actor, "accounts.manage_users")
    Unit.objects.select_for_update().get(pk=unit.pk)  # two who ask at once come one after the other
    firms = list(without_account(unit)[:MOST])
    if not firms:
        return []
    about = [
        {"username": one.uscc, "display_name": one.name[:60], "role": Role.FIRM, "uscc": one.uscc} for one in firms
    ]
    opened = import_users(about, file=f"{unit}企业名录", actor=actor)
    record("registry.invite_firms", actor=actor, subject=unit, after={"accounts": len(opened)})
    return opened
