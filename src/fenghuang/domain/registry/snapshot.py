"""The facts of a year as known at a recording, as columns for the evaluation, with the hash over every value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from fenghuang.domain.registry.models import FirmYear, Part, Project, Recording

NUMBERS = (
    "tax",
    "local_contribution",
    "revenue",
    "value_added",
    "rnd_expense",
    "land_mu",
    "energy_tce",
    "emission_t",
    "employees",
    "electricity_kwh",
)
ABOUT = ("firm__uscc", "name", "unit_id", "unit__name", "township", "industry", "above_scale")


@dataclass(frozen=True)
class Facts:
    """Columns of equal length, one cell a firm, ordered by credit code; None is unknown (law/methods/facts.py)."""

    year: int
    firms: list[int]  # primary keys
    units: list[str]  # codes
    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.firms)

    def of_unit(self, unit: str) -> Facts:
        """The firms of one unit."""
        places = [place for place, code in enumerate(self.units) if code == unit]
        columns = {name: [cells[p] for p in places] for name, cells in self.columns.items()}
        return Facts(self.year, [self.firms[p] for p in places], [unit] * len(places), columns)

    @cached_property
    def sha256(self) -> str:
        """Over every column in order of name, as canonical JSON."""
        digest = hashlib.sha256(str(self.year).encode())
        for name in sorted(self.columns):
            cells = json.dumps(self.columns[name], ensure_ascii=False, separators=(",", ":"))
            digest.update(f"\n{name}\n{cells}".encode())
        return digest.hexdigest()


def years(recording: Recording | int) -> list[int]:
    """The data years that are known at a recording, oldest first."""
    return sorted(FirmYear.objects.as_of(recording).order_by().values_list("year", flat=True).distinct())


def facts(year: int, recording: Recording | int, unit: str | None = None) -> Facts:
    """What was known of the year at the recording, of the whole city or one unit."""
    rows = FirmYear.objects.as_of(recording).filter(year=year, directory_row__isnull=False)
    if unit is not None:
        rows = rows.filter(unit_id=unit)
    found = list(rows.order_by("firm__uscc").values_list("firm_id", *ABOUT, *NUMBERS))
    if not found:
        return Facts(year, [], [], {name: [] for name in ("uscc", *NUMBERS, "above_scale", "industry", "township")})
    firms, uscc, name, unit_id, county, township, industry, above, *numbers = (
        list(c) for c in zip(*found, strict=True)
    )
    tenants = _tenants(year, recording)
    investment, construction = _key_projects(year, recording, firms)
    columns: dict[str, list[Any]] = {
        "uscc": uscc,
        "name": name,
        "county": county,
        "township": township,
        "industry": [code or None for code in industry],
        "above_scale": above,
        **dict(zip(NUMBERS, numbers, strict=True)),
        "tenants": [tenants.get(firm, 0) for firm in firms],
        "key_project_investment": investment,
        "under_construction": construction,
    }
    return Facts(year, firms, [code or "" for code in unit_id], columns)


def _tenants(year: int, recording: Recording | int) -> dict[int, int]:
    """How many firms rent land from each."""
    rows = Part.objects.as_of(recording).filter(year=year, fact="land_mu", kind=Part.Kind.RENTED_OUT)
    return dict(rows.order_by().values("firm_id").annotate(n=Count("other", distinct=True)).values_list("firm_id", "n"))


def _key_projects(
    year: int, recording: Recording | int, firms: Sequence[int]
) -> tuple[list[int | None], list[bool | None]]:
    """Per firm the largest key project under construction; a firm without one has neither value (art.8)."""
    rows = Project.objects.as_of(recording).filter(year=year, is_key_project=True, under_construction=True)
    largest: dict[int, int | None] = {}
    for firm, total in rows.values_list("firm_id", "total_investment"):
        known = largest.get(firm, 0)
        # one project of unknown size leaves the largest unknown
        largest[firm] = None if total is None or known is None else max(total, known)
    return [largest.get(firm) for firm in firms], [True if firm in largest else None for firm in firms]
