"""The facts of a year as known at a recording, as columns for the evaluation, with the hash over every value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count

from fenghuang.domain.registry.land_models import Contract
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


def has_facts(year: int, recording: Recording | int, unit: str) -> bool:
    """Whether anything is known of the unit's year: `facts` would not be empty."""
    return FirmYear.objects.as_of(recording).filter(year=year, unit_id=unit, directory_row__isnull=False).exists()


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
    investment, construction = _key_projects(year, recording, firms)
    columns: dict[str, list[Any]] = {
        "uscc": uscc,
        "name": name,
        "county": county,
        "township": township,
        "industry": [code or None for code in industry],
        "above_scale": above,
        **dict(zip(NUMBERS, numbers, strict=True)),
        "tenants": _tenants(year, recording, firms),
        "key_project_investment": investment,
        "under_construction": construction,
    }
    if parks := _parks(year, recording, firms):
        columns["park"] = parks
    return Facts(year, firms, [code or "" for code in unit_id], columns)


def _tenants(year: int, recording: Recording | int, firms: Sequence[int]) -> list[int | None]:
    """How many firms rent land from each; unknown with a lease in quarantine, or without delivery."""
    pieces = Part.objects.as_of(recording).filter(year=year)
    leases = pieces.filter(fact="land_mu", kind=Part.Kind.RENTED_OUT)
    counted = dict(
        leases.order_by().values("firm_id").annotate(n=Count("other", distinct=True)).values_list("firm_id", "n")
    )
    withheld = set(pieces.filter(fact="tenants").order_by().values_list("firm_id", flat=True))
    if not counted and not withheld:
        return [None] * len(firms)
    return [None if firm in withheld else counted.get(firm, 0) for firm in firms]


def _parks(year: int, recording: Recording | int, firms: Sequence[int]) -> list[str | None]:
    """The parks in which each firm's land lies, by the year's contracts: "" in none, unknown without a contract.

    Empty where no contracts of the year were delivered: then nobody knows.
    """
    rows = Contract.objects.as_of(recording).filter(year=year, counts=True, firm__isnull=False)
    found: dict[int, set[str]] = {}
    for firm, park in rows.order_by().values_list("firm_id", "park"):
        found.setdefault(firm, set()).add(park)
    if not found:
        return []
    return ["、".join(sorted(found[firm] - {""})) if firm in found else None for firm in firms]


def _key_projects(
    year: int, recording: Recording | int, firms: Sequence[int]
) -> tuple[list[int | None], list[bool | None]]:
    """Per firm the largest key project under construction (art.8) and whether there is one.

    A firm without one has no investment and False. Where it is not known whether a project is a key project under
    construction the flag is unknown, and the investment is the largest that it may be; one of unknown size leaves the
    largest unknown.
    """
    rows = Project.objects.as_of(recording).filter(year=year)
    maybe: dict[int, list[tuple[bool, int | None]]] = {}
    delivered = False
    columns = ("firm_id", "is_key_project", "under_construction", "total_investment")
    for firm, is_key, building, total in rows.order_by().values_list(*columns):
        delivered = True
        if is_key is not False and building is not False:
            maybe.setdefault(firm, []).append((bool(is_key and building), total))
    withheld = Part.objects.as_of(recording).filter(year=year, fact="projects").values_list("firm_id", flat=True)
    found: dict[int, tuple[int | None, bool | None]] = dict.fromkeys(withheld, (None, None))
    found |= {firm: _largest(projects) for firm, projects in maybe.items()}
    none = (None, False if delivered else None)
    investments, flags = zip(*(found.get(firm, none) for firm in firms), strict=True)
    return list(investments), list(flags)


def _largest(projects: list[tuple[bool, int | None]]) -> tuple[int | None, bool | None]:
    """Of (surely a key project under construction, total investment)."""
    totals = [total for _, total in projects]
    sure = [total for is_sure, total in projects if is_sure]
    if None in totals:
        return None, True if sure else None
    largest = max(total for total in totals if total is not None)
    if not sure:
        return largest, None
    return (largest if largest in sure else None), True
