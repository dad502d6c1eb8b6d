"""The firms' own pages. A firm is the one of the account; no address names another.

What belongs to another firm is not there (404), and that somebody asked is an event.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.campaign import checking, objecting, own
from fenghuang.domain.campaign.checks import NEEDED
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Confirmation, Objection
from fenghuang.domain.campaign.notices import name_of
from fenghuang.domain.campaign.notices import notice as notice_of
from fenghuang.domain.campaign.papers import what_is_open
from fenghuang.domain.casework.concerning import told_to
from fenghuang.domain.registry.models import Firm
from fenghuang.faces.portal import pages
from fenghuang.language.record import MASK
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import Role
from fenghuang.platform.audit.reach import refuse
from fenghuang.platform.documents import forms
from fenghuang.platform.evidence import HINT, Unfit, download, sent_with
from fenghuang.platform.notices.queries import notices
from fenghuang.platform.refusals import Refused

Page = Callable[..., HttpResponseBase]
Kept = TypeVar("Kept", Confirmation, Objection)


def for_firm(page: Page) -> Page:
    """A page of the account's firm; staff have no business here, and a code that no directory knows is told so."""

    @wraps(page)
    def answer(request: Request, *args: Any, **named: Any) -> HttpResponseBase:
        if request.user.role != Role.FIRM:
            raise PermissionDenied("for firms")
        firm = own.firm_of(request.user)
        if firm is None:
            return render(request, "portal/unknown.html")
        return page(request, firm, *args, **named)

    answer.for_firms = True  # type: ignore[attr-defined]
    return answer


def _campaign(request: Request, firm: Firm) -> tuple[Campaign | None, dict[str, Any]]:
    """The campaign that the page is about, and what every page shows of it."""
    asked = request.POST if request.method == "POST" else request.GET
    campaign, years = pages.chosen(firm, asked.get("year", ""))
    today = timezone.localdate()
    context: dict[str, Any] = {"firm": firm, "campaign": campaign, "years": years}
    context["year"] = campaign.year if campaign else None
    if campaign:
        context |= {"state_words": pages.STATES[State(campaign.state)], "until": pages.until(campaign, today)}
    return campaign, context


@require_GET
@for_firm
def home(request: Request, firm: Firm) -> HttpResponse:
    """首页: what is to be done until when."""
    campaign, context = _campaign(request, firm)
    today = timezone.localdate()
    context["cases"] = told_to(firm, today)
    if campaign:
        check = pages.check_for(campaign, firm, today)
        context |= {"check": check, "todos": pages.todos(campaign, check, today)}
        context |= {"result": own.result(campaign, firm), "news": notices(request.user)[:3]}
    return render(request, "portal/home.html", context)


@require_GET
@for_firm
def data(request: Request, firm: Firm) -> HttpResponse:
    """我的数据: each item, where it comes from, how it enters the score, what was said of it."""
    campaign, context = _campaign(request, firm)
    today = timezone.localdate()
    check = pages.check_for(campaign, firm, today) if campaign else None
    if campaign and check:
        rows, uses = own.told_by(check.year), own.uses(campaign, check.year.above_scale)
        hidden = own.hidden(request.user, campaign.unit_id)
        why_silent = checking.why_silent(campaign, check, today)
        context |= {
            "check": check,
            "why_silent": why_silent,
            "lines": [
                {
                    "item": one,
                    "value": MASK if one.name in hidden and one.value is not None else one.value,
                    "masked": one.name in hidden,
                    "seen": "" if one.value is None or one.name in hidden else one.value,
                    "rows": rows.get(one.name, []),
                    "uses": uses.get(one.name, []),
                    "department": checking.department_of(one.name),
                    "may_confirm": not why_silent and one.value is not None and one.standing in ("waiting", "void"),
                    "may_contest": not why_silent and one.standing != "contested",
                }
                for one in check.items
            ],
            "to_confirm": [] if why_silent else [one for one in check.lacking if one.value is not None],
            "unknown": [] if why_silent else [one for one in check.lacking if one.value is None],
        }
    return render(request, "portal/data.html", context)


@require_POST
@for_firm
def confirm(request: Request, firm: Firm) -> HttpResponse:
    """These items are right."""
    campaign, _ = _campaign(request, firm)
    if campaign is None:
        raise Http404
    seen = {name: _seen(request.POST.get(f"seen-{name}", "")) for name in request.POST.getlist("item")[:20]}
    try:
        made = checking.confirm(request.user, campaign.pk, firm, seen)
        messages.success(request, f"已确认 {len(made)} 项。")
    except Refused as refused:
        messages.error(request, f"{refused}。")
    return _back("portal:data", campaign)


def _seen(text: str) -> int | None:
    """The value that the page showed."""
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 20 else None


@require_http_methods(["GET", "POST"])
@for_firm
def contest(request: Request, firm: Firm, item: str) -> HttpResponse:
    """An item should be another value: which, why, with what proof. What was typed stays when something is wrong."""
    campaign, context = _campaign(request, firm)
    today = timezone.localdate()
    check = pages.check_for(campaign, firm, today) if campaign else None
    one = check.item(item) if check else None
    if campaign is None or check is None or one is None:
        raise Http404
    closed, fault = checking.why_silent(campaign, check, today), ""
    if request.method == "POST":
        claimed, fault = pages.amount(item, request.POST.get("claimed", ""))
        if not fault:
            note, seen = request.POST.get("note", ""), _seen(request.POST.get("seen", ""))
            try:
                given: dict[str, Any] = {"seen": seen, "claimed": claimed, "note": note, "proof": sent_with(request)}
                checking.contest(request.user, campaign.pk, firm, item, **given)
            except (Refused, Unfit) as refused:
                fault = str(refused)
            else:
                messages.success(request, f"已提出异议：{one.title}。处理结果会通知贵企业。")
                return _back("portal:data", campaign)
    hidden = item in own.hidden(request.user, campaign.unit_id)
    context |= {"item": one, "fault": fault, "closed": closed, "typed": request.POST, "files": HINT, "masked": hidden}
    context |= {"needs": item in NEEDED, "value": MASK if hidden else one.value}
    return render(request, "portal/contest.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@for_firm
def result(request: Request, firm: Firm) -> HttpResponse:
    """我的结果: grades, score, place, and why; of this firm alone."""
    campaign, context = _campaign(request, firm)
    found = own.result(campaign, firm) if campaign else None
    if campaign and found:
        why = own.why(found.grade).masked(own.hidden(request.user, campaign.unit_id))
        context |= {"result": found, "grade": found.grade, "why": why, "indicators": pages.indicators(why)}
        if what := what_is_open(campaign):
            context["notice"] = "通知书" if what == "公布" else "告知书"
        context["may_object"] = not _why_no_objection(campaign)
    return render(request, "portal/result.html", context)


@require_GET
@for_firm
def notice(request: Request, firm: Firm) -> HttpResponse:
    """告知书 or 通知书 of what is announced or published; an operator who looks as the firm gets none."""
    if request.user.seen_by:
        raise PermissionDenied("a notice tells taxes")
    campaign, _ = _campaign(request, firm)
    found = own.result(campaign, firm) if campaign else None
    if campaign is None or found is None or not what_is_open(campaign):
        raise Http404
    try:
        content = forms.made(notice_of(found.grade), "pdf")
    except Refused as refused:
        messages.error(request, f"{refused}。")
        return _back("portal:result", campaign)
    answer = HttpResponse(content, content_type=forms.TYPES["pdf"])
    answer["Content-Disposition"] = content_disposition_header(True, name_of(found.grade, "pdf")) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
@for_firm
def objections(request: Request, firm: Firm) -> HttpResponse:
    """异议: those there are with their answers; another within the period."""
    campaign, context = _campaign(request, firm)
    fault = ""
    if campaign and request.method == "POST":
        item, claim = request.POST.get("item", ""), request.POST.get("claim", "")[:1000]
        try:
            objecting.file_objection(request.user, campaign.pk, firm, item, claim, sent_with(request))
        except (Refused, Unfit) as refused:
            fault = str(refused)
        else:
            messages.success(request, "已提出异议，处理结果会通知贵企业。")
            return _back("portal:objections", campaign)
    if campaign:
        context |= {
            "found": own.objections(firm, campaign),
            "items": objecting.ITEMS.items(),
            "titles": objecting.ITEMS,
            "closed": _why_no_objection(campaign),
            "in_it": own.result(campaign, firm) is not None,
        }
    context |= {"fault": fault, "typed": request.POST, "files": HINT}
    return render(request, "portal/objections.html", context, status=422 if fault else 200)


def _why_no_objection(campaign: Campaign) -> str:
    """Why none is taken now, with the date; "" within the period."""
    last = own.objections_until(campaign)
    if campaign.state == State.OBJECTIONS:
        return f"公示期已于 {last} 截止，不再受理异议。" if campaign.is_late(timezone.localdate()) else ""
    if campaign.state in (*own.BETWEEN, *own.FINAL):
        return f"公示期已于 {last} 截止，不再受理异议。" if last else "公示期已经结束，不再受理异议。"
    return "评价结果还没有公示。公示开始后会通知贵企业，公示期内可以提出异议。"


@require_GET
@for_firm
def account(request: Request, firm: Firm) -> HttpResponse:
    """我的账号: which firm it speaks for, and the account's own pages."""
    return render(request, "portal/account.html", {"firm": firm})


@require_GET
@for_firm
def confirmation_file(request: Request, firm: Firm, confirmation: int) -> HttpResponse:
    """What the firm sent with an item."""
    return _file(request, firm, Confirmation.objects.exclude(file=""), confirmation)


@require_GET
@for_firm
def objection_file(request: Request, firm: Firm, objection: int) -> HttpResponse:
    """What the firm sent with an objection."""
    return _file(request, firm, Objection.objects.all(), objection)


def _file(request: Request, firm: Firm, kept: QuerySet[Kept], number: int) -> HttpResponse:
    """The firm's own; an operator who looks as the firm reads no evidence."""
    if request.user.seen_by:
        raise PermissionDenied("evidence may tell taxes")
    one = kept.filter(pk=number).first()
    if one is None:
        raise Http404
    if one.firm_id != firm.pk:
        refuse(request, one)
    return download(one)


def _back(pattern: str, campaign: Campaign) -> HttpResponse:
    return redirect(f"{reverse(pattern)}?year={campaign.year}")
