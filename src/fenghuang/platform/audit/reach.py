"""What stands in an address, if the person may see it; else 404, the same whether it is there or not.

Somebody who reaches for what is there and belongs to others is noted: once a person, thing, address and day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Never, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from fenghuang.platform.audit.log import record_once

if TYPE_CHECKING:
    from django.http import HttpRequest

M = TypeVar("M", bound=Model)


def within_reach(request: HttpRequest, seen: QuerySet[M], **which: Any) -> M:
    """The one of `seen` (what the person may see) that the address names; Http404, noted, when it is beyond."""
    found = seen.filter(**which).first()
    if found is None:
        refuse(request, seen.model._base_manager.filter(**which).first())
    return found


def refuse(request: HttpRequest, beyond: Model | None) -> Never:
    """404; `beyond` is what the person reached for, None when there is no such thing."""
    if beyond is not None:
        user: Any = request.user
        tried = {"address": request.path[:300], "method": str(request.method)}
        record_once("accounts.reached_beyond", actor=user, subject=beyond, after=tried)
    raise Http404
