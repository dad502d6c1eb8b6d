"""政策推演: the list of scenarios, the form, a version with its result."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.whatif import actions, compute, forms, queries
from fenghuang.domain.whatif.lists import VersionTable
from fenghuang.domain.whatif.models import Version
from fenghuang.engines.door import Fault, Faulty
from fenghuang.law.pack import packs
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.jobs.actions import may_cancel
from fenghuang.platform.lists.page import on_page

PER_PAGE = 25
_OF_FORM = ("name", "method", "search", "under", "direction")


@require_GET
def index(request: Any) -> HttpResponse:
    """Every version, newest first."""
    table = on_page(request, "whatif", VersionTable(queries.versions(request.user)), per_page=PER_PAGE)
    may = request.user.has_perm("accounts.make_whatif")
    return render(request, "whatif/index.html", {"table": table, "may": may, **_common(evaluation.latest())})


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Choose what to change; a saved version may be the start (?from=)."""
    require(request.user, "accounts.make_whatif")
    refresh = evaluation.latest()
    if refresh is None:
        return redirect("whatif:index")
    asked = request.POST if request.method == "POST" else request.GET
    year, years = evaluation.chosen_year(refresh, asked.get("year", ""))
    data: Any = asked
    if (start := request.GET.get("from", "")).isdecimal() and request.method == "GET":
        version = get_object_or_404(queries.versions(request.user), pk=start)
        data = forms.as_data(version.variant, version.search)
        year = version.year if version.year in years else year
    faults: list[Fault] = []
    pack = packs()[refresh.policy.name]
    if request.method == "POST":
        try:
            document, search = forms.typed(data, pack)
            version = actions.save(request.user, refresh, year, document, search)
            return redirect("whatif:detail", pk=version.pk)
        except Faulty as fault:
            faults = fault.faults
    rules = compute.rules_of(refresh, year)
    context = {
        "year": year,
        "years": years,
        "rules": forms.fields(pack, rules, data, faults),
        "searchable": forms.searchable(pack, rules),
        "methods": forms.methods(),
        "data": {name: data.get(name, "") for name in _OF_FORM},
        "faults": faults,
        "pack": pack,
        **_common(refresh),
    }
    return render(request, "whatif/new.html", context, status=422 if faults else 200)


@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """A version: what it changes, who wins and loses; ?check=1 computes it again and says whether it is the same."""
    version = get_object_or_404(queries.versions(request.user), pk=pk)
    found = queries.shown_result(request.user, version)
    context: dict[str, Any] = {
        "version": version,
        "found": found,
        "changes": queries.changes_in_words(version),
        "siblings": queries.versions(request.user).filter(scenario=version.scenario),
        "law_changed": queries.law_changed(version),
        "job": version.job,
        "may_cancel": version.job is not None and not version.job.is_over and may_cancel(request.user, version.job),
        "may": request.user.has_perm("accounts.make_whatif"),
        "link": request.build_absolute_uri(request.path),
        **_common(version.refresh),
    }
    if found is not None:
        context |= {
            "groups": queries.groups(found),
            "county_chart": queries.county_chart(found),
            "spread_chart": queries.spread_chart(found),
            "checked": _checked(version) if request.GET.get("check") == "1" else None,
            "searched": queries.figure_title(packs()[version.policy.name], found["found"]["path"])
            if found["found"]
            else "",
        }
    return render(request, "whatif/detail.html", context)


def _checked(version: Version) -> str:
    try:
        return "same" if queries.same_again(version) else "other"
    except Faulty:  # the law of today no longer takes the variant
        return "other"


def _common(refresh: Refresh | None) -> dict[str, Any]:
    """What the shell needs of a refresh."""
    return {"refresh": refresh, "is_demo": settings.FENGHUANG_DEMO or bool(refresh and refresh.is_demo)}
