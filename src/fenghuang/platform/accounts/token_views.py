"""The person's own tokens under 我的账号, and the operator's end to somebody's."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fenghuang.platform.accounts import tokens
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import ApiToken
from fenghuang.platform.accounts.queries import users_for
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.reach import within_reach

DEFAULT_DAYS = 90


@require_http_methods(["GET", "POST"])
def own(request: Request) -> HttpResponse:
    """The tokens there are; POST makes one, which is shown this once."""
    made, fault = "", ""
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            number = int(days) if days.isdecimal() and len(days) < 5 else 0
            made = tokens.make(request.user, request.POST.get("name", ""), number, actor=request.user)
        except tokens.Unfit as unfit:
            fault = f"{unfit}。"
    context = {
        "made": made,
        "fault": fault,
        "typed": request.POST if fault else {"days": DEFAULT_DAYS},
        "found": ApiToken.objects.filter(user=request.user)[:50],
        "good": set(tokens.good_ones(request.user).values_list("pk", flat=True)),
        "may_make": may(request.user, "accounts.import_data"),
        "longest": tokens.LONGEST,
    }
    return render(request, "users/tokens.html", context, status=422 if fault else 200)


@require_POST
def revoke(request: Request, pk: int) -> HttpResponse:
    """End one of the own tokens."""
    one = within_reach(request, ApiToken.objects.filter(user=request.user), pk=pk)
    tokens.revoke(one, actor=request.user)
    messages.success(request, f"已停用“{one.name}”。")
    return redirect("own_tokens")


@require_POST
def revoke_all(request: Request, pk: int) -> HttpResponse:
    """The operator ends all tokens of an account."""
    require(request.user, "accounts.manage_users")
    person = within_reach(request, users_for(request.user), pk=pk)
    good = list(tokens.good_ones(person))
    for one in good:
        tokens.revoke(one, actor=request.user)
    messages.success(request, f"已停用 {len(good)} 个接口令牌。")
    return redirect("users:detail", pk=pk)
