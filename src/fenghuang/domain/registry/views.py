"""One delivered row as it came, and what can be done about it: correct, refuse, look at again."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.domain.feeds import sensitive
from fenghuang.domain.feeds.models import RawRow
from fenghuang.domain.feeds.rows import Shown, shown
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.feeds.templates import template
from fenghuang.domain.registry import actions
from fenghuang.domain.registry.mending import may_change_row
from fenghuang.domain.registry.queries import may_see_row
from fenghuang.platform.accounts.http import Request, wants_fragment
from fenghuang.platform.audit.reach import refuse

PROPOSED = "经核对，采用系统列出的代码 {}"


def _row(request: Request, pk: int) -> RawRow:
    row = get_object_or_404(RawRow.objects.select_related("delivery", "resolved_by", "corrects__delivery"), pk=pk)
    if not may_see_row(request.user, row):
        refuse(request, row)
    return row


def _note(request: Request, row: RawRow) -> None:
    """Log that a row with sensitive cells was opened, and which of them are read in full."""
    if sensitive.sensitive_in(row):
        subject = ("feeds.rawrow", str(row.pk), str(row))
        fields = sensitive.readable(request.user, request.user.unit)
        sensitive.note_read(request.user, "feeds.read_row", subject, fields)


def _shown(request: Request, row: RawRow) -> Shown:
    one = shown(row, list(row.findings.select_related("unit").order_by("id")), request.user)
    return replace(one, may_change=may_change_row(request.user, row))


@require_GET
def row(request: Request, pk: int) -> HttpResponse:
    """The cells under their headers, the row's outcome, its findings, and the form to put it right."""
    one = _row(request, pk)
    _note(request, one)
    cells = sensitive.masked_cells(request.user, one)
    context = {
        "row": one,
        "shown": _shown(request, one),
        "title": template(one.delivery.template).title,
        "cells": list(zip(one.delivery.headers, cells, strict=False)),
        "findings": sensitive.masked_findings(request.user, one.findings.order_by("id")),
        "correction": one.corrections.select_related("delivery__received_by").order_by("-id").first(),
    }
    return render(request, "registry/row.html", context)


@require_GET
def edit(request: Request, pk: int) -> HttpResponse:
    """The row of a list with its form opened (or closed again)."""
    one = _row(request, pk)
    _note(request, one)
    return _line(request, one, is_open="close" not in request.GET)


@require_POST
def correct(request: Request, pk: int) -> HttpResponse:
    """Take the row as corrected, if it passes the checks."""
    one = _row(request, pk)
    cells = [request.POST.get(f"cell-{place}", text) for place, text in enumerate(one.cells)]
    reason = request.POST.get("reason", "")
    place, _, code = request.POST.get("propose", "").partition(":")
    if code and place.isdigit() and int(place) < len(cells):
        cells[int(place)] = code
        reason = reason.strip() or PROPOSED.format(code)
    try:
        new = actions.correct(one, cells, user=request.user, reason=reason)
    except Stale as stale:
        return _refused(request, one, str(stale), cells)
    if new.status == RawRow.Status.QUARANTINED:
        return _done(request, new, "已保存更正，但仍有问题，见下", good=False)
    return _done(request, new, f"第 {new.row} 行已更正，{new.get_status_display()}", good=True)


@require_POST
def reject(request: Request, pk: int) -> HttpResponse:
    """The row is not to be taken."""
    one = _row(request, pk)
    try:
        actions.reject(one, user=request.user, reason=request.POST.get("reason", ""))
    except Stale as stale:
        return _refused(request, one, str(stale))
    return _done(request, RawRow.objects.select_related("delivery").get(pk=pk), f"第 {one.row} 行不予采用", good=True)


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Look at a refused row again."""
    one = _row(request, pk)
    try:
        new = actions.restore(one, user=request.user, reason=request.POST.get("reason", ""))
    except Stale as stale:
        return _refused(request, one, str(stale))
    return _done(request, new, f"第 {new.row} 行已恢复核对：{new.get_status_display()}", good=True)


def _done(request: Request, row: RawRow, said: str, *, good: bool) -> HttpResponse:
    if wants_fragment(request):
        return _line(request, row, said=said, good=good, is_open=not good)
    (messages.success if good else messages.warning)(request, said)
    return redirect("registry:row", pk=row.pk)


def _refused(request: Request, row: RawRow, said: str, cells: list[str] | None = None) -> HttpResponse:
    """What was typed stays, unless the row is no longer waiting."""
    row = _row(request, row.pk)
    if wants_fragment(request):
        waits = row.status == RawRow.Status.QUARANTINED
        return _line(request, row, said=said, good=False, is_open=waits, typed=cells if waits else None)
    messages.error(request, said)
    return redirect("registry:row", pk=row.pk)


def _line(
    request: Request,
    row: RawRow,
    *,
    said: str = "",
    good: bool = True,
    is_open: bool = False,
    typed: list[str] | None = None,
) -> HttpResponse:  # fmt: skip
    one = _shown(request, row)
    if typed:
        one.cells = [replace(cell, text=text) for cell, text in zip(one.cells, typed, strict=False)]
    context = {"one": one, "said": said, "good": good, "is_open": is_open, "reason": request.POST.get("reason", "")}
    return render(request, "feeds/_row.html", context)
