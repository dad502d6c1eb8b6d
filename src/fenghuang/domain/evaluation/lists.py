"""The runs of 亩均评价 for files, and what every list of a refresh says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from fenghuang.domain.evaluation import queries
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.platform.lists.registry import Shown, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


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


class RunTable(tables.Table):
    """One line a unit and scope, as on the page."""

    unit = tables.Column("地区", accessor="run__unit__name")
    scope = tables.Column("范围")
    method = tables.Column("方法", accessor="run__method_id_text")
    borrowed = tables.Column("借用其他地区方法（演示）", accessor="run__borrowed")
    assumed = tables.Column("有假定", accessor="run__assumed", empty_values=(None,))
    firms = tables.Column("企业（家）", accessor="run__firms")
    evaluated = tables.Column("已评级（家）", accessor="run__evaluated")
    not_graded = tables.Column("不参评（家）", accessor="run__not_graded")
    marked = tables.Column("待定（家）", accessor="run__marked")
    a = tables.Column("A 类（家）", accessor="classes__0")
    b = tables.Column("B 类（家）", accessor="classes__1")
    c = tables.Column("C 类（家）", accessor="classes__2")
    d = tables.Column("D 类（家）", accessor="classes__3")
    adds_up = tables.Column("核对")

    class Meta:
        order_by_field = "sort"
        orderable = False

    def value_borrowed(self, value: bool) -> bool:
        return value

    def value_assumed(self, value: Any) -> bool:
        return bool(value)

    def value_adds_up(self, value: bool) -> str:
        return "平衡" if value else "不平衡"

    def _same(self, value: Any) -> Any:
        return value

    value_firms = value_evaluated = value_not_graded = value_marked = value_a = value_b = value_c = value_d = _same


@listing("evaluation", "亩均评价", "evaluation:index")
def runs(user: User, query: QueryDict) -> Shown | None:
    """The runs of a year: units, scopes, classes."""
    refresh = queries.latest()
    if refresh is None:
        return None
    year, _ = queries.chosen_year(refresh, query.get("year", ""))
    return shown(refresh, RunTable(queries.run_lines(user, refresh, year)), [f"{year} 年度"])
