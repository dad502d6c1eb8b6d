"""Who reads ledgers and who enters: roles, places and the agencies that the clauses name."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from fenghuang.domain.ledger.kinds import KINDS, Kind
from fenghuang.law.document import documents
from fenghuang.law.pack import find
from fenghuang.platform.accounts.models import Role, Unit, User

RULE = "special_fund"  # the pack of the ledgers is the one that has this rule


def agencies() -> frozenset[str]:
    """Those that answer for a clause of some ledger."""
    pack = find(RULE)
    if pack is None:
        return frozenset()
    document = documents()[pack.id]
    clauses = {kind.clause for kind in KINDS.values()}
    return frozenset(one for one in document.agencies if clauses & set(document.clauses_of(one)))


def may_read(user: User) -> bool:
    """Staff but townships; of departments' clerks those of agencies that the clauses name."""
    if not user.is_active or user.is_superuser:
        return user.is_active
    if user.role == Role.CLERK:
        return user.agency_id in agencies()
    return user.role in (Role.CITY, Role.COUNTY, Role.AUDITOR, Role.OPERATOR)


def units(user: User) -> QuerySet[Unit]:
    """The counties whose ledgers the person reads. PermissionDenied for whoever reads none."""
    if not may_read(user):
        raise PermissionDenied("ledgers are read by county, city and the agencies that the clauses name")
    return user.units()


def may_enter(user: User | None, kind: Kind, unit: str) -> bool:
    """City; the county for itself; clerks of the agency whose matter it is. None is the system itself."""
    if user is None:
        return True
    if not user.is_active:
        return False
    if user.role == Role.CLERK:
        return user.agency_id in kind.agencies and user.unit_id in (None, unit)
    return user.role == Role.CITY or (user.role == Role.COUNTY and user.unit_id == unit)


def require_entering(user: User | None, kind: Kind, unit: str) -> None:
    if not may_enter(user, kind, unit):
        raise PermissionDenied(f"{kind.name} of {unit} is entered by others")


def kinds_entered_by(user: User) -> list[Kind]:
    """What the person may enter for at least one county."""
    return [kind for kind in KINDS.values() if any(may_enter(user, kind, unit.pk) for unit in user.units())]
