"""Cases on pages of lower floors, which know no cases: the template names what it is about."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from fenghuang.domain.casework import concerning, queries
from fenghuang.domain.casework.models import Case

register = template.Library()


@register.inclusion_tag("casework/_concerning.html", takes_context=True)
def cases_of_parcel(context: template.Context, reference: str) -> dict[str, Any]:
    """The cases about a parcel that the reader sees."""
    return {"lines": concerning.of_parcel(context["request"].user, reference, timezone.localdate())}


@register.simple_tag(takes_context=True)
def case_behind(context: template.Context, pk: str) -> Case | None:
    """The case that something came from, where the reader sees it."""
    return queries.cases(context["request"].user).filter(pk=int(pk)).first() if pk.isdecimal() else None
