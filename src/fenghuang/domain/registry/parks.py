"""Parks (园区) as a list: what the register says of each, and the parcels whose contracts name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
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


def listed(user: User, year: int) -> QuerySet[Any]:
    """The year's parks with how many parcels name them, and how much land these are (10⁻⁴亩)."""
    named = Contract.objects.current().filter(counts=True, year=OuterRef("year"), park=OuterRef("park")).order_by()
    here = Contract.objects.current().filter(counts=True, year=OuterRef("year"), park=OuterRef(OuterRef("park")))
    land = Parcel.objects.current().filter(counts=True, year=OuterRef("year"), reference__in=here.values("reference"))
    parcels = named.values("park").annotate(n=Count("reference", distinct=True)).values("n")
    held = land.order_by().values("year").annotate(total=Sum("area")).values("total")
    rows = parks(user).filter(year=year).annotate(parcels=Subquery(parcels), held=Subquery(held))
    return rows.order_by("unit__order", "park", "id")


def lacking(rows: QuerySet[Any], what: str) -> QuerySet[Any]:
    """The parks of which that is so."""
    match what:
        case "stars":
            return rows.filter(stars__isnull=True)
        case "area":
            return rows.filter(area__isnull=True)
        case "parcels":
            return rows.filter(parcels__isnull=True)
        case "withheld":
            return rows.filter(counts=False)
        case _:
            return rows


def in_park(rows: QuerySet[Any], park: str) -> QuerySet[Any]:
    """Parcels whose contract names the park."""
    named = Contract.objects.current().filter(counts=True, park=park, year=OuterRef("year"))
    return rows.filter(reference__in=named.order_by().values("reference"))


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
        return lacking(rows, chosen["lacks"])


class ParkTable(tables.Table):
    """One line a park of the year."""

    park = tables.Column("园区", attrs={"td": {"class": "is-title"}})
    unit = tables.Column("地区", accessor="unit__name", attrs=NOWRAP)
    category = tables.Column("园区类型", attrs=NOWRAP)
    stars = tables.Column("园区星级", attrs=NOWRAP)
    area = tables.Column("园区用地（亩）", attrs=NUMBER)
    parcels = tables.Column("宗地（宗）", attrs=NUMBER)
    held = tables.Column("宗地面积（亩）", attrs=NUMBER)
    name = tables.Column("运营单位")
    counts = tables.Column("状态", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = DASH
        caption = "园区"

    def render_park(self, value: str, record: Any) -> str:
        if not record.parcels:
            return value
        asked = urlencode({"park": value, "year": record.year})
        return format_html('<a href="{}?{}">{}</a>', reverse("land:parcels"), asked, value)

    def value_park(self, value: str) -> str:
        return value

    def render_stars(self, value: int) -> str:
        return f"{value} 星" if value else "未评星"

    def render_parcels(self, value: int) -> str:
        return f"{value:,}"

    def value_parcels(self, value: int) -> int:
        return value

    def render_area(self, value: int) -> str:
        return scaled(value, 4, 4)

    def _mu(self, value: int) -> Scaled:
        return Scaled(value, 4)

    render_held = render_area
    value_area = value_held = _mu

    def render_counts(self, value: bool) -> str:
        return "已采用" if value else "隔离待更正"


def park_table(user: User, form: ParkFilter) -> ParkTable:
    """The parks as the form narrows them."""
    year = form.chosen_year
    return ParkTable(form.narrow(listed(user, year)) if year else parks(user).none())
