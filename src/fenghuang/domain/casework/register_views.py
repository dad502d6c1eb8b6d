"""One register: its cases, its diagram, its limits; who enters by screening or by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fenghuang.domain.casework import actions, bulk, diagram, people, queries, register_page, settings, wording
from fenghuang.domain.casework.deadlines import WARN
from fenghuang.domain.casework.filters import SHOWS, chosen, of_show
from fenghuang.domain.casework.inputs import inputs
from fenghuang.domain.casework.lists import CaseTable, rows
from fenghuang.domain.casework.models import Period
from fenghuang.domain.casework.naming import PROMISED, named
from fenghuang.domain.casework.queries import READERS
from fenghuang.domain.casework.reach import found_register, typed
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.queries import search_firms
from fenghuang.law.document import documents
from fenghuang.law.registers.declaration import SUBJECTS, Register, who_in_words
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.accounts.rules import may
from fenghuang.platform.evidence import HINT, Unfit, sent_with
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.lists.page import on_page
from fenghuang.platform.refusals import Refused

VIEWS = {"table": "表格", "board": "看板", "calendar": "日历", "map": "地区"}
MOST_FIRMS, MOST_FOUND = 20, 500
DAYS = "工作日数（整数），不设的留空"


def may_screen(user: User) -> bool:
    """Whether the person enters what the facts say."""
    return user.role in (Role.CITY, Role.COUNTY)


def may_enter_by_hand(user: User, register: Register) -> bool:
    by = register.entry.by_hand
    return any(user.role in people.MAY_ACT_AS.get(one, ()) or _is_agency(user, one) for one in by)


def _is_agency(user: User, by: str) -> bool:
    return bool(user.agency_id) and by == f"agency:{user.agency_id}"


@require_GET
def register(request: Request, key: str) -> HttpResponse:
    """Its cases as table, board, calendar or by county."""
    one = found_register(request, key)
    view = request.GET.get("view", "") if request.GET.get("view") in VIEWS else "table"
    query = request.GET.copy()
    if view in ("board", "map"):
        query["show"] = "all"
    asked = chosen(request.user, query, one)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "register": one,
        "asked": asked,
        "view": view,
        "views": VIEWS.items(),
        "shows": [(show, title, None) for show, title in SHOWS.items() if show != "mine" or not _reads(request.user)],
        "tally": next(iter(queries.tallies(request.user, key)), None),
        "mine": of_show(request.user, "mine").filter(register=key).count(),
        "may_screen": bool(one.entry.found_by) and may_screen(request.user),
        "may_hand": may_enter_by_hand(request.user, one),
        "may_bulk": not _reads(request.user),
        "is_demo": wording.is_demo(),
    }
    if view == "table":
        context["table"] = on_page(request, "register-cases", CaseTable(rows(asked.cases), exclude=("register",)))
    elif view == "board":
        context["columns"] = register_page.board(one, rows(asked.cases), today)
    elif view == "calendar":
        context["month"] = register_page.month(rows(asked.cases), request.GET.get("month", ""), today)
    else:
        context["counties"], context["chart"] = register_page.counties(asked.cases, request.user)
    return render(request, "casework/register.html", context)


def _reads(user: User) -> bool:
    return user.role in READERS


@require_GET
def diagram_page(request: Request, key: str) -> HttpResponse:
    """The declaration as a drawing and as tables."""
    one = found_register(request, key)
    agencies = documents()[one.pack].agencies
    days = dict(Period.objects.filter(register=key).values_list("state", "days"))
    states = [
        {
            "state": state,
            "who": people.in_words([state.held_by], one) if state.held_by else "",
            "limit": "" if state.end else wording.limit(one, state, days.get(state.name)),
            "asked": [agencies[agency] for agency in state.joint.agencies] if state.joint else [],
        }
        for state in one.states.values()
    ]
    steps = [
        {
            "step": step,
            "before": "、".join(one.states[before].title for before in step.before),
            "after": one.states[step.after],
            "who": people.in_words(step.by, one),
            "needs": _needs(one, step),
        }
        for step in one.steps.values()
    ]
    context = {
        "register": one,
        "drawing": diagram.draw(one),
        "states": states,
        "steps": steps,
        "lead": agencies.get(one.lead, ""),
        "by_hand": "或".join(who_in_words(by, agencies) for by in one.entry.by_hand),
        "subject": SUBJECTS[one.subject],
        "again": people.in_words(one.reopen.by, one) if one.reopen else "",
        "is_demo": wording.is_demo(),
    }
    return render(request, "casework/diagram.html", context)


def _needs(register: Register, step: Any) -> list[str]:
    """What a step asks for, in words."""
    needs = [f"填写{register.fields[name].title}" for name in step.fields]
    needs += [f"附{title}" for title in step.documents]
    if step.reason:
        needs.append("写明理由")
    if step.needs_plan:
        needs.append("已有方案和措施")
    if step.when:
        joint = next(register.states[one].joint for one in step.before if register.states[one].joint)
        assert joint is not None
        how = "各部门全部" if step.when.how == "all" else "至少一个部门"
        needs.append(f"{how}答复“{joint.answers[step.when.answer]}”")
    if register.states[step.after].shown_by:
        needs.append("按部门数据核验属实，不看填报")
    return needs


@require_http_methods(["GET", "POST"])
def periods(request: Request, key: str) -> HttpResponse:
    """What the city sets: limits of states, and on how many deliveries running an exit must show."""
    one = found_register(request, key)
    refused, at = "", ""
    if request.method == "POST":
        given, at = request.POST, request.POST.get("state", "")
        try:
            if at not in one.states:
                raise Refused("没有这个状态，请从页面上选择")
            messages.success(request, _set(request.user, one, at, given))
            return redirect("casework:periods", key=key)
        except Refused as fault:
            refused = str(fault)
    known = {period.state: period for period in Period.objects.filter(register=key).select_related("changed_by")}
    lines = []
    for state in one.open_states:
        period = known.get(state.name)
        told: dict[str, Any] = (
            {"days": period.days, "warn": period.warn, "basis": period.basis} if period else {"warn": WARN}
        )
        if refused and at == state.name:
            told = _typed(request)
        is_set = bool(state.limit and state.limit.is_set)
        said = wording.limit(one, state, period.days if period else None)
        lines.append({"state": state, "period": period, "told": told, "is_set": is_set, "said": said})
    exits = []
    for end in (end for end in one.ends if end.deliveries):
        period = known.get(end.name)
        exits.append({"state": end, "period": period, "told": _typed(request) if at == end.name else period})
    context = {
        "register": one, "lines": lines, "exits": exits, "refused": refused, "at": at, "is_demo": wording.is_demo(),
        "may_set": may(request.user, "accounts.change", None),
    }  # fmt: skip
    return render(request, "casework/periods.html", context, status=422 if refused else 200)


def _set(user: User, one: Register, at: str, given: QueryDict) -> str:
    """What was set, in words."""
    basis, title = given.get("basis", ""), one.states[at].title
    if one.states[at].end:
        times = _number(given.get("deliveries", ""), "连续达标的数据交付", "次数（整数）")
        settings.set_deliveries(user, one.name, at, times or 0, basis)
        return f"已设定“{title}”所需的连续达标次数，以后的核验都按此办理。"
    days, warn = (_number(given.get(name, ""), said, DAYS) for name, said in (("days", "期限"), ("warn", "提前提醒")))
    settings.set_period(user, one.name, at, days, warn or 0, basis)
    return f"已设定“{title}”的办理时限，以后进入这一状态的事项按此计算。"


def _typed(request: Request) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("days", "warn", "deliveries", "basis")}


def _number(text: str, title: str, expected: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isdecimal() and len(text) < 5):
        raise Refused(f"{title}填的是“{text[:10]}”，应为{expected}")
    return int(text)


# --- onto the register


@require_http_methods(["GET", "POST"])
def screen(request: Request, key: str) -> HttpResponse:
    """Whom the facts bring onto the register, and of whom they do not tell; those ticked are entered."""
    one = found_register(request, key)
    if not may_screen(request.user) or not one.entry.found_by:
        raise PermissionDenied("cases found on the facts are entered by county or city")
    found = bulk.search(one, request.user)
    if request.method == "POST":
        ticked = [subject[:60] for subject in request.POST.getlist("subject")]
        subjects = [found_.subject for found_ in found.found] if request.POST.get("all") else ticked
        if not subjects:
            messages.error(request, "没有勾选对象。")
        elif not request.POST.get("confirmed"):
            chosen_ = [it for it in found.found if it.subject in set(subjects)]
            context = {"register": one, "chosen": chosen_, "all": bool(request.POST.get("all")), **_due(one)}
            return render(request, "casework/screen_confirm.html", context)
        else:
            return _entered(request, one, subjects, found)
    context = {
        "register": one,
        "found": found.found[:MOST_FOUND],
        "unknown": found.unknown[:MOST_FOUND],
        "count": len(found.found),
        "count_unknown": len(found.unknown),
        "recording": found.recording,
        "is_demo": wording.is_demo(),
    }
    return render(request, "casework/screen.html", context)


def _due(one: Register) -> dict[str, Any]:
    days = Period.objects.filter(register=one.name, state=one.first.name).values_list("days", flat=True).first()
    return {"limit": wording.limit(one, one.first, days), "at_once": bulk.AT_ONCE, "is_demo": wording.is_demo()}


def _entered(request: Request, one: Register, subjects: list[str], found: Any) -> HttpResponse:
    if len(subjects) > bulk.AT_ONCE:
        arguments = {"name": one.name, "subjects": subjects, "user": request.user.pk}
        title = f"{one.title}：列入 {len(subjects)} 个对象"
        job = enqueue("casework.enter", title, actor=request.user, arguments=arguments)
        messages.success(request, "正在后台列入，可以随时取消。")
        return redirect("jobs:detail", pk=job.pk)
    outcome = bulk.enter_each(request.user, one.name, subjects, found)
    if outcome.done:
        messages.success(request, f"已列入 {outcome.done} 个对象。")
    for title, sentence in outcome.refused[:20]:
        messages.error(request, f"{title}：{sentence}。")
    return redirect("casework:register", key=one.name)


@require_http_methods(["GET", "POST"])
def enter(request: Request, key: str) -> HttpResponse:
    """By hand: look for the subject, say why, attach what proves it."""
    one = found_register(request, key)
    if not may_enter_by_hand(request.user, one):
        raise PermissionDenied(f"{key} is not entered by hand by this person")
    given = request.POST if request.method == "POST" else request.GET
    refused = ""
    if request.method == "POST":
        try:
            made = actions.enter(
                request.user, key, named(request.user, one, request.POST.dict()), recording=Recording.latest(),
                fields=typed(given), proof=sent_with(request), reason=given.get("reason", "")[:500], by_hand=True,
            )  # fmt: skip
            messages.success(request, f"已列入“{one.title}”清单。")
            return redirect("casework:case", pk=made.pk)
        except (Refused, Unfit) as fault:
            refused = str(fault)
    text = given.get("q", "").replace("\0", "")[:60]
    firms = list(search_firms(request.user, text)[:MOST_FIRMS]) if one.subject == "firm" and text.strip() else []
    context = {
        "register": one,
        "subject": SUBJECTS[one.subject],
        "q": text,
        "firms": firms,
        "given": given,
        "inputs": inputs(one.fields, one.entry.fields, {}, typed(given), needed=True),
        "units": request.user.units(),
        "is_promise": one.subject == PROMISED,
        "refused": refused,
        "types": HINT,
        "is_demo": wording.is_demo(),
    }
    return render(request, "casework/enter.html", context, status=422 if refused else 200)
