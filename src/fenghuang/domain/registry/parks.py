"""Parks (园区) as a list: what the register says of each, and the parcels whose contracts name it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from fenghuang.domain.registry.land_models import Contract, Parcel, Park
from fenghuang.domain.registry.land_tables import ASIDE, NOWRAP, NUMBER, LandFilter
from fenghuang.platform.lists.registry import Scaled
from fenghuang.platform.ui.numbers import scaled
from fenghuang.platform.ui.templatetags.numbers import DASH

if TYPE_CHECKING:
    from django.http import QueryDict

    from fenghuang.platform.accounts.models import User

LACKS = {"stars": "不知星级", "area": "没有用地面积", "parcels": "没有宗地", "withheld": "园区行在隔离区"}


def parks(user: User) -> QuerySet[Park]:
    """Parks of the units that the person may see; one whose unit is not known is seen by the whole city's offices."""
    rows = Park.objects.current().select_related("unit")
    return rows if user.sees_all_units else rows.filter(unit__in=user.units())


class Land(NamedTuple):
    """The parcels whose contracts name a park, and their area (10⁻⁴亩)."""

    parcels: int
    area: int


def lands(year: int) -> dict[str, Land]:
    """Of every park that a contract of the year names."""
    named = Contract.objects.current().order_by().filter(year=year, counts=True).exclude(park="")
    own = Parcel.objects.current().order_by().filter(year=year, counts=True, reference__in=named.values("reference"))
    areas = dict(own.values_list("reference", "area"))
    found: dict[str, set[str]] = {}
    for reference, park in named.values_list("reference", "park"):
        found.setdefault(park, set()).add(reference)
    return {park: Land(len(some), sum(areas.get(one) or 0 for one in some)) for park, some in found.items()}


def lacking(rows: QuerySet[Park], what: str, known: Mapping[str, Land]) -> QuerySet[Park]:
    """The parks of which that is so."""
    match what:
        case "stars":
            return rows.filter(stars__isnull=True)
        case "area":
            return rows.filter(area__isnull=True)
        case "parcels":
            return rows.exclude(park__in=known)
        case "withheld":
            return rows.filter(counts=False)
        case _:
            return rows


class ParkFilter(LandFilter):
    """Year, unit, name or operator, and what is missing."""

    def __init__(self, data: QueryDict, user: User) -> None:
        super().__init__(data, user, LACKS)
        del self.fields["township"]  # a park lies in a county; of which townships nobody delivers
        self.fields["q"].label = "园区或运营单位"
        self.fields["q"].widget.attrs["placeholder"] = "园区名称、运营单位"

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.chosen
        if chosen["unit"]:
            rows = rows.filter(unit=chosen["unit"])
        if q := chosen["q"].strip():
            rows = rows.filter(park__contains=q) | rows.filter(name__contains=q)
        return rows


class ParkTable(tables.Table):
    """One line a park of the year."""

    park = tables.Column("园区", attrs={"td": {"class": "is-title"}})
    unit = tables.Column("地区", accessor="unit__name", attrs=NOWRAP)
    category = tables.Column("园区类型", attrs=NOWRAP)
    stars = tables.Column("园区星级", attrs=NOWRAP)
    area = tables.Column("园区用地（亩）", attrs=NUMBER)
    parcels = tables.Column("宗地（宗）", accessor="park", attrs=NUMBER)
    held = tables.Column("宗地面积（亩）", accessor="park", attrs=NUMBER)
    name = tables.Column("运营单位")
    counts = tables.Column("状态", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = DASH
        caption = "园区"

    def __init__(self, rows: QuerySet[Park], known: Mapping[str, Land]) -> None:
        super().__init__(rows)
        self.known = known

    def render_park(self, value: str, record: Park) -> str:
        if value not in self.known:
            return value
        asked = urlencode({"park": value, "year": str(record.year)})
        return format_html('<a href="{}?{}">{}</a>', reverse("land:parcels"), asked, value)

    def value_park(self, value: str) -> str:
        return value

    def render_stars(self, value: int) -> str:
        return f"{value} 星" if value else "未评星"

    def render_parcels(self, value: str) -> str:
        return f"{self.known[value].parcels:,}" if value in self.known else str(DASH)

    def render_held(self, value: str) -> str:
        return scaled(self.known[value].area, 4, 4) if value in self.known else str(DASH)

    def render_area(self, value: int) -> str:
        return scaled(value, 4, 4)

    # --- what the cells are worth in a file

    def value_parcels(self, value: str) -> int | None:
        return self.known[value].parcels if value in self.known else None

    def value_held(self, value: str) -> Scaled | None:
        return Scaled(self.known[value].area, 4) if value in self.known else None

    def value_area(self, value: int) -> Scaled:
        return Scaled(value, 4)

    def render_counts(self, value: bool) -> str:
        return "已采用" if value else "隔离待更正"


def park_table(user: User, form: ParkFilter) -> ParkTable:
    """The parks as the form narrows them."""
    year = form.chosen_year
    if year is None:
        return ParkTable(parks(user).none(), {})
    known = lands(year)
    rows = parks(user).filter(year=year).order_by("unit__order", "park", "id")
    return ParkTable(lacking(form.narrow(rows), form.chosen["lacks"], known), known)
