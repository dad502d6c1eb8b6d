"""Addresses of the API: open to all, counted towards the asker's rate, refusing in JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from fenghuang.faces.api import docs
from fenghuang.faces.api.answers import Problem
from fenghuang.faces.api.api import api
from fenghuang.platform import rates

app_name = "api"


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view open to all. No session is used, so there is no forgery to protect from."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if seconds := rates.wait(request, "api"):
            return Problem("rate", f"请在 {seconds} 秒后重试", headers={"Retry-After": str(seconds)}).answer(
                request.path
            )
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = {"Allow": response.headers["Allow"]}
            return Problem("method", f"应为 {response.headers['Allow']}", headers=allowed).answer(request.path)
        return response

    return answer


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below /api/."""
    return Problem("no-page", f"没有 {request.path} 这个接口").answer(request.path)


_operations = [p for p in api.urls[0] if isinstance(p, URLPattern) and p.name != "api-root"]
urlpatterns = [
    path("v1/openapi.json", public(docs.openapi), name="openapi"),
    path("v1/docs", login_not_required(docs.page), name="docs"),
    *[path(f"v1/{p.pattern}", public(p.callback), name=str(p.name)) for p in _operations],
    re_path(r"^(?P<rest>.*)$", public(nowhere)),
]
