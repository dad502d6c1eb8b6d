"""A delivered row as pages show it: its cells under their headers, what is wrong with each, what it might be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fenghuang.domain.feeds.intake import layout
from fenghuang.domain.feeds.models import Finding, RawRow
from fenghuang.domain.feeds.sensitive import masked_cells, masked_findings
from fenghuang.domain.feeds.templates import template
from fenghuang.platform.accounts.models import Role, User


@dataclass
class Cell:
    """A cell, with the sentences that are about it."""

    place: int
    header: str
    text: str
    field: str
    findings: list[Finding]


@dataclass
class Shown:
    """A row with its open findings; `may_change` says what the person is offered (the action decides)."""

    row: RawRow
    findings: list[Finding]
    may_change: bool
    cells: list[Cell]

    @property
    def others(self) -> list[Finding]:
        """Findings about no single cell that is shown."""
        about = {cell.field for cell in self.cells}
        return [one for one in self.findings if one.field not in about]

    @property
    def offers(self) -> list[tuple[int, str, str]]:
        """(place, header, code) that the row might have meant."""
        return [
            (cell.place, cell.header, code)
            for cell in self.cells
            for finding in cell.findings
            for code in finding.proposals
        ]

    @property
    def name(self) -> str:
        """Whom the row names."""
        return next((cell.text for cell in self.cells if cell.field == "name"), "")

    @property
    def code(self) -> str:
        return next((cell.text for cell in self.cells if cell.field == "uscc"), "")

    @property
    def unit(self) -> str:
        return next((str(one.unit) for one in self.findings if one.unit), "")

    @property
    def title(self) -> str:
        return template(self.row.delivery.template).title


def with_findings(rows: Iterable[RawRow], user: User) -> list[Shown]:
    """The rows with their findings, in two queries however many."""
    rows = list(rows)
    found: dict[int, list[Finding]] = {row.pk: [] for row in rows}
    for finding in Finding.objects.filter(raw_row__in=found).select_related("unit").order_by("id"):
        found[finding.raw_row_id].append(finding)
    return [shown(row, found[row.pk], user) for row in rows]


def shown(row: RawRow, findings: list[Finding], user: User) -> Shown:
    """A quarantined row shows what is open, a refused one what it was refused for."""
    if row.status == RawRow.Status.QUARANTINED:
        findings = [one for one in findings if one.resolved_at is None]
    serious = [one for one in findings if one.severity == Finding.Severity.QUARANTINE]
    fields = {place: name for name, place in layout(row.delivery)}
    serious = masked_findings(user, serious)
    texts = masked_cells(user, row)
    cells = []
    for place, (header, text) in enumerate(zip(row.delivery.headers, texts, strict=False)):
        name = fields.get(place, "")
        about = [one for one in serious if one.field == name and name]
        cells.append(Cell(place, header, text, name, about))
    own = user.role == Role.CLERK and user.agency is not None and user.agency.name == row.delivery.department
    may = (
        user.role == Role.CITY
        or own
        or (user.role == Role.COUNTY and bool(serious) and all(one.unit_id == user.unit_id for one in serious))
    )
    return Shown(row, serious, may, cells)
