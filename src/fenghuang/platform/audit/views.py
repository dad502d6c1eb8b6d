"""The event log, to read."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.lists import EventTable, events
from fenghuang.platform.lists.page import on_page


@require_GET
@permission_required("accounts.read_audit", raise_exception=True)
def index(request: Request) -> HttpResponse:
    """The newest events, of one subject or one action when asked so."""
    found, words = events(request.GET)
    table = on_page(request, "audit", EventTable(found))
    return render(request, "audit/index.html", {"table": table, "words": words})
