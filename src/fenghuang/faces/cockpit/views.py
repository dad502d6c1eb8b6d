"""Pages of the cockpit."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.registry import queries as registry
from fenghuang.faces.cockpit import firm as firm_page
from fenghuang.faces.cockpit import firms as firm_list
from fenghuang.faces.cockpit import home as home_page

PER_PAGE = 50


def _year(request: HttpRequest, refresh: Refresh) -> tuple[int, list[int]]:
    """The data year asked for, or the newest."""
    known = evaluation.years(refresh)
    asked = request.GET.get("year", "")
    return (int(asked) if asked.isdigit() and int(asked) in known else known[0]), known


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """驾驶舱: map, cards, ranking, distribution; a chosen unit filters everything."""
    refresh = evaluation.latest()
    if refresh is None:
        return render(request, "cockpit/nothing_yet.html")
    user = request.user
    year, years = _year(request, refresh)
    shade = request.GET.get("by", "")
    if shade not in {s[0] for s in home_page.SHADES}:
        shade = home_page.SHADES[0][0]
    unit = home_page.chosen_unit(user, request.GET.get("unit", ""))  # type: ignore[arg-type]
    code = unit.pk if unit else None
    rows = home_page.rows(user, refresh, year, shade)  # type: ignore[arg-type]
    return render(
        request,
        "cockpit/home.html",
        {
            "refresh": refresh,
            "year": year,
            "years": years,
            "shades": home_page.SHADES,
            "shade": next(s for s in home_page.SHADES if s[0] == shade),
            "unit": unit,
            "ranked": home_page.ranked(rows),
            "bay": next((row for row in rows if row.code == home_page.TAIZHOU_BAY), None),
            "cards": home_page.cards(user, refresh, year, rows, code),  # type: ignore[arg-type]
            "chart": home_page.chart_data(user, refresh, year, rows, code, shade),  # type: ignore[arg-type]
            "runs": evaluation.runs(user, refresh, year).filter(**({"unit": code} if code else {})),  # type: ignore[arg-type]
        },
    )


@require_GET
@cache_control(max_age=86400, private=True)
def units_geojson(request: HttpRequest) -> FileResponse:
    """The polygons of the nine units (data/taizhou.geojson.md says where they come from)."""
    return FileResponse((settings.DATA / "taizhou.geojson").open("rb"), content_type="application/geo+json")


@require_GET
def firms(request: HttpRequest) -> HttpResponse:
    """企业: the table."""
    refresh = evaluation.latest()
    if refresh is None:
        return render(request, "cockpit/nothing_yet.html")
    year, years = _year(request, refresh)
    found = evaluation.results(request.user, refresh, year)  # type: ignore[arg-type]
    chosen, table = firm_list.page(request, refresh, found)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {"filter": chosen, "table": table, "year": year, "years": years, "refresh": refresh}
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "cockpit/firms_table.html" if fragment else "cockpit/firms.html", context)


@require_GET
def firm(request: HttpRequest, uscc: str) -> HttpResponse:
    """企业详情: facts with sources, the grade and why, projects and subsidies and why."""
    found = registry.firms_for(request.user).filter(uscc=uscc.upper()).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    refresh = evaluation.latest()
    asked = request.GET.get("year", "")
    context = firm_page.context(request.user, found, refresh, int(asked) if asked.isdigit() else None)  # type: ignore[arg-type]
    return render(request, "cockpit/firm.html", context)
