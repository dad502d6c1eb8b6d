"""Campaigns: who stands where, one campaign with its table of transitions, its method, its grades."""

from __future__ import annotations

import json
from typing import Any

import yaml
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.campaign import actions, board, method_form, queries
from fenghuang.domain.campaign.checking import ANSWERED_IN
from fenghuang.domain.campaign.checks import TELLS, checks
from fenghuang.domain.campaign.flow import BOUNDS, BY_NAME, ORDER, TIMED, TRANSITIONS, WHO, State, Transition
from fenghuang.domain.campaign.lists import CampaignTable, GradeTable, grades_shown
from fenghuang.domain.campaign.methods import method_of, odd_weights
from fenghuang.domain.campaign.models import Campaign
from fenghuang.domain.feeds.sensitive import may_read
from fenghuang.law.methods.faults import UnusableError
from fenghuang.law.methods.reading import read_method
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.calendar import ESTIMATED, between
from fenghuang.platform.lists.page import on_page
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.typed import keep, typed

FIRST_YEAR, LAST_YEAR = 2013, 2100  # of data, for the form
BULK = [one for one in TRANSITIONS if not one.needs]  # what needs no words of its own can be done for many
MOST_CHANGES = 200  # firms, on a campaign's page; the rest is asked for
LONGEST_METHOD = 200_000  # characters


def found_campaign(request: Request, pk: int) -> Campaign:
    """One the person may see, else 404."""
    return within_reach(request, queries.campaigns(request.user), pk=pk)


def asked_version(request: Request) -> int | None:
    """The version of the campaign that the person saw."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_GET
def index(request: Request) -> HttpResponse:
    """Units and states of a year, who is late, who has not begun."""
    years = queries.years(request.user)
    year = next((one for one in years if str(one) == request.GET.get("year", "")), years[0] if years else None)
    today = timezone.localdate()
    lines = board.lines(request.user, year, today) if year else []
    context = {
        "year": year,
        "years": years,
        "table": on_page(request, "campaigns", CampaignTable(lines), per_page=None),
        "late": [line for line in lines if line.late],
        "states": board.states(lines),
        "lines": lines,
        "waiting": queries.without_campaign(request.user, year) if year else [],
        "startable": [unit for unit in request.user.units() if may(request.user, "accounts.change", unit.pk)],
        "sees_city": request.user.sees_whole_city,
        "next_year": (year or today.year - 2) + 1,
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/index.html", context)


@require_POST
def start(request: Request) -> HttpResponse:
    """Begin a unit's year."""
    unit = within_reach(request, request.user.units(), pk=request.POST.get("unit", ""))
    require(request.user, "accounts.change", unit.pk)
    text = request.POST.get("year", "")
    if not (text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        messages.error(request, f"数据年度填的是“{text[:10]}”，应为 {FIRST_YEAR} 至 {LAST_YEAR} 的四位年份。")
        return redirect("campaign:index")
    try:
        made = actions.start(request.user, unit, int(text))
    except Refused as refused:
        messages.error(request, f"{refused}。")
        return redirect("campaign:index")
    messages.success(request, f"{made}的评价已开始，{_copied(made)}。")
    return redirect("campaign:detail", pk=made.pk)


def _copied(made: Campaign) -> str:
    """Where method and periods come from, and what is still to be set."""
    method = json.loads(made.method.content)
    place = method.get("place", made.unit.name)
    lent = f"借用{place}的方法，请先看评价方法是否适用" if place != made.unit.name else "方法沿用最近年度"
    return lent + ("；各环节工作日沿用上一年度" if made.periods else "；各环节工作日还没有设定，公示前须设定公示期")


@require_http_methods(["GET", "POST"])
def bulk(request: Request) -> HttpResponse:
    """One step for many units: first who can and who cannot, and why; then it is done for those ticked."""
    require(request.user, "accounts.change", request.user.unit)
    asked = request.POST if request.method == "POST" else request.GET
    arrow = BY_NAME.get(asked.get("name", ""), BULK[0])
    years = queries.years(request.user)
    year = next((one for one in years if str(one) == asked.get("year", "")), years[0] if years else None)
    here = queries.campaigns(request.user).filter(year=year or 0, state=arrow.before).order_by("unit__order")
    if request.method == "POST" and arrow in BULK:
        for campaign in here.filter(pk__in=[pk for pk in request.POST.getlist("campaign") if pk.isdecimal()][:100]):
            version = request.POST.get(f"version-{campaign.pk}", "")
            try:
                seen = int(version) if version.isdecimal() and len(version) < 10 else 0
                actions.advance(request.user, campaign.pk, arrow.name, version=seen)
                messages.success(request, f"{campaign}：已办理“{arrow.title}”。")
            except Refused as refused:
                messages.error(request, f"{campaign}：{refused}。")
        return redirect("campaign:index")
    lines = [(one, actions.why_not(one, arrow, request.user)) for one in here]
    context = {"arrow": arrow, "arrows": BULK, "year": year, "years": years, "lines": lines}
    return render(request, "campaign/bulk.html", {**context, "ready": any(not why for _, why in lines)})


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """Where it stands, what can be done by whom and why not, deadlines, scorings, objections, regrades."""
    campaign = found_campaign(request, pk)
    today = timezone.localdate()
    own = request.user.township  # an official of a township sees no figures of the whole unit
    last = campaign.scorings.select_related("recording", "facts", "method", "policy").first()
    changes = queries.changes(last, request.user) if last else []
    objections = list(queries.objections(request.user, campaign)[:200])
    place, waiting = ORDER.index(State(campaign.state)), typed(request)
    context = {
        "campaign": campaign,
        "late": between(campaign.due, today) if campaign.due and campaign.is_late(today) else 0,
        "estimated": ESTIMATED,
        "states": [
            {
                "state": state,
                "place": "done" if n < place else "here" if n == place else "ahead",
                "days": waiting.get("periods", {}).get(state, campaign.periods.get(state, "")),
                "bounds": BOUNDS.get(state),
                "timed": state in TIMED,
            }
            for n, state in enumerate(ORDER)
        ],
        "arrows": [
            (one, actions.why_not(campaign, one, request.user).removeprefix(f"“{one.title}”"), told(campaign, one))
            for one in queries.forward(campaign)
        ],
        "unconfirmed": unconfirmed(request, campaign),
        "contested": queries.contested(request.user, campaign) if campaign.state in ANSWERED_IN else 0,
        "pending": sum(one.state == "pending" for one in objections),
        "has_checks": ORDER.index(State(campaign.state)) >= ORDER.index(State.SELF_CHECK),
        "transitions": [(one, WHO[one.who]) for one in TRANSITIONS],
        "may_change": may(request.user, "accounts.change", campaign.unit_id) and not campaign.is_frozen,
        "may_reconcile": may_read(request.user, campaign.unit_id),
        "may_rescore": campaign.state in actions.RESCORED_IN,
        "odd": odd_weights(method_of(campaign)),
        "method": json.loads(campaign.method.content),
        "last": last,
        "sees_unit": own is None,
        "counts": [{**one, "scope": scope_title(one["scope"]), **_letters(one)} for one in last.counts]
        if last and not own
        else [],
        "changes": changes if request.GET.get("changes") == "all" else changes[:MOST_CHANGES],
        "changed": len(changes),
        "townships": [one for one in queries.totals(last, "township") if own is None or one[0] == own.name]
        if last
        else [],
        "industries": queries.totals(last, "industry") if last and not own else [],
        "letters": (*queries.LETTERS, queries.WITHOUT),
        "objections": objections,
        "regrades": queries.regrades(request.user, campaign)[:200],
        "typed": waiting,
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/detail.html", context)


def unconfirmed(request: Request, campaign: Campaign) -> int:
    """Firms of the person's own township that wait for its word."""
    if request.user.township is None or campaign.state != State.TOWNSHIP:
        return 0
    return sum(not one.is_confirmed for one in checks(campaign, timezone.localdate(), queries.places(request.user)))


def told(campaign: Campaign, arrow: Transition) -> str:
    """What to know before going along it."""
    return TELLS[arrow.tells](campaign, timezone.localdate()) if arrow.tells else ""


def _letters(one: dict[str, Any]) -> dict[str, Any]:
    """Initial and final classes side by side."""
    return {"pairs": [(x, one["initial"].get(x, 0), one["classes"].get(x, 0)) for x in queries.LETTERS]}


@require_POST
def go(request: Request, pk: int) -> HttpResponse:
    """Along an arrow."""
    campaign = found_campaign(request, pk)
    require(request.user, "accounts.change", campaign.unit_id)
    name = request.POST.get("name", "")
    if name not in BY_NAME:
        messages.error(request, "没有这个操作，请从页面上选择。")
        return redirect("campaign:detail", pk=pk)
    reason, document = request.POST.get("reason", "")[:300], request.POST.get("document", "")[:120]
    try:
        actions.advance(request.user, pk, name, version=asked_version(request), reason=reason, document=document)
        messages.success(request, f"已办理“{BY_NAME[name].title}”。")
    except Refused as refused:
        keep(request, name, "campaign:detail", pk)
        messages.error(request, f"{refused}。")
    return redirect("campaign:detail", pk=pk)


@require_POST
def periods(request: Request, pk: int) -> HttpResponse:
    """Working days of each state."""
    found_campaign(request, pk)
    given: dict[str, int | None] = {}
    for state in TIMED:
        text = request.POST.get(state, "").strip()
        if text and not (text.isdecimal() and len(text) < 5):
            keep(request, "periods", "campaign:detail", pk)
            messages.error(request, f"“{state.label}”填的是“{text[:10]}”，应为工作日数（整数），不设期限的留空。")
            return redirect("campaign:detail", pk=pk)
        given[state] = int(text) if text else None
    try:
        actions.set_periods(request.user, pk, given, version=asked_version(request))
        messages.success(request, "已设定各环节工作日。")
    except Refused as refused:
        keep(request, "periods", "campaign:detail", pk)
        messages.error(request, f"{refused}。")
    return redirect("campaign:detail", pk=pk)


@require_POST
def rescore(request: Request, pk: int) -> HttpResponse:
    """Score again; the page then says what changed for whom and why."""
    found_campaign(request, pk)
    try:
        made = actions.rescore(request.user, pk, version=asked_version(request))
        messages.success(
            request, f"{made}完成，{len(queries.changes(made, request.user))} 家企业的得分或等级有变化，见下。"
        )
    except Refused as refused:
        messages.error(request, f"{refused}。")
    return redirect("campaign:detail", pk=pk)


@require_http_methods(["GET", "POST"])
def method(request: Request, pk: int) -> HttpResponse:
    """The method as text: changed, tried on last year's data, adopted."""
    campaign = found_campaign(request, pk)
    document = json.loads(campaign.method.content)
    text = _as_text(document)
    last = queries.last_method(campaign)
    context: dict[str, Any] = {"campaign": campaign, "text": text, "last_year": campaign.year - 1}
    context["may_change"] = may(request.user, "accounts.change", campaign.unit_id) and campaign.state == ORDER[0]
    faults: list[str] = []
    if request.method == "POST":
        require(request.user, "accounts.change", campaign.unit_id)
        text = request.POST.get("text", "")[:LONGEST_METHOD].replace("\r\n", "\n")
        context["reason"] = request.POST.get("reason", "")[:300]
        try:
            if "fields" in request.POST:  # weights, benchmarks and cuts as typed into the form
                base: Any = read_method(text, "方法").document if text else document
                document = method_form.edited(base, request.POST.dict())
                text = _as_text(document)
            tried = read_method(text, "方法")
            document = tried.document
            context["odd"] = odd_weights(tried)
            if "adopt" in request.POST:
                if not context["reason"].strip():
                    raise Refused("请填写更换方法的理由")
                given = {"reason": context["reason"].strip(), "confirmed": "confirmed" in request.POST}
                actions.adopt(request.user, pk, tried, version=asked_version(request), **given)
                messages.success(request, "已采用新的评价方法。")
                return redirect("campaign:detail", pk=pk)
            context["tried"] = tried
            context["trial"] = queries.trial(campaign, tried)
        except UnusableError as error:
            faults = [str(fault) for fault in error.faults]
        except Refused as refused:
            faults = [str(refused)]
    context |= {"faults": faults, "text": text, "scoped": method_form.scoped(document, last)}
    context |= {"differences": method_form.differences(document, last), "is_there_last": last is not None}
    return render(request, "campaign/method.html", context, status=422 if faults else 200)


def _as_text(document: Any) -> str:
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))


@require_GET
def grades(request: Request, pk: int) -> HttpResponse:
    """The latest scoring's firms: initial and final grade side by side."""
    campaign = found_campaign(request, pk)
    found, words = grades_shown(request.user, campaign, request.GET)
    table = on_page(request, "campaign-grades", GradeTable(found))
    context = {
        "campaign": campaign,
        "table": table,
        "words": words,
        "chosen": request.GET.get("grade", ""),
        "may_send": may(request.user, "accounts.change", campaign.unit_id) and table.page.paginator.count > 0,
        "changed": request.GET.get("changed") == "1",
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/grades.html", context)
