"""Who would be graded how, roughly: the published linear method over the whole city, only to place projects well.

The product's own methods grade by county; the pools here keep clear of the cuts, so that most come out the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from fenghuang.demo.facts import ABOVE, BELOW, WAN, YearFacts
from fenghuang.demo.firms import Firm
from fenghuang.demo.land import MU


def total_score(facts: YearFacts, number: int, above: bool) -> float:
    """Points of one firm; what is not known counts nothing (emissions: their full weight)."""

    def item(weight: float, top: int | None, below: int | None, unit: float, mean: float) -> float:
        return weight * top / below / unit / mean if top is not None and below else 0.0

    land, added, tax = facts.land_mu[number], facts.value_added[number], facts.tax[number]
    if not above:
        published = BELOW[facts.year]
        return item(50, tax, land, WAN / MU, published["tax_mu"]) + item(
            50, tax, facts.electricity_kwh[number], 100, published["tax_kwh"]
        )
    published = ABOVE[facts.year]
    emission = facts.emission_t[number]
    return (
        item(30, tax, land, WAN / MU, published["tax_mu"])
        + item(20, added, land, WAN / MU, published["va_mu"])
        + item(20, added, facts.energy_tce[number], WAN / 10_000, published["va_tce"])
        + (item(10, added, emission, WAN / 1_000_000, published["va_t"]) if emission else 10)
        + item(10, added, facts.employees[number], WAN, published["va_staff"])
        + item(10, facts.rnd_expense[number], facts.revenue[number], 1, published["rnd"])
    )


@dataclass
class Pools:
    """Firms of one year by likely grade, best first in A and B, worst first in C and D."""

    grade: dict[str, list[Firm]]

    def shuffled(self, draw: Random) -> dict[str, list[Firm]]:
        return {name: draw.sample(firms, len(firms)) for name, firms in self.grade.items()}


def pools(firms: list[Firm], facts: YearFacts) -> Pools:
    """Ranks inside 规上 and 规下: A to 15 %, B 26 to 70 %, C 84 to 93 %, D the last 4 %. A and B only from 规上."""
    grade: dict[str, list[Firm]] = {"A": [], "B": [], "C": [], "D": []}
    for above in (True, False):
        scope = [firm for firm in firms if facts.year in firm.years and firm.above[facts.year] is above]
        scope.sort(key=lambda firm: (-total_score(facts, firm.number, above), firm.number))
        size = len(scope)

        def part(start: float, end: float, scope: list[Firm] = scope, size: int = size) -> list[Firm]:
            return scope[int(size * start) : max(int(size * end), int(size * start) + 1)]

        if above:
            grade["A"], grade["B"] = part(0, 0.15), part(0.26, 0.70)
        grade["C"] += part(0.84, 0.93)
        grade["D"] += part(0.96, 1)[::-1]
    return Pools(grade)
