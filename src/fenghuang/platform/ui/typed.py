"""What somebody typed into a form that was refused: kept for the page the person is sent back to, shown once."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

KEPT = "typed"
LONGEST = 2_000  # characters of a field


def keep(request: HttpRequest, form: str, pattern: str, *args: object) -> None:
    """The fields of the form that were sent, for the page of that pattern. Files cannot be put back by any page."""
    fields = {name: text[:LONGEST] for name, text in request.POST.items() if isinstance(text, str)}
    fields.pop("csrfmiddlewaretoken", None)
    request.session[KEPT] = {"at": reverse(pattern, args=args), "form": form, "fields": fields}


def typed(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Form -> fields, of this page; empty when nothing was refused."""
    kept = request.session.get(KEPT)
    if not kept or kept["at"] != request.path:
        return {}
    del request.session[KEPT]
    return {kept["form"]: kept["fields"]}
