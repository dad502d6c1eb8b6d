"""The things of a case that are settled one by one: added, settled with a document, dropped with a reason."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from fenghuang.domain.casework import parts, queries
from fenghuang.domain.casework.case_views import do
from fenghuang.domain.casework.models import Part
from fenghuang.domain.casework.reach import found_case, typed
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.evidence import sent_with
from fenghuang.platform.refusals import Refused


@require_POST
def add(request: Request, pk: int) -> HttpResponse:
    """One more of a group."""
    case, given = found_case(request, pk), request.POST
    group = given.get("group", "")

    def deed() -> str:
        day = given.get("due", "").strip()
        try:
            due = date.fromisoformat(day) if day else None
        except ValueError as fault:
            raise Refused(f"期限填的是“{day[:20]}”，应为日期，如 2023-06-30") from fault
        one = parts.add(request.user, pk, group, given.get("title", ""), fields=typed(given), due=due)
        return f"已登记“{one.title}”"

    return do(request, case, f"part-{group}", deed)


@require_POST
def settle(request: Request, part: int) -> HttpResponse:
    """One is settled, or with `drop` no longer counts."""
    one = within_reach(request, Part.objects.filter(case__in=queries.cases(request.user)), pk=part)
    words = request.POST.get("words", "")[:300]

    def deed() -> str:
        if "drop" in request.POST:
            parts.drop(request.user, part, words)
            return f"已取消“{one.title}”"
        parts.settle(request.user, part, words, proof=sent_with(request, "file"))
        return f"已办结“{one.title}”"

    return do(request, found_case(request, one.case_id), f"settle-{part}", deed)
