"""Claims: the queue in the order of art.15, one claim, a new one, granted or withdrawn."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.ledger import claims as deeds
from fenghuang.domain.ledger import queries
from fenghuang.domain.ledger.forms import ClaimForm
from fenghuang.domain.ledger.kinds import CLAIMED
from fenghuang.domain.ledger.lists import ClaimTable, claims_shown
from fenghuang.domain.ledger.models import Claim
from fenghuang.domain.ledger.people import kinds_entered_by, may_enter, units
from fenghuang.domain.ledger.views import entered_kind
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.lists.page import on_page
from fenghuang.platform.refusals import Refused


@require_GET
def claims(request: Request) -> HttpResponse:
    """Who comes first, who after."""
    found, words = claims_shown(request.user, request.GET)
    context = {
        "table": on_page(request, "ledger-claims", ClaimTable(found)),
        "words": words,
        "kinds": CLAIMED.values(),
        "units": units(request.user),
        "states": Claim.State.choices,
        "state": request.GET.get("state", Claim.State.WAITING),
        "mine": [kind for kind in kinds_entered_by(request.user) if kind.is_claimed],
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/claims.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request, kind: str) -> HttpResponse:
    """A project's claim."""
    if kind not in CLAIMED:
        raise Http404
    about = entered_kind(request, kind)
    form = ClaimForm(request.POST if request.method == "POST" else None, user=request.user, kind=about)
    if form.is_valid():
        given = dict(form.cleaned_data)
        code = given.pop("project_code")
        try:
            made = deeds.apply(request.user, kind, given.pop("unit"), given.pop("amount"), code=code, **given)
            messages.success(request, f"已登记{made}。")
            return redirect("ledger:claim", pk=made.pk)
        except Refused as refused:
            form.add_error(None, f"{refused}。")
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/new_claim.html", {"kind": about, "form": form}, status=status)


def _claim(request: Request, pk: int) -> Claim:
    return within_reach(request, queries.claims(request.user).select_related("entry"), pk=pk)


@require_GET
def claim(request: Request, pk: int) -> HttpResponse:
    """One claim, what is in the pool, and who comes first."""
    one = _claim(request, pk)
    pool = queries.accounts(request.user).filter(kind=one.kind, unit=one.unit_id, firm=None).first()
    is_waiting = one.state == Claim.State.WAITING
    context = {
        "claim": one,
        "balance": pool.balance if pool else 0,
        "ahead": list(deeds.ahead_of(one)[:20]) if is_waiting else [],
        "may_decide": is_waiting and may_enter(request.user, one.about, one.unit_id),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/claim.html", context)


@require_POST
def grant(request: Request, pk: int) -> HttpResponse:
    """Take it from the pool."""
    return _decided(request, pk, lambda reason: f"已安排：{deeds.grant(request.user, pk, reason=reason)}")


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """It no longer waits."""
    return _decided(request, pk, lambda reason: f"已撤回：{deeds.withdraw(request.user, pk, reason=reason)}")


def _decided(request: Request, pk: int, do: Callable[[str], str]) -> HttpResponse:
    one = _claim(request, pk)
    if not may_enter(request.user, one.about, one.unit_id):
        raise PermissionDenied("decided by others")
    try:
        messages.success(request, f"{do(request.POST.get('reason', '')[:500])}。")
    except Refused as refused:
        messages.error(request, f"{refused}。")
    return redirect("ledger:claim", pk=pk)
