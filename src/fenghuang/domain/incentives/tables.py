"""The list of decisions: filters and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html

from fenghuang.domain.incentives import queries
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import FirmName
from fenghuang.language.numbers import show_decimal
from fenghuang.language.words import clause_title
from fenghuang.law.pack import find
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled
from fenghuang.platform.ui.numbers import thousands
from fenghuang.platform.ui.templatetags.shell import clause_address

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

ASIDE = {FILE_ONLY: True}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
MARKS = {"granted": "is-yes", "refused": "is-no", "unknown": "is-unknown"}


def rule_title(rule: str) -> str:
    """What the law calls the rule."""
    pack = find(rule)
    return pack.words.rule_title(rule) if pack else rule


class DecisionFilter(django_filters.FilterSet):
    """Every filter is part of the address."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "class": "form-control",
                "placeholder": "企业、项目名称或代码",
                "autocomplete": "off",
            }
        ),
    )
    unit = django_filters.ModelChoiceFilter(label="地区", queryset=Unit.objects.none(), empty_label="全部地区")
    rule = django_filters.ChoiceFilter(label="政策条款", choices=[], empty_label="全部条款")
    result = django_filters.ChoiceFilter(
        label="结果", choices=list(queries.OUTCOMES.items()), method="by_result", empty_label="全部结果"
    )

    provisional = django_filters.ChoiceFilter(
        label="等级来源",
        choices=[("yes", "暂定（等级未公布）"), ("no", "不是暂定")],
        method="by_provisional",
        empty_label="全部来源",
    )

    class Meta:
        model = Decision
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, rules: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["unit"].queryset = user.units()
        self.filters["rule"].extra["choices"] = [(rule, rule_title(rule)) for rule in rules]
        for field in self.form.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"

    def search(self, found: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        text = value.strip()
        return found.filter(
            Q(firm__name__contains=text)
            | Q(firm__uscc__startswith=text.upper())
            | Q(firm__initials__contains=text.lower())
            | Q(firm__in=FirmName.objects.filter(name__contains=text).values("firm"))
            | Q(project__title__contains=text)
            | Q(project__code__startswith=text)
        )

    def by_provisional(self, found: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        return found.filter(is_provisional=value == "yes")

    def by_result(self, found: QuerySet[Decision], name: str, value: str) -> QuerySet[Decision]:
        return queries.with_outcome(found, value)


class DecisionTable(tables.Table):
    """One line a decision; the firm's page has the reasons."""

    firm = tables.Column(
        "企业", accessor="firm__name", order_by=("firm__pinyin", "pk"), attrs={"td": {"class": "is-title"}}
    )
    unit = tables.Column(
        "地区", accessor="unit__name", order_by=("unit__order", "pk"), attrs={"td": {"class": "nowrap"}}
    )
    uscc = tables.Column("统一社会信用代码", accessor="firm__uscc", order_by=("firm__uscc", "pk"), attrs=ASIDE)
    project = tables.Column("项目", accessor="project__title", order_by=("project__code", "pk"))
    code = tables.Column("项目代码", accessor="project__code", order_by=("project__code", "pk"), attrs=ASIDE)
    rule = tables.Column("政策条款", order_by=("rule", "pk"))
    result = tables.Column("结果", accessor="pk", orderable=False)
    amount = tables.Column("测算补助（元）", order_by=("amount", "pk"), attrs=NUMBER, empty_values=())
    provisional = tables.Column("等级来源", accessor="is_provisional", orderable=False)
    missing = tables.Column("缺少的资料", orderable=False, attrs=ASIDE, empty_values=(None, []))

    class Meta:
        attrs = {"class": "table table-vcenter card-table"}
        order_by_field = "sort"
        caption = "补助决定"

    def render_firm(self, value: str, record: Decision) -> str:
        address = reverse("cockpit:firm", args=[record.firm.uscc])
        return format_html('<a href="{}#d{}">{}</a>', address, record.pk, value)

    def render_project(self, value: str, record: Decision) -> str:
        return format_html('{}<br><span class="uscc text-secondary">{}</span>', value, record.project.code)

    def render_rule(self, value: str, record: Decision) -> str:
        address, words = clause_address(record.clause), clause_title(record.clause)
        return format_html('{} <a class="clause" href="{}">{}</a>', rule_title(value), address, words)

    def render_result(self, record: Decision) -> str:
        outcome = queries.outcome(record)
        return format_html('<span class="verdict {}">{}</span>', MARKS[outcome], queries.OUTCOMES[outcome])

    def render_amount(self, record: Decision) -> str:
        if record.amount is None:
            return format_html('<span class="unknown">{}</span>', "未知")
        return thousands(show_decimal(record.amount, 2))

    def render_provisional(self, value: bool, record: Decision) -> str:
        if value:
            return format_html('<span class="badge-soft is-warn" title="{}">暂定</span>', queries.PROVISIONAL)
        return "公布" if record.graded_by_id or record.graded_before_by_id else "不用等级"

    def value_provisional(self, value: bool, record: Decision) -> str:
        return queries.PROVISIONAL if value else self.render_provisional(value, record)

    def render_missing(self, value: list[str], record: Decision) -> str:
        pack = find(record.rule)
        return "、".join(pack.words.title(record.rule, name) if pack else name for name in value)

    # --- what the cells are worth in a file

    def value_firm(self, value: str) -> str:
        return value

    value_project = value_firm

    def value_rule(self, value: str, record: Decision) -> str:
        return f"{rule_title(value)}（{clause_title(record.clause)}）"

    def value_result(self, record: Decision) -> str:
        return queries.OUTCOMES[queries.outcome(record)]

    def value_amount(self, value: int | None) -> Scaled | None:
        return None if value is None else Scaled(value, 2)
