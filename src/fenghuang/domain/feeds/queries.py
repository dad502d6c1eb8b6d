"""What a user may see of deliveries, uploads, rows and findings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import Count, Exists, OuterRef, QuerySet

from fenghuang.domain.feeds.models import Delivery, Finding, RawRow, Submission
from fenghuang.domain.feeds.report import Missing
from fenghuang.domain.feeds.templates import Template, templates
from fenghuang.platform.accounts.models import User


def deliveries_for(user: User) -> QuerySet[Delivery]:
    """Deliveries cover the whole city: their list and counts are open to all staff, their rows are not."""
    return Delivery.objects.select_related("received_by") if user.is_active else Delivery.objects.none()


def submissions_for(user: User) -> QuerySet[Submission]:
    """Uploads show rows of the whole city before anybody has sorted them: not for counties; clerks see those of the own
    department."""
    submissions = Submission.objects.select_related("submitted_by", "decided_by", "job")
    if user.sees_whole_city:
        return submissions
    own = user.agency_id is not None and user.is_active
    return submissions.filter(submitted_by__agency=user.agency_id) if own else submissions.none()


def findings_for(user: User, *, open_only: bool = True) -> QuerySet[Finding]:
    """Findings of the user's units, of a clerk's own sheets; those about no firm that we know are the city's."""
    findings = Finding.objects.select_related("raw_row__delivery", "unit")
    if open_only:
        findings = findings.filter(resolved_at__isnull=True)
    if user.agency:
        findings = findings.filter(raw_row__delivery__department=user.agency.name)
    if user.township:  # the firms are the registry's: a township works on its list through the firms' own pages
        return findings.none()
    return findings if user.sees_all_units else findings.filter(unit__in=user.units())


def rows_for(user: User, status: str, chosen: dict[str, str]) -> QuerySet[RawRow]:
    """Rows of an outcome that the user may see, by `template`, `year`, `kind` and `unit` (blank: all)."""
    rows = RawRow.objects.filter(status=status).select_related("delivery")
    found = findings_for(user, open_only=status == RawRow.Status.QUARANTINED).filter(raw_row=OuterRef("pk"))
    narrowed = not user.sees_all_units or user.agency is not None
    if template := chosen.get("template"):
        rows = rows.filter(delivery__template=template)
    if (year := chosen.get("year", "")).isdigit():
        rows = rows.filter(year=int(year))
    if kind := chosen.get("kind"):
        found, narrowed = found.filter(kind=kind), True
    if unit := chosen.get("unit"):
        found, narrowed = found.filter(unit__isnull=True) if unit == "-" else found.filter(unit=unit), True
    if narrowed:
        rows = rows.filter(Exists(found.order_by()))
    return rows.order_by("-delivery_id", "row")


def findings_chosen(user: User, show: str, chosen: dict[str, str]) -> QuerySet[Finding]:
    """What the page of findings shows, finding by finding: open ones in quarantine, "rejected" rows', or "notices"."""
    if show == "notices":
        found = findings_for(user).filter(severity=Finding.Severity.NOTICE)
    elif show == "rejected":
        found = findings_for(user, open_only=False).filter(raw_row__status=RawRow.Status.REJECTED)
    else:
        found = findings_for(user).filter(severity=Finding.Severity.QUARANTINE)
    if template := chosen.get("template"):
        found = found.filter(raw_row__delivery__template=template)
    if (year := chosen.get("year", "")).isdigit():
        found = found.filter(raw_row__year=int(year))
    if kind := chosen.get("kind"):
        found = found.filter(kind=kind)
    if unit := chosen.get("unit"):
        found = found.filter(unit__isnull=True) if unit == "-" else found.filter(unit=unit)
    return found.order_by("-raw_row__delivery", "raw_row__row", "id")


def missing_deliveries(years: list[int], arriving: Collection[tuple[str, int]] = ()) -> list[Missing]:
    """Sheets of facts that nobody delivered for a year, and that are not just arriving. What is missing of contracts,
    buildings and the like is said parcel by parcel (registry/land_lists.py): no fact waits for them."""
    delivered = Delivery.objects.filter(withdrawn_at__isnull=True).values_list("template", "years")
    have = {(template, year) for template, own in delivered for year in own} | set(arriving)
    return [
        Missing(year, template.name, template.title, template.department)
        for year in sorted(years)
        for template in templates().values()
        if template.role != "object" and (template.name, year) not in have
    ]


def delivered_years() -> list[int]:
    """Years of which anything was delivered."""
    delivered = Delivery.objects.filter(withdrawn_at__isnull=True).values_list("years", flat=True)
    return sorted({year for years in delivered for year in years})


# --- departments by years -----------------------------------------------------------------------------------------


@dataclass
class Cell:
    """What came of a template for a year."""

    year: int
    deliveries: list[Delivery] = field(default_factory=list)  # newest first
    corrections: int = 0
    waiting: int = 0

    @property
    def last(self) -> Delivery | None:
        return self.deliveries[0] if self.deliveries else None


@dataclass
class Line:
    """A template and its years."""

    template: Template
    cells: list[Cell]


def matrix(years: list[int]) -> list[Line]:
    """Departments by years: what was delivered, by whom, what waits for correction."""
    cells = {(name, year): Cell(year) for name in templates() for year in years}
    counting = Delivery.objects.filter(withdrawn_at__isnull=True).select_related("received_by").order_by("-id")
    for delivery in counting.defer("headers", "remarks"):
        for year in delivery.years:
            if cell := cells.get((delivery.template, year)):
                if delivery.kind == Delivery.Kind.CORRECTION:
                    cell.corrections += 1
                else:
                    cell.deliveries.append(delivery)
    waiting = (
        RawRow.objects.filter(status=RawRow.Status.QUARANTINED).order_by().values_list("delivery__template", "year")
    )
    for name, year, count in waiting.annotate(n=Count("pk")):
        if cell := cells.get((name, year)):
            cell.waiting = count
    return [Line(one, [cells[name, year] for year in years]) for name, one in templates().items()]


# --- the lines of a difference ------------------------------------------------------------------------------------


class Lines:
    """The lines of one sheet and kind, read page by page from the file that the check wrote."""

    def __init__(self, submission: Submission, sheet: int, kind: str) -> None:
        self._found = (
            pl.scan_parquet(submission.lines).filter((pl.col("sheet") == sheet) & (pl.col("kind") == kind))
            if submission.lines.exists()
            else None
        )

    def __len__(self) -> int:
        return 0 if self._found is None else int(self._found.select(pl.len()).collect().item())

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        if self._found is None:
            return []
        return self._found.slice(part.start, part.stop - part.start).collect().to_dicts()
