"""The one family of number filters. Unknown is a dash that says so, never 0.

{{ fen|money }}              1,234.56 元
{{ fen|money:"万元" }}        12.35 万元; also "亿元", "auto", and "bare" (元 without the unit, for columns)
{{ mu|number:"4 亩" }}        an integer of 10^-4: 12.5 亩; "4>2 亩" always shows two decimals
{{ count|number }}           12,345
{{ ratio|percent }}          12.34% of a ratio x 10^6; percent:1 shows one decimal
{{ day|day }} {{ at|moment }} 2024-03-01, 2024-03-01 09:30
{{ value|shown }}            a value of an explanation record
"""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from fenghuang.language.record import MASK
from fenghuang.platform.ui import numbers

register = template.Library()

DASH = mark_safe(
    '<span class="unknown" title="未知"><span aria-hidden="true">—</span>'
    '<span class="visually-hidden">未知</span></span>'
)

MASKED = mark_safe(  # noqa: S308 - our own constants
    f'<span class="masked" title="无查看权限">{MASK}<span class="visually-hidden">无查看权限</span></span>'
)


def _missing(value: object) -> bool:
    return value is None or value == ""


@register.filter
def money(fen: int | str | None, unit: str = "元") -> str | SafeString:
    if _missing(fen):
        return DASH
    if fen == MASK:
        return MASKED
    if unit == "bare":
        return numbers.money(int(fen)).removesuffix(" 元")  # type: ignore[arg-type]
    return numbers.money(int(fen), unit)  # type: ignore[arg-type]


@register.filter
def number(value: int | str | None, how: str | int = "") -> str | SafeString:
    if _missing(value):
        return DASH
    if value == MASK:
        return MASKED
    decimals, _, unit = str(how).partition(" ")
    kept, _, shown = decimals.partition(">")
    text = numbers.scaled(int(value), int(kept or 0), int(shown) if shown else None)  # type: ignore[arg-type]
    return f"{text} {unit}" if unit else text


@register.filter
def percent(ratio: int | None, decimals: int = 2) -> str | SafeString:
    return DASH if _missing(ratio) else numbers.percent(int(ratio), int(decimals))  # type: ignore[arg-type]


@register.filter
def day(value: date | datetime | None) -> str | SafeString:
    if _missing(value):
        return DASH
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return value.strftime("%Y-%m-%d")  # type: ignore[union-attr]


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    if _missing(value):
        return DASH
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def cell(text: str) -> str | SafeString:
    """A delivered cell as it came, or that it is masked."""
    return MASKED if text == MASK else text


@register.filter
def shown(value: object) -> str | SafeString:
    if value == MASK:
        return MASKED
    return DASH if value is None else numbers.value_text(value)
