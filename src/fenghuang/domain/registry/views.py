"""One delivered row as it came."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from fenghuang.domain.feeds import sensitive
from fenghuang.domain.feeds.models import RawRow
from fenghuang.domain.feeds.templates import template
from fenghuang.domain.registry.queries import may_see_row
from fenghuang.platform.accounts.models import User


@require_GET
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """The cells under their headers, the row's outcome and its findings."""
    one = get_object_or_404(RawRow.objects.select_related("delivery", "resolved_by"), pk=pk)
    if not may_see_row(cast(User, request.user), one):
        raise Http404
    user = cast(User, request.user)
    reads = sensitive.may_read(user, user.unit)  # whom a row is open to, has a firm of the own unit in it
    if sensitive.has_sensitive(one):
        subject = ("feeds.rawrow", str(one.pk), str(one))
        sensitive.note_read(user, "feeds.read_row", subject, sensitive.FIELDS if reads else ())
    cells = one.cells if reads else sensitive.masked_cells(one)
    context = {
        "row": one,
        "title": template(one.delivery.template).title,
        "cells": list(zip(one.delivery.headers, cells, strict=False)),
        "findings": sensitive.masked_findings(user, one.findings.order_by("id")),
    }
    return render(request, "registry/row.html", context)
