"""A firm in a campaign: its grades and why, objections on its behalf, regrades, and the files that prove them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.domain.campaign import objecting, queries
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Grade, Objection, Regrade
from fenghuang.domain.campaign.notices import may_make
from fenghuang.domain.campaign.views import found_campaign
from fenghuang.domain.feeds.sensitive import hidden_from, may_read, note_read, readable
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.evidence import HINT, Unfit, download, sent_with
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.typed import keep, typed


def found_grade(request: Request, pk: int, uscc: str) -> tuple[Campaign, Grade]:
    """The firm in the latest scoring of a campaign the person may see, else 404."""
    campaign = found_campaign(request, pk)
    known = queries.grades(request.user, campaign)
    known = known.select_related("firm", "scoring__campaign__unit", "scoring__method", "scoring__policy")
    return campaign, within_reach(request, known, firm__uscc=uscc.upper())


@require_GET
def firm(request: Request, pk: int, uscc: str) -> HttpResponse:
    """Initial and final grade side by side with the chain of reasons; what can be put in."""
    campaign, grade = found_grade(request, pk, uscc)
    hidden = hidden_from(request.user, campaign.unit_id)
    note_read(request.user, "registry.read_firm", grade.firm, readable(request.user, campaign.unit_id))
    standing = campaign.regrades.filter(firm=grade.firm, withdrawn_at__isnull=True).first()
    may_change = may(request.user, "accounts.change", campaign.unit_id)
    context = {
        "campaign": campaign,
        "grade": grade,
        "why": queries.why(grade).masked(hidden),
        "objections": queries.objections(request.user, campaign).filter(firm=grade.firm),
        "regrades": queries.regrades(request.user, campaign).filter(firm=grade.firm),
        "standing": standing,
        "items": objecting.ITEMS.items(),
        "kinds": Regrade.Kind.choices,
        "may_object": may_change and campaign.state == State.OBJECTIONS,
        "may_regrade": may_change and campaign.state in objecting.REGRADED_IN,
        "may_notice": may_make(request.user, campaign),
        "types": HINT,
        "typed": typed(request),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/firm.html", context)


@require_POST
def object_(request: Request, pk: int, uscc: str) -> HttpResponse:
    """An objection, entered by an official for the firm."""
    campaign, grade = found_grade(request, pk, uscc)
    require(request.user, "accounts.change", campaign.unit_id)
    given = request.POST

    def do() -> str:
        item, claim = given.get("item", ""), given.get("claim", "")[:1000]
        objecting.file_objection(request.user, pk, grade.firm, item, claim, sent_with(request))
        return "已登记异议"

    return _done(request, do, "object", pk, grade.firm.uscc)


@require_POST
def regrade(request: Request, pk: int, uscc: str) -> HttpResponse:
    """A regrade in place of the one the person saw."""
    campaign, grade = found_grade(request, pk, uscc)
    require(request.user, "accounts.change", campaign.unit_id)
    texts: dict[str, Any] = {name: request.POST.get(name, "")[:120] for name in ("kind", "to", "clause", "document")}
    texts |= {"clause": texts["clause"][:60], "reason": request.POST.get("reason", "")[:300]}
    seen = request.POST.get("seen", "")

    def do() -> str:
        number = int(seen) if seen.isdecimal() and len(seen) < 19 else None
        objecting.regrade(request.user, pk, grade.firm, proof=sent_with(request), seen=number, **texts)
        return "已记入调档，重新计分后生效"

    return _done(request, do, "regrade", pk, grade.firm.uscc)


def _objection(request: Request, objection: int) -> Objection:
    found = Objection.objects.select_related("firm", "campaign").filter(campaign__in=queries.campaigns(request.user))
    one = within_reach(request, found, pk=objection)
    return within_reach(request, found.filter(queries.within(request.user, one.campaign)), pk=objection)


def _regrade(request: Request, regrade: int) -> Regrade:
    found = Regrade.objects.select_related("firm", "campaign").filter(campaign__in=queries.campaigns(request.user))
    one = within_reach(request, found, pk=regrade)
    return within_reach(request, found.filter(queries.within(request.user, one.campaign)), pk=regrade)


@require_POST
def answer(request: Request, objection: int) -> HttpResponse:
    """Accepted or returned, with words."""
    one = _objection(request, objection)

    def do() -> str:
        done = objecting.answer(request.user, one, request.POST.get("state", ""), request.POST.get("words", "")[:1000])
        return f"异议已处理：{done.get_state_display()}"

    return _done(request, do, str(one.pk), one.campaign_id, one.firm.uscc)


@require_POST
def withdraw(request: Request, regrade: int) -> HttpResponse:
    """The regrade no longer counts."""
    one = _regrade(request, regrade)

    def do() -> str:
        objecting.withdraw(request.user, one, request.POST.get("reason", "")[:300])
        return "已撤销调档，重新计分后生效"

    return _done(request, do, str(one.pk), one.campaign_id, one.firm.uscc)


@require_GET
def objection_file(request: Request, objection: int) -> HttpResponse:
    """What proves an objection."""
    return _file(request, _objection(request, objection))


@require_GET
def regrade_file(request: Request, regrade: int) -> HttpResponse:
    """What proves a regrade."""
    return _file(request, _regrade(request, regrade))


def _file(request: Request, one: Objection | Regrade) -> HttpResponse:
    """It may tell taxes: not for all, and noted."""
    if not may_read(request.user, one.campaign.unit_id):
        raise PermissionDenied("evidence may tell taxes")
    note_read(request.user, "campaign.read_evidence", one, ("evidence",))
    return download(one)


def _done(request: Request, do: Callable[[], str], form: str, pk: int, uscc: str) -> HttpResponse:
    """Do it and say so, or say why not; back to the firm, with what was typed into a form that was refused."""
    try:
        messages.success(request, f"{do()}。")
    except (Refused, Unfit) as refused:
        keep(request, form, "campaign:firm", pk, uscc)
        messages.error(request, f"{refused}。")
    return redirect("campaign:firm", pk=pk, uscc=uscc)
