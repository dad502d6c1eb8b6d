"""Small things every answer needs."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from fenghuang.platform.audit.log import from_address

Respond = Callable[[HttpRequest], HttpResponse]


class ForwardedAddress:
    """Behind reverse proxies of ours the address of the asker is the one the outermost of them wrote down.

    Entries further left were written by whoever asks, and are not believed. Everything that looks at REMOTE_ADDR
    (events, lock-out, rate limits) comes after this.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
            address = hops[-settings.PROXIES] if len(hops) >= settings.PROXIES else ""
            with suppress(ValueError):  # the proxy itself asks, or it does not say for whom
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(address))
        return self.respond(request)


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
