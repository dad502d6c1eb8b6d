"""政策直兑: every decision of the latest refresh."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.incentives import actions, queries
from fenghuang.domain.incentives.tables import DecisionFilter, DecisionTable

PER_PAGE = 50


@require_GET
def index(request: Any) -> HttpResponse:
    """The table, with the total of what is shown."""
    refresh = evaluation.latest()
    if refresh is None:
        return render(request, "incentives/index.html")
    year, years = evaluation.chosen_year(refresh, request.GET.get("year", ""))
    found = queries.decisions(request.user, refresh, year)
    rules = list(found.order_by("rule").values_list("rule", flat=True).distinct())
    chosen = DecisionFilter(request.GET, queryset=found, user=request.user, rules=rules)
    listed = chosen.qs.select_related("firm", "unit", "project").only(
        "firm__name", "firm__uscc", "unit__name", "project__title", "project__code", "rule", "clause", "amount"
    )
    table = DecisionTable(listed.order_by("unit__order", "firm__uscc", "project__code", "rule"))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
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
