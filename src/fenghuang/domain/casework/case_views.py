"""One case: its page, and everything that is done there. What cannot be done comes back with what was typed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.domain.casework import actions, planning, queries, talking
from fenghuang.domain.casework.case_page import context, may_read_files
from fenghuang.domain.casework.models import Attachment, Case, Measure
from fenghuang.domain.casework.reach import asked_version, found_case, typed
from fenghuang.domain.feeds.sensitive import note_read
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.evidence import Proof, Unfit, download, sent_with
from fenghuang.platform.refusals import Refused, Stale

CLOCK = {"pause": actions.pause, "resume": actions.resume, "reopen": actions.reopen}
SAID = {"pause": "已暂停计时", "resume": "已恢复计时，期限顺延", "reopen": "已重新办理"}


@require_GET
def case(request: Request, pk: int) -> HttpResponse:
    """Where it stands, who is next, what can be done and why not, why it is here, what happened."""
    return render(request, "casework/case.html", context(found_case(request, pk), request.user))


def do(request: Request, case: Case, at: str, deed: Callable[[], str]) -> HttpResponse:
    """Do it and say so; else the page again with the sentence and what was typed."""
    try:
        said = deed()
    except (Refused, Unfit) as refused:
        fresh = found_case(request, case.pk)
        shown = context(fresh, request.user, request.POST.dict(), at)
        shown |= {"refused": str(refused), "stale": isinstance(refused, Stale), "had_files": bool(request.FILES)}
        return render(request, "casework/case.html", shown, status=409 if isinstance(refused, Stale) else 422)
    messages.success(request, f"{said}。")
    return redirect("casework:case", pk=case.pk)


@require_POST
def go(request: Request, pk: int) -> HttpResponse:
    """Along a step."""
    case = found_case(request, pk)
    name = request.POST.get("step", "")

    def deed() -> str:
        step = case.declared.steps.get(name)
        documents: dict[str, Proof] = {}
        for place, title in enumerate(step.documents if step else ()):
            if proof := sent_with(request, f"d-{place}"):
                documents[title] = proof
        moved = actions.move(
            request.user, pk, name, version=asked_version(request), fields=typed(request.POST), documents=documents,
            reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
        return f"已办理“{step.title if step else name}”，现在是“{moved.at.title}”"

    return do(request, case, name, deed)


@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """One agency's answer."""
    case = found_case(request, pk)
    given = request.POST

    def deed() -> str:
        agency, words = given.get("agency", ""), given.get("words", "")[:500]
        actions.answer(request.user, pk, agency, given.get("answer", ""), words, proof=sent_with(request))
        return "已答复"

    return do(request, case, "answer", deed)


@require_POST
def clock(request: Request, pk: int) -> HttpResponse:
    """Pause, resume, reopen."""
    case = found_case(request, pk)
    what = request.POST.get("what", "")

    def deed() -> str:
        if what not in CLOCK:
            raise Refused("没有这个操作，请从页面上选择")
        reason = request.POST.get("reason", "")[:500]
        CLOCK[what](request.user, pk, version=asked_version(request), reason=reason)
        return SAID[what]

    return do(request, case, what or "clock", deed)


@require_POST
def comment(request: Request, pk: int) -> HttpResponse:
    """A remark, with a file when one was chosen."""
    case = found_case(request, pk)

    def deed() -> str:
        proof, text = sent_with(request, "file"), request.POST.get("text", "")
        if proof:
            talking.attach(request.user, pk, request.POST.get("title", ""), proof)
        if text.strip() or not proof:
            talking.comment(request.user, pk, text)
        return "已添加附件" if proof and not text.strip() else "已留言"

    return do(request, case, "comment", deed)


@require_POST
def done(request: Request, measure: int) -> HttpResponse:
    """A measure was carried out."""
    seen = Measure.objects.select_related("plan").filter(plan__case__in=queries.cases(request.user))
    one = within_reach(request, seen, pk=measure)
    case = found_case(request, one.plan.case_id)

    def deed() -> str:
        planning.done(request.user, measure, note=request.POST.get("note", ""))
        return f"已登记“{one.title}”完成"

    return do(request, case, f"measure-{measure}", deed)


@require_GET
def file(request: Request, attachment: int) -> HttpResponse:
    """What a step asked for or somebody added; noted in the log."""
    one = within_reach(request, Attachment.objects.filter(case__in=queries.cases(request.user)), pk=attachment)
    if not may_read_files(request.user):
        raise PermissionDenied("files of a case may tell taxes")
    note_read(request.user, "casework.read_attachment", one, ("file",))
    return download(one)
