"""What a person may see of parcels and meters: those that firms of the own unit or township hold, rent or share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value

from fenghuang.domain.registry.land_checks import Checks, Discrepancy, built_far, discrepancies
from fenghuang.domain.registry.land_models import (
    Building,
    Contract,
    Lease,
    Meter,
    MeterShare,
    Milestone,
    Parcel,
    ParcelGoes,
    Park,
    Thing,
)
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear, Part
from fenghuang.domain.registry.past import Past
from fenghuang.platform.accounts.models import User

As = int | None


def years() -> list[int]:
    """Years of which parcels or meters are known, newest first."""
    found: set[int] = set()
    for model in (Parcel, Meter):
        found.update(model.objects.current().order_by().values_list("year", flat=True).distinct())
    return sorted(found, reverse=True)


def _seen(user: User, firm: str = "firm", year: str = "year") -> Q:
    """Of what names a firm: those of the own unit now, and in the year those that then were of it."""
    then = FirmYear.objects.current().filter(user.within(), firm=OuterRef(firm), year=OuterRef(year))
    return user.within(f"{firm}__") | Q(Exists(then))


def parcels(user: User, *, recording: As = None) -> QuerySet[Parcel]:
    """Parcels whose holder or tenant the person may see."""
    rows = Parcel.objects.as_of(recording).select_related("firm__unit")
    if user.sees_all_units:
        return rows
    leases = Lease.objects.as_of(recording).filter(reference=OuterRef("reference"), year=OuterRef("year"))
    return rows.filter(_seen(user) | Q(Exists(leases.filter(_seen(user, "tenant_firm")))))


def meters(user: User, *, recording: As = None) -> QuerySet[Meter]:
    """Meters whose holder or sharer the person may see."""
    rows = Meter.objects.as_of(recording).select_related("firm__unit")
    if user.sees_all_units:
        return rows
    shares = MeterShare.objects.as_of(recording).filter(reference=OuterRef("reference"), year=OuterRef("year"))
    return rows.filter(_seen(user) | Q(Exists(shares.filter(_seen(user)))))


# --- lists --------------------------------------------------------------------------------------------------------


def _same(model: type[Thing], **filters: Any) -> QuerySet[Any]:
    """Today's rows that count about the same parcel or meter and year."""
    rows = model.objects.current().order_by()
    return rows.filter(reference=OuterRef("reference"), year=OuterRef("year"), counts=True, **filters)


def _total(model: type[Thing], column: str, **filters: Any) -> Subquery:
    return Subquery(_same(model, **filters).values("reference").annotate(total=Sum(column)).values("total"))


def parcels_listed(user: User, year: int) -> QuerySet[Parcel]:
    """The year's parcels with contract, leased area and floor area."""
    contract = _same(Contract)
    return (
        parcels(user)
        .filter(year=year)
        .annotate(
            let=_total(Lease, "area"),
            floor=_total(Building, "floor_area"),
            contract_right=Subquery(contract.values("right")[:1]),
            contract_end=Subquery(contract.values("end")[:1]),
            contract_agreed=Subquery(contract.values("far_agreed")[:1]),
            contract_far=Subquery(contract.values("far_min")[:1]),
            contract_standard=Subquery(contract.values("standard")[:1]),
            contract_park=Subquery(contract.values("park")[:1]),
        )
        .order_by("reference", "id")
    )


LACKS = {  # what of a parcel nobody has delivered, or is not taken
    "contract": "没有合同",
    "building": "没有建筑物",
    "term": "没有使用期止",
    "far": "不知有无容积率约定",
    "withheld": "宗地行在隔离区",
}


def lacking(rows: QuerySet[Parcel], what: str) -> QuerySet[Parcel]:
    """The parcels that lack it."""
    match what:
        case "contract":
            return rows.filter(~Exists(_same(Contract)))
        case "building":
            return rows.filter(~Exists(_same(Building)))
        case "term":
            return rows.filter(Exists(_same(Contract, end=None)))
        case "far":
            return rows.filter(Exists(_same(Contract, far_agreed=None)))
        case "withheld":
            return rows.filter(counts=False)
        case _:
            return rows


def in_park(rows: QuerySet[Any], park: str, year: int) -> QuerySet[Any]:
    """The year's parcels whose contract names the park."""
    named = Contract.objects.current().order_by().filter(year=year, counts=True, park=park)
    return rows.filter(reference__in=named.values("reference"))


def meters_listed(user: User, year: int) -> QuerySet[Any]:
    """The year's meters with their shares, also those that do not count: they are what does not add up."""
    shares = MeterShare.objects.current().order_by().filter(reference=OuterRef("reference"), year=OuterRef("year"))
    total = shares.values("reference").annotate(total=Sum("share")).values("total")
    return meters(user).filter(year=year).annotate(shared=Subquery(total)).order_by("reference", "id")


METER_LACKS = {"shares": "分摊不等于 100%", "withheld": "电表行在隔离区", "shared": "多户共用"}


def meters_lacking(rows: QuerySet[Any], what: str) -> QuerySet[Any]:
    """The meters of which that is so."""
    match what:
        case "shares":
            return rows.filter(shared__isnull=False).exclude(shared=1_000_000)
        case "withheld":
            return rows.filter(counts=False)
        case "shared":
            return rows.filter(shared__isnull=False)
        case _:
            return rows


# --- one parcel, one meter ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """Who uses how much of a parcel or meter; `firm` is null for a gap or an unknown code."""

    firm: Firm | None
    title: str
    amount: int
    width: str  # percent of the whole, for the drawing
    row: Thing | None
    is_gap: bool = False
    tone: int = 0


@dataclass(frozen=True)
class ParcelPage:
    """A parcel of a year, as known then."""

    rows: list[Parcel]  # more than one when it was delivered in conflict
    contract: Contract | None
    buildings: list[Building]
    leases: list[Lease]
    uses: list[Use]
    far: int | None
    park: Park | None
    goes: ParcelGoes | None
    found: list[Discrepancy]

    @property
    def parcel(self) -> Parcel:
        return self.rows[0]

    @property
    def floor(self) -> int | None:
        """All floor area, 10^-2 m²; unknown without a building."""
        return sum(one.floor_area or 0 for one in self.buildings) if self.buildings else None


def _rows(model: type[Thing], reference: str, year: int, recording: As) -> Any:
    rows = model.objects.as_of(recording).filter(reference=reference, year=year)
    return rows.select_related("firm__unit", "raw_row__delivery__received_by", "recorded__by").order_by("-counts", "id")


def parcel_page(user: User, reference: str, year: int, past: Past) -> ParcelPage | None:
    """The parcel with all that stands on it; None when the person may not see it, or nothing was known."""
    at = past.recording
    if past.is_before_all or not parcels(user, recording=at).filter(reference=reference, year=year).exists():
        return None
    rows = list(_rows(Parcel, reference, year, at))
    contract = _rows(Contract, reference, year, at).first()
    buildings = list(_rows(Building, reference, year, at).filter(counts=True).order_by("-storeys", "building"))
    leases = list(_rows(Lease, reference, year, at).select_related("tenant_firm__unit"))
    area = rows[0].area if rows[0].counts else None
    floor = sum(one.floor_area or 0 for one in buildings) if buildings else None
    park = None
    if contract and contract.park:
        park = Park.objects.as_of(at).filter(park=contract.park, year=year, counts=True).select_related("unit").first()
    goes = ParcelGoes.objects.filter(reference=reference, event__in=FirmEvent.standing())
    return ParcelPage(
        rows,
        contract,
        buildings,
        leases,
        _uses_of_parcel(rows[0], leases) if area else [],
        built_far(floor, area) if floor is not None and area else None,
        park,
        goes.select_related("to", "event").order_by("-id").first(),
        discrepancies(user, year, recording=at, parcels=[reference], meters=[]),
    )


def _uses_of_parcel(parcel: Parcel, leases: list[Lease]) -> list[Use]:
    """The holder's own use, each tenant's, and what goes to nobody; together the parcel's area, unless let beyond."""
    area = parcel.area or 0
    let = sum(max(one.area or 0, 0) for one in leases if one.firm_id == parcel.firm_id)
    whole = max(area, let)
    uses = []
    if area > let:
        uses.append(Use(parcel.firm, "自用", area - let, _width(area - let, whole), parcel))
    for tone, one in enumerate(leases, 1):
        amount = max(one.area or 0, 0)
        arrives = one.counts and one.tenant_firm is not None
        title = (
            one.tenant_name or one.tenant if one.tenant_firm is None else "租用" if one.counts else "租用（隔离待更正）"
        )
        uses.append(Use(one.tenant_firm, title, amount, _width(amount, whole), one, not arrives, tone % 4))
    return uses


def _width(part: int, whole: int) -> str:
    """Percent with two decimals, as styles write it."""
    return f"{part / whole * 100:.2f}" if whole else "0"


@dataclass(frozen=True)
class MeterPage:
    """A meter of a year, as known then."""

    rows: list[Meter]
    shares: list[MeterShare]
    uses: list[Use]
    gap: int | None  # kWh that go to no firm; negative: given away twice
    found: list[Discrepancy]

    @property
    def meter(self) -> Meter:
        return self.rows[0]


def meter_page(user: User, reference: str, year: int, past: Past) -> MeterPage | None:
    """The meter and who hangs on it; None when the person may not see it, or nothing was known."""
    at = past.recording
    if past.is_before_all or not meters(user, recording=at).filter(reference=reference, year=year).exists():
        return None
    rows = list(_rows(Meter, reference, year, at))
    shares = list(_rows(MeterShare, reference, year, at))
    amount = rows[0].amount or 0
    uses = []
    given = dict(
        Part.objects.as_of(at).filter(year=year, fact="electricity_kwh", reference=reference, kind="share").values_list(
            "raw_row_id", "amount"
        )
    )  # fmt: skip
    for tone, one in enumerate(shares):
        part = given.get(one.raw_row_id) or amount * max(one.share or 0, 0) // 1_000_000
        width = f"{min(max(one.share or 0, 0), 1_000_000) / 10_000:.2f}"
        title = one.uscc if one.firm is None else "分摊" if one.counts else "分摊（隔离待更正）"
        uses.append(Use(one.firm, title, part, width, one, one.firm is None or not one.counts, tone % 4))
    if not shares:
        uses.append(Use(rows[0].firm, "全表自用", amount, "100", rows[0], not rows[0].counts))
    gap = None if rows[0].amount is None else amount - sum(one.amount for one in uses)
    found = discrepancies(user, year, recording=at, parcels=[], meters=[reference])
    return MeterPage(rows, shares, uses, gap, found)


def history(models: Iterable[Any], reference: str) -> list[Thing]:
    """Every version of the rows about it, newest first, with the row each came from."""
    found: list[Thing] = []
    for model in models:
        rows = model.objects.filter(reference=reference)
        found += rows.select_related("raw_row__delivery__received_by", "recorded__by", "superseded", "firm")
    return sorted(found, key=lambda one: (one.recorded_id, one.year, one.raw_row_id), reverse=True)


# --- a firm's -----------------------------------------------------------------------------------------------------


class Holding(NamedTuple):
    """A row about land or power of a firm; `amount` in the register's unit (10^-4 亩, kWh, 10^-6 of a meter)."""

    register: str
    id: int
    year: int
    reference: str
    amount: int | None
    counts: bool
    place: str  # of a lease


HOLDINGS: dict[str, tuple[type[Thing], str, str]] = {  # register -> model, who has it, how much
    "parcels": (Parcel, "firm", "area"),
    "rented": (Lease, "tenant_firm", "area"),
    "meters": (Meter, "firm", "amount"),
    "shares": (MeterShare, "firm", "share"),
}


def holdings(firm: Firm, recording: As = None) -> list[Holding]:
    """What the four registers have of the firm in any year, as known at a recording; in one query."""
    asked = [
        model.objects.as_of(recording)
        .filter(**{who: firm})
        .order_by()
        .values_list(Value(name), "id", "year", "reference", amount, "counts", _place(model))
        for name, (model, who, amount) in HOLDINGS.items()
    ]
    return sorted(Holding(*row) for row in asked[0].union(*asked[1:], all=True))


def _place(model: type[Thing]) -> Any:
    return F("place") if model is Lease else Value("")


@dataclass(frozen=True)
class Held:
    """What a firm holds and uses in the newest year that is known of it."""

    year: int | None
    parcels: list[Holding]
    rented: list[Holding]
    meters: list[Holding]
    shares: list[Holding]

    @property
    def is_empty(self) -> bool:
        return not (self.parcels or self.rented or self.meters or self.shares)


def held(firm: Firm, recording: As = None) -> Held:
    """Of a firm that the person may see (the caller asks for it through firms_for)."""
    every = holdings(firm, recording)
    year = max((one.year for one in every), default=None)
    return Held(year, *([one for one in every if (one.register, one.year) == (name, year)] for name in HOLDINGS))


@dataclass(frozen=True)
class OfFirm(Held):
    """With what does not fit together, and the steps of the firm's projects."""

    found: list[Discrepancy]
    milestones: list[Milestone]


def of_firm(firm: Firm, past: Past | None = None) -> OfFirm:
    """Of a firm that the person may see, as known today or on a past day."""
    past = past or Past()
    at = past.recording
    if past.is_before_all:
        return OfFirm(None, [], [], [], [], [], [])
    had = held(firm, at)
    land = {one.reference for one in (*had.parcels, *had.rented)}
    power = {one.reference for one in (*had.meters, *had.shares)}
    checks = Checks(had.year, at, land, power).run() if had.year else []
    found = [one for one in checks if firm.pk in one.firms]
    steps = Milestone.objects.as_of(at).filter(firm=firm, counts=True).order_by("year", "code", "planned", "id")
    return OfFirm(had.year, had.parcels, had.rented, had.meters, had.shares, found, list(steps))
