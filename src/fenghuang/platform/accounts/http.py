"""The request a view gets: its person is one of ours (LoginRequiredMiddleware sees to it), htmx has marked it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from fenghuang.platform.accounts.models import User


class Request(HttpRequest):
    """For annotations only."""

    user: User
    htmx: HtmxDetails


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page; when it restores its history it needs the whole."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Under which name wrong passwords are counted: as typed but in small letters, for names are found so."""
    name = (credentials or {}).get("username") or (request.POST.get("login", "") if request else "")
    return str(name).strip().lower()
