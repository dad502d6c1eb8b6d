"""The navigation: each entry names a URL pattern; one not installed, or not for this person, is left out."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from fenghuang.platform.accounts.rules import may


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    title: str
    icon: str
    pattern: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as this page shows it."""

    title: str
    icon: str
    url: str
    active: bool


ENTRIES = [
    Entry("驾驶舱", "home", "cockpit:home", "accounts.see_home"),
    Entry("工作台", "home", "cockpit:home", "accounts.see_worktop"),
    Entry("企业库", "building", "cockpit:firms"),
    Entry("宗地与用电", "map", "land:parcels"),
    Entry("亩均评价", "chart", "evaluation:index"),
    Entry("评价工作", "clock", "campaign:index"),
    Entry("清单管理", "inbox", "casework:index"),
    Entry("指标台账", "scale", "ledger:index", "accounts.see_home"),
    Entry("政策直兑", "coins", "incentives:index"),
    Entry("政策文件", "book", "policies:index"),
    Entry("政策推演", "scale", "whatif:index", "accounts.see_whatif"),
    Entry("政策计算器", "calculator", "explorer:rules"),
    Entry("数据接入", "database", "feeds:index"),
    Entry("后台任务", "activity", "jobs:index"),
    Entry("审计日志", "shield", "audit:index", "accounts.read_audit"),
    Entry("用户", "users", "users:index", "accounts.manage_users"),
]


# What a firm's account has; on a phone the same entries stand at the foot of the page.
FIRM_ENTRIES = [
    Entry("首页", "home", "portal:home"),
    Entry("我的数据", "database", "portal:data"),
    Entry("我的结果", "chart", "portal:result"),
    Entry("异议", "alert", "portal:objections"),
    Entry("通知", "inbox", "notices:index"),
    Entry("我的账号", "user", "portal:account"),
]


HOMES = ("/", "/my/")  # every other address begins with these


def entries(request: HttpRequest) -> list[Shown]:
    """The entries this person sees, the current one marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    shown = []
    for entry in ENTRIES if may(user, "accounts.see_staff") else FIRM_ENTRIES:
        if entry.permission and not may(user, entry.permission):
            continue
        try:
            url = reverse(entry.pattern)
        except NoReverseMatch:
            continue
        active = request.path == url if url in HOMES else request.path.startswith(url)
        shown.append(Shown(entry.title, entry.icon, url, active))
    return shown
