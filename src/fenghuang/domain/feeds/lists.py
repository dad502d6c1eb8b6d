"""Deliveries and findings for files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict

from fenghuang.domain.feeds.forms import RowFilter
from fenghuang.domain.feeds.models import Delivery, Finding
from fenghuang.domain.feeds.queries import deliveries_for, findings_chosen
from fenghuang.domain.feeds.sensitive import masked_findings
from fenghuang.domain.feeds.sentences import KINDS
from fenghuang.platform.lists.registry import Shown, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


def same(self: Any, value: Any) -> Any:
    """A number or a date as it is, not as text."""
    return value


class DeliveryTable(tables.Table):
    """One line a delivered sheet."""

    file_name = tables.Column("文件")
    sheet = tables.Column("工作表")
    title = tables.Column("内容")
    department = tables.Column("部门")
    years = tables.Column("年度")
    count = tables.Column("行数", accessor="rows")
    taken = tables.Column("采用（行）")
    unchanged = tables.Column("未变（行）")
    quarantined = tables.Column("隔离（行）")
    notices = tables.Column("提示（条）")
    received_at = tables.Column("收到时间")
    received_by = tables.Column("经办人")
    withdrawn_at = tables.Column("撤销时间")
    sha256 = tables.Column("SHA-256")

    class Meta:
        order_by_field = "sort"
        orderable = False

    value_count = value_taken = value_unchanged = value_quarantined = value_notices = value_received_at = (
        value_withdrawn_at
    ) = same

    def value_years(self, value: list[int]) -> str:
        return "、".join(map(str, value))


class FindingTable(tables.Table):
    """One line a finding."""

    place = tables.Column("位置", accessor="raw_row")
    severity = tables.Column("级别")
    kind = tables.Column("种类")
    sentence = tables.Column("说明")
    found = tables.Column("实际")
    expected = tables.Column("应为")
    uscc = tables.Column("涉及企业")
    unit = tables.Column("地区", accessor="unit__name")
    state = tables.Column("结果", accessor="pk")
    resolved_at = tables.Column("更正时间")

    class Meta:
        order_by_field = "sort"
        orderable = False

    value_resolved_at = same
    reader: User  # sentences about sensitive fields are told as this person may read them

    def value_sentence(self, record: Finding) -> str:
        return masked_findings(self.reader, [record])[0].sentence

    def value_found(self, record: Finding) -> str:
        return masked_findings(self.reader, [record])[0].found

    def value_kind(self, value: str) -> str:
        return KINDS.get(value, value)

    def value_state(self, record: Finding) -> str:
        if record.resolved_at:
            return "已了结"
        return "仅提示" if record.severity == Finding.Severity.NOTICE else "待更正"


@listing("deliveries", "报送文件", "feeds:index")
def deliveries(user: User, query: QueryDict) -> Shown:
    """Everything received, newest first."""
    found = deliveries_for(user).filter(kind=Delivery.Kind.FILE)
    return Shown(DeliveryTable(found), [], is_demo=_is_demo(found.filter(is_demo=True).exists()))


@listing("findings", "待更正与提示", "feeds:findings")
def findings(user: User, query: QueryDict) -> Shown:
    """The findings of the person's units, as the page filters them."""
    form = RowFilter(query, user)
    show = query.get("show", "")
    words = [{"notices": "仅提示", "rejected": "不予采用"}.get(show, "尚未更正")]
    for name, value in form.chosen.items():
        if value:
            words.append(f"{form.fields[name].label}：{form.title(name, value)}")
    demo = Delivery.objects.filter(is_demo=True).exists()
    table = FindingTable(findings_chosen(user, show, form.chosen))
    table.reader = user
    return Shown(table, words, is_demo=_is_demo(demo))


def _is_demo(delivered: bool) -> bool:
    return bool(settings.FENGHUANG_DEMO) or delivered
