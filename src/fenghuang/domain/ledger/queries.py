"""What a person may see of ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from fenghuang.domain.ledger.kinds import KINDS
from fenghuang.domain.ledger.models import Account, Claim, Entry, Revenue
from fenghuang.domain.ledger.people import may_read, units
from fenghuang.platform.accounts.models import Unit, User


def accounts(user: User) -> QuerySet[Account]:
    """Of the counties whose ledgers the person reads; PermissionDenied for whoever reads none."""
    return Account.objects.filter(unit__in=units(user)).select_related("unit", "firm")


def entries(user: User) -> QuerySet[Entry]:
    return Entry.objects.filter(account__unit__in=units(user)).select_related(
        "account__unit", "account__firm", "by", "countered_by"
    )


def entries_from(user: User, origin_type: str, origin: str) -> list[Entry]:
    """What one origin (`casework.case` 7) brought, for whoever reads ledgers."""
    if not may_read(user):
        return []
    return list(entries(user).filter(origin_type=origin_type, origin=origin).order_by("pk"))


def claims(user: User) -> QuerySet[Claim]:
    """In the order in which they are served."""
    found = Claim.objects.filter(unit__in=units(user)).select_related("unit", "by", "decided_by")
    return found.order_by("kind", "unit__order", "rank", "applied_on", "id")


def revenues(user: User) -> QuerySet[Revenue]:
    return Revenue.objects.filter(unit__in=units(user)).select_related("unit", "by")


def years(user: User) -> list[int]:
    """Years with revenue or entries of the fund, newest first."""
    found = set(revenues(user).order_by().values_list("year", flat=True))
    of_fund = entries(user).filter(kind="fund").order_by()
    return sorted(found | set(of_fund.values_list("year", flat=True).distinct()), reverse=True)


class Line(NamedTuple):
    """A county's pools: the balance of each kind, None while nothing was entered; claims that wait."""

    unit: Unit
    balances: SimpleNamespace  # by the name of the kind
    waiting: int


def lines(user: User) -> Sequence[Line]:
    """Each county the person reads: three queries, however many entries there are."""
    held = {(one.unit_id, one.kind): one.balance for one in accounts(user).filter(firm=None)}
    waits = claims(user).filter(state=Claim.State.WAITING).order_by()
    waiting = dict(waits.values_list("unit").annotate(n=Count("pk")))
    return [
        Line(
            unit,
            SimpleNamespace(**{name: held.get((unit.pk, name)) for name in KINDS}),
            waiting.get(unit.pk, 0),
        )
        for unit in units(user)
    ]


def search(found: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """By project, origin, document or firm."""
    return found.filter(
        Q(project__contains=text)
        | Q(project_code__startswith=text)
        | Q(origin_title__contains=text)
        | Q(document__contains=text)
        | Q(account__firm__name__contains=text)
        | Q(account__firm__uscc__startswith=text.upper())
    )
