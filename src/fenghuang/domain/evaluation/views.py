"""亩均评价: the runs of the latest refresh."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.domain.evaluation import queries
from fenghuang.domain.evaluation.announced import of_units
from fenghuang.domain.evaluation.lists import RunTable
from fenghuang.platform.lists.page import on_page


@require_GET
def index(request: Any) -> HttpResponse:
    """Per unit and scope: method, what is borrowed or assumed, classes, and whether the numbers add up."""
    refresh = queries.latest()
    if refresh is None:
        return render(request, "evaluation/index.html")
    year, years = queries.chosen_year(refresh, request.GET.get("year", ""))
    lines = queries.run_lines(request.user, refresh, year)
    context = {
        "refresh": refresh,
        "is_demo": settings.FENGHUANG_DEMO or refresh.is_demo,
        "year": year,
        "years": years,
        "lines": lines,
        "table": on_page(request, "evaluation", RunTable(lines), per_page=None),
        "total": queries.run_total(lines),
        "snapshot": refresh.snapshots.filter(year=year).first(),
        "methods": queries.methods_used([line.run for line in lines]),
        "origins": of_units(line.run for line in lines),
    }
    return render(request, "evaluation/index.html", context)
