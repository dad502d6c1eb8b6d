"""{% load lists %}{% list_tools "firms" table %}: export, columns and density, saved filters of a list."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from fenghuang.platform.lists.actions import may_share
from fenghuang.platform.lists.columns import chosen, offers
from fenghuang.platform.lists.models import Choice
from fenghuang.platform.lists.queries import views_for
from fenghuang.platform.lists.registry import find, without_idle

register = template.Library()


@register.inclusion_tag("lists/_tools.html", takes_context=True)
def list_tools(context: template.Context, name: str, table: Any = None) -> dict[str, Any]:
    """The tools of a list; without a table there are no columns to choose."""
    request = context["request"]
    listing = find(name)
    query = without_idle(request.GET, "page", "csrfmiddlewaretoken").urlencode()
    export = reverse("lists:export", args=[name])
    return {
        "listing": listing,
        "export": f"{export}?{query}" if query else export,
        "query": query,
        "offers": offers(table) if table is not None else [],
        "chosen": chosen(request.user, name, request.GET),
        "densities": Choice.Density.choices,
        "views": list(views_for(request.user, name)[:30]),
        "page": reverse(listing.pattern) if listing else "",
        "may_share": may_share(request.user),
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }
