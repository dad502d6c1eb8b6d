"""A firm's history: what was registered, followed to its predecessors and successors, and the form to register more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.registry import events as deeds
from fenghuang.domain.registry.history import ended, history
from fenghuang.domain.registry.land_models import Parcel
from fenghuang.domain.registry.models import Firm, FirmEvent
from fenghuang.domain.registry.predecessors import held_by
from fenghuang.domain.registry.queries import firms_for
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.accounts.rules import PERMISSIONS
from fenghuang.platform.audit.reach import within_reach

MOST_CODES = 50


def _firm(request: Request, uscc: str) -> Firm:
    return within_reach(request, firms_for(request.user), uscc=uscc.upper())


@require_http_methods(["GET", "POST"])
def events(request: Request, uscc: str) -> HttpResponse:
    """The history; POST registers an event."""
    firm = _firm(request, uscc)
    if request.method == "POST":
        try:
            event = deeds.register(firm, _said(request, firm), user=request.user)
            messages.success(request, f"已登记：{event}")
            return redirect("registry:events", uscc=firm.uscc)
        except Stale as stale:
            messages.error(request, str(stale))
    told = history(request.user, firm)
    context = {
        "firm": firm,
        "told": told,
        "ended": ended(firm, [one.event for one in told]),
        "may_change": bool(PERMISSIONS["accounts.change"].test(request.user, firm.unit_id)),
        "kinds": [one for one in FirmEvent.Kind.choices if one[0] != FirmEvent.Kind.COUNTERED],
        "units": Unit.objects.exclude(pk=firm.unit_id),
        "year": timezone.localdate().year,
        "typed": request.POST,
        "held": held_by(request.user, firm),
        "goes": [(reference, request.POST.get(f"to-{reference}", "")) for reference in _held(firm)],
        "seen": max((one.event.pk for one in told if one.event.firm_id == firm.pk), default=0),
    }
    return render(request, "registry/events.html", context, status=422 if request.method == "POST" else 200)


def _said(request: Request, firm: Firm) -> deeds.Said:
    """What was typed; Stale when a code names no firm that the person may see."""
    year = request.POST.get("year", "").strip()
    kind = request.POST.get("kind", "")
    if not (year.isdecimal() and len(year) == 4):
        raise Stale("请填写四位年度，如 2023")
    others: list[Firm] = []
    if kind in (FirmEvent.Kind.MERGED, FirmEvent.Kind.SPLIT):
        codes = request.POST.get("others", "").upper().replace("，", " ").replace(",", " ").replace("、", " ").split()
        found = {one.uscc: one for one in firms_for(request.user).filter(uscc__in=codes[:MOST_CODES])}
        if unknown := [code for code in codes if code not in found]:
            raise Stale(f"企业库中没有您可以变更的企业“{unknown[0]}”；新设企业须先在名录中报送")
        others = list(found.values())
    unit = Unit.objects.filter(pk=request.POST.get("unit", "")).first()
    by_code = {one.uscc: one for one in others}
    parcels = {}
    for reference in _held(firm) if kind == FirmEvent.Kind.SPLIT else ():
        if code := request.POST.get(f"to-{reference}", "").strip().upper():
            if code not in by_code:
                raise Stale(f"宗地“{reference}”的承接企业“{code}”不在分立后的企业之列")
            parcels[reference] = by_code[code]
    seen = request.POST.get("seen", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 19 else None
    text = {name: request.POST.get(name, "") for name in ("source", "name")}
    return deeds.Said(kind, int(year), **text, unit=unit, others=others, parcels=parcels, seen=version)


def _held(firm: Firm) -> list[str]:
    """The parcels that the newest land list has under the firm: those that a split divides."""
    rows = Parcel.objects.current().filter(firm=firm, counts=True).order_by("-year", "reference")
    newest = list(rows.values_list("year", "reference"))
    return [reference for year, reference in newest if year == newest[0][0]]


@require_POST
def counter(request: Request, uscc: str, pk: int) -> HttpResponse:
    """Register that an event was wrong."""
    firm = _firm(request, uscc)
    event = get_object_or_404(FirmEvent, pk=pk, firm=firm)
    try:
        deeds.counter(event, user=request.user, reason=request.POST.get("reason", ""))
        messages.success(request, f"已撤销登记：{event}")
    except Stale as stale:
        messages.error(request, str(stale))
    return redirect("registry:events", uscc=firm.uscc)
