"""Yearly facts: heavy-tailed, correlated, and centred on 黄岩区's published benchmarks (published_facts.yaml).

Every indicator is drawn as a lognormal ratio whose group mean is then set to the benchmark, and the facts follow from
the ratios: land fixed, value added from land, tax, energy, emissions and staff from value added. Money is in 分.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from fenghuang.demo.firms import Firm
from fenghuang.demo.land import MU
from fenghuang.demo.shape import YEARS

WAN = 1_000_000  # 万元 in 分
KGCE_PER_KWH = 0.000285  # equivalent value of power, 吨标准煤 a 千瓦时

# published group means: 万元/亩, 万元/吨标准煤, 万元/吨, 万元/人, ratio, 元/千瓦时
ABOVE = {
    2021: {"va_mu": 132.27, "tax_mu": 26.01, "va_tce": 2.54, "va_t": 4861.08, "va_staff": 17.45, "rnd": 0.0305},
    2022: {"va_mu": 136.16, "tax_mu": 24.097, "va_tce": 2.694, "va_t": 4929.81, "va_staff": 18.14, "rnd": 0.0302},
}
BELOW = {2021: {"tax_mu": 16.601058, "tax_kwh": 0.236565}, 2022: {"tax_mu": 11.5932, "tax_kwh": 0.2352}}
POLLUTERS = {"17", "19", "22", "26", "27", "33"}

Column = list[int | None]


FACTS = (
    "revenue",
    "value_added",
    "tax",
    "local_contribution",
    "energy_tce",
    "emission_t",
    "employees",
    "rnd_expense",
    "electricity_kwh",
    "land_mu",
)


@dataclass
class YearFacts:
    """The facts of one year by firm number, integers of the smallest unit; None is unknown to the departments."""

    year: int
    revenue: Column
    value_added: Column
    tax: Column
    local_contribution: Column
    energy_tce: Column
    emission_t: Column
    employees: Column
    rnd_expense: Column
    electricity_kwh: Column
    land_mu: Column
    # departments that hold no row at all for the firm (otherwise an unknown fact is an empty cell)
    no_row: dict[str, set[int]] = field(default_factory=dict, init=False)


@dataclass(slots=True)
class Traits:
    """What stays with a firm from year to year: its latent ratios, before the group's mean is set."""

    va_rate: float
    va_mu: float
    tax_rate: float
    va_tce: float
    va_t: float
    va_staff: float
    rnd: float
    tax_kwh: float
    power: float
    emits: bool
    researches: bool
    counted: bool


def draw_traits(firms: list[Firm], seed: int) -> list[Traits]:
    """Latent ratios around one (times a benchmark), sigma 0.3 to 0.9."""
    draw = Random(f"{seed}/traits")
    log = draw.lognormvariate
    return [
        Traits(
            va_rate=min(max(log(-1.53, 0.25), 0.08), 0.5),  # value added of revenue, about 22 %
            va_mu=log(0, 0.70),
            tax_rate=log(0, 0.45),
            va_tce=log(0, 0.65),
            va_t=log(0, 0.85),
            va_staff=log(0, 0.40),
            rnd=log(0, 0.50),
            tax_kwh=log(0, 0.60),
            power=draw.uniform(0.55, 0.92),
            emits=draw.random() < ((0.8 if firm.division in POLLUTERS else 0.38) if firm.large else 0.04),
            researches=draw.random() < (0.93 if firm.large else 0.10),
            counted=draw.random() < (0.985 if firm.large else 0.15),
        )
        for firm in firms
    ]


def wanted_land(firms: list[Firm], traits: list[Traits]) -> list[float]:
    """亩 each firm needs so that its base year's output lies where its traits say."""
    last = YEARS[-1]
    mean = fitted([trait.va_mu for firm, trait in zip(firms, traits, strict=True) if firm.large], ABOVE[last]["va_mu"])
    land = []
    for firm, trait in zip(firms, traits, strict=True):
        wan = firm.revenue / 1e4
        if firm.large:
            land.append(wan * trait.va_rate / (trait.va_mu * mean))
        else:
            land.append(wan * 0.032 * trait.tax_rate / (BELOW[last]["tax_mu"] * trait.va_mu / 1.28))
    return land


def fitted(ratios: list[float], mean: float) -> float:
    """The factor that brings the ratios' arithmetic mean to the published one."""
    return mean * len(ratios) / sum(ratios) if ratios else 1.0


class YearDraw:
    """Draws one year's facts; the ratios of the first year wander off the firm's traits by a tenth."""

    def __init__(self, year: int, firms: list[Firm], traits: list[Traits], land: list[int], seed: int) -> None:
        self.draw = Random(f"{seed}/facts/{year}")
        self.year, self.traits, self.land = year, traits, land
        self.spread = 0.0 if year == YEARS[-1] else 0.12
        self.present = [firm for firm in firms if year in firm.years]
        self.large = [firm.number for firm in self.present if firm.large]
        self.small = [firm.number for firm in self.present if not firm.large]
        self.size = len(firms)
        self.firms = firms

    def ratios(
        self, group: list[int], trait: str, mean: float, weight: Callable[[int], float] | None = None
    ) -> list[float]:
        """By position in the group: the trait with this year's noise, scaled so that ratio x weight has the mean."""
        values = [getattr(self.traits[n], trait) * self.draw.lognormvariate(0, self.spread) for n in group]
        weighted = values if weight is None else [v * weight(n) for v, n in zip(values, group, strict=True)]
        factor = fitted(weighted, mean)
        return [value * factor for value in values]

    def facts(self) -> YearFacts:
        columns: list[Column] = [[None] * self.size for _ in FACTS]
        result = YearFacts(self.year, **dict(zip(FACTS, columns, strict=True)))
        self.above_scale(result)
        self.below_scale(result)
        for firm in self.present:
            result.land_mu[firm.number] = self.land[firm.number]
            result.local_contribution[firm.number] = self.contribution(result.tax[firm.number] or 0)
        return result

    def tax_turn(self) -> float:
        """Most pay; a few get more back than they pay, a few owe nothing."""
        chance = self.draw.random()
        return -0.3 if chance < 0.008 else 0.0 if chance < 0.014 else 1.0

    def contribution(self, tax: int) -> int:
        """地方贡献 in 分: 40 to 50 % of the tax, sometimes nothing or negative after refunds."""
        chance = self.draw.random()
        share = 0.0 if chance < 0.006 else -0.08 if chance < 0.012 else self.draw.uniform(0.40, 0.50)
        return round(tax * share)

    def above_scale(self, result: YearFacts) -> None:
        published, group, draw, traits = ABOVE[self.year], self.large, self.draw, self.traits
        per_mu = self.ratios(group, "va_mu", published["va_mu"])
        by_number = dict(zip(group, per_mu, strict=True))
        turns = {number: self.tax_turn() for number in group}
        tax_rates = self.ratios(group, "tax_rate", published["tax_mu"], lambda n: by_number[n] * turns[n])
        va_tce = self.ratios(group, "va_tce", published["va_tce"])
        va_staff = self.ratios(group, "va_staff", published["va_staff"])
        emitters = [number for number in group if traits[number].emits]
        va_t = dict(zip(emitters, self.ratios(emitters, "va_t", published["va_t"]), strict=True))
        scholars = [number for number in group if traits[number].researches]
        rnd = dict(zip(scholars, self.ratios(scholars, "rnd", published["rnd"]), strict=True))
        for place, number in enumerate(group):
            added = per_mu[place] * self.land[number] / MU  # 万元
            revenue = added / min(max(traits[number].va_rate * draw.lognormvariate(0, self.spread / 2), 0.07), 0.6)
            tce = added / va_tce[place]
            if not self.firms[number].above[self.year]:
                revenue = min(revenue, 1990.0)
            result.value_added[number] = thousands(added)
            result.revenue[number] = thousands(revenue)
            result.tax[number] = round(added * tax_rates[place] * turns[number] * WAN)
            result.energy_tce[number] = round(tce * 100) * 100 if traits[number].counted else None
            result.electricity_kwh[number] = round(tce * traits[number].power / KGCE_PER_KWH)
            result.employees[number] = max(1, round(added / va_staff[place]))
            if number in va_t:
                result.emission_t[number] = round(added / va_t[number] * 10_000) * 100 if draw.random() > 0.03 else 0
            if number in rnd:
                result.rnd_expense[number] = round(revenue * rnd[number] * 100) * (WAN // 100)

    def below_scale(self, result: YearFacts) -> None:
        published, group, draw, traits = BELOW[self.year], self.small, self.draw, self.traits
        revenue = {n: self.firms[n].revenue / 1e4 * draw.lognormvariate(0, self.spread) for n in group}
        turns = {number: self.tax_turn() for number in group}

        def per_mu(number: int) -> float:
            return revenue[number] * turns[number] * MU / self.land[number]

        tax_rates = self.ratios(group, "tax_rate", published["tax_mu"], per_mu)
        payers = {number: turns[number] for number in group}
        tax_kwh = self.ratios(group, "tax_kwh", published["tax_kwh"], lambda n: payers[n])
        for place, number in enumerate(group):
            paid = revenue[number] * tax_rates[place]
            result.revenue[number] = thousands(min(revenue[number], 1999.0))
            result.tax[number] = round(paid * turns[number] * WAN)
            kwh = max(100, round(paid * 1e4 / tax_kwh[place]))
            result.electricity_kwh[number] = kwh
            result.employees[number] = max(1, round(revenue[number] / (55 * traits[number].va_staff)))
            if traits[number].counted:
                result.energy_tce[number] = round(kwh * KGCE_PER_KWH * draw.uniform(1.05, 1.4) * 100) * 100
            if traits[number].emits:
                result.emission_t[number] = round(draw.lognormvariate(-3.5, 0.9) * 10_000) * 100
            if traits[number].researches:
                result.rnd_expense[number] = round(revenue[number] * traits[number].rnd * 2) * (WAN // 100)


def thousands(wan: float) -> int:
    """万元 as 分, whole 千元 as the statistics bureau asks."""
    return round(wan * 10) * (WAN // 10)


# fact -> chance that the department has no row for the firm, chance that the row's cell is empty
UNKNOWN: dict[str, tuple[float, float]] = {
    "revenue": (0.0, 0.004),
    "value_added": (0.0, 0.004),
    "tax": (0.006, 0.003),
    "energy_tce": (0.004, 0.004),
    "emission_t": (0.004, 0.004),
    "employees": (0.010, 0.006),
    "rnd_expense": (0.004, 0.004),
}


def forget(facts: YearFacts, firms: list[Firm], seed: int) -> None:
    """Make some facts genuinely unknown, and say for which firms a department sends no row at all."""
    draw = Random(f"{seed}/unknown/{facts.year}")
    facts.no_row = {name: set() for name in UNKNOWN}
    for firm in firms:
        if facts.year not in firm.years:
            continue
        number = firm.number
        if not firm.above[facts.year]:
            facts.value_added[number] = None  # the yearly survey asks it of 规上 firms only
        for name, (absent, empty) in UNKNOWN.items():
            column = getattr(facts, name)
            chance = draw.random()
            if column[number] is None:
                # Nobody counts it: mostly no row, sometimes a row with an empty cell.
                if chance > 0.2:
                    facts.no_row[name].add(number)
            elif chance < absent + empty:
                column[number] = None
                if chance < absent:
                    facts.no_row[name].add(number)
        # The contribution comes from another ledger than the tax, and is sometimes missing alone.
        if facts.tax[number] is None or draw.random() < 0.006:
            facts.local_contribution[number] = None
