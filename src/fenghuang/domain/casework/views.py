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
    context = {
        "table": on_page(request, "cases", CaseTable(rows(asked.cases))),
        "asked": asked,
        "shows": [(name, title, counts.get(name)) for name, title in SHOWS.items()],
        "tallies": tallies,
        "counts": counts,
        "reads_only": request.user.role in queries.READERS,
        "is_demo": wording.is_demo(),
    }
    return render(request, "casework/index.html", context)


def _counts(user: User, tallies: list[queries.Tally]) -> dict[str, int]:
    """How many there are of each switch: from the registers' numbers, which are asked for anyway."""
    found = {name: sum(getattr(one, name) for one in tallies) for name in ("open", "late", "soon")}
    return {**found, "mine": of_show(user, "mine").count()}
