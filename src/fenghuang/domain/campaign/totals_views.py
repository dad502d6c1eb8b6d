"""The pages of totals: of one campaign, of the city; `?why=` explains a line's every number."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.domain.campaign import queries, totals
from fenghuang.domain.campaign.totals_lists import Asked, TotalTable, of_campaign, of_city
from fenghuang.domain.campaign.views import found_campaign
from fenghuang.domain.feeds.sensitive import hidden_from
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.lists.page import on_page


@require_GET
def campaign(request: Request, pk: int) -> HttpResponse:
    """The latest scoring by township, industry, scope or park. A line of one firm is that firm's figure: not for a
    township's official, who sees the own firms only."""
    found = found_campaign(request, pk)
    if request.user.township is not None:
        raise PermissionDenied("totals of the whole unit")
    made = found.scorings.select_related("campaign").first()
    context: dict[str, Any] = {"campaign": found, "made": made, "is_demo": settings.FENGHUANG_DEMO}
    if made is not None:
        asked = of_campaign(made, request.GET)
        context |= _shown(request, "campaign-totals", asked, hidden_from(request.user, found.unit_id), found.year)
        context["dimensions"] = [(one.name, one.title) for one in totals.offered(made)]
    return render(request, "campaign/totals.html", context)


@require_GET
def city(request: Request) -> HttpResponse:
    """All campaigns of a year, for who sees the whole city; whom taxes are hidden from sees the rest."""
    if not request.user.sees_whole_city:
        raise PermissionDenied("totals of the city")
    years = queries.years(request.user)
    year = next((one for one in years if str(one) == request.GET.get("year", "")), years[0] if years else None)
    context: dict[str, Any] = {"year": year, "years": years, "is_demo": settings.FENGHUANG_DEMO}
    if year is not None:
        asked = of_city(request.user, year, request.GET)
        context |= _shown(request, "city-totals", asked, hidden_from(request.user, None), year)
        context["made"] = bool(asked.about)
        context["waiting"] = queries.without_campaign(request.user, year)
        context["dimensions"] = [("county", "县（市、区）"), ("division", "行业大类"), ("scope", "评价范围")]
    return render(request, "campaign/totals.html", context)


def _shown(request: Request, name: str, asked: Asked, hidden: frozenset[str], year: int) -> dict[str, Any]:
    line = asked.line(request.GET.get("why", ""))
    return {
        "name": name,
        "chosen": asked.dimension,
        "about": asked.about,
        "table": on_page(request, name, TotalTable(asked.lines, hidden=hidden, query=request.GET), per_page=None),
        "why": totals.explained(line, f"{line.title}：怎么算的", year, hidden) if line else None,
        "fewest": totals.FEWEST,
    }
