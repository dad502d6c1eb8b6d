"""The event log as a list: for its page and for files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict

from fenghuang.platform.audit.models import Event
from fenghuang.platform.audit.titles import title as action_title
from fenghuang.platform.lists.registry import Shown, listing

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


class EventTable(tables.Table):
    """One line an event, with what it says before and after."""

    id = tables.Column("序号")
    at = tables.Column("时间")
    actor_name = tables.Column("经办人")
    address = tables.Column("来源地址")
    action = tables.Column("动作")
    subject_type = tables.Column("对象类型")
    subject_id = tables.Column("对象编号")
    subject_label = tables.Column("对象")
    clause = tables.Column("条款")
    reason = tables.Column("理由")
    before = tables.Column("变更前")
    after = tables.Column("变更后")
    hash = tables.Column("哈希")

    class Meta:
        order_by_field = "sort"
        orderable = False

    def value_id(self, value: int) -> int:
        return value

    def value_action(self, value: str) -> str:
        return action_title(value)

    def value_at(self, value: Any) -> Any:
        return value

    def value_before(self, value: dict[str, Any]) -> str:
        return json.dumps(value, ensure_ascii=False)

    value_after = value_before


@listing("audit", "审计日志", "audit:index", "accounts.read_audit")
def audit(user: User, query: QueryDict) -> Shown:
    """The log, newest first."""
    found, words = events(query)
    return Shown(EventTable(found), words, is_demo=bool(settings.FENGHUANG_DEMO))
