"""The city's firms: who they are, where, in which trade, how large, in which years."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from fenghuang.demo.names import INDUSTRIES, Names
from fenghuang.demo.places import BY_NAME, PLACES
from fenghuang.demo.shape import YEARS

# above-scale manufacturers of the city by yearly revenue in 亿元 (published_facts.yaml, contest_population_2020)
CLASSES: tuple[tuple[float, float | None, int], ...] = (
    (10, None, 46),
    (4, 10, 110),
    (1, 4, 781),
    (0.5, 1, 953),
    (0.2, 0.5, 2345),
)
ABOVE_OF_20000 = 4235


@dataclass(slots=True)
class Firm:
    """A firm; `above` is the directory's 规上 flag a year, `large` its size. Revenue is the base draw in 元."""

    number: int
    uscc: str
    county: str
    township: str
    industry: str
    large: bool
    revenue: float
    tenant: bool
    years: tuple[int, ...]
    names: dict[int, str] = field(default_factory=dict)
    above: dict[int, bool] = field(default_factory=dict)

    @property
    def division(self) -> str:
        return self.industry[:2]


def above_scale_revenues(draw: Random, count: int) -> list[float]:
    """Yearly revenues in 元 in the published proportion of classes, log-uniform in each, Pareto in the open one."""
    total = sum(size for _, _, size in CLASSES)
    revenues: list[float] = []
    for low, high, size in CLASSES[:-1]:
        for _ in range(max(1, round(count * size / total))):
            if high is None:
                size_yi = min(low * (1 - draw.random()) ** (-1 / 1.6), 120)
            else:
                size_yi = low * (high / low) ** draw.random()
            revenues.append(size_yi * 1e8)
    while len(revenues) < count:
        revenues.append(0.205e8 * (0.5 / 0.205) ** draw.random())
    draw.shuffle(revenues)
    return revenues[:count]


def below_scale_revenue(draw: Random) -> float:
    """Yearly revenue in 元 of a firm under the 2,000 万元 of 规上."""
    while True:
        revenue = draw.lognormvariate(15.1, 0.75)
        if 3e5 < revenue < 1.95e7:
            return revenue


def make_firms(count: int, seed: int) -> tuple[list[Firm], Names]:
    """The firms in order of their number, and the register of used names for the strangers among the faults."""
    draw = Random(f"{seed}/firms")
    names = Names(Random(f"{seed}/names"))
    large_count = round(count * ABOVE_OF_20000 / 20000 / 0.996)
    large = above_scale_revenues(draw, large_count)
    revenues = large + [below_scale_revenue(draw) for _ in range(count - large_count)]
    order = list(range(count))
    draw.shuffle(order)
    divisions = list(INDUSTRIES)
    shares = [INDUSTRIES[division][0] for division in divisions]
    places = draw.choices(PLACES, [place.share for place in PLACES], k=count)
    trades = draw.choices(divisions, shares, k=count)
    firms = []
    for number, drawn in enumerate(order):
        place, division, is_large = places[number], trades[number], drawn < large_count
        firm = Firm(
            number=number,
            uscc=names.code(place.adcode),
            county=place.name,
            township=draw.choice(place.towns),
            industry=draw.choice(INDUSTRIES[division][1]),
            large=is_large,
            revenue=revenues[drawn],
            tenant=draw.random() < (0.12 if is_large else 0.42),
            years=life(draw, is_large),
        )
        name = names.name(place.short, division, revenues[drawn] > 1e9)
        firm.names = dict.fromkeys(YEARS, name)
        firm.above = dict.fromkeys(YEARS, is_large)
        firms.append(firm)
    promote(draw, firms)
    return firms, names


def life(draw: Random, large: bool) -> tuple[int, ...]:
    """The years in which the firm is in the directory: some close after the first, some are new in the second."""
    chance = draw.random()
    closed, new = (0.004, 0.015) if large else (0.03, 0.06)
    if chance < closed:
        return YEARS[:1]
    return YEARS[1:] if chance < new else YEARS


def promote(draw: Random, firms: list[Firm]) -> None:
    """小升规: a few small above-scale firms were still below scale in the first year."""
    for firm in firms:
        if firm.large and firm.revenue < 3e7 and len(firm.years) == 2 and draw.random() < 0.03:
            firm.above[YEARS[0]] = False


def rename(names: Names, firm: Firm) -> str:
    """The firm carries a new name from the second year on; the old one comes back."""
    old = firm.names[YEARS[0]]
    firm.names[YEARS[1]] = names.name(BY_NAME[firm.county].short, firm.division)
    return old
