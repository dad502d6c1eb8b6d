"""Small things every answer needs."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from fenghuang.platform.audit.log import from_address

Respond = Callable[[HttpRequest], HttpResponse]


class VaryOnHtmx:
    """A page and its fragment share an address: caches must tell them apart; browsers keep no page on disk."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        patch_vary_headers(response, ["HX-Request"])
        if response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-store, private")  # nothing stays on a shared machine
        return response


class AuditAddress:
    """Events written while a request is answered carry the address it came from."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with from_address(request.META.get("REMOTE_ADDR", "")[:45]):
            return self.respond(request)
