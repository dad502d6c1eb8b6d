"""The event log as a list: for its page and for files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html

from fenghuang.platform.audit.models import Event
from fenghuang.platform.audit.titles import title as action_title
from fenghuang.platform.lists.registry import FILE_ONLY, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import moment
from fenghuang.platform.ui.templatetags.shell import as_json, clause_words

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

FILTERS = {"action": "动作", "subject_type": "对象类型", "subject_id": "对象编号", "actor_name": "经办人"}


def events(query: QueryDict) -> tuple[QuerySet[Event], list[str]]:
    """The events of one subject, action or person when asked so; and that in words."""
    found, words = Event.objects.all(), []
    for field, title in FILTERS.items():
        if value := query.get(field, "").replace("\0", "").strip():  # PostgreSQL takes no NUL
            found = found.filter(**{field: value})
            words.append(f"{title}：{action_title(value) if field == 'action' else value}")
    return found, words


ASIDE = {FILE_ONLY: True}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
NOWRAP = {"td": {"class": "nowrap"}}


class EventTable(tables.Table):
    """One line an event, with what it says before and after."""

    id = tables.Column("序号", attrs=NUMBER)
    at = tables.Column("时间", attrs=NOWRAP)
    actor_name = tables.Column("经办人")
    address = tables.Column("来源地址", attrs=ASIDE)
    action = tables.Column("动作")
    subject_type = tables.Column("对象类型", attrs=ASIDE)
    subject_id = tables.Column("对象编号", attrs=ASIDE)
    subject_label = tables.Column("对象")
    clause = tables.Column("条款", attrs=NOWRAP)
    reason = tables.Column("理由", attrs={"td": {"class": "is-said"}})
    before = tables.Column("变更前", empty_values=(None, {}))
    after = tables.Column("变更后", empty_values=(None, {}))
    hash = tables.Column("哈希", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = ""
        caption = "审计日志"
        empty_text = "没有符合条件的事件"

    def render_at(self, value: Any) -> str:
        return moment(value)

    def render_actor_name(self, value: str, record: Event) -> str:
        if not record.address:
            return value
        return format_html('{}<br><small class="text-secondary">{}</small>', value, record.address)

    def render_action(self, value: str) -> str:
        return format_html('<a href="?{}">{}</a>', urlencode({"action": value}), action_title(value))

    def render_subject_label(self, value: str, record: Event) -> str:
        asked = urlencode({"subject_type": record.subject_type, "subject_id": record.subject_id})
        return format_html('<a href="?{}">{}</a>', asked, value)

    def render_clause(self, value: str) -> str:
        return format_html('<span class="clause">{}</span>', clause_words(value))

    def render_before(self, value: dict[str, Any], column: Any) -> str:
        return format_html(
            '<details class="inputs"><summary>查看</summary>'
            '<pre class="log" tabindex="0" role="region" aria-label="{}">{}</pre></details>',
            column.header,
            as_json(value),
        )

    render_after = render_before

    def render_hash(self, value: str) -> str:
        return format_html('<span class="hash text-break">{}</span>', value)

    # --- what the cells are worth in a file

    def _same(self, value: Any) -> Any:
        return value

    value_id = value_at = value_actor_name = value_subject_label = value_hash = _same

    def value_clause(self, value: str) -> str:
        return clause_words(value)

    def value_action(self, value: str) -> str:
        return action_title(value)

    def value_before(self, value: dict[str, Any]) -> str:
        return json.dumps(value, ensure_ascii=False)

    value_after = value_before


@listing("audit", "审计日志", "audit:index", "accounts.read_audit")
def audit(user: User, query: QueryDict) -> Shown:
    """The log, newest first."""
    found, words = events(query)
    return Shown(EventTable(found), words, is_demo=bool(settings.FENGHUANG_DEMO))
