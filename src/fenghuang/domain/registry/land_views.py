"""The pages of land and power: parcels, meters, what does not fit, one parcel, one meter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.domain.registry import land_queries as queries
from fenghuang.domain.registry import lists
from fenghuang.domain.registry.land_models import Building, Contract, Lease, Meter, MeterShare, Parcel
from fenghuang.domain.registry.parks import ParkFilter, park_table
from fenghuang.domain.registry.past import Past
from fenghuang.domain.registry.queries import firms_for
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.lists.page import on_page

if TYPE_CHECKING:
    from fenghuang.domain.registry.land_tables import LandFilter

TABS = [("land:parcels", "宗地"), ("land:meters", "电表"), ("land:parks", "园区"), ("land:check", "核对")]


def _list(request: Request, name: str, heading: str, lead: str, form: LandFilter, table: Any) -> HttpResponse:
    context = {
        "form": form,
        "table": on_page(request, name, table),
        "name": name,
        "heading": heading,
        "lead": lead,
        "year": form.chosen_year,
        "tabs": TABS,
        "here": request.resolver_match.view_name if request.resolver_match else "",
        "is_narrowed": any(value for key, value in form.chosen.items() if key != "year"),
    }
    return render(request, "registry/land_list.html", context)


@require_GET
def parcels(request: Request) -> HttpResponse:
    """The parcels of a year, and what is missing of each."""
    form = lists.parcel_form(request.user, request.GET)
    lead = "面积、租出、合同和建筑物；“—”表示没有报送，不按 0 处理"
    return _list(request, "parcels", "宗地", lead, form, lists.parcel_table(request.user, form))


@require_GET
def meters(request: Request) -> HttpResponse:
    """The meters of a year."""
    form = lists.meter_form(request.user, request.GET)
    return _list(request, "meters", "电表", "用电量和分摊", form, lists.meter_table(request.user, form))


@require_GET
def parks(request: Request) -> HttpResponse:
    """The parks of a year, and the parcels whose contracts name them."""
    form = ParkFilter(request.GET, request.user)
    lead = "园区名录，以及合同写明在园区内的宗地；“—”表示没有报送，不按 0 处理"
    return _list(request, "parks", "园区", lead, form, park_table(request.user, form))


@require_GET
def check(request: Request) -> HttpResponse:
    """What does not fit together; computed from what is known now, stored nowhere."""
    form = lists.found_form(request.user, request.GET)
    lead = "按现有数据逐条核对；只指出，不代为更正"
    return _list(request, "land-check", "宗地与电表核对", lead, form, lists.found_table(request.user, form))


def _year(request: Request, reference: str, model: type[Parcel] | type[Meter]) -> tuple[int, list[int]]:
    """The year asked for, else the newest of the thing."""
    found = model.objects.filter(reference=reference).order_by("-year").values_list("year", flat=True).distinct()
    years = list(found)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in years else years[0] if years else 0
    return year, years


def _linked(request: Request, firms: list[Any]) -> set[int]:
    """The firms whose pages the person may open."""
    ids = {firm.pk for firm in firms if firm is not None}
    return set(firms_for(request.user).filter(pk__in=ids).order_by().values_list("pk", flat=True))


@require_GET
def parcel(request: Request, reference: str) -> HttpResponse:
    """One parcel: rights, term, ratio, agreements, buildings, who uses how much, history."""
    past = Past.of(request.GET.get("known", ""))
    year, years = _year(request, reference, Parcel)
    within_reach(request, queries.parcels(request.user), reference=reference)
    page = queries.parcel_page(request.user, reference, year, past)
    firms = [use.firm for use in page.uses] + [one.firm for one in page.rows] if page else []
    context = {
        "reference": reference,
        "page": page,
        "past": past,
        "year": year,
        "years": years,
        "linked": _linked(request, firms + ([page.goes.to] if page and page.goes else [])),
        "history": queries.history((Parcel, Contract, Lease, Building), reference),
    }
    return render(request, "registry/parcel.html", context)


@require_GET
def meter(request: Request, reference: str) -> HttpResponse:
    """One meter: who hangs on it, and what goes to nobody."""
    past = Past.of(request.GET.get("known", ""))
    year, years = _year(request, reference, Meter)
    within_reach(request, queries.meters(request.user), reference=reference)
    page = queries.meter_page(request.user, reference, year, past)
    firms = [use.firm for use in page.uses] + [one.firm for one in page.rows] if page else []
    context = {
        "reference": reference,
        "page": page,
        "past": past,
        "year": year,
        "years": years,
        "linked": _linked(request, firms),
        "history": queries.history((Meter, MeterShare), reference),
    }
    return render(request, "registry/meter.html", context)
