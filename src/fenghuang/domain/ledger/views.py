"""Ledgers: the counties' pools, entries, one entry explained, an entry by hand, its counter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.domain.evaluation.asking import explained
from fenghuang.domain.ledger import actions, queries
from fenghuang.domain.ledger.forms import CounterForm, EntryForm
from fenghuang.domain.ledger.kinds import KINDS, Kind
from fenghuang.domain.ledger.lists import EntryTable, LedgerTable, countered, entries_shown
from fenghuang.domain.ledger.models import Entry
from fenghuang.domain.ledger.people import kinds_entered_by, may_enter, units
from fenghuang.domain.registry.models import FirmYear
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach
from fenghuang.platform.evidence import download
from fenghuang.platform.lists.page import on_page
from fenghuang.platform.refusals import Refused


@require_GET
def index(request: Request) -> HttpResponse:
    """Every county's pools."""
    lines = queries.lines(request.user)
    context = {
        "table": on_page(request, "ledgers", LedgerTable(lines), per_page=None),
        "waiting": sum(line.waiting for line in lines),
        "mine": kinds_entered_by(request.user),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/index.html", context)


@require_GET
def entries(request: Request) -> HttpResponse:
    """Entries with filters."""
    found, words = entries_shown(request.user, request.GET)
    context = {
        "table": on_page(request, "ledger-entries", EntryTable(found)),
        "words": words,
        "kinds": KINDS.values(),
        "units": units(request.user),
        "mine": kinds_entered_by(request.user),
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "ledger/entries.html", context)


@require_GET
def entry(request: Request, pk: int) -> HttpResponse:
    """Where the number comes from: case or document, facts, what the rule says."""
    return render(request, "ledger/entry.html", _entry_context(request, _entry(request, pk), CounterForm()))


def _entry(request: Request, pk: int) -> Entry:
    return within_reach(request, queries.entries(request.user).select_related("counters__account"), pk=pk)


def _entry_context(request: Request, one: Entry, form: CounterForm) -> dict[str, Any]:
    facts = one.why.get("facts", [])
    kinds = {"energy_tce": "energy", "land_mu": "land", "emission_t": "emission"}
    firm = FirmYear.objects.filter(pk__in=[fact["firm_year"] for fact in facts]).select_related("firm").first()
    return {
        "entry": one,
        "facts": [{**fact, "kind": KINDS[kinds[fact["fact"]]]} for fact in facts],
        "from_firm": firm.firm if firm else None,
        "records": [explained(record) for record in one.why.get("rules", [])],
        "countered": one.countered_by if countered(one) else None,
        "may_counter": not one.counters_id and not countered(one) and _may(request, one),
        "form": form,
        "is_demo": settings.FENGHUANG_DEMO,
    }


def _may(request: Request, one: Entry) -> bool:
    return may_enter(request.user, one.about, one.account.unit_id)


@require_POST
def counter(request: Request, pk: int) -> HttpResponse:
    """冲正 with reason and document."""
    one = _entry(request, pk)
    if not _may(request, one):
        raise PermissionDenied("entered by others")
    form = CounterForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = actions.counter(request.user, pk, **form.cleaned_data)
            messages.success(request, f"已冲正，见{made}。")
            return redirect("ledger:entry", pk=made.pk)
        except Refused as refused:
            form.add_error(None, f"{refused}。")
    return render(request, "ledger/entry.html", _entry_context(request, one, form), status=422)


@require_http_methods(["GET", "POST"])
def new(request: Request, kind: str) -> HttpResponse:
    """An entry by hand into a county's pool."""
    about = entered_kind(request, kind)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EntryForm(*sent, user=request.user, kind=about)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.enter(request.user, kind, given["unit"], given["amount"], _told(form))
            messages.success(request, f"已记入{made}。")
            return redirect("ledger:entry", pk=made.pk)
        except Refused as refused:
            form.add_error(None, f"{refused}。")
    status = 422 if request.method == "POST" else 200
    return render(request, "ledger/new.html", {"kind": about, "form": form}, status=status)


def entered_kind(request: Request, kind: str) -> Kind:
    """The kind of an address, for whoever may enter it."""
    if kind not in KINDS:
        raise Http404
    units(request.user)
    if KINDS[kind] not in kinds_entered_by(request.user):
        raise PermissionDenied(f"{kind} is entered by others")
    return KINDS[kind]


def _told(form: EntryForm) -> actions.Told:
    given = form.cleaned_data
    project, code = given.get("project", ""), given.get("project_code", "")
    if given["label"] == "project":
        project, code = actions.known_project(given["unit"], project, code)
    return actions.Told(
        given["label"], given["year"], given["on"], None, project, code, "", given["reason"], {},
        given["document"], given["proof"],
    )  # fmt: skip


@require_GET
def entry_file(request: Request, pk: int) -> HttpResponse:
    """The document of an entry."""
    return download(_entry(request, pk))
