"""What ledgers carry of the document, and the rules that decide in them."""

from __future__ import annotations

from fenghuang.domain.ledger.models import Account, Revenue
from fenghuang.platform.carried import carry
from fenghuang.platform.uses import Total, use

carry("freed_quota_ledger", "指标台账")


@use("special_fund", "专项经费", "ledger:fund", "个县（市、区）")
def funds(_rule: str) -> Total | None:
    """The counties whose land-grant revenue of the latest year is entered."""
    latest = Revenue.objects.order_by("-year").values_list("year", flat=True).first()
    if latest is None:
        return None
    return Total(latest, Revenue.objects.filter(year=latest).order_by().values("unit").distinct().count())


@use("control_line_replacement", "改一补一", "ledger:replacement", "个县（市、区）")
def lines(_rule: str) -> Total | None:
    """The counties with something entered."""
    kept = Account.objects.filter(kind="replacement", entered__gt=0)
    last = kept.order_by("-entries__year").values_list("entries__year", flat=True).first()
    return None if last is None else Total(last, kept.count())
