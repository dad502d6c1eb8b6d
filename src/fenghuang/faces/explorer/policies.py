"""Pages of the policy documents: the table of clauses, a clause, coverage, search. Open to all, no firm in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fenghuang.engines import search as engine
from fenghuang.engines.case import today
from fenghuang.engines.describe import described
from fenghuang.engines.worked import text, worked
from fenghuang.faces.explorer import document
from fenghuang.faces.explorer.case import SET
from fenghuang.faces.explorer.drawing import Drawing, draw
from fenghuang.language.readings import EVERY_RULE, Reading
from fenghuang.law.addresses import clauses
from fenghuang.law.cases import Case as Worked
from fenghuang.law.pack import Pack, packs

Request = HttpRequest
MOST_HITS = 40  # of a kind


def frame(request: HttpRequest) -> str:
    """Staff keep their navigation; everybody else gets a page without it."""
    return "base.html" if request.user.is_authenticated else "ui/public.html"


def _pack(name: str) -> Pack:
    if name not in packs():
        raise Http404(name)
    return packs()[name]


def _show(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"explorer/{page}.html", {"frame": frame(request), **context})


@login_not_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """政策文件: every document there is."""
    found = []
    for pack in sorted(packs().values(), key=lambda one: document.text_of(one) is None):
        lines = [line for part in document.parts(pack, pack.default_day(today())) for line in part.lines]
        found.append({"pack": pack, "clauses": len(lines), "counts": document.counts(lines)})
    return _show(request, "policies", {"documents": found})


@login_not_required
@require_GET
def policy(request: HttpRequest, pack: str) -> HttpResponse:
    """A document as a table of its clauses."""
    found = _pack(pack)
    about = document.sentences(found, "document"), document.sentences(found, "other")
    parts = document.parts(found, found.default_day(today()))
    lines = [line for part in parts for line in part.lines]
    readings = [reading for reading in found.every_reading if reading.rule == EVERY_RULE]
    context = {"pack": found, "parts": parts, "about": about, "counts": document.counts(lines), "readings": readings}
    return _show(request, "policy", context)


@login_not_required
@require_GET
def coverage(request: HttpRequest, pack: str) -> HttpResponse:
    """实现情况: each clause with what is done and what is not, from the code itself."""
    found = _pack(pack)
    parts = document.parts(found, found.default_day(today()))
    lines = [line for part in parts for line in part.lines]
    duties = [(len(line.done), len(line.done) + len(line.todo)) for line in lines]
    context = {
        "pack": found,
        "parts": parts,
        "counts": document.counts(lines),
        "clauses": len(lines),
        "done": sum(done for done, _ in duties),
        "duties": sum(all_ for _, all_ in duties),
    }
    return _show(request, "coverage", context)


@dataclass(frozen=True, slots=True)
class Told:
    """A worked case as a row."""

    name: str
    given: list[tuple[str, str]]
    like_first: bool  # only what differs from the first case is told
    expect: list[tuple[str, str]]
    settings: list[str]
    missing: list[str]
    on: str
    why: str
    address: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A rule as a clause page shows it."""

    pack: Pack
    name: str
    about: dict[str, Any]
    drawing: Drawing
    readings: list[Reading]
    figures: list[document.Figures]
    cases: list[Told]
    used: list[document.Used]


@login_not_required
@require_GET
def clause(request: HttpRequest, pack: str, clause: str) -> HttpResponse:
    """A clause: what it does, its rules as graphs, figures, readings, worked cases, who answers for it, where used."""
    found = _pack(pack)
    ids = clauses(pack)
    if clause not in ids:
        raise Http404(clause)
    place = ids.index(clause)
    context = {
        "pack": found,
        "line": document.line(found, clause, found.default_day(today())),
        "sentences": document.sentences(found, clause),
        "passage": document.passage(found, clause),
        "place": document.place(found, clause),
        "rules": [_ruled(*rule) for rule in document.rules_of(found, clause)],
        "goals": document.goals(found, clause),
        "citations": document.citations(found, clause),
        "before": ids[place - 1] if place else "",
        "after": ids[place + 1] if place + 1 < len(ids) else "",
    }
    return _show(request, "clause", context)


def _ruled(pack: Pack, rule: str) -> Ruled:
    cases = worked(pack, rule)
    return Ruled(
        pack=pack,
        name=rule,
        about=described(pack, rule),
        drawing=draw(pack, rule),
        readings=[reading for reading in pack.every_reading if reading.rule == rule],
        figures=document.parameters(pack, rule),
        cases=[_told(pack, rule, case, cases[0]) for case in cases],
        used=document.used(rule),
    )


def _told(pack: Pack, rule: str, case: Worked, first: Worked) -> Told:
    choices = {reading.name: reading for reading in pack.readings.get(rule, ())}
    return Told(
        name=case.name,
        given=[
            _said(pack, rule, *said) for said in case.given.items() if case is first or said not in first.given.items()
        ],
        like_first=case is not first,
        expect=[_said(pack, rule, name, value) for name, value in case.expect.items()],
        settings=[choices[name].choices[choice] for name, choice in case.readings.items()],
        missing=[pack.words.title(rule, name) for name in case.missing if name in pack.rules[rule].inputs],
        on=case.on.isoformat(),
        why=case.why,
        address="" if case.supposes else case_address(pack, rule, case),
    )


def case_address(pack: Pack, rule: str, case: Worked) -> str:
    """The calculator filled with a worked case."""
    said = text(pack, rule, case) | {SET + name: choice for name, choice in case.readings.items()}
    return f"{reverse('explorer:rule', args=[rule])}?{urlencode({**said, 'on': case.on.isoformat()})}"


def _said(pack: Pack, rule: str, name: str, value: Any) -> tuple[str, str]:
    """A value of a case as (title, words)."""
    title = pack.words.title(rule, name)
    if isinstance(value, bool):
        return title, "是" if value else "否"
    if value is None:
        kind = pack.rules[rule].inputs.get(name)
        return title, "没有" if kind is not None and kind.optional else "未知"
    if isinstance(value, list):
        return title, "、".join(pack.words.label(rule, name, str(one)) for one in value) or "无"
    return title, pack.words.label(rule, name, str(value))


@login_not_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Search over clauses, rules, parameters and readings."""
    asked = request.GET.get("q", "")[: engine.LONGEST]
    found = engine.found(asked)
    groups = [(engine.KINDS[kind], kind, hits[:MOST_HITS], len(hits)) for kind, hits in found.items()]
    return _show(request, "search", {"asked": asked.strip(), "groups": groups})
