"""The tables of deliveries and findings: on pages and in files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from fenghuang.domain.feeds.models import Delivery, Finding
from fenghuang.domain.feeds.sensitive import masked_findings
from fenghuang.domain.feeds.sentences import KINDS
from fenghuang.platform.lists.registry import FILE_ONLY
from fenghuang.platform.ui.templatetags.numbers import moment, number

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
TITLE = {"td": {"class": "is-title"}}
ASIDE = {**NOWRAP, FILE_ONLY: True}
WITHDRAWN = mark_safe(' <span class="badge-soft is-warn">已撤销</span>')


class DeliveryTable(tables.Table):
    """One line a delivered sheet, or a row corrected by hand."""

    file_name = tables.Column("文件", attrs=TITLE)
    sheet = tables.Column("工作表", attrs=ASIDE)
    kind = tables.Column("种类", attrs=ASIDE)
    title = tables.Column("内容")
    department = tables.Column("部门", attrs=ASIDE)
    years = tables.Column("年度", attrs=NOWRAP)
    count = tables.Column("行数", accessor="rows", attrs=NUMBER)
    taken = tables.Column("采用（行）", attrs=NUMBER)
    unchanged = tables.Column("未变（行）", attrs=NUMBER)
    quarantined = tables.Column("隔离（行）", attrs=NUMBER)
    notices = tables.Column("提示（条）", attrs={**NUMBER, FILE_ONLY: True})
    received_at = tables.Column("收到时间", attrs=NOWRAP)
    received_by = tables.Column("经办人", default="系统")
    reason = tables.Column("更正理由", attrs={FILE_ONLY: True})
    withdrawn_at = tables.Column("撤销时间", attrs=ASIDE)
    withdrawn_by = tables.Column("撤销人", attrs=ASIDE)
    withdrawn_reason = tables.Column("撤销理由", attrs={FILE_ONLY: True})
    sha256 = tables.Column("SHA-256", attrs={"td": {"class": "hash text-break"}, FILE_ONLY: True})

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "报送文件"

    def render_file_name(self, record: Delivery) -> str:
        address = reverse("feeds:delivery", args=[record.pk])
        return format_html('<a href="{}">{}</a>{}', address, record, WITHDRAWN if record.withdrawn_at else "")

    def render_title(self, value: str, record: Delivery) -> str:
        return f"{record.department} · {value}"

    def render_years(self, value: list[int]) -> str:
        return "、".join(map(str, value))

    def render_count(self, value: int) -> str:
        return str(number(value))

    render_taken = render_unchanged = render_quarantined = render_notices = render_count

    def render_received_at(self, value: Any) -> str:
        return moment(value)

    render_withdrawn_at = render_received_at

    # --- what the cells are worth in a file

    def _same(self, value: Any) -> Any:
        return value

    value_file_name = value_title = value_count = value_taken = value_unchanged = value_quarantined = value_notices = (
        _same
    )
    value_received_at = value_withdrawn_at = _same


class FindingTable(tables.Table):
    """One line a finding; sentences about sensitive fields are told as the reader may read them."""

    place = tables.Column("位置", accessor="raw_row", attrs=TITLE)
    severity = tables.Column("级别", attrs=NOWRAP)
    kind = tables.Column("种类", attrs=ASIDE)
    sentence = tables.Column("说明")
    found = tables.Column("实际", attrs={FILE_ONLY: True})
    expected = tables.Column("应为", attrs={FILE_ONLY: True})
    uscc = tables.Column("涉及企业", attrs={"td": {"class": "uscc"}})
    unit = tables.Column("地区", accessor="unit__name", attrs=NOWRAP)
    state = tables.Column("结果", accessor="pk", attrs=NOWRAP)
    resolved_at = tables.Column("更正时间", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "问题"

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def render_place(self, record: Finding) -> str:
        return format_html('<a href="{}">{}</a>', reverse("registry:row", args=[record.raw_row_id]), record.raw_row)

    def render_kind(self, value: str) -> str:
        return KINDS.get(value, value)

    def render_sentence(self, record: Finding) -> str:
        return masked_findings(self.reader, [record])[0].sentence

    def render_found(self, record: Finding) -> str:
        return masked_findings(self.reader, [record])[0].found

    def render_state(self, record: Finding) -> str:
        if record.resolved_at:
            return "已了结"
        return "仅提示" if record.severity == Finding.Severity.NOTICE else "待更正"

    def render_resolved_at(self, value: Any) -> str:
        return moment(value)

    # --- what the cells are worth in a file

    def value_place(self, value: Any) -> str:
        return str(value)

    def value_resolved_at(self, value: Any) -> Any:
        return value
