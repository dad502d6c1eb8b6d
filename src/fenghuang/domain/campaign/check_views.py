"""Pages of the self-check for townships, counties and departments: who has spoken, what is contested, confirming."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.campaign import checking, queries
from fenghuang.domain.campaign.check_lists import CheckTable, checks_shown, townships_of
from fenghuang.domain.campaign.checks import NOWHERE, FirmCheck, checks
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Confirmation
from fenghuang.domain.campaign.views import found_campaign
from fenghuang.domain.feeds.sensitive import hidden_from, may_read, note_read, readable
from fenghuang.domain.registry.models import Firm
from fenghuang.language.record import MASK
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.rules import may
from fenghuang.platform.audit.reach import refuse, within_reach
from fenghuang.platform.evidence import download
from fenghuang.platform.lists.page import on_page
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.typed import keep, typed

MOST = 500  # firms of one confirmation: a page that can still be read


@require_GET
def index(request: Request, pk: int) -> HttpResponse:
    """The firms of the person's places: what they said, what the township said."""
    campaign = found_campaign(request, pk)
    found, words = checks_shown(request.user, campaign, request.GET)
    every = checks(campaign, timezone.localdate(), queries.places(request.user))
    counts = [
        ("all", "全部", len(every)),
        ("contested", "有异议", sum(bool(one.contested) for one in every)),
        ("silent", "未核对完", sum(bool(one.lacking) for one in every)),
        ("waiting", "待乡镇确认", sum(not one.is_confirmed for one in every)),
    ]
    context = {
        "campaign": campaign,
        "table": on_page(request, "campaign-check", CheckTable(found)),
        "words": words,
        "counts": counts,
        "show": request.GET.get("show", "all"),
        "townships": townships_of(every),
        "township": request.GET.get("township", ""),
        "may_confirm": campaign.state == State.TOWNSHIP and may_confirm(request, campaign),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/check.html", context)


def may_confirm(request: Request, campaign: Campaign) -> bool:
    """Whether the person confirms firms of the campaign: of the own township, or in place of any."""
    user = request.user
    own = user.township is not None and may(user, "accounts.confirm_township", (campaign.unit_id, user.township.name))
    return own or may(user, "accounts.change", campaign.unit_id)


def _needs_right(request: Request, campaign: Campaign) -> None:
    if not may_confirm(request, campaign):
        raise PermissionDenied("accounts.confirm_township")


@require_http_methods(["GET", "POST"])
def confirm(request: Request, pk: int) -> HttpResponse:
    """First which firms can be confirmed, for whom the township would speak, and which cannot; then those ticked."""
    campaign = found_campaign(request, pk)
    _needs_right(request, campaign)
    if request.method == "POST":
        ticked = request.POST.getlist("firm")[:MOST]
        return _confirm(request, campaign, {uscc: request.POST.get(f"seen-{uscc}", "") for uscc in ticked})
    township = request.GET.get("township", "")
    every = checks(campaign, timezone.localdate(), queries.places(request.user))
    found = [one for one in every if not one.is_confirmed and (not township or _place(one) == township)]
    context = {
        "campaign": campaign,
        "found": found[:MOST],
        "more": max(len(found) - MOST, 0),
        "silent": sum(bool(one.lacking) for one in found if not one.why_not),
        "townships": townships_of(every),
        "township": township,
        "in_place": request.user.township is None,
        "is_open": campaign.state == State.TOWNSHIP,
        "ready": campaign.state == State.TOWNSHIP and any(not one.why_not for one in found[:MOST]),
    }
    return render(request, "campaign/check_confirm.html", context)


def _place(one: FirmCheck) -> str:
    return one.year.township or NOWHERE


def _confirm(request: Request, campaign: Campaign, seen: dict[str, str], back: str = "") -> HttpResponse:
    """Those firms; others of another place are not found."""
    here = Q(firm__uscc__in=list(seen))
    places = queries.places(request.user)
    if len(checks(campaign, timezone.localdate(), here & places if places else here)) != len(seen):
        raise Http404
    reason = request.POST.get("reason", "")[:300]
    try:
        if not seen:
            raise Refused("没有勾选企业")
        done, refused = checking.confirm_township(request.user, campaign.pk, seen, reason=reason)
        if done:
            messages.success(request, f"已确认 {done} 家企业。")
        for said in refused[:20]:
            messages.error(request, f"{said}。")
    except Refused as error:
        messages.error(request, f"{error}。")
    return redirect("campaign:check_firm", campaign.pk, back) if back else redirect("campaign:check", campaign.pk)


def _check(request: Request, pk: int, uscc: str) -> tuple[Campaign, FirmCheck]:
    """One firm of the person's places, else 404."""
    campaign = found_campaign(request, pk)
    mine, places = Q(firm__uscc=uscc.upper()), queries.places(request.user)
    found = checks(campaign, timezone.localdate(), mine & places if places else mine)
    if not found:
        refuse(request, Firm.objects.filter(uscc=uscc.upper()).first())
    return campaign, found[0]


@require_GET
def firm(request: Request, pk: int, uscc: str) -> HttpResponse:
    """A firm's items with what was said; the township's word; answers to what is contested."""
    campaign, check = _check(request, pk, uscc)
    hidden = hidden_from(request.user, campaign.unit_id)
    note_read(request.user, "registry.read_firm", check.firm, readable(request.user, campaign.unit_id))
    lines = [
        {
            "item": one,
            "value": MASK if one.name in hidden and one.value is not None else one.value,
            "masked": one.name in hidden,
            "may_answer": one.standing == "contested"
            and campaign.state in checking.ANSWERED_IN
            and checking.may_answer(request.user, one.name, campaign.unit_id),
            "may_read_file": may_read_file(request, campaign, one.name),
            "department": checking.department_of(one.name),
        }
        for one in check.items
    ]
    context = {
        "campaign": campaign,
        "check": check,
        "lines": lines,
        "may_confirm": campaign.state == State.TOWNSHIP and may_confirm(request, campaign) and not check.is_confirmed,
        "may_send_back": campaign.state == State.TOWNSHIP and may_confirm(request, campaign) and not check.is_sent_back,
        "in_place": request.user.township is None,
        "may_upload": request.user.has_perm("accounts.import_data"),
        "typed": typed(request),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/check_firm.html", context)


@require_POST
def confirm_one(request: Request, pk: int, uscc: str) -> HttpResponse:
    """The township confirms this firm."""
    campaign, check = _check(request, pk, uscc)
    _needs_right(request, campaign)
    return _confirm(request, campaign, {check.firm.uscc: request.POST.get("seen", "")}, back=check.firm.uscc)


@require_POST
def send_back(request: Request, pk: int, uscc: str) -> HttpResponse:
    """Back to the firm."""
    campaign, check = _check(request, pk, uscc)
    _needs_right(request, campaign)
    reason, seen = request.POST.get("reason", "")[:300], request.POST.get("seen", "")

    def do() -> str:
        checking.send_back(request.user, pk, check.firm, reason, seen=seen)
        return "已退回企业重新核对"

    return _done(request, do, "send_back", pk, check.firm.uscc)


def _confirmation(request: Request, number: int) -> Confirmation:
    found = Confirmation.objects.select_related("firm", "campaign").filter(campaign__in=queries.campaigns(request.user))
    one = within_reach(request, found, pk=number)
    return within_reach(request, found.filter(queries.within(request.user, one.campaign)), pk=number)


@require_POST
def answer(request: Request, confirmation: int) -> HttpResponse:
    """Upheld or corrected, with words."""
    one = _confirmation(request, confirmation)

    def do() -> str:
        note = request.POST.get("note", "")[:500]
        return f"已处理：{checking.answer(request.user, one, request.POST.get('how', ''), note).get_answer_display()}"

    return _done(request, do, str(one.pk), one.campaign_id, one.firm.uscc)


def may_read_file(request: Request, campaign: Campaign, item: str) -> bool:
    """Evidence may tell taxes: for whom reads them, and for the department whose item it is."""
    user = request.user
    return may_read(user, campaign.unit_id) or (
        user.seen_by is None
        and not may(user, "accounts.change", campaign.unit_id)
        and checking.may_answer(user, item, campaign.unit_id)
    )


@require_GET
def file(request: Request, confirmation: int) -> HttpResponse:
    """What the firm sent with it."""
    one = _confirmation(request, confirmation)
    if not may_read_file(request, one.campaign, one.item):
        raise PermissionDenied("evidence may tell taxes")
    note_read(request.user, "campaign.read_evidence", one, ("evidence",))
    return download(one)


def _done(request: Request, do: Callable[[], Any], form: str, pk: int, uscc: str) -> HttpResponse:
    """Do it and say so, or say why not; back to the firm, with what was typed into a form that was refused."""
    try:
        messages.success(request, f"{do()}。")
    except Refused as refused:
        keep(request, form, "campaign:check_firm", pk, uscc)
        messages.error(request, f"{refused}。")
    return redirect("campaign:check_firm", pk=pk, uscc=uscc)
