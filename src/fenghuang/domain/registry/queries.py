"""What a user may see of firms, their years and projects; and where each fact came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from fenghuang.domain.feeds.intake import layout
from fenghuang.domain.feeds.models import Finding, RawRow
from fenghuang.domain.feeds.templates import template
from fenghuang.domain.registry.land_models import Meter
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear, Part, Project, Recording
from fenghuang.domain.registry.words import having
from fenghuang.language.record import Source
from fenghuang.law.methods.facts import FACTS
from fenghuang.platform.accounts.models import User
from fenghuang.platform.ui.numbers import scaled

# fact -> the pointer to its row, the sheet, the sheet's field
ROWS: dict[str, tuple[str, str, str]] = {
    "name": ("directory_row", "directory", "name"),
    "unit": ("directory_row", "directory", "unit"),
    "township": ("directory_row", "directory", "township"),
    "industry": ("directory_row", "directory", "industry"),
    "above_scale": ("directory_row", "directory", "above_scale"),
    "revenue": ("directory_row", "directory", "revenue"),
    "value_added": ("directory_row", "directory", "value_added"),
    "tax": ("tax_row", "tax", "tax"),
    "local_contribution": ("tax_row", "tax", "local_contribution"),
    "energy_tce": ("energy_row", "energy", "energy_tce"),
    "emission_t": ("emissions_row", "emissions", "emission_t"),
    "employees": ("employees_row", "employees", "employees"),
    "rnd_expense": ("research_row", "research", "rnd_expense"),
}
PART_FIELDS = {
    "own": ("parcels", "amount"),
    "rented_in": ("leases", "amount"),
    "rented_out": ("leases", "amount"),
    "meter": ("meters", "amount"),
    "share": ("meter_shares", "share"),
}
As = Recording | int | None


def firms_for(user: User) -> QuerySet[Firm]:
    """City, departments and auditors see all firms; county and township officials those that are, or in some year were,
    of the own unit or township."""
    firms = Firm.objects.select_related("unit")
    if user.sees_all_units:
        return firms
    then = FirmYear.objects.current().filter(user.within())
    return firms.filter(user.within() | Q(pk__in=then.order_by().values("firm")))


def _own_years(user: User) -> Q:
    """Of what has a firm and a year: all years of a firm of the own unit, of one that moved away those before."""
    then = FirmYear.objects.current().filter(firm=OuterRef("firm"), year=OuterRef("year")).filter(user.within())
    return user.within("firm__") | Q(Exists(then))


def search_firms(user: User, text: str) -> QuerySet[Firm]:
    """By code, name of any year, or pinyin."""
    text = text.strip()
    firms = firms_for(user)
    return firms.filter(pk__in=having(text).values("firm")) if text else firms


def ended_of(firms: Iterable[Firm]) -> dict[int, list[str]]:
    """Firm -> how it ceased to be, in words, of those that did."""
    ends = FirmEvent.standing().filter(firm__in=list(firms), kind__in=["cancelled", "merged", "split"])
    return {one.firm_id: [f"{one.year} 年起已{one.get_kind_display()}"] for one in ends}


def firm_years(user: User, firm: Firm | None = None, *, recording: As = None) -> QuerySet[FirmYear]:
    """Facts as known at a recording (None: today), of the firms that the user may see (or of one of them)."""
    years = FirmYear.objects.as_of(recording).select_related("firm", "unit")
    if firm is not None:
        years = years.filter(firm=firm)
    return seen_years(user, years)


def seen_years(user: User, rows: QuerySet[FirmYear]) -> QuerySet[FirmYear]:
    """Of versions of firm-years those that the user may see."""
    return rows if user.sees_all_units else rows.filter(_own_years(user))


def parts_of(user: User, firm: Firm | None = None, *, recording: As = None) -> QuerySet[Part]:
    """Pieces of sums, likewise."""
    parts = Part.objects.as_of(recording).select_related("firm", "raw_row__delivery")
    if firm is not None:
        parts = parts.filter(firm=firm)
    return parts if user.sees_all_units else parts.filter(_own_years(user))


def projects(user: User, firm: Firm | None = None, *, recording: As = None) -> QuerySet[Project]:
    """Projects, likewise."""
    rows = Project.objects.as_of(recording).select_related("firm__unit")
    if firm is not None:
        rows = rows.filter(firm=firm)
    return rows if user.sees_all_units else rows.filter(_own_years(user))


def findings(user: User, firm: Firm, year: int | None = None, *, open_only: bool = True) -> QuerySet[Finding]:
    """What is wrong or worth knowing about a firm's rows: those withheld from its facts, and those that name it."""
    withheld = Part.objects.current().filter(firm=firm, kind=Part.Kind.WITHHELD)
    found = Finding.objects.filter(Q(uscc=firm.uscc) | Q(raw_row__in=withheld.values("raw_row")))
    if not user.sees_all_units and not Firm.objects.filter(user.within(), pk=firm.pk).exists():
        then = FirmYear.objects.current().filter(user.within(), firm=firm)
        found = found.filter(raw_row__year__in=then.values("year"))
    if year is not None:
        found = found.filter(raw_row__year=year)
    if open_only:
        found = found.filter(resolved_at__isnull=True)
    return found.select_related("raw_row__delivery")


def may_see_row(user: User, row: RawRow) -> bool:
    """A delivered row is open to whom one of the firms it names, or may be about, belongs."""
    if user.sees_all_units:
        return True
    places = layout(row.delivery)
    codes = [
        row.cells[place].strip().upper() for name, place in places if name in ("uscc", "tenant") and place is not None
    ]
    named = Firm.objects.filter(uscc__in=codes)
    then = FirmYear.objects.current().filter(user.within(), firm__in=named, year=row.year)
    return (
        named.filter(user.within()).exists()
        or then.exists()
        or (user.township is None and row.findings.filter(unit__in=user.units()).exists())
    )


# --- where a fact came from ---------------------------------------------------------------------------------------


def sources(firm_year: FirmYear) -> dict[str, tuple[Source, ...]]:
    """Fact -> the cells it was made of. A row in quarantine that withholds the fact is among them, and says so."""
    return sources_of([firm_year])[firm_year.pk]


def sources_of(years: Iterable[FirmYear], recording: int | None = None) -> dict[int, dict[str, tuple[Source, ...]]]:
    """The same for many firm-years, by id, in a few queries; of sums the pieces as known at a recording."""
    found: dict[int, dict[str, tuple[Source, ...]]] = {}
    groups: dict[int | None, list[FirmYear]] = {}
    for firm_year in years:
        found[firm_year.pk] = {}
        groups.setdefault(firm_year.superseded_id, []).append(firm_year)
    rows = _rows(pointer for group in groups.values() for one in group for pointer in _pointers(one))
    for superseded, group in groups.items():
        for one in group:
            for fact, (pointer, sheet, field) in ROWS.items():
                if row := rows.get(getattr(one, f"{pointer}_id")):
                    found[one.pk][fact] = (source(row, sheet, field),)
        _add_parts(found, group, recording or (None if superseded is None else superseded - 1))
    return found


def _pointers(firm_year: FirmYear) -> set[int]:
    return {number for pointer, _, _ in ROWS.values() if (number := getattr(firm_year, f"{pointer}_id"))}


def _rows(numbers: Iterable[int]) -> dict[int, RawRow]:
    return RawRow.objects.select_related("delivery").in_bulk(list(set(numbers)))


def _add_parts(found: dict[int, dict[str, tuple[Source, ...]]], group: list[FirmYear], recording: int | None) -> None:
    """The pieces of the sums, each with its kind and signed amount, so that the sum can be done again by hand."""
    places = {(one.firm_id, one.year): one.pk for one in group}
    parts = Part.objects.as_of(recording).filter(
        firm__in={firm for firm, _ in places}, year__in={year for _, year in places}
    )
    mine = [
        part
        for part in parts.select_related("raw_row__delivery").order_by("fact", "kind", "reference", "id")
        if (part.firm_id, part.year) in places
    ]
    meters = _meters([part for part in mine if part.kind == Part.Kind.SHARE], recording)
    for part in mine:
        facts = found[places[part.firm_id, part.year]]
        facts[part.fact] = (*facts.get(part.fact, ()), *_piece(part, meters.get((part.year, part.reference))))


def _piece(part: Part, meter: RawRow | None) -> Iterator[Source]:
    """The cell of a piece; of a share also the meter that was shared."""
    row, kind = part.raw_row, part.kind
    if kind == Part.Kind.WITHHELD or part.amount is None:
        yield source(row, row.delivery.template, "", note="在隔离区，待更正")
        return
    unit = FACTS[part.fact].unit
    said = f"{part.get_kind_display()} {scaled(part.amount, FACTS[part.fact].decimals or 0)} {unit}"
    if kind == Part.Kind.SHARE:
        said = f"{_cell(row, 'share')}，{said}"
    yield source(row, *PART_FIELDS[kind], note=f"{part.reference} · {said}")
    if kind == Part.Kind.SHARE and meter:
        yield source(meter, *PART_FIELDS["meter"], note=f"{part.reference} · 全表 {_cell(meter, 'amount')} {unit}")


def _meters(shares: list[Part], recording: int | None) -> dict[tuple[int, str], RawRow]:
    """(year, reference) -> the row of the meter that was shared, as it counted at the recording."""
    wanted = {one.reference for one in shares}
    meters = Meter.objects.as_of(recording).filter(year__in={one.year for one in shares}, reference__in=wanted)
    found = meters.filter(counts=True).select_related("raw_row__delivery")
    return {(one.year, one.reference): one.raw_row for one in found}


def _cell(row: RawRow, field: str) -> str:
    """The text of a field's cell as it came; a share as percent."""
    places = dict(layout(row.delivery))
    place = places.get(field)
    text = row.cells[place].strip() if place is not None and place < len(row.cells) else ""
    return f"{text.removesuffix('%')}%" if field == "share" else text


def key_project(firm: int, year: int, recording: As) -> Project | None:
    """The key project that decides art.8: the largest, an unknown size before any."""
    rows = Project.objects.as_of(recording).filter(firm=firm, year=year, is_key_project=True)
    known = rows.exclude(under_construction=False).select_related("raw_row__delivery")
    return known.order_by(F("total_investment").desc(nulls_first=True)).first()


def project_sources(project: Project, column: str) -> tuple[Source, ...]:
    """The cell that a column of a project was read from; none for what the sheet does not have."""
    if column not in template("projects").fields:
        return ()
    return (source(project.raw_row, "projects", column),)


def source(row: RawRow, sheet: str, field: str, note: str = "") -> Source:
    """A cell as the explanation shows it."""
    delivery = row.delivery
    header = template(sheet).column(field).header if field else ""
    return Source(
        file=delivery.file_name,
        sheet=delivery.sheet,
        row=row.row,
        field=" · ".join(part for part in (header, note) if part),
        department=delivery.department,
        received=timezone.localtime(delivery.received_at).isoformat(timespec="seconds"),
        link=_link(row),
    )


def _link(row: RawRow) -> str:
    try:
        return reverse("registry:row", args=[row.pk])
    except NoReverseMatch:
        return ""
