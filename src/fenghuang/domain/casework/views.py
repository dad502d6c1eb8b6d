"""The worktop: what waits for the person, what is late, and every register with its numbers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.domain.casework import queries, wording
from fenghuang.domain.casework.filters import SHOWS, chosen, of_show
from fenghuang.domain.casework.lists import CaseTable, rows
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.models import User
from fenghuang.platform.lists.page import on_page


@require_GET
def index(request: Request) -> HttpResponse:
    """我的待办 first; switches, filters, registers."""
    asked = chosen(request.user, request.GET)
    tallies = queries.tallies(request.user)
    counts = _counts(request.user, tallies)
    reads_only = request.user.role in queries.READERS  # who has no todo
    context = {
        "table": on_page(request, "cases", CaseTable(rows(asked.cases))),
        "asked": asked,
        "shows": [(one, title, counts.get(one)) for one, title in SHOWS.items() if one != "mine" or not reads_only],
        "tallies": tallies,
        "counts": counts,
        "reads_only": reads_only,
        "is_demo": wording.is_demo(),
    }
    return render(request, "casework/index.html", context)


def _counts(user: User, tallies: list[queries.Tally]) -> dict[str, int]:
    """How many there are of each switch: from the registers' numbers, which are asked for anyway."""
    found = {name: sum(getattr(one, name) for one in tallies) for name in ("open", "late", "soon")}
    return {**found, "mine": of_show(user, "mine").count()}
