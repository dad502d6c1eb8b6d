"""专项经费 (art.15): a county's land-grant revenue of a year, the share drawn from it, what it was used for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from fenghuang.domain.evaluation.asking import Asked, ask
from fenghuang.domain.ledger.actions import check_dates
from fenghuang.domain.ledger.kinds import KINDS, OTHER, PURPOSES
from fenghuang.domain.ledger.models import Account, Revenue, Tally
from fenghuang.domain.ledger.people import require_entering
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.audit.log import record
from fenghuang.platform.evidence import Proof
from fenghuang.platform.refusals import Refused

FUND = KINDS["fund"]


@transaction.atomic
def set_revenue(
    actor: User | None, unit: Unit, year: int, amount: int | None, *, document: str, proof: Proof | None, reason: str
) -> Revenue:
    """The year's land-grant revenue in 分, with its document; another figure than before needs a reason."""
    require_entering(actor, FUND, unit.pk)
    if amount is None or amount < 0:
        raise Refused("请填写土地出让收入（元，不小于 0）")
    today = timezone.localdate()
    check_dates(year, today, today)
    if not document.strip() or proof is None:
        raise Refused("请填写文件编号并附上文件")
    Unit.objects.select_for_update().get(pk=unit.pk)
    before = Revenue.objects.filter(unit=unit, year=year).first()
    if before and not reason.strip():
        raise Refused(f"{year} 年已登记土地出让收入，改为另一个数须填写理由")
    texts = {"document": document.strip()[:120], "reason": reason.strip()[:500]}
    made = Revenue.objects.create(unit=unit, year=year, amount=amount, by=actor, **texts, **proof.fields())
    record(
        "ledger.revenue",
        actor=actor,
        subject=made,
        clause=FUND.clause,
        reason=made.reason,
        before={"amount": before.amount} if before else None,
        after={"amount": amount, "document": made.document, "file": made.sha256},
    )
    return made


class Standing(NamedTuple):
    """A county's fund in a year, in 分; `asked` is what the rule says."""

    unit: Unit
    year: int
    revenue: int | None
    drawn: int
    used: dict[str, int]  # by purpose
    balance: int
    asked: Asked

    @property
    def total_used(self) -> int:
        return sum(self.used.values())

    @property
    def minimum(self) -> int | None:
        least: int | None = self.asked.outputs["fund_minimum"]
        return least

    @property
    def shortfall(self) -> int | None:
        """What is still to be drawn; unknown while the revenue is."""
        return None if self.minimum is None else max(0, self.minimum - self.drawn)

    @property
    def enough(self) -> bool | None:
        said: bool | None = self.asked.outputs["drawn_enough"]
        return said

    @property
    def other(self) -> int:
        return self.used[OTHER]

    @property
    def purposes(self) -> list[tuple[str, int]]:
        return [(title, self.used[name]) for name, title in PURPOSES.items()]


def standings(units: Iterable[Unit], year: int) -> list[Standing]:
    """Each county's fund in a year, whether something was entered or not; three queries for all of them."""
    units = list(units)
    latest = Revenue.objects.filter(unit=OuterRef("unit"), year=OuterRef("year")).order_by("-id").values("pk")[:1]
    revenue = dict(Revenue.objects.filter(unit__in=units, year=year, pk=Subquery(latest)).values_list("unit", "amount"))
    accounts = {one.unit_id: one for one in Account.objects.filter(kind=FUND.name, unit__in=units, firm=None)}
    told: dict[str, dict[str, int]] = {}
    for tally in Tally.objects.filter(account__in=accounts.values(), year=year).select_related("account"):
        told.setdefault(tally.account.unit_id, {})[tally.label] = tally.amount
    return [_standing(one, year, revenue.get(one.pk), told.get(one.pk, {}), accounts.get(one.pk)) for one in units]


def _standing(unit: Unit, year: int, revenue: int | None, told: dict[str, int], account: Account | None) -> Standing:
    used = {name: -told.get(name, 0) for name in PURPOSES}
    drawn = told.get("drawn", 0)
    given = {"land_grant_revenue": revenue, "fund_drawn": drawn, "used_outside_four_purposes": used[OTHER]}
    return Standing(unit, year, revenue, drawn, used, account.balance if account else 0, ask("special_fund", given))
