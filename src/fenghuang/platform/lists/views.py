"""The addresses that every list has: its file, its columns, its saved filters."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.db import IntegrityError
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.platform.accounts.http import Request
from fenghuang.platform.lists import actions
from fenghuang.platform.lists.forms import ViewForm
from fenghuang.platform.lists.models import SavedView
from fenghuang.platform.lists.queries import views_for
from fenghuang.platform.lists.registry import Listing, find, without_idle
from fenghuang.platform.lists.sheet import file_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _listing(request: Request, name: str) -> Listing:
    """The list of the address; 404 for one that is not there and one not for this person alike."""
    found = find(name)
    if found is None or not found.is_for(request.user):
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def export(request: Request, name: str) -> HttpResponse | FileResponse:
    """The file of the list as the address filters and orders it; a large one is made by the worker, on POST."""
    listing = _listing(request, name)
    shown = listing.open(request.user, request.GET)
    if shown is None:
        raise Http404
    rows = len(shown.table.data)
    if rows <= actions.DIRECT:
        made = actions.export(listing, shown, request.GET, actor=request.user)
        file = FileResponse(BytesIO(made.content), as_attachment=True, filename=file_name(listing), content_type=XLSX)
        file["Cache-Control"] = "private, no-store"
        return file
    if request.method == "POST":
        job = actions.request_export(listing, shown, request.GET, actor=request.user)
        messages.success(request, "正在后台生成文件，完成后在本页下载。")
        return redirect("jobs:detail", pk=job.pk)
    back = listing.address(without_idle(request.GET))
    context = {"listing": listing, "rows": rows, "direct": actions.DIRECT, "words": shown.words, "back": back}
    return render(request, "lists/large.html", context)


@require_POST
def columns(request: Request, name: str) -> HttpResponse:
    """Remember columns and density, then show the list with them."""
    listing = _listing(request, name)
    chosen = [] if "reset" in request.POST else request.POST.getlist("cols")
    actions.remember(listing, chosen, request.POST.get("density", ""), actor=request.user)
    query = without_idle(QueryDict(request.POST.get("query", "")))
    return redirect(listing.address(query))


@require_POST
def save(request: Request, name: str) -> HttpResponse:
    """Keep the filter of the page under a name."""
    listing = _listing(request, name)
    form = ViewForm(request.POST)
    query = request.POST.get("query", "")
    if form.is_valid() and len(query) <= 2000:
        view = actions.save_view(listing, query=QueryDict(query), actor=request.user, **form.cleaned_data)
        messages.success(request, f"已保存筛选方案“{view}”。")
    else:
        messages.error(request, "没有保存：请填写 1 至 60 个字的名称。")
    return redirect(listing.address(query[:2000]))


@require_GET
def index(request: Request) -> HttpResponse:
    """All saved filters that the person may see, the own ones to be changed."""
    found = [
        {"view": view, "listing": find(view.listing), "own": view.owner_id == request.user.pk}
        for view in views_for(request.user)
    ]
    return render(request, "lists/views.html", {"found": found, "may_share": actions.may_share(request.user)})


@require_GET
def view(request: Request, pk: int) -> HttpResponse:
    """The link of a saved filter: the list's page with it."""
    found = get_object_or_404(views_for(request.user), pk=pk)
    return redirect(_listing(request, found.listing).address(found.query))


@require_POST
def change(request: Request, pk: int) -> HttpResponse:
    """Rename, share or keep private, by the owner."""
    found = get_object_or_404(views_for(request.user), pk=pk)
    form = ViewForm(request.POST)
    try:
        if form.is_valid():
            actions.change_view(found, actor=request.user, **form.cleaned_data)
            messages.success(request, "已修改。")
        else:
            messages.error(request, "没有修改：请填写 1 至 60 个字的名称。")
    except IntegrityError:
        messages.error(request, "没有修改：您已有同名的筛选方案。")
    return redirect("lists:index")


@require_POST
def delete(request: Request, pk: int) -> HttpResponse:
    """Forget it, by the owner."""
    found: SavedView = get_object_or_404(views_for(request.user), pk=pk)
    actions.delete_view(found, actor=request.user)
    messages.success(request, "已删除。")
    return redirect("lists:index")
