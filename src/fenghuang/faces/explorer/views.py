"""Pages of the calculators. Open to all: they ask no database, and nothing about firms can be reached from here."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from fenghuang.engines.case import NoSuchRule, pack_of
from fenghuang.engines.describe import described
from fenghuang.engines.worked import shown
from fenghuang.faces.explorer import case as cases
from fenghuang.faces.explorer.policies import case_address, frame
from fenghuang.law.pack import Pack, packs
from fenghuang.platform import rates

Request = Any  # an HttpRequest with django-htmx's `htmx`


@login_not_required
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """政策计算器: every rule there is, by clause."""
    found = [(pack, _clauses(pack)) for pack in packs().values() if pack.rules]
    return render(request, "explorer/rules.html", {"packs": found, "frame": frame(request)})


def _clauses(pack: Pack) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rules of a pack under their clauses, in the order of the document."""
    by_clause: dict[str, list[dict[str, Any]]] = {}
    for name in pack.rules:
        by_clause.setdefault(pack.rules[name].clause, []).append(described(pack, name))
    return sorted(by_clause.items(), key=lambda item: _order(item[0]))


def _order(clause: str) -> list[tuple[int, int | str]]:
    """art.2 before art.10."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"[._]", clause)]


@login_not_required
@require_GET
def calculator(request: Request, rule: str) -> HttpResponse:
    """The calculator of a rule. Typing asks for the result alone; the address always says the whole case."""
    if not request.user.is_authenticated and (seconds := rates.wait(request, "rules")):
        response = render(request, "explorer/busy.html", {"frame": "ui/public.html", "seconds": seconds}, status=429)
        response["Retry-After"] = str(seconds)
        return response
    try:
        pack = pack_of(rule)
    except NoSuchRule as fault:
        if not fault.near:
            raise Http404 from fault
        context = {"frame": frame(request), "fault": fault, "near": described(pack_of(fault.near), fault.near)}
        return render(request, "explorer/no_rule.html", context, status=404)
    case = cases.read(pack, rule, request.GET)
    fragment = request.htmx and not request.htmx.history_restore_request
    address = f"{request.path}?{case.query}" if case.said else request.path
    if not fragment and not case.strangers and case.said and case.said != dict(request.GET.items()):
        return redirect(address)  # a form without script sends its empty fields too
    context = {
        "case": case,
        "about": described(pack, rule),
        "link": request.build_absolute_uri(address),
        "frame": frame(request),
        "fragment": fragment,
        "example": cases.example(pack, rule),
        "examples": [(kind, one.name, case_address(pack, rule, one)) for kind, one in shown(pack, rule)],
    }
    response = render(request, "explorer/_answer.html" if fragment else "explorer/calculator.html", context)
    if fragment:
        response["HX-Replace-Url"] = address
    return response
