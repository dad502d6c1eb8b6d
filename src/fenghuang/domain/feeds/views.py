"""Upload files, see what was delivered, and what is wrong with it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fenghuang.domain.feeds.actions import submit
from fenghuang.domain.feeds.forms import UploadForm
from fenghuang.domain.feeds.models import Finding
from fenghuang.domain.feeds.queries import delivered_years, deliveries_for, findings_for, kinds_of, missing_deliveries
from fenghuang.domain.feeds.sensitive import masked_findings
from fenghuang.domain.feeds.sentences import KINDS
from fenghuang.domain.feeds.templates import templates
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require

PAGE = 50


def _person(request: HttpRequest) -> User:
    """Who asks; the middleware lets nobody in without a login."""
    return cast(User, request.user)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The deliveries, newest first, and what is missing."""
    page = Paginator(deliveries_for(_person(request)), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "missing": missing_deliveries(delivered_years()),
        "open": findings_for(_person(request)).filter(severity=Finding.Severity.QUARANTINE).count(),
        "may_import": request.user.has_perm("accounts.import_data"),
    }
    return render(request, "feeds/index.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Hand files to the background worker."""
    require(_person(request), "accounts.import_data")
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = submit(form.cleaned_data["files"], user=_person(request), note=form.cleaned_data["note"])
        messages.success(request, "文件已收到，正在后台核对导入。")
        return redirect("jobs:detail", pk=job.pk)
    return render(request, "feeds/upload.html", {"form": form, "templates": templates().values()})


@require_GET
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery: counts, remarks, findings of the person's units."""
    one = get_object_or_404(deliveries_for(_person(request)), pk=pk)
    found = findings_for(_person(request), open_only=False).filter(raw_row__delivery=one).order_by("raw_row__row", "id")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    page.object_list = masked_findings(_person(request), page.object_list)
    title = templates()[one.template].title
    return render(request, "feeds/delivery.html", {"delivery": one, "title": title, "page": page})


@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """Open findings, by kind."""
    found = findings_for(_person(request))
    kinds = [(kind, KINDS.get(kind, kind), count) for kind, count in kinds_of(found)]
    chosen = request.GET.get("kind", "")
    if chosen:
        found = found.filter(kind=chosen)
    page = Paginator(found.order_by("-raw_row__delivery", "raw_row__row"), PAGE).get_page(request.GET.get("page"))
    page.object_list = masked_findings(_person(request), page.object_list)
    return render(request, "feeds/findings.html", {"page": page, "kinds": kinds, "chosen": chosen})
