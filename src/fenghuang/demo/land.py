"""Land: each firm's parcels and leases, which add up to the land it uses. Areas are integers of 0.0001 亩."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from fenghuang.demo.firms import Firm
from fenghuang.demo.places import BY_NAME
from fenghuang.demo.shape import YEARS

MU = 10_000
HUNDREDTH = 100  # most areas are written with two decimals


@dataclass(slots=True)
class Parcel:
    """A parcel under one 不动产单元号 with its holder; `since` is the first year in which it is registered."""

    reference: str
    holder: Firm
    area: int
    since: int


@dataclass(slots=True)
class Lease:
    """A part of a parcel that a tenant uses instead of the holder."""

    parcel: Parcel
    tenant: Firm
    area: int


@dataclass
class Land:
    """All parcels and leases, and the land used by year and firm number (0.0001 亩)."""

    parcels: list[Parcel] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    used: dict[int, list[int]] = field(default_factory=dict)

    def parcels_of(self, year: int) -> list[Parcel]:
        return [parcel for parcel in self.parcels if parcel.since <= year and year in parcel.holder.years]

    def leases_of(self, year: int) -> list[Lease]:
        return [lease for lease in self.leases if year in lease.tenant.years and year in lease.parcel.holder.years]


class Surveyor:
    """Cuts parcels and numbers them: 28 characters, bare land ends in W00000000."""

    def __init__(self, draw: Random, land: Land) -> None:
        self.draw, self.land = draw, land
        self.counts: dict[str, int] = defaultdict(int)

    def number(self, adcode: str) -> str:
        zone = f"{adcode}{self.draw.randint(1, 40):03d}{self.draw.randint(1, 30):03d}GB"
        self.counts[zone] += 1
        building = "W00000000" if self.draw.random() < 0.3 else f"F{self.draw.randint(1, 9999):04d}0001"
        return f"{zone}{self.counts[zone]:05d}{building}"

    def parcels(self, firm: Firm, own: int, let: list[tuple[Firm, int]]) -> None:
        """One to three parcels that hold the firm's own land and all it lets out."""
        draw, land = self.draw, self.land
        adcode = BY_NAME[firm.county].adcode
        out = sum(area for _, area in let)
        areas = split(draw, own, draw.choices((1, 2, 3), (70, 22, 8))[0] if own > 2 * MU else 1)
        if out and draw.random() < 0.15:
            areas.insert(0, out)  # a parcel that is let to its last corner: the leases just do not exceed it
        else:
            areas[0] += out
        if draw.random() < 0.05:
            areas[-1] += draw.randint(1, 99)  # surveyed to the fourth decimal
        parcels = [Parcel(self.number(adcode), firm, area, YEARS[0]) for area in areas]
        if len(parcels) > 1 and draw.random() < 0.08 and not (out and len(parcels) == 2 and areas[0] == out):
            parcels[-1].since = YEARS[1]
        land.parcels.extend(parcels)
        land.leases.extend(Lease(parcels[0], tenant, area) for tenant, area in let)


def make_land(firms: list[Firm], wanted: list[float], seed: int) -> Land:
    """Parcels and leases such that each firm uses about `wanted` 亩, and no parcel is leased out beyond its area."""
    draw = Random(f"{seed}/land")
    land = Land()
    target = [max(2_000, round(mu * MU / HUNDREDTH) * HUNDREDTH) for mu in wanted]
    let = let_out(draw, firms, target)
    surveyor = Surveyor(draw, land)
    for firm in firms:
        if firm.tenant:
            continue
        surveyor.parcels(firm, target[firm.number], let.get(firm.number, []))
    for year in YEARS:
        used = [0] * len(firms)
        for parcel in land.parcels_of(year):
            used[parcel.holder.number] += parcel.area
        for lease in land.leases_of(year):
            used[lease.parcel.holder.number] -= lease.area
            used[lease.tenant.number] += lease.area
        land.used[year] = used
    return land


def let_out(draw: Random, firms: list[Firm], target: list[int]) -> dict[int, list[tuple[Firm, int]]]:
    """Who lets how much to whom: landlord's number -> tenants with areas. Landlords live in both years."""
    landlords: dict[str, list[Firm]] = defaultdict(list)
    for firm in firms:
        if not firm.tenant and len(firm.years) == len(YEARS) and (firm.large or target[firm.number] > 3 * MU):
            landlords[firm.county].append(firm)
    let: dict[int, list[tuple[Firm, int]]] = defaultdict(list)
    for firm in firms:
        if not firm.tenant:
            continue
        # A county of a tiny city may have no landlord: its tenants then own their land after all.
        if len(choices := landlords[firm.county]) < 3:
            firm.tenant = False
            continue
        # Half the landlords are never asked, so that houses with several tenants are common.
        choices = choices[: max(3, len(choices) // 2)]
        area = target[firm.number]
        pieces = [area]
        if area > 4_000 and draw.random() < 0.12:
            first = round(area * draw.uniform(0.3, 0.7) / HUNDREDTH) * HUNDREDTH
            pieces = [first, area - first]
        for landlord, piece in zip(draw.sample(choices, len(pieces)), pieces, strict=True):
            let[landlord.number].append((firm, piece))
    return let


def split(draw: Random, total: int, count: int) -> list[int]:
    """The total in `count` uneven parts of whole hundredths, none empty."""
    parts = []
    for left in range(count - 1, 0, -1):
        part = round(total * draw.uniform(0.2, 0.7) / (left * HUNDREDTH)) * HUNDREDTH
        part = min(max(part, HUNDREDTH), total - left * HUNDREDTH)
        parts.append(part)
        total -= part
    return [*parts, total]
