"""Pages of the cockpit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.feeds.sensitive import hidden_in_lists, note_list, note_read, readable
from fenghuang.domain.registry import queries as registry
from fenghuang.domain.registry.models import Recording
from fenghuang.faces.cockpit import firm as firm_page
from fenghuang.faces.cockpit import firms as firm_list
from fenghuang.faces.cockpit import home as home_page
from fenghuang.faces.cockpit import path as path_page
from fenghuang.faces.cockpit import search as search_page
from fenghuang.faces.cockpit import township as township_page
from fenghuang.platform.accounts.rules import may
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.lists.page import on_page

Request = Any  # an HttpRequest of a logged-in person, with django-htmx's `htmx`


def _common(refresh: Refresh) -> dict[str, Any]:
    """What the shell and every page need of a refresh."""
    return {"refresh": refresh, "is_demo": settings.FENGHUANG_DEMO or refresh.is_demo}


def _nothing_yet(request: Request, title: str) -> HttpResponse:
    """No refresh yet: what to do, by role."""
    known = Recording.latest() is not None
    may_import = request.user.has_perm("accounts.import_data")
    return render(request, "cockpit/nothing_yet.html", {"title": title, "known": known, "may_import": may_import})


@require_GET
def home(request: Request) -> HttpResponse:
    """驾驶舱: map, cards, ranking, distribution; a chosen unit filters everything. A township has what waits for it."""
    if may(request.user, "accounts.see_worktop"):  # a township has work to do, no figures of its own
        return render(request, "cockpit/township.html", township_page.context(request.user, timezone.localdate()))
    refresh = evaluation.latest()
    if refresh is None:
        return _nothing_yet(request, "驾驶舱")
    year, years = evaluation.chosen_year(refresh, request.GET.get("year", ""))
    shade = home_page.chosen_shade(request.GET.get("by", ""))
    unit = home_page.chosen_unit(request.user, request.GET.get("unit", ""))
    found = home_page.context(request.user, refresh, year, shade, unit)
    return render(request, "cockpit/home.html", {**_common(refresh), **found, "year": year, "years": years})


@require_GET
def firms(request: Request) -> HttpResponse:
    """企业: the table; a fragment while typing."""
    refresh = evaluation.latest()
    if refresh is None:
        return _nothing_yet(request, "企业库")
    year, years = evaluation.chosen_year(refresh, request.GET.get("year", ""))
    chosen, table = firm_list.page(request.user, request.GET, evaluation.results(request.user, refresh, year))
    on_page(request, "firms", table)
    note_list(request.user, "firms", "企业库", firm_list.told(table))
    fragment = request.htmx and not request.htmx.history_restore_request
    found = {**_common(refresh), "filter": chosen, "table": table, "year": year, "years": years}
    response = render(request, "cockpit/_firms.html" if fragment else "cockpit/firms.html", found)
    if fragment:
        response["HX-Push-Url"] = firm_list.address(request)
    return response


@require_GET
def firm(request: HttpRequest, uscc: str) -> HttpResponse:
    """企业详情: facts with sources, the grade and why, projects and subsidies and why.

    A firm that is not there and one of another county are answered alike: the answer must not tell which.
    """
    user: Any = request.user
    found = within_reach(request, registry.firms_for(user), uscc=uscc.upper())
    refresh = evaluation.latest()
    asked = request.GET.get("year", "")
    context = firm_page.context(user, found, refresh, asked, request.GET.get("known", ""))
    note_read(user, "registry.read_firm", found, readable(user, user.unit))
    return render(request, "cockpit/firm.html", {**(_common(refresh) if refresh else {}), **context})


@require_GET
def path(request: HttpRequest, uscc: str) -> HttpResponse:
    """提升路径: the group's distributions, the changes that reach the next grade, and the cheapest combination.

    A fragment for the firm's page, or a page of its own, to print. It changes nothing: costs stand in the address.
    """
    user: Any = request.user
    found = within_reach(request, registry.firms_for(user), uscc=uscc.upper())
    refresh = evaluation.latest()
    years = list(registry.firm_years(user, found).values_list("year", flat=True))
    results = firm_page.results_of(user, found, refresh, years)
    asked = request.GET.get("year", "")
    chosen = next((r for r in results if str(r.year) == asked), results[0] if results else None)
    hidden = hidden_in_lists(user)
    context = path_page.context(chosen, hidden, request.GET.dict())
    note_read(user, "registry.read_firm", found, readable(user, user.unit))
    fragment = getattr(request, "htmx", False) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    common = {"firm": found, "result": chosen, "year": chosen.year if chosen else None, "fragment": fragment}
    template = "cockpit/_path.html" if fragment else "cockpit/path.html"
    return render(request, template, {**(_common(refresh) if refresh else {}), **common, **context})


@require_GET
def search(request: Request) -> HttpResponse:
    """搜索: firms, projects, clauses and pages of one word or several."""
    asked = request.GET.get("q", "").strip()[: search_page.LONGEST]
    return render(request, "cockpit/search.html", {"asked": asked, "groups": search_page.search(request, asked)})
