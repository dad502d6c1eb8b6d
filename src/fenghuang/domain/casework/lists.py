"""Cases as lists: the worktop over all registers, and one register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fenghuang.domain.casework import queries, wording
from fenghuang.domain.casework.filters import chosen
from fenghuang.domain.casework.models import Case
from fenghuang.law.registers import registers
from fenghuang.law.registers.declaration import Register
from fenghuang.platform.lists.registry import FILE_ONLY, Shown, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NOWRAP = {"td": {"class": "nowrap"}}


class CaseTable(tables.Table):
    """One line a case: what, where it stands, until when, who is next."""

    title = tables.Column("对象", order_by=("title", "pk"), attrs={"td": {"class": "is-title"}})
    register = tables.Column("清单", order_by=("register", "pk"), attrs=NOWRAP)
    state = tables.Column("状态", order_by=("state", "pk"), attrs=NOWRAP)
    due = tables.Column("期限", empty_values=(), order_by=("due", "pk"), attrs=NOWRAP)
    holder = tables.Column("下一步由谁办", order_by=("holder", "pk"), empty_values=())
    kind = tables.Column("分类", order_by=("kind", "pk"), attrs=NOWRAP)
    unit = tables.Column("地区", accessor="unit__name", order_by=("unit__order", "pk"), attrs=NOWRAP)
    township = tables.Column("乡镇（街道）", order_by=("township", "pk"))
    since = tables.Column("进入本状态", order_by=("since", "pk"), attrs={**NOWRAP, FILE_ONLY: True})
    entered_on = tables.Column("列入日期", order_by=("entered_on", "pk"), attrs={**NOWRAP, FILE_ONLY: True})
    ended_on = tables.Column("结束日期", order_by=("ended_on", "pk"), attrs={**NOWRAP, FILE_ONLY: True})
    left = tables.Column("距期限", accessor="due", empty_values=(), orderable=False, attrs={FILE_ONLY: True})
    subject = tables.Column("对象代码", order_by=("subject", "pk"), attrs={"td": {"class": "uscc"}, FILE_ONLY: True})

    today: date

    class Meta:
        order_by_field = "sort"
        default = "—"
        caption = "清单事项"
        empty_text = "没有符合条件的事项"

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = timezone.localdate()

    def render_title(self, value: str, record: Case) -> str:
        return format_html('<a href="{}">{}</a>', reverse("casework:case", args=[record.pk]), value)

    def value_title(self, value: str) -> str:
        return value

    def render_register(self, record: Case) -> str:
        return record.declared.title

    def render_state(self, record: Case) -> str:
        return record.at.title

    def render_due(self, record: Case) -> str:
        due = wording.due(record, self.today)
        look = {"late": " is-late", "soon": " is-warn"}.get(due.look, "")
        words = format_html('<small class="due{}">{}</small>', look, due.words)
        return format_html("{} {}", f"{due.day:%Y-%m-%d}", words) if due.day else words

    def value_due(self, record: Case) -> date | None:
        return record.due

    def render_left(self, record: Case) -> str:
        return wording.due(record, self.today).words

    def render_holder(self, record: Case) -> str:
        return wording.next_is(record)

    def render_kind(self, value: str, record: Case) -> str:
        classes = record.declared.classes
        return record.declared.fields[classes].choices.get(value, value) if classes else value

    def render_since(self, value: date) -> str:
        return f"{value:%Y-%m-%d}"

    render_entered_on = render_ended_on = render_since

    def value_since(self, value: date) -> date:
        return value

    value_entered_on = value_ended_on = value_since


def rows(found: QuerySet[Case]) -> QuerySet[Case]:
    """What a line needs, and no more."""
    return found.select_related("unit").defer("entry", "fields")


@listing("cases", "清单事项", "casework:index", "accounts.see_staff")
def cases(user: User, query: QueryDict) -> Shown | None:
    """The worktop: what waits for the person, or what was asked for."""
    asked = chosen(user, query)
    return Shown(CaseTable(rows(asked.cases)), asked.words, is_demo=wording.is_demo())


@listing("register-cases", "一份清单", "casework:register", "accounts.see_staff", path=("key",))
def of_register(user: User, query: QueryDict) -> Shown | None:
    """The cases of one register."""
    register = seen_register(user, query.get("key", ""))
    if register is None:
        return None
    asked = chosen(user, query, register)
    about = [("清单", register.title), ("清单定义指纹", register.sha256)]
    return Shown(CaseTable(rows(asked.cases), exclude=("register",)), asked.words, about, is_demo=wording.is_demo())


def seen_register(user: User, name: str) -> Register | None:
    """A register that the person sees."""
    register = registers().get(name)
    if register is None or (user.agency_id and not queries.has_part(register, user.agency_id)):
        return None
    return register
