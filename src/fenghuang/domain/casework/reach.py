"""What every page of casework needs: the case or register that the person sees, and values as they were typed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict

from fenghuang.domain.casework import queries
from fenghuang.domain.casework.lists import seen_register
from fenghuang.domain.casework.models import Case
from fenghuang.law.registers.declaration import Register
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.audit.reach import within_reach


def found_case(request: Request, pk: int) -> Case:
    """One the person sees, else 404."""
    return within_reach(request, queries.cases(request.user).select_related("changed_by", "recording"), pk=pk)


def found_register(request: Request, name: str) -> Register:
    register = seen_register(request.user, name)
    if register is None:
        raise Http404
    return register


def asked_version(request: Request) -> int | None:
    """The version of the case that the person saw."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def typed(query: QueryDict, prefix: str = "f-") -> dict[str, Any]:
    """Fields of a form by name, empty ones left out."""
    found = {key.removeprefix(prefix): str(query[key]).strip() for key in query if key.startswith(prefix)}
    return {name: value for name, value in found.items() if value}
