"""What stands beside the facts: contracts and buildings of some parcels, parks, steps of projects; of the last year.

Drawn on its own, so that firms, facts and older faults stay as they are. A firm's other rows never hang on these.
"""

from __future__ import annotations

from random import Random

from fenghuang.demo.faults import Faults
from fenghuang.demo.land import MU, Land
from fenghuang.demo.names import Names
from fenghuang.demo.places import PLACES
from fenghuang.demo.projects import Project
from fenghuang.demo.shape import YEARS, Row, Sheet

YEAR = YEARS[-1]
SHEETS = ("contracts", "buildings", "parks", "milestones")
RATIO = 1_000_000
WAN = 1_000_000  # 万元 in 分
PER_FIRM = 1 / 2000  # discrepancies of a kind
STEPS = ("签约", "拿地", "开工", "竣工", "投产", "达产")


def comes(template: str, year: int) -> bool:
    """Whether the departments keep the sheet in that year."""
    return template not in SHEETS or year == YEAR


def make_things(land: Land, projects: list[Project], seed: int) -> dict[str, Sheet]:
    """The four sheets, consistent with the land list: floor areas keep to what the contracts say."""
    draw = Random(f"{seed}/things")
    sheets = {name: Sheet(name, YEAR) for name in SHEETS}
    parks = _parks(draw, sheets["parks"])
    for parcel in land.parcels_of(YEAR):
        if parcel.area >= MU and draw.random() < 0.22:
            holder = parcel.holder
            who = {"reference": parcel.reference, "uscc": holder.uscc, "name": holder.names[YEAR]}
            park = draw.choice(parks[holder.county]) if draw.random() < 0.25 else None
            built = draw.randint(90, 230) * (RATIO // 100)
            begun = draw.randint(1998, 2020)
            _contract(draw, sheets["contracts"], who, parcel.area, built, begun, park)
            if draw.random() < 0.92:  # of the others no building was delivered
                _buildings(draw, sheets["buildings"], who, parcel.area, built, begun)
    for project in projects:
        if project.year == YEAR and draw.random() < 0.4:
            _steps(draw, sheets["milestones"], project)
    return sheets


def _parks(draw: Random, sheet: Sheet) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place in PLACES:
        for town in draw.sample(place.towns, 2):
            name = f"{town[:-2] if town.endswith('街道') else town[:-1]}小微企业园"
            stars = draw.choice((None, 0, 1, 2, 3, 4, 5))
            area = draw.randint(60, 400) * MU
            sheet.add(park=name, unit=place.name, category=("小微企业园",), stars=stars, area=area)
            found.setdefault(place.name, []).append(name)
    return found


def _contract(
    draw: Random, sheet: Sheet, who: dict[str, str], area: int, built: int, begun: int, park: str | None
) -> None:
    row = {**who, "right": ("出让",), "use": "工业用地", "area": area, "park": park}
    row |= {"start": f"{begun}-06-01", "end": f"{begun + 50}-05-31", "granted": f"{begun}-04-{draw.randint(10, 28)}"}
    row["price"] = area * draw.randint(8, 45) * WAN // MU
    agreed = row["far_agreed"] = draw.choices((True, False, None), (75, 15, 10))[0]
    if agreed:
        row["far_min"] = built * draw.randint(75, 98) // 100
        if draw.random() < 0.5:
            row["far_max"] = built * draw.randint(110, 150) // 100
    row["standard"] = begun >= 2018
    if begun >= 2018:
        row |= {"agreed_investment": draw.randint(250, 450) * WAN, "agreed_tax": draw.randint(15, 40) * WAN}
    sheet.add(**row)


def _buildings(draw: Random, sheet: Sheet, who: dict[str, str], area: int, built: int, begun: int) -> None:
    """Floor areas (0.01 m²) that give the built ratio: 1 亩 is 2000/3 m²."""
    total = built * area // 150_000
    count = 1 if area < 10 * MU else draw.choice((1, 2, 2, 3))
    for number in range(1, count + 1):
        floor = total // count + (total % count if number == count else 0)
        done = f"{begun + draw.randint(1, 2)}-09-{draw.randint(10, 28)}"
        sheet.add(
            **who, building=f"{number} 幢", floor_area=floor, storeys=draw.randint(1, 6),
            certified_area=floor if draw.random() < 0.8 else None, completed=done,
        )  # fmt: skip


def _steps(draw: Random, sheet: Sheet, project: Project) -> None:
    reached = draw.randint(1, len(STEPS))
    category = "重点产业" if project.fields.get("is_key_project") else "技术改造"
    for place, step in enumerate(STEPS[2:], 2):
        planned = f"{YEAR - 1 + place // 3}-{1 + 3 * (place % 4):02d}-15"
        actual = f"{YEAR}-{min(12, 1 + 2 * place):02d}-20" if place < reached else None
        sheet.add(
            code=project.code, category=(category,), uscc=project.firm.uscc, name=project.firm.names[YEAR],
            milestone=(step,), planned=planned, actual=actual,
        )  # fmt: skip


# --- faults -------------------------------------------------------------------------------------------------------


class Discrepancies:
    """Rows that are each in order and do not fit together; and a few that are not in order."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self.draw = Random(f"{seed}/discrepancies")
        self.faults, self.sheets = faults, faults.sheets[YEAR]
        self.found: list[dict[str, object]] = []
        self.count = max(1, round(len(faults.firms) * PER_FIRM))
        built = {row[0] for row in self.sheets["buildings"].rows}
        clean = self._clean("parcels")
        rows = [row for row in self.sheets["contracts"].rows if row[0] in clean and row[0] in built]
        self.contracts = iter(self.draw.sample(rows, len(rows)))
        self.at = self.sheets["contracts"].at

    def _clean(self, template: str) -> set[str]:
        """References of which no row has a fault."""
        sheet, used = self.sheets[template], self.faults.used
        return {row[0] for row in sheet.rows} - {row[0] for row in sheet.rows if id(row) in used}

    def seed_all(self, names: Names) -> None:
        for spoil in (self.far_below, self.far_above, self.far_unfilled, self.area_differs):
            for _ in range(self.count):
                row = next(self.contracts)
                spoil(row)
                self.found.append({"kind": spoil.__name__, "year": YEAR, "reference": row[0]})
        for _ in range(self.count):
            self.bad_rows()
            self.unknown_tenant(names)
        self.leases_overlap()

    def _agree(self, row: Row, low: float | None, high: float | None) -> None:
        row[self.at["far_agreed"]], row[self.at["far_min"]], row[self.at["far_max"]] = "是", low, high

    def far_below(self, row: Row) -> None:
        self._agree(row, 9.5, None)

    def far_above(self, row: Row) -> None:
        self._agree(row, 0.1, 0.5)

    def far_unfilled(self, row: Row) -> None:
        self._agree(row, None, None)

    def area_differs(self, row: Row) -> None:
        row[self.at["area"]] = round(row[self.at["area"]] + 0.5, 4)

    def bad_rows(self) -> None:
        sheet = self.sheets["contracts"]
        row = next(self.contracts)
        row[self.at["end"]] = "长期"
        self.faults.mark("bad_date", sheet, [row], "end", "quarantine")
        row = next(self.contracts)
        self._agree(row, 1.5, None)
        row[self.at["far_agreed"]] = "否"
        self.faults.mark("far_contradicts", sheet, [row], "far_agreed", "quarantine")

    def unknown_tenant(self, names: Names) -> None:
        """A lease to somebody who is in no directory."""
        sheet = self.sheets["leases"]
        groups = self.faults.groups(sheet)
        clean = self._clean("parcels")
        fits = [row for row in sheet.rows if row[0] in clean and self.faults.clean(groups[row[0]])]
        if not fits:
            return
        row = self.draw.choice(fits)
        self.faults.mark("unknown_firm", sheet, [row], "tenant", "quarantine", known_in=[])
        row[sheet.at["tenant"]], row[sheet.at["tenant_name"]] = names.stranger()
        self.found.append({"kind": "unknown_tenant", "year": YEAR, "reference": row[0]})

    def leases_overlap(self) -> None:
        """The same rooms let to two tenants at one time."""
        sheet = self.sheets["leases"]
        clean = self._clean("parcels")
        groups = [
            rows
            for reference, rows in self.faults.groups(sheet).items()
            if len(rows) > 1 and reference in clean and self.faults.clean(rows)
        ]
        for rows in self.draw.sample(groups, min(self.count, len(groups))):
            for row, start in zip(rows[:2], ("2021-01-01", "2022-07-01"), strict=True):
                row[sheet.at["place"]], row[sheet.at["start"]] = "1 幢 2 层", start
                row[sheet.at["end"]] = "2024-12-31"
            self.found.append({"kind": "leases_overlap", "year": YEAR, "reference": rows[0][0]})
