"""The line that says when pages show older data or grades than there are, with the button that computes anew."""

from __future__ import annotations

from typing import Any

from django import template

from fenghuang.domain.campaign import record
from fenghuang.domain.evaluation import queries as evaluation

register = template.Library()


@register.inclusion_tag("incentives/_refresh.html", takes_context=True)
def refresh_notice(context: template.Context) -> dict[str, Any]:
    """Nothing while the latest refresh has the latest recording and every grade that was announced."""
    request, refresh = context["request"], context.get("refresh")
    return {
        "newer": evaluation.newer_recording(refresh),
        "announced": record.unseen(refresh),
        "refresh": refresh,
        "may": request.user.has_perm("accounts.refresh"),
        "csrf_token": context.get("csrf_token"),
    }
