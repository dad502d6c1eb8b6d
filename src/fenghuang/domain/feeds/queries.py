"""What a user may see of deliveries, rows and findings."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from fenghuang.domain.feeds.models import Delivery, Finding, RawRow
from fenghuang.domain.feeds.report import Missing
from fenghuang.domain.feeds.templates import templates
from fenghuang.platform.accounts.models import User


def deliveries_for(user: User) -> QuerySet[Delivery]:
    """Deliveries cover the whole city: their list and counts are open to all staff, their rows are not."""
    return Delivery.objects.select_related("received_by") if user.is_active else Delivery.objects.none()


def with_open_counts(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """With `open_quarantined`: rows still in quarantine today."""
    waiting = Count("raw_rows", filter=Q(raw_rows__status=RawRow.Status.QUARANTINED))
    return deliveries.annotate(open_quarantined=waiting)


def findings_for(user: User, *, open_only: bool = True) -> QuerySet[Finding]:
    """Findings of the user's units; those about no firm that we know are the city's."""
    findings = Finding.objects.select_related("raw_row__delivery", "unit")
    if open_only:
        findings = findings.filter(resolved_at__isnull=True)
    return findings if user.sees_all_units else findings.filter(unit__in=user.units())


def missing_deliveries(years: list[int], arriving: Collection[tuple[str, int]] = ()) -> list[Missing]:
    """Sheets that nobody delivered for a year, and that are not just arriving."""
    delivered = Delivery.objects.filter(withdrawn_at__isnull=True).values_list("template", "years")
    have = {(template, year) for template, own in delivered for year in own} | set(arriving)
    return [
        Missing(year, template.name, template.title, template.department)
        for year in sorted(years)
        for template in templates().values()
        if (template.name, year) not in have
    ]


def delivered_years() -> list[int]:
    """Years of which anything was delivered."""
    delivered = Delivery.objects.filter(withdrawn_at__isnull=True).values_list("years", flat=True)
    return sorted({year for years in delivered for year in years})


def kinds_of(findings: QuerySet[Finding]) -> list[tuple[str, int]]:
    """How many findings of each kind, most first."""
    counted = findings.order_by().values("kind").annotate(n=Count("pk")).order_by("-n", "kind")
    return list(counted.values_list("kind", "n"))
