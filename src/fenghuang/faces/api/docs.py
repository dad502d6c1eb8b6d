"""The description and the page that shows it, with Swagger UI from our own address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fenghuang.faces.api import openapi as description
from fenghuang.faces.api.answers import STATUSES

# No validator: it would send our address to somebody else's server.
SETTINGS: dict[str, Any] = {"layout": "BaseLayout", "deepLinking": False, "validatorUrl": None,
                            "defaultModelsExpandDepth": -1, "docExpansion": "list"}  # fmt: skip


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    return HttpResponse(description.document(), content_type="application/json")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    problems = [{"kind": kind, "status": status, "title": title} for kind, (status, title) in STATUSES.items()]
    address = request.build_absolute_uri(reverse("api:openapi").removesuffix("openapi.json"))
    frame = "base.html" if request.user.is_authenticated else "ui/public.html"
    context = {
        "frame": frame,
        "settings": {**SETTINGS, "url": reverse("api:openapi")},
        "problems": problems,
        "address": address,
    }
    return render(request, "api/docs.html", context)
