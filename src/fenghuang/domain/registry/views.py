"""One delivered row as it came."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

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
    context = {
        "row": one,
        "title": template(one.delivery.template).title,
        "cells": list(zip(one.delivery.headers, one.cells, strict=False)),
        "findings": one.findings.order_by("id"),
    }
    return render(request, "registry/row.html", context)
