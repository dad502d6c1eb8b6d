"""The event log, to read."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.platform.audit.lists import events


@require_GET
@permission_required("accounts.read_audit", raise_exception=True)
def index(request: HttpRequest) -> HttpResponse:
    """The newest events, of one subject or one action when asked so."""
    found, _ = events(request.GET)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "audit/index.html", {"page": page, "asked": request.GET})
