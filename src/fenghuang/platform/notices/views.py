"""The person's notices: read, followed, done with."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from fenghuang.platform.accounts.http import Request
from fenghuang.platform.notices import actions
from fenghuang.platform.notices.queries import notices

PER_PAGE = 30


@require_GET
def index(request: Request) -> HttpResponse:
    """通知: the newest first."""
    found = Paginator(notices(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/index.html", {"found": found})


@require_POST
def follow(request: Request, pk: int) -> HttpResponse:
    """Read one, and go where it points."""
    one = get_object_or_404(notices(request.user), pk=pk)
    actions.mark_read(request.user, pk)
    return redirect(one.link or "notices:index")


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Nothing is new any more."""
    actions.mark_read(request.user)
    return redirect("notices:index")


for _view in (index, follow, read_all):
    setattr(_view, "for_firms", True)  # noqa: B010 - functions of two shapes
