"""Departments by years, uploads with their difference, deliveries, and what waits for correction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.feeds import sensitive
from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.forms import RowFilter, UploadForm
from fenghuang.domain.feeds.lists import deliveries_shown, findings_of
from fenghuang.domain.feeds.models import Delivery, RawRow, Submission
from fenghuang.domain.feeds.queries import (
    Lines,
    delivered_years,
    deliveries_for,
    findings_chosen,
    matrix,
    missing_deliveries,
    rows_for,
    submissions_for,
)
from fenghuang.domain.feeds.rows import with_findings
from fenghuang.domain.feeds.tables import DeliveryTable, FindingTable
from fenghuang.domain.feeds.templates import template, templates
from fenghuang.platform.accounts.http import Request, wants_fragment
from fenghuang.platform.accounts.rules import may, require
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.jobs.actions import may_cancel
from fenghuang.platform.lists.page import PER_PAGE, on_page

PAGE = 50
SHORT = 25  # rows of a page where every row can open a form
KINDS = {  # of a difference, in the order of the switches
    "changed": "改动",
    "new": "新增",
    "quarantined": "隔离",
    "vanished": "本次未出现",
    "answered": "更正此前隔离",
}


@require_GET
def index(request: Request) -> HttpResponse:
    """What each department delivered for each year, what is missing, what waits; then the deliveries one by one."""
    years = delivered_years()
    missing = missing_deliveries(years)
    demanded = sum(one.role != "object" for one in templates().values())
    deliveries, _ = deliveries_shown(request.user, request.GET)
    context = {
        "years": [(year, demanded - sum(one.year == year for one in missing)) for year in years],
        "all": demanded,
        "lines": matrix(years),
        "missing": missing,
        "waiting": [one for one in submissions_for(request.user)[:30] if one.is_open],
        "table": on_page(request, "deliveries", DeliveryTable(deliveries)),
        "show": request.GET.get("show", ""),
        "open": rows_for(request.user, RawRow.Status.QUARANTINED, {}).count(),
        "may_import": request.user.has_perm("accounts.import_data"),
    }
    return render(request, "feeds/index.html", context)


# --- uploads ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Keep files aside and let the background worker find out what they would change."""
    require(request.user, "accounts.import_data")
    initial = {"expected": request.GET.get("template", "")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        one = uploads.submit(
            form.cleaned_data["files"],
            user=request.user,
            note=form.cleaned_data["note"],
            expected=form.cleaned_data["expected"],
        )
        return redirect("feeds:submission", pk=one.pk)
    return render(request, "feeds/upload.html", {"form": form, "templates": templates().values()})


@require_GET
def submission(request: Request, pk: int) -> HttpResponse:
    """What an upload would change; the lines of one sheet and kind alone for htmx."""
    one = within_reach(request, submissions_for(request.user), pk=pk)
    if wants_fragment(request) and "kind" in request.GET:
        return render(request, "feeds/_lines.html", _lines(request, one))
    job = one.job
    context: dict[str, Any] = {
        "one": one,
        "job": job,
        "may_cancel": bool(job and not job.is_over and may_cancel(request.user, job)),
        "may_import": request.user.has_perm("accounts.import_data"),
        "kinds": KINDS,
        "mappable": _mappable(one),
        "quarantined": sum(sheet["counts"]["quarantined"] for sheet in (one.summary or {}).get("sheets", [])),
        "doubts": sum(len(sheet["doubts"]) for sheet in (one.summary or {}).get("sheets", [])),
    }
    if one.summary and one.state == Submission.State.WAITING:
        context |= _lines(request, one)
    return render(request, "feeds/submission.html", context)


def _mappable(one: Submission) -> list[dict[str, Any]]:
    """Files whose headers no template knows: a person may say which column is which."""
    if one.state != Submission.State.WAITING:
        return []
    others = (one.summary or {}).get("others", [])
    return [{**other, "number": one.files.index(other["file"])} for other in others if other.get("may_map")]


def _lines(request: Request, one: Submission) -> dict[str, Any]:
    sheets = (one.summary or {}).get("sheets", [])
    if not sheets:
        return {"page": None}
    number = request.GET.get("sheet", "")
    sheet = int(number) if number.isdigit() and int(number) < len(sheets) else _first(sheets)
    counts = sheets[sheet]["counts"]
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        kind = next((name for name in KINDS if counts[name]), "new")
    lines: Any = Lines(one, sheet, kind)
    page: Page[Any] = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    of = template(sheets[sheet]["template"])
    hidden = sensitive.hidden_from(request.user, None)
    if carried := set(of.fields) & set(sensitive.FIELDS):
        sensitive.note_read(request.user, "feeds.read_upload", one, carried - hidden)
    if carried & hidden:
        page.object_list = sensitive.masked_lines(of, page.object_list, hidden)
    return {
        "one": one,
        "number": sheet,
        "sums": sensitive.masked_sums(of, sheets[sheet]["sums"], hidden),
        "chosen": sheets[sheet],
        "kind": kind,
        "page": page,
        "columns": {column.field: column.header for column in of.columns},
        "switches": [(name, words, counts[name]) for name, words in KINDS.items() if counts[name]],
    }


def _first(sheets: list[dict[str, Any]]) -> int:
    """The first sheet with something to look at."""
    return next((n for n, sheet in enumerate(sheets) if any(sheet["counts"][kind] for kind in KINDS)), 0)


@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """Let the upload take effect."""
    one = within_reach(request, submissions_for(request.user), pk=pk)
    return _decide(request, lambda: uploads.take(one, user=request.user, confirmed=request.POST.getlist("confirm")), pk)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Drop the upload."""
    one = within_reach(request, submissions_for(request.user), pk=pk)
    return _decide(request, lambda: uploads.discard(one, user=request.user), pk)


@require_POST
def check_again(request: Request, pk: int) -> HttpResponse:
    """Find out anew what the upload would change."""
    one = within_reach(request, submissions_for(request.user), pk=pk)
    return _decide(request, lambda: uploads.check_again(one, user=request.user), pk)


def _decide(request: Request, deed: Any, pk: int) -> HttpResponse:
    try:
        deed()
    except uploads.Stale as stale:
        messages.error(request, str(stale))
    return redirect("feeds:submission", pk=pk)


# --- deliveries ---------------------------------------------------------------------------------------------------


@require_GET
def delivery(request: Request, pk: int) -> HttpResponse:
    """One delivery: counts, remarks, findings of the person's units, and how to take it back."""
    one = get_object_or_404(deliveries_for(request.user).select_related("withdrawn_by"), pk=pk)
    found = findings_of(request.user, one)
    table = on_page(request, "delivery", FindingTable(found, reader=request.user))
    sensitive.note_list(request.user, f"delivery:{one.pk}", str(one), sensitive.told(request.user, found))
    corrections = Delivery.objects.filter(withdrawn_at__isnull=True, raw_rows__corrects__delivery=one).distinct()
    context = {
        "delivery": one,
        "title": template(one.template).title,
        "table": table,
        "corrections": corrections.count(),
        "waiting": RawRow.objects.filter(delivery=one, status=RawRow.Status.QUARANTINED).count(),
        "may_import": may(request.user, "accounts.import_data", one.department),
    }
    return render(request, "feeds/delivery.html", context)


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take the whole delivery back."""
    one = get_object_or_404(deliveries_for(request.user), pk=pk)
    try:
        job = uploads.undo_later(one, user=request.user, reason=request.POST.get("reason", ""))
    except uploads.Stale as stale:
        messages.error(request, str(stale))
        return redirect("feeds:delivery", pk=pk)
    return redirect("jobs:detail", pk=job.pk)


# --- what waits for correction ------------------------------------------------------------------------------------


@require_GET
def findings(request: Request) -> HttpResponse:
    """Rows in quarantine, to be worked off; rows refused; notices."""
    form = RowFilter(request.GET, request.user)
    chosen = form.chosen
    show = request.GET.get("show", "")
    found = findings_chosen(request.user, show, chosen)
    as_table = show == "notices"
    table = on_page(
        request, "findings", FindingTable(found, reader=request.user), per_page=PER_PAGE if as_table else None
    )
    context: dict[str, Any] = {"form": form, "show": show, "table": table}
    if as_table:
        context["page"] = table.page
    else:
        status = RawRow.Status.REJECTED if show == "rejected" else RawRow.Status.QUARANTINED
        rows = Paginator(rows_for(request.user, status, chosen), SHORT).get_page(request.GET.get("page"))
        context |= {"page": rows, "rows": with_findings(rows.object_list, request.user)}
    sensitive.note_list(request.user, "findings", "待更正与提示", sensitive.told(request.user, found))
    return render(request, "feeds/findings.html", context)
