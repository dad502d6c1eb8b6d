"""The list of firms with their grades: search, filters, order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.announced import CALCULATED, badge, origin
from fenghuang.domain.evaluation.models import Result, Run
from fenghuang.domain.feeds.sensitive import hidden_in_lists
from fenghuang.domain.registry.industries import DIVISIONS, division
from fenghuang.domain.registry.models import Firm
from fenghuang.domain.registry.words import called, coded, having
from fenghuang.language.record import MASK
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled
from fenghuang.platform.ui.numbers import scaled
from fenghuang.platform.ui.templatetags.numbers import DASH, MASKED
from fenghuang.platform.ui.templatetags.shell import clauses

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

GRADE_CHOICES = [("A", "A 类"), ("B", "B 类"), ("C", "C 类"), ("D", "D 类"), ("none", "未定等级")]
ORIGIN_CHOICES = [("announced", "公布"), ("calculated", CALCULATED)]
SCALES = {"above": True, "below": False, "unknown": None}
SCALE_CHOICES = [("above", "规上"), ("below", "规下"), ("unknown", "规模未知")]
ASIDE = {FILE_ONLY: True, "td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
WORDS = 5  # of a search: more would be a very slow way to find nothing
FEW = 500  # firms that are looked up one by one


class FirmFilter(django_filters.FilterSet):
    """Every filter is part of the address, so that a list can be sent to a colleague."""

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "class": "form-control",
                "placeholder": "企业名称、曾用名、信用代码、拼音首字母",
                "autocomplete": "off",
            }
        ),
    )
    unit = django_filters.ModelChoiceFilter(label="地区", queryset=Unit.objects.none(), empty_label="全部地区")
    grade = django_filters.ChoiceFilter(
        label="评价等级", choices=GRADE_CHOICES, method="by_grade", empty_label="全部等级"
    )
    origin = django_filters.ChoiceFilter(
        label="等级来源", choices=ORIGIN_CHOICES, method="by_origin", empty_label="全部来源"
    )
    scale = django_filters.ChoiceFilter(label="规模", choices=SCALE_CHOICES, method="by_scale", empty_label="全部规模")
    industry = django_filters.ChoiceFilter(
        label="行业",
        choices=[(code, f"{code} {name}") for code, name in DIVISIONS.items()],
        lookup_expr="startswith",
        empty_label="全部行业",
    )

    class Meta:
        model = Result
        fields: list[str] = []

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["unit"].queryset = user.units()
        for field in self.form.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"

    def search(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        """Every word is in a name (also a former one), a credit code, or the name's pinyin."""
        for word in value.split()[:WORDS]:
            found = _with_word(found, word)
        return found

    def by_grade(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        return found.filter(grade="" if value == "none" else value)

    def by_origin(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        return found.filter(run__announced={}) if value == "calculated" else found.exclude(run__announced={})

    def by_scale(self, found: QuerySet[Result], name: str, value: str) -> QuerySet[Result]:
        return found.filter(above_scale=SCALES[value])


def _with_word(found: QuerySet[Result], word: str) -> QuerySet[Result]:
    """Results of the firms that are found by the word. Of few the numbers are enough; codes that begin so are a range
    of an index; many names are asked one by one, so that a page is full after its first rows."""
    keys = list(called(word).values_list("pk", flat=True)[: FEW + 1])
    if len(keys) <= FEW:
        begun = Firm.objects.filter(coded(word)).order_by().values_list("pk", flat=True)[: FEW + 1]
        if len(both := {*keys, *begun}) <= FEW:
            return found.filter(firm__in=both)
    if not keys:
        return found.filter(coded(word, "firm__uscc"))
    return found.filter(Exists(having(word).filter(pk=OuterRef("firm_id"))))


class FirmTable(tables.Table):
    """One line a firm of the chosen year. All orders but by name and code are read from the index `result_list`."""

    name = tables.Column(
        "企业名称", accessor="firm__name", order_by=("firm__pinyin", "firm_id"), attrs={"td": {"class": "is-title"}}
    )
    uscc = tables.Column(
        "统一社会信用代码", accessor="firm__uscc", order_by=("firm__uscc",), attrs={"td": {"class": "uscc"}}
    )
    unit = tables.Column("地区", accessor="unit__name", order_by=("place",), attrs={"td": {"class": "nowrap"}})
    industry = tables.Column("行业", accessor="industry", order_by=("industry", "firm_id"))
    township = tables.Column("乡镇（街道）", order_by=("township", "firm_id"), attrs=ASIDE)
    above_scale = tables.Column(
        "规模", order_by=("above_scale", "firm_id"), empty_values=(), attrs={"td": {"class": "nowrap"}}
    )
    tax_per_mu = tables.Column("亩均税收（万元/亩）", order_by=("tax_per_mu", "firm_id"), attrs=NUMBER)
    score = tables.Column("综合得分", order_by=("score", "firm_id"), attrs=NUMBER)
    rank = tables.Column("名次", order_by=("rank", "group_size", "firm_id"), attrs=NUMBER)
    group_size = tables.Column(
        "组内企业数（家）", order_by=("group_size", "firm_id"), attrs={**NUMBER, FILE_ONLY: True}
    )
    grade = tables.Column("评价等级", order_by=("grade", "rank", "firm_id"), empty_values=())
    origin = tables.Column("等级来源", accessor="run", orderable=False, attrs={"td": {"class": "nowrap"}})
    status = tables.Column("评价状态", order_by=("status", "firm_id"), attrs=ASIDE)
    reason = tables.Column("未定等级的原因", orderable=False, attrs={FILE_ONLY: True})

    hidden: frozenset[str] = frozenset()  # columns masked for this person

    class Meta:
        attrs = {"class": "table table-vcenter card-table"}
        order_by_field = "sort"
        default = DASH
        caption = "企业名单"

    def render_name(self, value: str, record: Result) -> str:
        address = reverse("cockpit:firm", args=[record.firm.uscc])
        return format_html('<a href="{}?year={}">{}</a>', address, record.year, value)

    def render_industry(self, value: str) -> str:
        return format_html('<span title="{}">{}</span>', division(value), value)

    def render_above_scale(self, value: bool | None) -> str:
        return "未知" if value is None else "规上" if value else "规下"

    def render_tax_per_mu(self, value: int) -> str:
        if "tax_per_mu" in self.hidden:
            return MASKED
        return scaled(value, 4, 2)

    def render_score(self, value: int) -> str:
        return scaled(value, 4, 4)

    def render_rank(self, value: int, record: Result) -> str:
        return f"{value:,} / {record.group_size:,}"

    def render_grade(self, value: str, record: Result) -> str:
        if value:
            return format_html('<span class="grade is-{}" title="{} 类">{}</span>', value.lower(), value, value)
        why = clauses(evaluation.said(record.reason)) or record.get_status_display()
        return format_html(
            '<span class="grade is-none" title="{0}">{1}</span><small class="why-not">{0}</small>',
            why.removeprefix("待定："),
            record.get_status_display(),
        )

    def render_origin(self, value: Run) -> str:
        kind = "" if value.announced else " is-warn"
        return format_html('<span class="badge-soft{}" title="{}">{}</span>', kind, origin(value), badge(value))

    def render_reason(self, value: str) -> str:
        return clauses(evaluation.said(value))

    # --- what the cells are worth in a file

    def value_name(self, value: str) -> str:
        return value

    def value_industry(self, value: str) -> str:
        return f"{value} {division(value)}"

    def value_above_scale(self, value: bool | None) -> str | None:
        return None if value is None else self.render_above_scale(value)

    def value_tax_per_mu(self, value: int) -> Scaled | str:
        return MASK if "tax_per_mu" in self.hidden else Scaled(value, 4)

    def value_score(self, value: int) -> Scaled:
        return Scaled(value, 4)

    def value_rank(self, value: int) -> int:
        return value

    value_group_size = value_rank

    def value_origin(self, value: Run) -> str:
        return origin(value)

    def value_grade(self, value: str) -> str:
        return value


def page(user: User, query: QueryDict, found: QuerySet[Result]) -> tuple[FirmFilter, FirmTable]:
    """The filter form and the table of the page asked for."""
    chosen = FirmFilter(query, queryset=found, user=user)
    listed = chosen.qs.select_related("firm", "unit", "run__unit").only(
        "run__announced", "run__year", "run__unit__name",
        "firm__name", "firm__uscc", "unit__name", "year", "industry", "above_scale", "tax_per_mu",
        "score", "rank", "group_size", "grade", "status", "reason", "township",
    )  # fmt: skip
    table = FirmTable(listed.order_by("place"))
    table.hidden = hidden_in_lists(user)
    return chosen, table


def told(table: FirmTable) -> tuple[str, ...]:
    """Columns that tell in full what not everybody may read."""
    return () if "tax_per_mu" in table.hidden or not table.columns["tax_per_mu"].visible else ("tax_per_mu",)


def address(request: Any) -> str:
    """The page's own address without idle parameters: what the browser shows while typing."""
    query = request.GET.copy()
    for name in list(query):
        if not query[name]:
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path
