"""The page 核对平衡: what adds up, what agrees with what was printed, and what is accepted although it does not."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.domain.campaign import controls, queries, reconciling
from fenghuang.domain.campaign.models import ControlFigure
from fenghuang.domain.campaign.views import asked_version, found_campaign
from fenghuang.domain.feeds.sensitive import may_read
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.typed import keep, typed


@require_GET
def page(request: Request, pk: int) -> HttpResponse:
    """Of the latest scoring. Its averages rest on taxes: for who may read them."""
    campaign = found_campaign(request, pk)
    if not may_read(request.user, campaign.unit_id):
        raise PermissionDenied("averages of taxes")
    made = campaign.scorings.first()
    lines = reconciling.compared(campaign, made)
    may_change = may(request.user, "accounts.change", campaign.unit_id) and campaign.state in controls.CHECKED_IN
    context = {
        "campaign": campaign,
        "made": made,
        "balances": reconciling.balances(made) if made else [],
        "lines": lines,
        "open": [one for one in lines if one.is_open],
        "scopes": reconciling.scopes(made) if made else [],
        "indicators": [(name, f"{it.title}（{it.unit or '比值或 %'}）") for name, it in INDICATORS.items()],
        "withdrawn": campaign.figures.filter(withdrawn_at__isnull=False).select_related("by", "withdrawn_by"),
        "may_change": may_change,
        "typed": typed(request),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/reconciliation.html", context)


@require_POST
def add(request: Request, pk: int) -> HttpResponse:
    """A printed average."""
    campaign = found_campaign(request, pk)
    require(request.user, "accounts.change", campaign.unit_id)
    given = {
        name: request.POST.get(name, "")[:most]
        for name, most in (("scope", 80), ("indicator", 60), ("printed", 40), ("document", 120), ("source", 300))
    }
    return _done(
        request, pk, lambda: controls.add(request.user, pk, **given, version=asked_version(request)), "已登记对照数"
    )


@require_POST
def accept(request: Request, figure: int) -> HttpResponse:
    """A disagreement, with a reason."""
    one = _figure(request, figure)
    number, reason = request.POST.get("scoring", ""), request.POST.get("reason", "")[:300]
    seen = int(number) if number.isdecimal() and len(number) < 6 else 0
    return _done(
        request, one.campaign_id, lambda: controls.accept(request.user, one, reason, scoring=seen), "已接受并记入日志"
    )


@require_POST
def withdraw(request: Request, figure: int) -> HttpResponse:
    """A figure that no longer counts."""
    one = _figure(request, figure)
    reason = request.POST.get("reason", "")[:300]
    return _done(request, one.campaign_id, lambda: controls.withdraw(request.user, one, reason), "已撤销对照数")


def _figure(request: Request, figure: int) -> ControlFigure:
    seen = queries.campaigns(request.user)
    found = within_reach(request, ControlFigure.objects.select_related("campaign").filter(campaign__in=seen), pk=figure)
    require(request.user, "accounts.change", found.campaign.unit_id)
    return found


def _done(request: Request, pk: int, do: Callable[[], object], said: str) -> HttpResponse:
    try:
        do()
        messages.success(request, f"{said}。")
    except Refused as refused:
        keep(request, "figure", "campaign:reconciliation", pk)
        messages.error(request, f"{refused}。")
    return redirect("campaign:reconciliation", pk=pk)
