"""What every page of casework needs: the case or register that the person sees, files, typed values, one way to do."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from fenghuang.domain.campaign.evidence import MOST, Proof, Unfit, proof
from fenghuang.domain.casework import queries
from fenghuang.domain.casework.lists import seen_register
from fenghuang.domain.casework.models import Case
from fenghuang.law.registers.declaration import Register
from fenghuang.platform.accounts.http import Request


def found_case(request: Request, pk: int) -> Case:
    """One the person sees, else 404."""
    return get_object_or_404(queries.cases(request.user).select_related("changed_by", "recording"), pk=pk)


def found_register(request: Request, name: str) -> Register:
    register = seen_register(request.user, name)
    if register is None:
        raise Http404
    return register


def asked_version(request: Request) -> int | None:
    """The version of the case that the person saw."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def sent(request: Request, name: str) -> Proof | None:
    """A file of the form, looked at; None when none was chosen. Unfit says why it is not taken."""
    file = request.FILES.get(name)
    if not isinstance(file, UploadedFile):
        return None
    if (file.size or 0) > MOST:
        raise Unfit(f"“{file.name}”有 {(file.size or 0) / 2**20:.1f} MB，最大 {MOST // 2**20} MB")
    return proof(file.name or "", file.read())


def typed(query: QueryDict, prefix: str = "f-") -> dict[str, Any]:
    """Fields of a form by name, empty ones left out."""
    found = {key.removeprefix(prefix): str(query[key]).strip() for key in query if key.startswith(prefix)}
    return {name: value for name, value in found.items() if value}
