"""One step for the ticked cases: chosen and filled in, looked at case by case, then done."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fenghuang.domain.casework import bulk, people, queries, wording
from fenghuang.domain.casework.inputs import inputs
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.queries import READERS
from fenghuang.domain.casework.reach import found_register, typed
from fenghuang.law.registers.declaration import Register, State, Step
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import Role
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.refusals import Refused

SHOWN = 200  # cases on the page; "全部" takes them all
MAY_QUEUE = (Role.CITY, Role.COUNTY, Role.CLERK)


class Asked(NamedTuple):
    """What the person is about to do: the step for cases of a state, those in reach."""

    register: Register
    state: State
    step: Step
    cases: QuerySet[Case]


@require_http_methods(["GET", "POST"])
def bulk_page(request: Request, key: str) -> HttpResponse:
    """Choose state and step, tick, fill in; POST with `look` previews each case, without it does what is ticked."""
    register = found_register(request, key)
    if request.user.role in READERS:
        raise PermissionDenied("who reads moves nothing")
    states = [state for state in register.open_states if bulk.bulk_steps(register, state.name)]
    if not states:
        messages.info(request, "这份清单的各步都须逐件附材料，不能批量办理。")
        return redirect("casework:register", key=key)
    given = request.POST if request.method == "POST" else request.GET
    state = next((one for one in states if one.name == given.get("state")), states[0])
    steps = bulk.bulk_steps(register, state.name)
    step = next((one for one in steps if one.name == given.get("step")), steps[0])
    found = queries.open_cases(request.user).filter(register=key, state=state.name).order_by("due", "pk")
    asked = Asked(register, state, step, found)
    if request.method == "GET" or "back" in given:
        return _choosing(request, asked, states, steps)
    seen = _ticked(request, found)
    if not seen:
        messages.error(request, "没有勾选事项，或勾选的事项已由他人办理。")
        return redirect("casework:register", key=key)
    try:
        told = bulk.common(register, step, typed(given), given.get("reason", ""), timezone.localdate())
    except Refused as fault:
        return _choosing(request, asked, states, steps, str(fault))
    return _looked_at(request, asked, seen, told) if "look" in given else _done(request, asked, seen)


def _choosing(
    request: Request, asked: Asked, states: list[State], steps: list[Step], refused: str = ""
) -> HttpResponse:
    """The cases with who can take the step, and what is filled in for all; what was typed and ticked stays."""
    register, state, step, found = asked
    given = request.POST
    shown = list(bulk.ready(found)[:SHOWN])
    lines = bulk.preview(shown, step, request.user, timezone.localdate())
    ticked = set(given.getlist("case")) if given and not given.get("all") else {str(one.pk) for one in shown}
    context = {
        "register": register, "states": states, "state": state, "steps": steps, "step": step,
        "lines": [(one, why, str(one.pk) in ticked) for one, why in lines], "refused": refused,
        "inputs": _inputs(step.fields, asked, given, True) + _inputs(step.may_fill, asked, given, False),
        "reason": given.get("reason", ""), "ticks_all": bool(given.get("all")),
        "who": people.in_words(step.by, register), "able": sum(not why for _, why in lines), "all": found.count(),
        "shown": len(shown), "at_once": bulk.AT_ONCE, "is_demo": wording.is_demo(),
    }  # fmt: skip
    return render(request, "casework/bulk.html", context, status=422 if refused else 200)


def _inputs(names: Collection[str], asked: Asked, given: Any, needed: bool) -> list[Any]:
    return inputs(asked.register.fields, names, {}, typed(given), needed=needed)


def _looked_at(request: Request, asked: Asked, seen: dict[int, int | None], told: dict[str, Any]) -> HttpResponse:
    """What would happen to each case, or why it cannot take the step; nothing is done yet."""
    register, state, step, found = asked
    given, today = request.POST, timezone.localdate()
    cases = list(bulk.ready(found.filter(pk__in=list(seen)[:SHOWN])))
    lines = bulk.foresee(cases, step, request.user, typed(given), given.get("reason", "")[:500], today)
    context = {
        "register": register, "state": state, "step": step, "chosen": len(seen), "shown": len(cases),
        "lines": [(one.case, wording.foreseen(one, step, request.user), one.why_not) for one in lines],
        "able": sum(not one.why_not for one in lines), "unable": sum(bool(one.why_not) for one in lines),
        "all": bool(given.get("all")),
        "filled": wording.filled_in(register, told), "typed": typed(given).items(), "reason": given.get("reason", ""),
        "at_once": bulk.AT_ONCE, "is_demo": wording.is_demo(),
    }  # fmt: skip
    return render(request, "casework/bulk_confirm.html", context)


def _ticked(request: Request, found: QuerySet[Case]) -> dict[int, int | None]:
    """What was ticked, or all of the state: keys with the versions that the person saw."""
    given = request.POST
    if given.get("all"):
        return dict(found.values_list("pk", "version")[: bulk.MOST])
    ticked = [pk for pk in given.getlist("case") if pk.isdecimal() and len(pk) < 19][:SHOWN]
    allowed = set(found.filter(pk__in=ticked).values_list("pk", flat=True))
    if others := len(set(ticked)) - len(allowed):
        messages.warning(request, f"勾选的有 {others} 件已由他人办理，不再办理。")
    return {int(pk): _number(given.get(f"version-{pk}", "")) for pk in ticked if int(pk) in allowed}


def _done(request: Request, asked: Asked, seen: dict[int, int | None]) -> HttpResponse:
    """Many of them in the background."""
    register, step = asked.register, asked.step
    fields, reason = typed(request.POST), request.POST.get("reason", "")[:500]
    if len(seen) > bulk.AT_ONCE and request.user.role in MAY_QUEUE:
        arguments = {"seen": seen, "step": step.name, "reason": reason, "user": request.user.pk, "fields": fields}
        title = f"{register.title}：{step.title} {len(seen)} 件"
        job = enqueue("casework.move", title, actor=request.user, arguments=arguments)
        messages.success(request, "正在后台办理，可以随时取消；已办的每一件都有记录。")
        return redirect("jobs:detail", pk=job.pk)
    outcome = bulk.move_each(request.user, seen, step.name, reason, fields=fields)
    if outcome.done:
        messages.success(request, f"“{step.title}”已办理 {outcome.done} 件。")
    for subject, sentence in outcome.refused[:20]:
        messages.error(request, f"{subject}：{sentence}。")
    return redirect("casework:register", key=register.name)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
