"""Electricity: meters, and the shares of those that serve a whole house. Amounts in 千瓦时."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from fenghuang.demo.facts import YearFacts
from fenghuang.demo.firms import Firm
from fenghuang.demo.land import Land
from fenghuang.demo.shape import YEARS

WHOLE = 10_000  # shares are counted in 0.01 %


@dataclass(slots=True)
class Meter:
    """A meter with its holder; `shares` (0.01 %, adding to 10,000) only where several firms hang on it."""

    reference: str
    holder: Firm
    amount: int
    shares: list[tuple[Firm, int]] = field(default_factory=list)


def make_power(firms: list[Firm], land: Land, facts: dict[int, YearFacts], seed: int) -> dict[int, list[Meter]]:
    """Meters a year. The facts' electricity is set to what meters and shares give, None where it is no whole kWh."""
    draw = Random(f"{seed}/power")
    base = draw.randrange(3_300_000_000, 3_300_400_000)
    numbers = draw.sample(range(4 * len(firms)), 4 * len(firms))
    houses: dict[int, set[int]] = defaultdict(set)
    letters = sorted({lease.parcel.holder.number for lease in land.leases})
    shared = {number for number in letters if draw.random() < 0.3}
    taken: set[int] = set()
    for lease in land.leases:
        landlord, tenant = lease.parcel.holder.number, lease.tenant.number
        if landlord in shared and tenant not in taken and len(houses[landlord]) < 7:
            houses[landlord].add(tenant)
            taken.add(tenant)
    counts = [draw.choices((1, 2, 3), (78, 17, 5))[0] for _ in firms]
    unmetered = {firm.number for firm in firms if draw.random() < 0.012}
    result: dict[int, list[Meter]] = {}
    for year in YEARS:
        kwh = facts[year].electricity_kwh
        meters: list[Meter] = []
        grouped: set[int] = set()
        for landlord, tenants in sorted(houses.items()):
            members = [landlord, *sorted(number for number in tenants if year in firms[number].years)]
            reference = str(base + numbers[4 * landlord + 3])
            if meter := share_meter(draw, reference, [firms[n] for n in members], kwh):
                meters.append(meter)
                grouped.update(firm.number for firm, _ in meter.shares)
        for firm in firms:
            number = firm.number
            if year not in firm.years or number in grouped:
                continue
            if number in unmetered:
                kwh[number] = None
                continue
            for piece, amount in enumerate(pieces(draw, kwh[number] or 0, counts[number])):
                meters.append(Meter(str(base + numbers[4 * number + piece]), firm, amount))
        result[year] = meters
    return result


def share_meter(draw: Random, reference: str, members: list[Firm], kwh: list[int | None]) -> Meter | None:
    """One meter for landlord and tenants, or None when fewer than two have a share worth writing (half a percent)."""
    total = sum(kwh[firm.number] or 0 for firm in members)
    members = [firm for firm in members if (kwh[firm.number] or 0) * 200 >= total]
    if len(members) < 2 or members[0].tenant:
        return None
    total = sum(kwh[firm.number] or 0 for firm in members)
    shares = [(kwh[firm.number] or 0) * WHOLE // total for firm in members[1:]]
    shares.insert(0, WHOLE - sum(shares))
    if draw.random() < 0.7:
        total = max(WHOLE, round(total / WHOLE) * WHOLE)  # every share comes out in whole kWh
    for firm, share in zip(members, shares, strict=True):
        amount, rest = divmod(total * share, WHOLE)
        kwh[firm.number] = None if rest else amount
    return Meter(reference, members[0], total, list(zip(members, shares, strict=True)))


def pieces(draw: Random, total: int, count: int) -> list[int]:
    """The year's power over the firm's meters."""
    if count == 1 or total < 100:
        return [total]
    parts = [round(total * draw.uniform(0.15, 0.4)) for _ in range(count - 1)]
    return [total - sum(parts), *parts]
