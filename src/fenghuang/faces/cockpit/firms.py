"""The list of firms with their grades: search, filters, order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from fenghuang.domain.evaluation.models import Result
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.ui.numbers import scaled

if TYPE_CHECKING:
    from fenghuang.domain.evaluation.models import Refresh

GRADE_CHOICES = [("A", "A 类"), ("B", "B 类"), ("C", "C 类"), ("D", "D 类"), ("none", "未定类别")]


class FirmFilter(django_filters.FilterSet):
    """Every filter is part of the address, so that a list can be sent to a colleague."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "企业名称、信用代码、拼音首字母", "type": "search"}),
    )
    unit = django_filters.ModelChoiceFilter(label="县（市、区）", queryset=Unit.objects.none(), empty_label="全部地区")
    grade = django_filters.ChoiceFilter(
        label="类别", choices=GRADE_CHOICES, method="by_grade", empty_label="全部类别"
    )
    scale = django_filters.ChoiceFilter(
        label="规模",
        field_name="above_scale",
        choices=[("true", "规上"), ("false", "规下")],
        method="by_scale",
        empty_label="全部规模",
    )
    industry = django_filters.CharFilter(
        label="行业代码",
        field_name="industry",
        lookup_expr="startswith",
        widget=forms.TextInput(attrs={"placeholder": "如 34", "inputmode": "numeric", "maxlength": 4}),
    )

    class Meta:
        model = Result
        fields: list[str] = []

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = units
        self.filters["unit"].field.queryset = units

    def search(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        """By name (also former names), credit code, or the initials of the name in pinyin."""
        text = value.strip()
        if not text:
            return found
        wanted = Q(firm__name__icontains=text) | Q(firm__uscc__startswith=text.upper())
        if text.isascii():
            wanted |= Q(firm__initials__startswith=text.lower()) | Q(firm__pinyin__startswith=text.lower())
        else:
            wanted |= Q(firm__in=_formerly(text))
        return found.filter(wanted)

    def by_grade(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        return found.filter(grade="" if value == "none" else value)

    def by_scale(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        return found.filter(above_scale=value == "true")


def _formerly(text: str) -> QuerySet[Any]:
    from fenghuang.domain.registry.models import FirmName

    return FirmName.objects.filter(name__icontains=text).values("firm_id")


class FirmTable(tables.Table):
    """One line a firm of the chosen year."""

    name = tables.Column("企业名称", accessor="firm__name", order_by=("firm__pinyin", "firm__name"))
    uscc = tables.Column("统一社会信用代码", accessor="firm__uscc", order_by=("firm__uscc",))
    unit = tables.Column("地区", accessor="unit__name", order_by=("unit__order",))
    industry = tables.Column("行业", accessor="industry")
    above_scale = tables.Column("规模", accessor="above_scale")
    tax_per_mu = tables.Column("亩均税收（万元/亩）", accessor="tax_per_mu")
    score = tables.Column("得分", accessor="score")
    rank = tables.Column("名次", accessor="rank", order_by=("rank",))
    grade = tables.Column("类别", accessor="grade", order_by=("grade", "rank"), empty_values=())

    class Meta:
        attrs = {"class": "table"}
        order_by_field = "sort"

    def render_name(self, value: str, record: Result) -> str:
        address = f"{reverse('cockpit:firm', args=[record.firm.uscc])}?year={record.year}"
        return format_html('<a href="{}">{}</a>', address, value)

    def render_above_scale(self, value: bool) -> str:
        return "规上" if value else "规下"

    def render_tax_per_mu(self, value: int) -> str:
        return scaled(value, 4, 2)

    def render_score(self, value: int) -> str:
        return scaled(value, 4, 4)

    def render_rank(self, value: int, record: Result) -> str:
        return f"{value:,} / {record.group_size:,}"


def page(request: HttpRequest, refresh: Refresh, found: QuerySet[Result]) -> tuple[FirmFilter, FirmTable]:
    """The filter form and the table of the page asked for."""
    chosen = FirmFilter(request.GET, queryset=found, units=request.user.units())  # type: ignore[union-attr]
    listed = chosen.qs.select_related("firm", "unit").only(
        "firm__name", "firm__uscc", "unit__name", "year", "industry", "above_scale", "tax_per_mu",
        "score", "rank", "group_size", "grade", "status", "reason",
    )  # fmt: skip
    return chosen, FirmTable(listed)
