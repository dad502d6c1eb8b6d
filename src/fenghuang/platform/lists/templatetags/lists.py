"""{% load lists %}{% list_tools "firms" table %}: export, columns and density, saved filters of a list.

A list on the page of one thing says which: {% list_tools "delivery" table pk=delivery.pk %}. Where the page shows the
rows otherwise than as a table, `in_file=True` says that the columns are those of the file.
"""

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
def list_tools(
    context: template.Context, name: str, table: Any = None, *, in_file: bool = False, **path: Any
) -> dict[str, Any]:
    """The tools of a list; without a table (nothing to show) there are no columns to choose."""
    request, listing = context["request"], find(name)
    if listing is None:
        raise template.TemplateSyntaxError(f"no list named {name}")
    asked = without_idle(request.GET, "page", "csrfmiddlewaretoken")
    for place, value in path.items():
        asked[place] = str(value)
    query, export = asked.urlencode(), reverse("lists:export", args=[name])
    return {
        "listing": listing,
        "export": f"{export}?{query}" if query else export,
        "query": query,
        "offers": offers(table) if table is not None else [],
        "in_file": in_file,
        "chosen": getattr(table, "chosen", None) or chosen(request.user, name, request.GET),
        "densities": Choice.Density.choices,
        "views": [(view, listing.address(view.query)) for view in views_for(request.user, name)[:30]],
        "may_share": may_share(request.user),
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }
