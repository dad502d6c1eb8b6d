"""企业开户: a unit's firms that have no account, and the workbook with their invitations."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fenghuang.domain.registry.firm_accounts import MOST, invite_firms, without_account
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.accounts.sheet import invitations


@require_http_methods(["GET", "POST"])
def accounts(request: Request) -> HttpResponseBase:
    """Units with how many firms are without an account; the answer to a POST is the workbook, and exists this once."""
    require(request.user, "accounts.manage_users")
    if request.method == "POST":
        unit = get_object_or_404(Unit, pk=request.POST.get("unit", ""))
        opened = invite_firms(request.user, unit)
        if not opened:
            messages.info(request, f"{unit}的企业都已开户。")
            return redirect("registry:accounts")
        links = [(user, request.build_absolute_uri(reverse("invitation", args=[token]))) for user, token in opened]
        name = f"{unit}企业邀请链接-{len(opened)}家.xlsx"
        return FileResponse(BytesIO(invitations(links)), as_attachment=True, filename=name)
    lines = [
        (unit, Firm.objects.filter(unit=unit).count(), without_account(unit).count()) for unit in Unit.objects.all()
    ]
    return _page(request, lines)


def _page(request: Request, lines: list[tuple[Unit, int, int]]) -> HttpResponse:
    return render(request, "registry/accounts.html", {"lines": lines, "most": MOST})
