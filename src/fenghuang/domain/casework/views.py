"""The worktop: what waits for the person, what is late, and every register with its numbers."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.domain.casework import queries, wording
from fenghuang.domain.casework.filters import SHOWS, chosen, of_show
from fenghuang.domain.casework.lists import CaseTable, rows
from fenghuang.domain.casework.models import Alarm
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import User
from fenghuang.platform.lists.page import on_page


@require_GET
def index(request: Request) -> HttpResponse:
    """我的待办 first; switches, filters, registers."""
    asked = chosen(request.user, request.GET)
    counts = _counts(request.user)
    context = {
        "table": on_page(request, "cases", CaseTable(rows(asked.cases))),
        "asked": asked,
        "shows": [(name, title, counts.get(name)) for name, title in SHOWS.items()],
        "tallies": queries.tallies(request.user),
        "counts": counts,
        "reads_only": request.user.role in queries.READERS,
        "is_demo": wording.is_demo(),
    }
    return render(request, "casework/index.html", context)


def _counts(user: User) -> dict[str, int]:
    """How many there are of each switch, in two queries."""
    late = Q(alarm__gte=Alarm.OVERDUE)
    found = queries.open_cases(user).aggregate(
        open=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=Q(alarm=Alarm.WARNED))
    )
    return {**found, "mine": of_show(user, "mine").count()}
