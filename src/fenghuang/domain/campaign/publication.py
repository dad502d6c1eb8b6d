"""What is open to all: name, code and grade, while they are announced for objections or published; no facts."""

from __future__ import annotations

from io import BytesIO
from itertools import groupby

import xlsxwriter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Subquery
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fenghuang.domain.campaign import queries
from fenghuang.domain.campaign.models import Campaign, Grade, Scoring
from fenghuang.domain.campaign.papers import OPEN, publication, what_is_open
from fenghuang.platform.documents import forms

PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _open(unit: str, year: int) -> tuple[Campaign, list[tuple[str, str, str]]]:
    """The campaign and its lines (name, code, grade), the best first; 404 while nothing is open."""
    found = Campaign.objects.select_related("unit").filter(unit=unit, year=year, state__in=OPEN).first()
    if found is None:
        raise Http404
    graded = Grade.objects.filter(scoring=found.scorings.first()).exclude(final="")
    return found, list(graded.order_by("final", "firm__uscc").values_list("name", "firm__uscc", "final"))


def opened() -> list[tuple[Campaign, str, int]]:
    """All that is open: campaign, 公示 or 公布, firms with a grade; the newest year first, units in their order."""
    newest = Scoring.objects.filter(campaign=OuterRef("pk")).order_by("-number").values("pk")[:1]
    found = Campaign.objects.filter(state__in=OPEN).select_related("unit").annotate(newest=Subquery(newest))
    campaigns = list(found.order_by("-year", "unit__order"))
    graded = Grade.objects.filter(scoring__in=[one.newest for one in campaigns]).exclude(final="")
    firms = dict(graded.order_by().values_list("scoring").annotate(Count("pk")))
    return [(one, what_is_open(one), firms.get(one.newest, 0)) for one in campaigns]


@login_not_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every list that is open, by year."""
    context = {
        "frame": "base.html" if request.user.is_authenticated else "ui/public.html",
        "years": [(year, list(lines)) for year, lines in groupby(opened(), lambda line: line[0].year)],
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/publications.html", context)


@login_not_required
@require_GET
def page(request: HttpRequest, unit: str, year: int) -> HttpResponse:
    """The list, in pages; ?all=1 on one page, for printing."""
    campaign, lines = _open(unit, year)
    every = request.GET.get("all") == "1"
    cut = Paginator(lines, max(len(lines), 1) if every else PER_PAGE)
    context = {
        "frame": "base.html" if request.user.is_authenticated else "ui/public.html",
        "campaign": campaign,
        "what": what_is_open(campaign),
        "lines": cut.get_page(request.GET.get("page")),
        "every": every,
        "classes": [(x, sum(line[2] == x for line in lines)) for x in queries.LETTERS],
        "is_demo": settings.FENGHUANG_DEMO,
    }
    return render(request, "campaign/publication.html", context)


@login_not_required
@require_GET
def file(request: HttpRequest, unit: str, year: int) -> FileResponse:
    """The same as XLSX."""
    campaign, lines = _open(unit, year)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("名单")
    title = f"{campaign.unit}{campaign.year}年度亩均评价结果{what_is_open(campaign)}名单"
    sheet.write_string(0, 0, title + ("（演示数据，均为虚构）" if settings.FENGHUANG_DEMO else ""))
    for row, cells in enumerate([("企业名称", "统一社会信用代码", "等级"), *lines], 2):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 24)
    book.close()
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{title}.xlsx", content_type=XLSX)


@login_not_required
@require_GET
def document(request: HttpRequest, unit: str, year: int, form: str) -> FileResponse:
    """The same as an official document, PDF or Word: made once, then given out as it is."""
    campaign, lines = _open(unit, year)
    made = publication(campaign, lines)
    path = forms.kept(made, form)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{made.title}.{form}", content_type=forms.TYPES[form]
    )
