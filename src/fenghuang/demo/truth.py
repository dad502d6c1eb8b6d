"""What is true about the generated city, for tests alone: the seeded faults, the threshold projects, sample firms."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from fenghuang.demo.facts import FACTS, YearFacts
from fenghuang.demo.faults import MISSING, Faults, Mark, Sheets
from fenghuang.demo.firms import Firm
from fenghuang.demo.land import Land
from fenghuang.demo.power import WHOLE, Meter
from fenghuang.demo.projects import Project
from fenghuang.demo.shape import YEARS, file_name
from fenghuang.demo.sheets import City

SAMPLES = 50


@dataclass
class Truth:
    """truth.json: see its `about` for the forms and units."""

    about: dict[str, Any]
    files: list[str]
    rows: dict[str, int]
    faults: list[dict[str, Any]]
    cases: list[dict[str, Any]]
    samples: list[dict[str, Any]]
    discrepancies: list[dict[str, Any]]  # rows in order that do not fit together (things.py)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def numbered(marks: list[Mark], sheets: Sheets) -> list[dict[str, Any]]:
    """The faults with file, sheet and spreadsheet row; of identical twins the later row is the fault."""
    rows: dict[int, int] = {}
    wanted = {id(row) for mark in marks for row in mark.rows}
    for by_template in sheets.values():
        for sheet in by_template.values():
            rows |= {id(row): place for place, row in enumerate(sheet.rows, 2) if id(row) in wanted}
    entries = []
    for mark in marks:
        entry = dict(mark.entry)
        if mark.sheet is not None:
            file = file_name(mark.sheet.template, mark.sheet.year)
            entry = {
                "kind": entry.pop("kind"),
                "file": file,
                "sheet": None if file.endswith(".csv") else mark.sheet.title,
                "template": mark.sheet.template,
                "row": max(rows[id(row)] for row in mark.rows),
                **entry,
            }
            if name := entry["field"]:
                entry["found"] = mark.rows[0][mark.sheet.at[name]]
        entries.append(entry)
    return sorted(entries, key=lambda entry: (entry["kind"], entry["file"], entry["row"] or 0))


def case_rows(projects: list[Project], sheets: Sheets) -> list[dict[str, Any]]:
    """Where each threshold project stands, with its inputs in smallest units."""
    at = {(year, row[0]): place for year in YEARS for place, row in enumerate(sheets[year]["projects"].rows, 2)}
    return [
        {
            "case": project.case,
            "file": file_name("projects", project.year),
            "row": at[project.year, project.code],
            "code": project.code,
            "uscc": project.firm.uscc,
            "year": project.year,
            "fields": {**project.fields, "applies_for": list(project.applies_for)},
        }
        for project in projects
        if project.case
    ]


def sample_firms(city: City, faults: Faults, seed: int) -> list[dict[str, Any]]:
    """Firms that no fault reaches, some of every sort, with the facts that an importer has to arrive at."""
    draw = Random(f"{seed}/samples")
    inexact = {
        firm.uscc
        for held in city.meters.values()
        for meter in held
        for firm, share in meter.shares
        if meter.amount * share % WHOLE
    }
    good = [firm for firm in city.firms if firm.uscc not in faults.touched and firm.uscc not in inexact]
    parts = parts_of(city.land, city.meters)
    sorts = {
        "tenant": [firm for firm in good if firm.tenant],
        "landlord": [
            firm for firm in good if any(kind == "lease" for _, kind, *_ in parts[firm.uscc]) and not firm.tenant
        ],
        "shared_meter": [firm for firm in good if any(kind == "share" for _, kind, *_ in parts[firm.uscc])],
        "one_year": [firm for firm in good if len(firm.years) == 1],
        "above_scale": [firm for firm in good if firm.large],
        "any": good,
    }
    chosen: dict[str, tuple[Firm, str]] = {}
    for turn in range(SAMPLES * len(sorts)):
        sort = list(sorts)[turn % len(sorts)]
        if sorts[sort] and len(chosen) < SAMPLES:
            firm = draw.choice(sorts[sort])
            chosen.setdefault(firm.uscc, (firm, sort))
    return [sample(firm, sort, city.facts, parts[firm.uscc]) for firm, sort in chosen.values()]


def parts_of(land: Land, meters: dict[int, list[Meter]]) -> dict[str, list[tuple[int, str, str, int]]]:
    """Pieces of land (own, lease) and power (meter, share) by code: year, kind, reference, amount."""
    parts: dict[str, list[Any]] = _Lists()
    for year in YEARS:
        for parcel in land.parcels_of(year):
            parts[parcel.holder.uscc].append((year, "own", parcel.reference, parcel.area))
        for lease in land.leases_of(year):
            parts[lease.parcel.holder.uscc].append((year, "lease", lease.parcel.reference, -lease.area))
            parts[lease.tenant.uscc].append((year, "lease", lease.parcel.reference, lease.area))
        for meter in meters[year]:
            if not meter.shares:
                parts[meter.holder.uscc].append((year, "meter", meter.reference, meter.amount))
            for firm, share in meter.shares:
                parts[firm.uscc].append((year, "share", meter.reference, meter.amount * share // WHOLE))
    return parts


class _Lists(dict[str, list[Any]]):
    """Missing keys are empty lists."""

    def __missing__(self, key: str) -> list[Any]:
        self[key] = []
        return self[key]


def sample(
    firm: Firm, sort: str, facts: dict[int, YearFacts], parts: list[tuple[int, str, str, int]]
) -> dict[str, Any]:
    years = {}
    for year in firm.years:
        known = {name: getattr(facts[year], name)[firm.number] for name in FACTS}
        if year == MISSING[1]:
            known["employees"] = None  # the delivery that never came
        years[str(year)] = {
            "name": firm.names[year],
            "above_scale": firm.above[year],
            "facts": known,
            "parts": [list(part[1:]) for part in parts if part[0] == year],
        }
    where = {"county": firm.county, "township": firm.township, "industry": firm.industry}
    return {"uscc": firm.uscc, "sort": sort, **where, "years": years}


def about(firms: int, seed: int, faults: list[dict[str, Any]]) -> dict[str, Any]:
    """How to read the file."""
    return {
        "firms": firms,
        "seed": seed,
        "units": "分, 0.0001 亩, 0.01 m², 0.0001 tce, 0.000001 t, 人, kWh, ratio 10^-6; null is unknown",
        "row": "1-based spreadsheet row, the header is row 1; of identical twins the later row is listed",
        "effects": ["quarantine", "notice", "unchanged", "missing_delivery"],
        "faults_by_kind": dict(sorted(Counter(fault["kind"] for fault in faults).items())),
        "samples": "no fault reaches these firms: an importer must find their facts; parts: kind, reference, amount",
    }
