"""The runs of 亩均评价 for files, and what every list of a refresh says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from fenghuang.domain.evaluation import queries
from fenghuang.domain.evaluation.announced import badge, origin
from fenghuang.domain.evaluation.models import Refresh, Run
from fenghuang.platform.lists.registry import FILE_ONLY, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import number

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

ASIDE = {FILE_ONLY: True}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}
SCALES = {"above_scale": "above", "below_scale": "below"}  # scope of a run: the filter of the list of firms


def shown(refresh: Refresh, table: tables.Table, words: list[str]) -> Shown:
    """A list of what a refresh decided: which one, on what data, by which policy."""
    about = [
        ("测算", f"{refresh}（{_moment(refresh.at)}）"),
        ("数据", f"{refresh.recording}，截至 {_moment(refresh.recording.at)}"),
        ("政策", f"台政发〔2021〕27号，SHA-256 {refresh.policy.sha256}"),
    ]
    return Shown(table, words, about, settings.FENGHUANG_DEMO or refresh.is_demo)


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _total(name: str) -> Any:
    return lambda table: number(table.total[name])


def _class_total(place: int) -> Any:
    return lambda table: number(table.total["classes"][place])


class RunTable(tables.Table):
    """One line a unit and scope, and what they add up to."""

    unit = tables.Column("地区", accessor="run__unit__name", attrs={"td": {"class": "is-title nowrap"}}, footer="合计")
    scope = tables.Column("范围", attrs={"td": {"class": "nowrap"}})
    method = tables.Column("方法", accessor="run__method_id_text")
    origin = tables.Column("等级来源", accessor="run", attrs={"td": {"class": "nowrap"}})
    borrowed = tables.Column("借用其他地区方法（演示）", accessor="run__borrowed", attrs=ASIDE)
    assumed = tables.Column("有假定", accessor="run__assumed", empty_values=(None,), attrs=ASIDE)
    firms = tables.Column("企业（家）", accessor="run__firms", attrs=NUMBER, footer=_total("firms"))
    evaluated = tables.Column("已评级", accessor="run__evaluated", attrs=NUMBER, footer=_total("evaluated"))
    not_graded = tables.Column("不参评", accessor="run__not_graded", attrs=NUMBER, footer=_total("not_graded"))
    marked = tables.Column("待定", accessor="run__marked", attrs=NUMBER, footer=_total("marked"))
    a = tables.Column("A 类", accessor="classes__0", attrs=NUMBER, footer=_class_total(0))
    b = tables.Column("B 类", accessor="classes__1", attrs=NUMBER, footer=_class_total(1))
    c = tables.Column("C 类", accessor="classes__2", attrs=NUMBER, footer=_class_total(2))
    d = tables.Column("D 类", accessor="classes__3", attrs=NUMBER, footer=_class_total(3))
    adds_up = tables.Column("核对")

    class Meta:
        order_by_field = "sort"
        orderable = False
        caption = "各地评价"
        empty_text = "本年度没有可用的方法，企业未评级"

    def __init__(self, lines: Sequence[queries.RunLine], **kwargs: Any) -> None:
        self.total = queries.run_total(lines)
        super().__init__(lines, show_footer=len(lines) > 1, **kwargs)

    def render_unit(self, value: str, record: queries.RunLine) -> str:
        asked = {"year": record.run.year, "unit": record.run.unit_id}
        if scale := SCALES.get(record.run.scope):
            asked["scale"] = scale
        return format_html('<a href="{}?{}">{}</a>', reverse("cockpit:firms"), urlencode(asked), value)

    def render_method(self, value: str, record: queries.RunLine) -> str:
        said = [words for words, so in (("借用，演示", record.run.borrowed), ("有假定", record.run.assumed)) if so]
        badges = format_html_join("", ' <span class="badge-soft is-warn">{}</span>', ((words,) for words in said))
        return format_html('<span class="uscc">{}</span>{}', value, badges)

    def render_origin(self, value: Run) -> str:
        if not value.announced:
            return format_html('<span class="badge-soft is-warn">{}</span>', badge(value))
        address = reverse("publication:page", args=[value.unit_id, value.year])
        return format_html('<a href="{}" title="{}">{}</a>', address, origin(value), badge(value))

    def value_origin(self, value: Run) -> str:
        return origin(value)

    def render_borrowed(self, value: Any) -> str:
        return "是" if value else "否"

    render_assumed = render_borrowed

    def render_firms(self, value: int) -> str:
        return str(number(value))

    render_evaluated = render_not_graded = render_marked = render_a = render_b = render_c = render_d = render_firms

    def render_adds_up(self, value: bool) -> str:
        marks = {"state": "yes" if value else "no", "yes": "平衡", "no": "不平衡"}
        return render_to_string("ui/_verdict.html", marks)

    # --- what the cells are worth in a file

    def _same(self, value: Any) -> Any:
        return value

    value_unit = value_method = _same
    value_firms = value_evaluated = value_not_graded = value_marked = value_a = value_b = value_c = value_d = _same

    def value_borrowed(self, value: Any) -> bool:
        return bool(value)

    value_assumed = value_borrowed

    def value_adds_up(self, value: bool) -> str:
        return "平衡" if value else "不平衡"


@listing("evaluation", "亩均评价", "evaluation:index")
def runs(user: User, query: QueryDict) -> Shown | None:
    """The runs of a year: units, scopes, classes."""
    refresh = queries.latest()
    if refresh is None:
        return None
    year, _ = queries.chosen_year(refresh, query.get("year", ""))
    return shown(refresh, RunTable(queries.run_lines(user, refresh, year)), [f"{year} 年度"])
