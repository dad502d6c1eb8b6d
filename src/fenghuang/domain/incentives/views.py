"""政策直兑: every decision of the latest refresh."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.incentives import actions, queries
from fenghuang.domain.incentives.lists import page
from fenghuang.platform.lists.page import on_page


@require_GET
def index(request: Any) -> HttpResponse:
    """The table, with the total of what is shown."""
    refresh = evaluation.latest()
    if refresh is None:
        return render(request, "incentives/index.html")
    year, years = evaluation.chosen_year(refresh, request.GET.get("year", ""))
    found = queries.decisions(request.user, refresh, year)
    chosen, table = page(request.user, request.GET, found)
    on_page(request, "incentives", table)
    totals = queries.totals(chosen.qs)
    context = {
        "refresh": refresh,
        "is_demo": settings.FENGHUANG_DEMO or refresh.is_demo,
        "year": year,
        "years": years,
        "filter": chosen,
        "table": table,
        "totals": totals,
        "outcomes": [(words, totals[key]) for key, words in queries.OUTCOMES.items()],
    }
    return render(request, "incentives/index.html", context)


@require_POST
def refresh(request: Any) -> HttpResponse:
    """Have everything computed anew from the latest recording."""
    job = actions.request_refresh(request.user)
    messages.success(request, "已开始重新测算，完成后各页自动更新。")
    return redirect("jobs:detail", pk=job.pk)
