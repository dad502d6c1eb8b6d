"""The city's facts as the departments' rows: clean, in each department's own order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from fenghuang.demo.facts import YearFacts
from fenghuang.demo.firms import Firm
from fenghuang.demo.land import Land
from fenghuang.demo.power import Meter
from fenghuang.demo.projects import Project
from fenghuang.demo.shape import Sheet

# single-fact sheets: template -> the facts of its columns, the first decides about having a row
FACTS: dict[str, tuple[str, ...]] = {
    "tax": ("tax", "local_contribution"),
    "energy": ("energy_tce",),
    "emissions": ("emission_t",),
    "employees": ("employees",),
    "research": ("rnd_expense",),
}


@dataclass
class City:
    """All that is true about the city, before anybody writes it down."""

    firms: list[Firm]
    facts: dict[int, YearFacts]
    land: Land
    meters: dict[int, list[Meter]]
    projects: list[Project]


def make_sheets(year: int, city: City) -> dict[str, Sheet]:
    """All sheets of a year by template, in the order of the firms' numbers."""
    facts = city.facts[year]
    present = [firm for firm in city.firms if year in firm.years]
    sheets = {"directory": directory(year, present, facts)}
    for template, names in FACTS.items():
        sheets[template] = fact_sheet(template, names, present, facts)
    sheets["parcels"] = parcel_sheet(year, city.land)
    sheets["leases"] = lease_sheet(year, city.land)
    sheets["meters"], sheets["meter_shares"] = power_sheets(year, city.meters[year])
    sheets["projects"] = project_sheet(year, city.projects)
    return sheets


def directory(year: int, present: list[Firm], facts: YearFacts) -> Sheet:
    sheet = Sheet("directory", year)
    for firm in present:
        sheet.add(
            uscc=firm.uscc,
            name=firm.names[year],
            unit=firm.county,
            township=firm.township,
            industry=firm.industry,
            above_scale=firm.above[year],
            revenue=facts.revenue[firm.number],
            value_added=facts.value_added[firm.number],
        )
    return sheet


def fact_sheet(template: str, names: tuple[str, ...], present: list[Firm], facts: YearFacts) -> Sheet:
    sheet = Sheet(template, facts.year)
    absent = facts.no_row[names[0]]
    columns = {name: getattr(facts, name) for name in names}
    for firm in present:
        if firm.number not in absent:
            values = {name: column[firm.number] for name, column in columns.items()}
            sheet.add(uscc=firm.uscc, name=firm.names[facts.year], **values)
    return sheet


def parcel_sheet(year: int, land: Land) -> Sheet:
    sheet = Sheet("parcels", year)
    for parcel in land.parcels_of(year):
        holder = parcel.holder
        sheet.add(reference=parcel.reference, uscc=holder.uscc, name=holder.names[year], amount=parcel.area)
    return sheet


def lease_sheet(year: int, land: Land) -> Sheet:
    sheet = Sheet("leases", year)
    for lease in land.leases_of(year):
        holder, tenant = lease.parcel.holder, lease.tenant
        sheet.add(
            reference=lease.parcel.reference,
            uscc=holder.uscc,
            name=holder.names[year],
            tenant=tenant.uscc,
            tenant_name=tenant.names[year],
            amount=lease.area,
        )
    return sheet


def power_sheets(year: int, meters: list[Meter]) -> tuple[Sheet, Sheet]:
    held, shared = Sheet("meters", year), Sheet("meter_shares", year)
    for meter in meters:
        held.add(reference=meter.reference, uscc=meter.holder.uscc, name=meter.holder.names[year], amount=meter.amount)
        for firm, share in meter.shares:
            # 0.01 % is 100 of the ratio's 10^-6
            shared.add(reference=meter.reference, uscc=firm.uscc, name=firm.names[year], share=share * 100)
    return held, shared


def project_sheet(year: int, projects: list[Project]) -> Sheet:
    sheet = Sheet("projects", year)
    for project in projects:
        if project.year == year:
            known: dict[str, Any] = {"uscc": project.firm.uscc, "name": project.firm.names[year], **project.fields}
            sheet.add(code=project.code, title=project.title, applies_for=project.applies_for, **known)
    return sheet


def blur(sheet: Sheet, names: tuple[str, ...], draw: Random) -> None:
    """Double noise as sums in a spreadsheet leave it (171904347.88000003): the nearest neighbour of some numbers."""
    for row in sheet.rows:
        for name in names:
            value = row[sheet.at[name]]
            if isinstance(value, float) and value and draw.random() < 0.03:
                row[sheet.at[name]] = math.nextafter(value, math.inf)
