"""One step for the ticked cases: who can and why others cannot, then it is done."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fenghuang.domain.casework import bulk, people, queries, wording
from fenghuang.domain.casework.queries import READERS
from fenghuang.domain.casework.reach import found_register
from fenghuang.law.registers.declaration import Register
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import Role
from fenghuang.platform.jobs.actions import enqueue

SHOWN = 200  # cases on the page; "全部" takes them all
MAY_QUEUE = (Role.CITY, Role.COUNTY, Role.CLERK)


@require_http_methods(["GET", "POST"])
def bulk_page(request: Request, key: str) -> HttpResponse:
    """Choose state and step; the preview; with POST what is ticked is done."""
    register = found_register(request, key)
    if request.user.role in READERS:
        raise PermissionDenied("who reads moves nothing")
    asked = request.POST if request.method == "POST" else request.GET
    states = [state for state in register.open_states if bulk.bulk_steps(register, state.name)]
    if not states:
        messages.info(request, "这份清单的各步都须逐件附材料或填写内容，不能批量办理。")
        return redirect("casework:register", key=key)
    state = next((one for one in states if one.name == asked.get("state")), states[0])
    steps = bulk.bulk_steps(register, state.name)
    step = next((one for one in steps if one.name == asked.get("step")), steps[0])
    found = queries.open_cases(request.user).filter(register=key, state=state.name).order_by("due", "pk")
    if request.method == "POST":
        return _done(request, register, step.name, found.filter(state=state.name))
    shown = list(bulk.ready(found)[:SHOWN])
    lines = bulk.preview(shown, step, request.user, timezone.localdate())
    context = {
        "register": register, "states": states, "state": state, "steps": steps, "step": step, "lines": lines,
        "who": people.in_words(step.by, register), "able": sum(not why for _, why in lines), "all": found.count(),
        "shown": len(shown), "at_once": bulk.AT_ONCE, "is_demo": wording.is_demo(),
    }  # fmt: skip
    return render(request, "casework/bulk.html", context)


def _done(request: Request, register: Register, step: str, found) -> HttpResponse:  # type: ignore[no-untyped-def]
    """What was ticked, or all of the state; many of them in the background."""
    given = request.POST
    back = redirect("casework:register", key=register.name)
    if given.get("all"):
        seen = dict(found.values_list("pk", "version")[: bulk.MOST])
    else:
        ticked = [pk for pk in given.getlist("case") if pk.isdecimal() and len(pk) < 19][:SHOWN]
        allowed = set(found.filter(pk__in=ticked).values_list("pk", flat=True))
        seen = {int(pk): _number(given.get(f"version-{pk}", "")) for pk in ticked if int(pk) in allowed}
    if not seen:
        messages.error(request, "没有勾选事项。")
        return back
    reason = given.get("reason", "")[:500]
    if register.steps[step].reason and not reason.strip():
        messages.error(request, f"“{register.steps[step].title}”须填写理由。")
        return back
    title = register.steps[step].title
    if len(seen) > bulk.AT_ONCE and request.user.role in MAY_QUEUE:
        arguments = {"seen": seen, "step": step, "reason": reason, "user": request.user.pk}
        job = enqueue(
            "casework.move", f"{register.title}：{title} {len(seen)} 件", actor=request.user, arguments=arguments
        )
        messages.success(request, "正在后台办理，可以随时取消；已办的每一件都有记录。")
        return redirect("jobs:detail", pk=job.pk)
    outcome = bulk.move_each(request.user, seen, step, reason)
    if outcome.done:
        messages.success(request, f"“{title}”已办理 {outcome.done} 件。")
    for subject, sentence in outcome.refused[:20]:
        messages.error(request, f"{subject}：{sentence}。")
    return back


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
