"""Addresses of the departments' interface: no session is used, every request is counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from fenghuang.domain.feeds.api import TITLES, api, problem
from fenghuang.platform import rates

app_name = "deliveries"


def counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open without a session (a token is asked for), within the address's rate."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if seconds := rates.wait(request, "deliveries"):
            response = problem(429, f"请在 {seconds} 秒后重试", request.path)
            response["Retry-After"] = str(seconds)
            return response
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allow = response.headers["Allow"]
            response = problem(405, f"应为 {allow}", request.path)
            response["Allow"] = allow
        response["Cache-Control"] = "no-store, private"
        return response

    return answer


def schema() -> dict[str, Any]:
    """The description, with what every operation may answer."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    shape = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for operations in found["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            for status in sorted({400, 401, 422, 429, 500} | {int(one) for one in answers if int(one) >= 400}):
                answers.pop(status, None)
                answers[str(status)] = {
                    "description": TITLES[status],
                    "content": {"application/problem+json": shape},
                }
            for status in [one for one in answers if int(one) < 400]:
                answers[status]["description"] = "成功" if int(status) == 200 else "已受理，后台处理"
    return found


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The description."""
    return HttpResponse(json.dumps(schema(), ensure_ascii=False), content_type="application/json")


_operations = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
urlpatterns = [
    path("deliveries/openapi.json", counted(openapi), name="openapi"),
    *(path(str(one.pattern), counted(one.callback), name=str(one.name)) for one in _operations),
]
