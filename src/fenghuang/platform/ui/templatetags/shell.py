"""Tags of the page shell and of its components."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fenghuang.language import words
from fenghuang.language.record import Record
from fenghuang.law.addresses import holder
from fenghuang.platform.ui.explanation import view
from fenghuang.platform.ui.icons import paths

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A drawn icon; decoration only: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{1}</svg>',
        size,
        mark_safe(paths(name)),  # noqa: S308 - our own constants
    )


@register.simple_tag
def json_script(data: Any, element_id: str) -> SafeString:
    """Data for a script, in a tag no browser runs (Django's `json_script` filter, with 中文 left readable)."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return format_html('<script id="{}" type="application/json">{}</script>', element_id, mark_safe(safe))  # noqa: S308


@register.simple_tag
def explanation(record: Record) -> str:
    """What <c-explanation> draws."""
    return get_template("ui/explanation.html").render({"e": view(record)})


@register.simple_tag
def clause_address(clause: str, pack: str = "") -> str:
    """The page of a clause, open to all; "" for what stands in no document, and where those pages are not installed."""
    holding = holder(clause, pack) if clause else ""
    try:
        return reverse("policies:clause", args=[holding, clause]) if holding else ""
    except NoReverseMatch:
        return ""


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """mapping[key], None where there is none."""
    try:
        return mapping.get(key)
    except AttributeError:
        return None


@register.simple_tag(takes_context=True)
def page_query(context: template.Context, page: int) -> str:
    """The query of this address with another page."""
    query = context["request"].GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"


@register.filter
def as_json(value: Any) -> str:
    """A value as indented JSON, 中文 readable."""
    return json.dumps(value, ensure_ascii=False, indent=1)


@register.filter
def clause_words(clause: str) -> str:
    """art.10 as 第十条."""
    return words.clause_title(clause)


@register.filter
def clauses(text: str) -> str:
    """A sentence with its clause ids as people say them: （art.8） becomes （第八条）."""
    return words.with_clause_titles(str(text or ""))
