"""Pages that belong to no app: errors, health, and the page that shows every component."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether the process answers and its database too; for load balancers, says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_safe
def geojson(request: HttpRequest) -> FileResponse:
    """The outlines of the nine units that have one (data/taizhou.geojson.md says where they come from)."""
    return FileResponse((settings.DATA / "taizhou.geojson").open("rb"), content_type="application/geo+json")


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component once, with made-up values: to look at, and for the tests."""
    from fenghuang.platform.ui.samples import context

    return render(request, "ui/style.html", context())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: too many files or fields, a host that is not ours. Nothing of the request is looked at again."""
    return HttpResponse(render_plain("ui/errors/400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "ui/errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return render(request, "ui/errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; the template needs no database and no session."""
    return HttpResponse(render_plain("ui/errors/500.html"), status=500)


def render_plain(template: str) -> str:
    """Render without a request, so that a broken database cannot break the page that says so."""
    from django.template.loader import render_to_string

    return render_to_string(template)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere."""
    return render(request, "ui/errors/csrf.html", {"reason": reason}, status=403)
