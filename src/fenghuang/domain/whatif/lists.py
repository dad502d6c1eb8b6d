"""A version's result for files: every group of every dimension."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.http import QueryDict

from fenghuang.domain.evaluation.lists import shown
from fenghuang.domain.whatif import queries
from fenghuang.language.record import MASK
from fenghuang.platform.lists.registry import Scaled, Shown, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


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
def result(user: User, query: QueryDict) -> Shown | None:
    """The groups of a version (?version=), else of the newest."""
    known = queries.versions(user).exclude(result=None)
    asked = query.get("version", "")
    version = known.filter(pk=asked).first() if asked.isdecimal() else known.first()
    found = queries.shown_result(user, version) if version else None
    if version is None or found is None:
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
