"""Projects of the two years: the threshold cases on fitting firms, and ordinary ones around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any

from fenghuang.demo.cases import M2, RATIO, WAN, Case, all_cases
from fenghuang.demo.facts import YearFacts
from fenghuang.demo.firms import Firm
from fenghuang.demo.grading import pools
from fenghuang.demo.places import BY_NAME
from fenghuang.demo.shape import YEARS

PER_FIRM = 1500 / 20_000
WORDS = ("智能化", "数字化", "绿色化", "柔性化", "节能", "扩能", "精密", "自动化")
GOODS = {
    "29": "塑料制品",
    "34": "通用设备",
    "36": "汽车部件",
    "27": "药品",
    "38": "电机",
    "33": "金属制品",
    "35": "专用设备",
}


@dataclass(slots=True)
class Project:
    """A project of one year with its inputs in smallest units; `case` names the threshold it stands on."""

    code: str
    title: str
    firm: Firm
    year: int
    applies_for: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)
    case: str | None = None


class Holders:
    """Finds the firm that a case asks for, spreading the cases over the firms that fit."""

    def __init__(self, draw: Random, firms: list[Firm], facts: dict[int, YearFacts]) -> None:
        self.facts = facts
        self.alone: set[int] = set()  # firms with a key project, which get no second one
        self.rows: dict[tuple[int, str], Iterator[Firm]] = {}
        for year in YEARS:
            graded = pools(firms, facts[year]).shuffled(draw)
            local = facts[year].local_contribution
            richest = {
                grade: sorted(graded[grade], key=lambda firm: (-(local[firm.number] or 0), firm.number))[
                    : max(4, len(graded[grade]) // 20)
                ]
                for grade in "AB"
            }
            at_a = graded["A"]
            good = [*at_a, *graded["B"]]  # only they have an amount that the contribution could bind
            choices = {
                **graded,
                "A_rich": richest["A"],
                "B_rich": richest["B"],
                "A_poor": [firm for firm in at_a if 0 < (local[firm.number] or 0) < 300 * WAN],
                "A_tie": [firm for firm in at_a if 50 * WAN <= (local[firm.number] or 0) <= 200 * WAN],
                "refunded": [firm for firm in good if (paid := local[firm.number]) is not None and paid <= 0],
                "untaxed": [firm for firm in good if local[firm.number] is None],
            }
            for name, fitting in choices.items():
                self.rows[year, name] = cycle(fitting or good)

    def find(self, wish: str, year: int) -> Firm:
        """The next firm for the wish; `_alone` ones are never given out twice, over both years."""
        name = wish.removesuffix("_alone")
        if name == wish:
            return next(self.rows[year, name])
        first = None
        while (firm := next(self.rows[year, name])).number in self.alone:
            if first is firm:
                raise LookupError(f"too few firms for {wish} in {year}")
            first = first or firm
        self.alone.add(firm.number)
        return firm


def make_projects(firms: list[Firm], facts: dict[int, YearFacts], seed: int) -> list[Project]:
    """All threshold cases at least once, several times in a large city, and ordinary projects around them."""
    draw = Random(f"{seed}/projects")
    holders = Holders(draw, firms, facts)
    cases = all_cases()
    wanted = round(PER_FIRM * len(firms))
    turns = max(1, round(0.4 * wanted / len(cases)))
    wanted = max(wanted, turns * len(cases) + 40)  # a small city has ordinary projects too
    codes = iter(draw.sample(range(100_000, 1_000_000), wanted))
    projects = []
    for turn in range(turns):
        for place, case in enumerate(cases):
            # Rent asks for the grade of the year before, which only the second year has.
            year = YEARS[1] if "rent_subsidy" in case.applies_for else YEARS[(place + turn) % 2]
            projects.append(on_case(draw, case, holders, year, next(codes)))
    while len(projects) < wanted:
        projects.append(ordinary(draw, holders, firms, draw.choice(YEARS), next(codes)))
    return projects


def blank(draw: Random, firm: Firm, year: int, serial: int) -> Project:
    """A project with code and title only; codes as the investment platform gives them."""
    code = f"{year % 100}{draw.randint(1, 12):02d}-{BY_NAME[firm.county].adcode}-07-02-{serial}"
    amount = draw.choice((50, 100, 200, 500, 800, 1000, 2000, 5000))
    title = f"年产{amount}万件{GOODS.get(firm.division, '工业产品')}{draw.choice(WORDS)}技改项目"
    return Project(code, title, firm, year, ())


def on_case(draw: Random, case: Case, holders: Holders, year: int, serial: int) -> Project:
    """The case's project on a fitting firm, which for rent was graded so the year before."""
    graded = YEARS[0] if "rent_subsidy" in case.applies_for else year
    firm = holders.find(case.holder, graded)
    while year not in firm.years:
        firm = holders.find(case.holder, graded)
    project = blank(draw, firm, year, serial)
    project.applies_for, project.case = case.applies_for, case.name
    project.fields = {"is_key_project": False, "under_construction": draw.random() < 0.5, **case.fields}
    if case.holder == "A_tie":
        # An A firm's first band pays 10 %: ten times the contribution makes amount and contribution equal.
        contribution = holders.facts[year].local_contribution[firm.number] or 0
        project.fields["equipment_investment"] = 10 * contribution + case.fields["equipment_investment"]
    parts = [project.fields.get(name) for name in ("equipment_investment", "actual_investment")]
    if "total_investment" not in project.fields and any(parts):
        project.fields["total_investment"] = sum(part or 0 for part in parts) * 13 // 10 // WAN * WAN + WAN
    return project


def ordinary(draw: Random, holders: Holders, firms: list[Firm], year: int, serial: int) -> Project:
    """A project as most are: round investments, an application or two, now and then an input left empty."""
    while year not in (firm := draw.choice(firms)).years or not (firm.large or draw.random() < 0.1):
        pass
    project = blank(draw, firm, year, serial)
    total = round(min(draw.lognormvariate(7.3, 0.9), 80_000)) * WAN
    equipment = round(total * draw.uniform(0.3, 0.8) / 10_000) * 10_000
    is_key = total >= 2_000 * WAN and draw.random() < 0.15 and firm.number not in holders.alone
    if is_key:
        holders.alone.add(firm.number)
    project.fields = {
        "total_investment": total,
        "is_key_project": is_key,
        "under_construction": draw.random() < 0.6,
        "equipment_investment": equipment,
        "actual_investment": round(total * draw.uniform(0.4, 1.0) / 10_000) * 10_000,
    }
    wishes = ["upgrade_subsidy"] if draw.random() < 0.75 else []
    if draw.random() < 0.2:
        wishes.append("rent_subsidy")
        project.fields |= {
            "is_new_major_upgrade": draw.random() < 0.7,
            "rented_area_m2": draw.randint(300, 15_000) * M2 + draw.choice((0, 0, 35, 50)),
            "rented_months": draw.randint(1, 24),
        }
    if draw.random() < 0.25:
        wishes.append("vertical_subsidy")
        project.fields |= vertical_inputs(draw)
    project.applies_for = tuple(wishes)
    for name in list(project.fields):
        if name != "is_key_project" and draw.random() < 0.006:
            project.fields[name] = None
    return project


def vertical_inputs(draw: Random) -> dict[str, Any]:
    """A plant built higher: FAR before and after, floor areas that follow from them."""
    land = draw.randint(2_000, 40_000) * M2
    before = draw.randint(60, 160) * (RATIO // 100)
    after = before + draw.randint(0, 120) * (RATIO // 100)
    total = land * after // RATIO
    upgraded = land * (after - before) // RATIO
    storey = upgraded // 6
    return {
        "self_owned_and_used": draw.random() < 0.9,
        "standards_met": draw.random() < 0.95,
        "land_area_m2": land,
        "far_before": before,
        "far_after": after,
        "upgrade_floor_area_m2": upgraded,
        "total_floor_area_after_m2": total,
        "area_storey_4_m2": storey,
        "area_storey_5_m2": storey if draw.random() < 0.6 else 0,
        "area_storey_6_up_m2": storey if draw.random() < 0.3 else 0,
    }
