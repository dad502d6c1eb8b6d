"""Accounts and a person's own sessions as lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.accounts.queries import STATES, state_of, users_for
from fenghuang.platform.lists.registry import FILE_ONLY, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import moment

if TYPE_CHECKING:
    from collections.abc import Iterable

NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
ASIDE = {**NOWRAP, FILE_ONLY: True}


class UserTable(tables.Table):
    """One line an account."""

    username = tables.Column("登录名", attrs={"td": {"class": "is-title"}})
    display_name = tables.Column("姓名", attrs=NOWRAP)
    role = tables.Column("角色", attrs=NOWRAP)
    unit = tables.Column("县（市、区）", accessor="unit__name", order_by=("unit__order",), attrs=NOWRAP)
    township = tables.Column("乡镇（街道）", accessor="township__name", attrs=ASIDE)
    agency = tables.Column("所属部门", accessor="agency__name", order_by=("agency__order",), attrs=NOWRAP)
    uscc = tables.Column("统一社会信用代码", attrs=ASIDE)
    department = tables.Column("工作单位", attrs={FILE_ONLY: True})
    state = tables.Column("状态", accessor="is_active", empty_values=(), orderable=False, attrs=NOWRAP)
    second_factor = tables.Column("两步验证", accessor="has_second_factor", attrs=NOWRAP)
    last_login = tables.Column("最近登录", attrs=NOWRAP)
    sessions = tables.Column("登录设备（处）", attrs=NUMBER)
    date_joined = tables.Column("开通时间", attrs=ASIDE)

    class Meta:
        order_by_field = "sort"
        default = "—"
        caption = "用户"
        empty_text = "没有符合条件的用户"

    def render_username(self, value: str, record: User) -> str:
        demo = mark_safe(' <span class="badge-soft">演示</span>') if record.is_demo else ""
        return format_html('<a href="{}">{}</a>{}', reverse("users:detail", args=[record.pk]), value, demo)

    def render_state(self, record: User) -> str:
        state = state_of(record)
        mark = "badge-soft" if state == "active" else "badge-soft is-warn"
        return format_html('<span class="{}">{}</span>', mark, STATES[state])

    def render_second_factor(self, value: bool) -> str:
        return "已启用" if value else "未启用"

    def render_last_login(self, value: Any) -> str:
        return moment(value)

    render_date_joined = render_last_login

    # --- what the cells are worth in a file

    def _same(self, value: Any) -> Any:
        return value

    value_username = value_last_login = value_date_joined = value_sessions = _same

    def value_state(self, record: User) -> str:
        return STATES[state_of(record)]


def users_shown(user: User, query: QueryDict) -> tuple[QuerySet[User], list[str]]:
    """Accounts by part of a name, role, and state; and that in words."""
    found, words = users_for(user), []
    if text := query.get("q", "").replace("\0", "").strip()[:100]:
        named = Q(username__icontains=text) | Q(display_name__icontains=text) | Q(department__icontains=text)
        found, words = found.filter(named), [f"搜索：{text}"]
    if (role := query.get("role", "")) in Role.values:
        found = found.filter(role=role)
        words.append(f"角色：{Role(role).label}")
    narrowed = {
        "active": Q(is_active=True, is_locked=False, must_change_password=False),
        "locked": Q(is_active=True, is_locked=True),
        "waiting": Q(is_active=True, is_locked=False, must_change_password=True),
        "closed": Q(is_active=False),
    }
    if (state := query.get("state", "")) in narrowed:
        found = found.filter(narrowed[state])
        words.append(f"状态：{STATES[state]}")
    return found, words


@listing("users", "用户", "users:index", "accounts.manage_users")
def users(user: User, query: QueryDict) -> Shown:
    """Who may log in."""
    found, words = users_shown(user, query)
    return Shown(UserTable(found), words, is_demo=bool(settings.FENGHUANG_DEMO))


BROWSERS = {  # the first that is named: each names those it is like as well
    "MicroMessenger/": "微信",
    "DingTalk/": "钉钉",
    "Edg/": "Edge",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "鸿蒙",
    "Android": "安卓",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


def browser(agent: str) -> str:
    """What a browser says of itself, as its user knows it: Chrome · Windows; whole, when nothing in it is known."""
    named = [next((title for key, title in one.items() if key in agent), "") for one in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, named)) or agent


class SessionTable(tables.Table):
    """One line a place where the person is logged in."""

    created_at = tables.Column("登录时间", attrs={"td": {"class": "nowrap"}})
    ip = tables.Column("来源地址")
    user_agent = tables.Column("浏览器")
    current = tables.Column("状态", accessor="pk", attrs=NOWRAP)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "登录设备"

    def render_created_at(self, value: Any) -> str:
        return moment(value)

    def value_created_at(self, value: Any) -> Any:
        return value

    def render_user_agent(self, value: str) -> str:
        return format_html('<span title="{}">{}</span>', value, browser(value))

    def value_user_agent(self, value: str) -> str:
        return value

    def render_current(self, record: UserSession) -> str:
        return mark_safe("<b>本次登录</b>") if record.is_current() else "其他设备"

    def value_current(self, record: UserSession) -> str:
        return "本次登录" if record.is_current() else "其他设备"


def session_table(sessions: Iterable[UserSession]) -> SessionTable:
    """Oldest first."""
    return SessionTable(sorted(sessions, key=lambda one: one.created_at))


@listing("sessions", "登录设备", "usersessions_list")
def sessions(user: User, query: QueryDict) -> Shown:
    """Where the person is logged in."""
    table = session_table(UserSession.objects.purge_and_list(user))
    return Shown(table, [f"{user} 的登录"], is_demo=bool(settings.FENGHUANG_DEMO))
