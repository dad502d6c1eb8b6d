"""The versions as a list, and a version's result for files: every group of every dimension."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html

from fenghuang.domain.evaluation.lists import shown
from fenghuang.domain.whatif import queries
from fenghuang.domain.whatif.models import Version
from fenghuang.language.record import MASK
from fenghuang.platform.lists.registry import Scaled, Shown, listing
from fenghuang.platform.ui.numbers import scaled
from fenghuang.platform.ui.templatetags.numbers import moment

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
LONGEST_NUMBER = 19


class VersionTable(tables.Table):
    """One line a version. Its columns share no name with those of a result, so that a choice of columns is of these."""

    version = tables.Column("方案", accessor="pk", attrs={"td": {"class": "is-title"}})
    author = tables.Column("作者", default="系统")
    at = tables.Column("时间", attrs={"td": {"class": "nowrap"}})
    year = tables.Column("年度")
    net = tables.Column("差额（万元）", accessor="difference", attrs=NUMBER)
    more = tables.Column("增加（项）", accessor="winners", attrs=NUMBER)
    fewer = tables.Column("减少（项）", accessor="losers", attrs=NUMBER)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "推演方案"

    def render_version(self, record: Version) -> str:
        return format_html('<a href="{}">{}</a>', reverse("whatif:detail", args=[record.pk]), record)

    def render_at(self, value: Any) -> Any:
        return moment(value)

    def render_net(self, value: int) -> str:
        return scaled(value, 6, 2)

    def render_year(self, value: int) -> str:
        return str(value)

    # --- what the cells are worth in a file

    def value_version(self, record: Version) -> str:
        return str(record)

    def value_net(self, value: int) -> Scaled:
        return Scaled(value, 6)

    def _same(self, value: Any) -> Any:
        return value

    value_at = value_year = value_more = value_fewer = _same


class GroupTable(tables.Table):
    """One line a group; amounts in 元."""

    dimension = tables.Column("分组")
    label = tables.Column("取值")
    subjects = tables.Column("决定（项）")
    before = tables.Column("现行合计（元）")
    after = tables.Column("方案合计（元）")
    difference = tables.Column("差额（元）")
    winners = tables.Column("增加（项）")
    gain = tables.Column("增加额（元）")
    losers = tables.Column("减少（项）")
    loss = tables.Column("减少额（元）")
    same = tables.Column("不变（项）")
    unknown = tables.Column("未知（项）")
    newly = tables.Column("新获补助（项）")
    no_longer = tables.Column("不再补助（项）")

    class Meta:
        order_by_field = "sort"
        orderable = False

    def _count(self, value: int) -> int:
        return value

    def _money(self, value: int | str) -> Scaled | str:
        return MASK if value == MASK else Scaled(int(value), 2)

    value_subjects = value_winners = value_losers = value_same = value_unknown = value_newly = value_no_longer = _count
    value_before = value_after = value_difference = value_gain = value_loss = _money


@listing("whatif", "政策推演", "whatif:index", "accounts.see_whatif")
def listed(user: User, query: QueryDict) -> Shown | None:
    """The versions, newest first; with ?version= the groups of that one."""
    known = queries.versions(user)
    if "version" not in query:
        return Shown(VersionTable(known), ["全部方案"], is_demo=bool(settings.FENGHUANG_DEMO))
    asked = str(query["version"])
    version = known.filter(pk=asked).first() if asked.isdecimal() and len(asked) < LONGEST_NUMBER else None
    return _result(user, version) if version else None


def _result(user: User, version: Version) -> Shown | None:
    found = queries.shown_result(user, version)
    if found is None:
        return None
    lines: list[dict[str, Any]] = [{"dimension": "合计", "label": "全部", **found["total"]}]
    lines += [{"dimension": "政策条款", "label": one["title"], **one["total"]} for one in found["rules"]]
    for _, title, groups in queries.groups(found):
        lines += [{"dimension": title, "label": label, **change} for label, change in groups]
    changes = queries.changes_in_words(version)
    said = [str(version), f"{version.year} 年度", *(f"{c} {what}：{old} → {new}" for c, what, old, new in changes)]
    rows = [SimpleNamespace(**line) for line in lines]  # files read attributes
    answer = shown(version.refresh, GroupTable(rows), said)
    answer.about.append(("作者", str(version.author or "系统")))
    return answer
