"""专项经费 of the city and of a county's year; 改一补一 of every county."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fenghuang.domain.evaluation.asking import explained
from fenghuang.domain.feeds.values import EARLIEST_YEAR
from fenghuang.domain.ledger import fund as deeds
from fenghuang.domain.ledger import queries
from fenghuang.domain.ledger import replacement as line
from fenghuang.domain.ledger.forms import RevenueForm
from fenghuang.domain.ledger.kinds import KINDS
from fenghuang.domain.ledger.lists import FundTable, ReplacementTable
from fenghuang.domain.ledger.lists import fund_year as chosen_year
from fenghuang.domain.ledger.people import kinds_entered_by, may_enter, units
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.evidence import download
from fenghuang.platform.lists.page import on_page
from fenghuang.platform.refusals import Refused

NEWEST = 40  # entries on the page of a county's year; all of them are a click away


@require_GET
def fund(request: Request) -> HttpResponse:
    """Every county's fund in a year."""
    year, years = chosen_year(request.user, request.GET.get("year", ""))
    lines = deeds.standings(units(request.user), year)
    context = {
        "year": year,
        "years": years,
        "table": on_page(request, "ledger-fund", FundTable(lines), per_page=None),
        "unknown": [one.unit for one in lines if one.revenue is None],
        "short": [one for one in lines if one.shortfall],
        "mine": [kind for kind in kinds_entered_by(request.user) if kind.name == "fund"],
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/fund.html", context)


@require_http_methods(["GET", "POST"])
def fund_year(request: Request, unit: str, year: int) -> HttpResponse:
    """A county's year: revenue, drawn, used by purpose, what the rule says. POST enters the revenue."""
    place = within_reach(request, units(request.user), pk=unit)
    if not EARLIEST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    may = may_enter(request.user, KINDS["fund"], place.pk)
    form = RevenueForm(kind=KINDS["fund"])
    if request.method == "POST":
        if not may:
            raise PermissionDenied("entered by others")
        form = RevenueForm(request.POST, request.FILES, kind=KINDS["fund"])
        if form.is_valid():
            try:
                deeds.set_revenue(request.user, place, year, **form.cleaned_data)
                messages.success(request, f"已登记{place} {year} 年土地出让收入。")
                return redirect("ledger:fund_year", unit=unit, year=year)
            except Refused as refused:
                form.add_error(None, f"{refused}。")
    (standing,) = deeds.standings([place], year)
    found = queries.entries(request.user).filter(kind="fund", account__unit=place, year=year)
    context = {
        "standing": standing,
        "record": explained(standing.asked.record),
        "entries": list(found[:NEWEST]),
        "revenues": list(queries.revenues(request.user).filter(unit=place, year=year)[:NEWEST]),
        "form": form,
        "may_enter": may,
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/fund_year.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def revenue_file(request: Request, pk: int) -> HttpResponse:
    """The document of a revenue."""
    return download(within_reach(request, queries.revenues(request.user), pk=pk))


@require_GET
def replacement(request: Request) -> HttpResponse:
    """What each county changed, replaced and owes."""
    lines = line.standings(units(request.user))
    context = {
        "table": on_page(request, "ledger-replacement", ReplacementTable(lines), per_page=None),
        "owing": [one for one in lines if one.owed],
        "mine": [kind for kind in kinds_entered_by(request.user) if kind.name == "replacement"],
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/replacement.html", context)
