"""一企一方案: the editor, the sheet that is printed, and the document that is handed out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from fenghuang.domain.casework import case_page, planning, wording
from fenghuang.domain.casework import paper as papers
from fenghuang.domain.casework.inputs import inputs
from fenghuang.domain.casework.models import Case, Plan
from fenghuang.domain.casework.reach import asked_version, found_case, typed
from fenghuang.domain.feeds.sensitive import note_read
from fenghuang.domain.registry.models import FirmYear
from fenghuang.law.document import documents
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.documents import forms
from fenghuang.platform.refusals import Refused, Stale
from fenghuang.platform.ui.numbers import scaled

SPARE = 5  # empty rows of measures that a page offers


@require_http_methods(["GET", "POST"])
def plan(request: Request, pk: int) -> HttpResponse:
    """The plan as a form; the page works without a script."""
    case = found_case(request, pk)
    declared = case.declared.plan
    if declared is None:
        messages.error(request, f"“{case.declared.title}”清单不编写方案。")
        return redirect("casework:case", pk=pk)
    refused, status = "", 200
    if request.method == "POST":
        try:
            given = request.POST
            planning.write(
                request.user, pk, version=asked_version(request), problem=given.get("problem", ""),
                aim=given.get("aim", ""), figures=typed(given), measures=_items(given),
            )  # fmt: skip
            messages.success(request, "方案已保存。")
            return redirect("casework:case", pk=pk)
        except Refused as fault:
            refused, status = str(fault), 409 if isinstance(fault, Stale) else 422
            case = found_case(request, pk)
    return render(request, "casework/plan.html", _form(request, case, refused), status=status)


def _items(given: QueryDict) -> list[planning.Item]:
    """The rows of measures; an empty row is none. Refused names the row whose day is none."""
    items = []
    columns = [given.getlist(name) for name in ("m-pk", "m-title", "m-agency", "m-due")]
    for number, (key, title, agency, due) in enumerate(zip(*columns, strict=False), 1):
        if not (title.strip() or due.strip()):
            continue
        try:
            day = date.fromisoformat(due.strip())
        except ValueError as fault:
            said = f"填的是“{due[:20]}”，应为日期，如 2023-06-30" if due.strip() else "没有填完成期限"
            raise Refused(f"第 {number} 项措施{said}") from fault
        items.append(planning.Item(title, day, agency, int(key) if key.isdecimal() and len(key) < 19 else None))
    return items


def _form(request: Request, case: Case, refused: str) -> dict[str, Any]:
    given = request.POST if refused else None
    one: Plan | None = getattr(case, "plan", None)
    declared = case.declared.plan
    assert declared is not None
    known = one.planned if one else {}
    return {
        "case": case,
        "register": case.declared,
        "due": wording.due(case, timezone.localdate()),
        "problem": given.get("problem", "") if given is not None else one.problem if one else "",
        "aim": given.get("aim", "") if given is not None else one.aim if one else "",
        "figures": _figures(
            case, inputs(declared.figures, declared.figures, known, typed(given) if given else {}, False)
        ),
        "rows": _rows(one, given),
        "agencies": _agencies(case),
        "may_plan": case_page.may_plan(case, request.user),
        "refused": refused,
        "is_demo": wording.is_demo(),
    }


def _figures(case: Case, fields: list[Any]) -> list[tuple[Any, str]]:
    """Each figure with what the firm has, where the registry knows it."""
    last = FirmYear.objects.current().filter(firm=case.firm).order_by("-year").first() if case.firm else None
    found = []
    for field in fields:
        fact, title = planning.BOUNDED.get(field.name, ("", ""))
        has = getattr(last, fact) if last and fact else None
        said = f"{last.year} 年度{title} {scaled(has, 4)} {field.unit}" if last and has is not None else ""
        found.append((field, said))
    return found


def _rows(one: Plan | None, given: QueryDict | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    if given is not None:
        columns = [given.getlist(name) for name in ("m-pk", "m-title", "m-agency", "m-due")]
        for key, title, agency, due in zip(*columns, strict=False):
            if title or due or agency:
                rows.append({"pk": key, "title": title, "agency": agency, "due": due})
    elif one:
        for measure in one.measures.filter(dropped=False):
            told = {"pk": measure.pk, "title": measure.title, "agency": measure.agency, "due": measure.due.isoformat()}
            rows.append({**told, "done": measure.done_on})
    return rows + [{"pk": "", "title": "", "agency": "", "due": ""} for _ in range(SPARE if rows else 3)]


def _agencies(case: Case) -> list[tuple[str, str]]:
    """Agencies that a measure can name; those that have a part in the register first."""
    agencies = documents()[case.declared.pack].agencies
    asked = [one for state in case.declared.states.values() if state.joint for one in state.joint.agencies]
    first = dict.fromkeys([case.declared.lead, *asked])
    return [(one, agencies[one]) for one in [*first, *(one for one in agencies if one not in first)]]


@require_GET
def printed(request: Request, pk: int) -> HttpResponse:
    """The plan as one sheet."""
    case = found_case(request, pk)
    shown = case_page.context(case, request.user)
    return render(request, "casework/printed.html", shown)


@require_GET
def paper(request: Request, pk: int, form: str) -> HttpResponse:
    """The plan as Word or PDF, for whoever reads the case's files; noted in the log."""
    case = found_case(request, pk)
    if not case_page.may_read_files(request.user):
        raise PermissionDenied("what a firm promised and agencies said is not for who runs the machines")
    try:
        content = forms.made(papers.plan_paper(case), form)
    except Refused as refused:
        messages.error(request, f"{refused}。")
        return redirect("casework:case", pk=pk)
    note_read(request.user, "casework.read_plan", case, ("plan",))
    answer = HttpResponse(content, content_type=forms.TYPES[form])
    answer["Content-Disposition"] = content_disposition_header(True, papers.name_of(case, form)) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
