"""What does not fit together in the land and power of a year. Computed from the versions; never stored or repaired.

Areas are 10^-4 亩, floor areas 10^-2 m², electricity kWh. Every rule names how much is missing; of what is not known
(no building delivered, no ratio agreed) nothing is said: the lists tell what is missing there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Sum

from fenghuang.domain.registry.land_models import Building, Contract, Lease, Meter, MeterShare, Parcel
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear
from fenghuang.platform.accounts.models import User
from fenghuang.platform.ui.numbers import scaled

WHOLE = 1_000_000  # 100 %
FAR = 150_000  # 1 亩 is 2000/3 m²: far x 10^6 = floor area (10^-2 m²) x 150 000 / area (10^-4 亩)
KINDS = {  # kind -> (short, what to do)
    "two_owners": ("一宗两主", "请市自然资源规划局核实使用权人，只保留正确的一行后重新报送"),
    "overlet": ("租出超过宗地面积", "请核实宗地面积和各份租赁后重新报送该宗地的全部租赁"),
    "area_gap": ("各方用地合计不足", "请更正隔离的租赁，使自用与租出合计等于宗地面积"),
    "area_differs": ("宗地与合同面积不符", "请核对不动产登记与出让合同，更正其中一处后重新报送"),
    "unknown_tenant": ("承租方不在名录", "请核对承租方代码；确为新设企业的，请市统计局在名录中补报"),
    "leases_overlap": ("租期重叠", "同一部位同时租给两家，请核实部位和租期后重新报送"),
    "far_below": ("容积率低于约定", "请核实建筑物是否报齐；确未达到的，按合同约定处理"),
    "far_above": ("容积率高于约定", "请核实建筑面积；确已超过的，按合同和规划要求处理"),
    "far_unfilled": ("约定容积率未填", "合同约定了容积率而没有报送数值，请按合同补填"),
    "shares_gap": ("电表分摊不等于全表", "请台州供电公司更正分摊比例，合计应为 100%"),
    "unknown_sharer": ("分摊企业不在名录", "请核对分摊企业代码，更正后重新报送该户号的全部分摊"),
    "holder_ended": ("使用权人已终止", "企业已注销、并入或分立，请市自然资源规划局按转移登记报送新的使用权人"),
}
POWER = ("shares_gap", "unknown_sharer")  # these are about meters, the others about parcels
As = int | None
LEASE = ("reference", "firm_id", "tenant_firm_id", "tenant", "tenant_name", "area", "counts", "place", "start", "end")
CONTRACT = ("reference", "firm_id", "far_agreed", "far_min", "far_max", "area")
PARCEL = ("id", "reference", "uscc", "firm_id", "area", "counts")
SHARE = ("reference", "uscc", "firm_id", "share")


@dataclass(frozen=True)
class Discrepancy:
    """Rows that do not fit: about which parcel or meter, of which firms (by id), how much, and in words."""

    kind: str
    reference: str
    firms: tuple[int | None, ...]
    amount: int | None  # in `unit`, of 10^-places
    unit: str
    places: int
    words: str

    @property
    def title(self) -> str:
        return KINDS[self.kind][0]

    @property
    def todo(self) -> str:
        return KINDS[self.kind][1]

    @property
    def is_power(self) -> bool:
        return self.kind in POWER


def mu(area: int) -> str:
    """12.5 亩"""
    return f"{scaled(area, 4)} 亩"


def built_far(floor: int, area: int) -> int | None:
    """The built ratio x 10^6 of floor area (10^-2 m²) on an area (10^-4 亩), rounded down; none without land.

    Registered floor area counts once: storeys that a plan would count twice are not known here.
    """
    return floor * FAR // area if area > 0 else None


class Checks:
    """All rules over one year, as known at a recording (None: today); of some parcels and meters where they are named
    (an empty collection is none of them, and asks for nothing). Each register is read once."""

    def __init__(
        self,
        year: int,
        recording: As = None,
        parcels: Collection[str] | None = None,
        meters: Collection[str] | None = None,
    ) -> None:
        self.year, self.recording = year, recording
        self.parcels, self.meters = parcels, meters
        self.areas: dict[str, tuple[int, int | None]] = {}

    def _of(self, model: type, **filters: object):  # type: ignore[no-untyped-def] # a queryset of the model
        named = self.meters if model in (Meter, MeterShare) else self.parcels
        rows = model.objects.as_of(self.recording)  # type: ignore[attr-defined]
        if named is not None:
            rows = rows.filter(reference__in=named)
        return rows.filter(year=self.year, **filters).order_by()

    def run(self) -> list[Discrepancy]:
        """Every discrepancy, in the order of the kinds."""
        leases: dict[str, list[Any]] = defaultdict(list)
        for lease in self._of(Lease).values_list(*LEASE, named=True):
            leases[lease.reference].append(lease)
        contracts = list(self._of(Contract, counts=True).values_list(*CONTRACT, named=True))
        wanted = {*leases, *(one.reference for one in contracts)}
        parcels = list(self._of(Parcel).values_list(*PARCEL, named=True))
        counted = [one for one in parcels if one.counts]
        self.areas = {one.reference: (one.area, one.firm_id) for one in counted if one.reference in wanted}
        found = [
            *_two_owners(parcels),
            *self._leases(leases),
            *self._contracts(contracts),
            *self._shares(),
            *self._ended(counted),
        ]
        order = list(KINDS)
        return sorted(found, key=lambda one: (order.index(one.kind), one.reference))

    # --- leases -------------------------------------------------------------------------------------------------

    def _leases(self, leases: dict[str, list[Any]]) -> Iterator[Discrepancy]:
        for reference, rows in leases.items():
            for one in rows:
                if one.tenant_firm_id is None:
                    words = f"承租方 {one.tenant}{f'（{one.tenant_name}）' if one.tenant_name else ''} 不在当年名录中"
                    yield Discrepancy("unknown_tenant", reference, (one.firm_id,), one.area, "亩", 4, words)
            yield from _overlapping(reference, rows)
            if reference in self.areas:
                yield from self._sum(reference, rows)

    def _sum(self, reference: str, rows: list[Any]) -> Iterator[Discrepancy]:
        """What the holder lets out stays within the parcel, and all of it arrives at a firm."""
        area, holder = self.areas[reference]
        firms = (holder, *(one.tenant_firm_id for one in rows))
        own = [one for one in rows if one.firm_id == holder]
        let = sum(max(one.area or 0, 0) for one in own)
        if let > area:
            words = f"宗地 {mu(area)}，租出合计 {mu(let)}，超出 {mu(let - area)}"
            yield Discrepancy("overlet", reference, firms, let - area, "亩", 4, words)
            return
        doubtful = [one for one in own if not one.counts]
        if any(one.area is None or one.area < 0 for one in doubtful):
            words = f"宗地 {mu(area)}，有租赁的面积不明，差多少无法计算"
            yield Discrepancy("area_gap", reference, firms, None, "亩", 4, words)
        elif lost := sum(one.area or 0 for one in doubtful):
            words = f"宗地 {mu(area)}，能落实到企业的 {mu(area - lost)}，差 {mu(lost)}"
            yield Discrepancy("area_gap", reference, firms, lost, "亩", 4, words)

    # --- contracts ----------------------------------------------------------------------------------------------

    def _contracts(self, contracts: list[Any]) -> Iterator[Discrepancy]:
        floors = self._floors() if contracts else {}
        for one in contracts:
            if one.far_agreed and one.far_min is None and one.far_max is None:
                words = "合同约定了容积率，没有报送约定的数值"
                yield Discrepancy("far_unfilled", one.reference, (one.firm_id,), None, "", 0, words)
            if one.reference not in self.areas:
                continue
            area, holder = self.areas[one.reference]
            if one.area is not None and one.area != area:
                words = f"宗地表 {mu(area)}，合同 {mu(one.area)}"
                gap = abs(one.area - area)
                yield Discrepancy("area_differs", one.reference, (holder, one.firm_id), gap, "亩", 4, words)
            if (floor := floors.get(one.reference)) is not None:
                yield from _ratios(one, holder, floor, area)

    def _floors(self) -> dict[str, int | None]:
        """Parcel -> all its floor area, 10^-2 m²."""
        counted = self._of(Building, counts=True).values("reference").annotate(total=Sum("floor_area"))
        return dict(counted.values_list("reference", "total"))

    # --- power --------------------------------------------------------------------------------------------------

    def _shares(self) -> Iterator[Discrepancy]:
        shares: dict[str, list[Any]] = defaultdict(list)
        for one in self._of(MeterShare).values_list(*SHARE, named=True):
            shares[one.reference].append(one)
        totals = {reference: sum(one.share or 0 for one in some) for reference, some in shares.items()}
        gaps = [reference for reference, total in totals.items() if total != WHOLE]
        lost = [one for some in shares.values() for one in some if one.firm_id is None]
        wanted = {*gaps, *(one.reference for one in lost)}
        meters = {one.reference: one for one in self._of(Meter).filter(reference__in=wanted)}
        sharers = {reference: [one.firm_id for one in shares[reference]] for reference in wanted}
        for reference in gaps:
            yield _share_gap(reference, totals[reference], meters.get(reference), sharers[reference])
        for one in lost:
            meter = meters.get(one.reference)
            part = _part(meter.amount if meter else None, one.share or 0)
            firms = (meter.firm_id if meter else None, *sharers[one.reference])
            words = f"分摊企业 {one.uscc} 不在当年名录中，所占 {scaled(one.share or 0, 4)}% 没有去向"
            yield Discrepancy("unknown_sharer", one.reference, firms, part, "千瓦时", 0, words)

    # --- firms that ceased to be --------------------------------------------------------------------------------

    def _ended(self, parcels: list[Any]) -> Iterator[Discrepancy]:
        ends = FirmEvent.standing().filter(kind__in=("cancelled", "merged", "split"), year__lte=self.year)
        if self.parcels is not None:
            ends = ends.filter(firm__in={one.firm_id for one in parcels if one.firm_id is not None})
        events = {one.firm_id: one for one in ends.order_by("-year", "-id").prefetch_related("others")}
        for one in parcels:
            if (event := events.get(one.firm_id)) is None:
                continue
            others = list(event.others.all())
            to = f"（{'、'.join(other.name for other in others)}）" if others else ""
            words = f"使用权人自 {event.year} 年起已{event.get_kind_display()}{to}，{self.year} 年宗地仍登记在其名下"
            firms = (one.firm_id, *(other.pk for other in others))
            yield Discrepancy("holder_ended", one.reference, firms, one.area, "亩", 4, words)


def _two_owners(parcels: list[Any]) -> Iterator[Discrepancy]:
    """A parcel that the year's rows, whether they stand or not, give to several holders."""
    holders: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in sorted(parcels, key=lambda one: one.id):
        if one.reference:
            holders[one.reference][one.uscc] = one
    for reference, by_code in holders.items():
        if len(by_code) > 1:
            area = max((one.area or 0 for one in by_code.values()), default=0)
            codes = "、".join(sorted(by_code))
            firms = tuple(one.firm_id for one in by_code.values())
            words = f"登记在 {len(by_code)} 个使用权人名下：{codes}"
            yield Discrepancy("two_owners", reference, firms, area, "亩", 4, words)


def _overlapping(reference: str, rows: list[Any]) -> Iterator[Discrepancy]:
    """The very same rooms let to two at one time. Without rooms or days nothing is known, so nothing is said."""
    known = [one for one in rows if one.place and one.start and one.end]
    for one, two in combinations(known, 2):
        if one.place != two.place or one.start > two.end or two.start > one.end:
            continue
        first, last = max(one.start, two.start), min(one.end, two.end)
        words = f"{one.place} 同时租给 {one.tenant_name or one.tenant} 和 {two.tenant_name or two.tenant}，"
        words += f"重叠 {first:%Y-%m-%d} 至 {last:%Y-%m-%d}"
        firms = (one.firm_id, one.tenant_firm_id, two.tenant_firm_id)
        least = min(one.area or 0, two.area or 0)
        yield Discrepancy("leases_overlap", reference, firms, least, "亩", 4, words)


def _ratios(one: Any, holder: int | None, floor: int, area: int) -> Iterator[Discrepancy]:
    """Exact: floor areas are compared, not rounded ratios. The land list's area counts, not the contract's."""
    built = built_far(floor, area)
    if built is None:
        return
    said = f"建成 {scaled(built, 6, 4)}（{scaled(floor, 2)} 平方米 / {mu(area)}）"
    if one.far_min is not None and floor * FAR < one.far_min * area:
        short = -(-(one.far_min * area - floor * FAR) // FAR)
        words = f"约定不低于 {scaled(one.far_min, 6)}，{said}"
        yield Discrepancy("far_below", one.reference, (holder,), short, "平方米", 2, words)
    if one.far_max is not None and floor * FAR > one.far_max * area:
        over = -(-(floor * FAR - one.far_max * area) // FAR)
        words = f"约定不高于 {scaled(one.far_max, 6)}，{said}"
        yield Discrepancy("far_above", one.reference, (holder,), over, "平方米", 2, words)


def _share_gap(reference: str, total: int, meter: Meter | None, sharers: list[int | None]) -> Discrepancy:
    amount = meter.amount if meter else None
    part = _part(amount, abs(WHOLE - total))
    short = "少" if total < WHOLE else "多"
    whole = "全表用电量未知" if amount is None else f"全表 {amount:,} 千瓦时"
    words = f"分摊合计 {scaled(total, 4)}%，{short} {scaled(abs(WHOLE - total), 4)}%；{whole}"
    return Discrepancy(
        "shares_gap", reference, (meter.firm_id if meter else None, *sharers), part, "千瓦时", 0, words
    )  # fmt: skip


def _part(amount: int | None, share: int) -> int | None:
    """Of an amount the share, rounded up: a missing kWh is not called none."""
    return None if amount is None or amount < 0 else -(-amount * share // WHOLE)


# --- for a person -------------------------------------------------------------------------------------------------


def discrepancies(
    user: User,
    year: int,
    *,
    recording: As = None,
    parcels: Collection[str] | None = None,
    meters: Collection[str] | None = None,
) -> list[Discrepancy]:
    """Those about a firm that the person may see; without any known firm they are the city's alone."""
    found = Checks(year, recording, parcels, meters).run()
    if user.sees_all_units:
        return found
    then = FirmYear.objects.current().filter(user.within(), year=year).order_by().values_list("firm_id", flat=True)
    seen = {*then, *Firm.objects.filter(user.within()).order_by().values_list("pk", flat=True)}
    return [one for one in found if seen.intersection(one.firms)]
