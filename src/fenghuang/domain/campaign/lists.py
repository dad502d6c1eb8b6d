"""Campaigns as a list (who is late), and the grades of one: initial and final side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fenghuang.domain.campaign import check_lists, queries  # noqa: F401 - registers its list
from fenghuang.domain.campaign.board import Line, lines
from fenghuang.domain.campaign.flow import CITY, UNIT
from fenghuang.domain.campaign.models import Campaign, Grade, Scoring
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.calendar import ESTIMATED
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import moment, number

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
SHORT = {UNIT: "县级、市级经办", CITY: "市级经办"}
NOWRAP = {"td": {"class": "nowrap"}}


class CampaignTable(tables.Table):
    """One line a unit: where it stands, until when, who is next."""

    unit = tables.Column("地区", accessor="campaign__unit__name", attrs={"td": {"class": "is-title nowrap"}})
    state = tables.Column("环节", accessor="campaign__get_state_display", attrs=NOWRAP)
    since = tables.Column("进入本环节", accessor="campaign__since", attrs={**NOWRAP, FILE_ONLY: True})
    due = tables.Column("截止", accessor="campaign__due", attrs=NOWRAP)
    time_said = tables.Column("工作日", attrs=NOWRAP)
    left = tables.Column("剩余（工作日）", attrs={**NUMBER, FILE_ONLY: True})
    late = tables.Column("逾期（工作日）", attrs={**NUMBER, FILE_ONLY: True})
    who = tables.Column("下一步由谁办", accessor="campaign", attrs={})
    blocked = tables.Column("现在不能办的原因", empty_values=(None,))
    pending = tables.Column("待处理异议（件）", attrs=NUMBER)
    last = tables.Column("最近计分", attrs=NOWRAP)
    method = tables.Column("方法", accessor="campaign__method__name", attrs={**NOWRAP, FILE_ONLY: True})

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "各地评价进度"
        empty_text = "本年度还没有单位开始评价"

    def render_unit(self, value: str, record: Line) -> str:
        return format_html('<a href="{}">{}</a>', reverse("campaign:detail", args=[record.campaign.pk]), value)

    def value_unit(self, value: str) -> str:
        return value

    def render_due(self, value: Any, record: Line) -> str:
        said = f"（{ESTIMATED}）" if record.campaign.due_estimated else ""
        return f"{value:%Y-%m-%d}{said}"

    def render_since(self, value: Any) -> str:
        return f"{value:%Y-%m-%d}"

    def render_time_said(self, value: str, record: Line) -> str:
        return format_html('<span class="badge-soft is-warn">{}</span>', value) if record.late else value

    def value_time_said(self, value: str) -> str:
        return value

    def render_blocked(self, value: str, record: Line) -> str:
        return value or ("可以办理" if record.next else "—")

    def render_last(self, value: Scoring) -> str:
        return format_html('<span title="{}">第 {} 次</span>', moment(value.at), value.number)

    def value_last(self, value: Scoring) -> str:
        return f"{value}，{moment(value.at)}"

    def value_late(self, value: int) -> int:
        return value

    value_pending = value_left = value_late

    def render_who(self, value: Campaign) -> str:
        arrows = queries.forward(value)
        return f"{arrows[0].title}（{SHORT[arrows[0].who]}）" if arrows else "已归档"


class GradeTable(tables.Table):
    """One line a firm."""

    name = tables.Column("企业", attrs={"td": {"class": "is-title"}})
    uscc = tables.Column("统一社会信用代码", accessor="firm__uscc", attrs={"td": {"class": "uscc"}})
    township = tables.Column("乡镇（街道）")
    scope = tables.Column("范围", attrs=NOWRAP)
    score = tables.Column("得分", attrs=NUMBER)
    rank = tables.Column("名次", attrs=NUMBER)
    initial = tables.Column("初评", attrs=NOWRAP)
    final = tables.Column("最终", attrs=NOWRAP)
    chain = tables.Column("经过", orderable=False, empty_values=(None,))

    class Meta:
        order_by_field = "sort"
        default = "—"
        caption = "评价结果"
        empty_text = "没有符合条件的企业"

    def render_name(self, value: str, record: Grade) -> str:
        args = [record.scoring.campaign_id, record.firm.uscc]
        return format_html('<a href="{}">{}</a>', reverse("campaign:firm", args=args), value)

    def value_name(self, value: str) -> str:
        return value

    def render_scope(self, value: str) -> str:
        return scope_title(value)

    def render_score(self, value: int) -> str:
        return str(number(value, "4>4"))

    def value_score(self, value: int) -> Scaled:
        return Scaled(value, 4)

    def value_rank(self, value: int) -> int:
        return value

    def render_chain(self, value: list[str], record: Grade) -> str:
        return "；".join([*value, *([record.reason] if record.reason else [])]) or "—"


def grades_shown(user: User, campaign: Campaign, query: QueryDict) -> tuple[QuerySet[Grade], list[str]]:
    """Of the latest scoring, by rank; by grade, or only what was regraded."""
    last = campaign.scorings.first()
    found = queries.grades(user, campaign).order_by("scope", "rank", "name")
    words = [str(campaign), str(last) if last else "还没有计分"]
    if (grade := query.get("grade", "")) in ("A", "B", "C", "D", "none"):
        found = found.filter(final="" if grade == "none" else grade)
        words.append(f"最终等级：{'未定级' if grade == 'none' else grade}")
    if query.get("changed") == "1":
        found = found.exclude(chain=[])
        words.append("仅有调档的")
    return found, words


@listing("campaigns", "评价工作", "campaign:index")
def campaigns(user: User, query: QueryDict) -> Shown | None:
    """Where each unit stands."""
    years = queries.years(user)
    if not years:
        return None
    year = next((one for one in years if str(one) == query.get("year", "")), years[0])
    found: Sequence[Line] = lines(user, year, timezone.localdate())
    return Shown(CampaignTable(found), [f"{year} 年度"], is_demo=bool(settings.FENGHUANG_DEMO))


@listing("campaign-grades", "评价结果", "campaign:grades", path=("pk",))
def grades(user: User, query: QueryDict) -> Shown | None:
    """The grades of a campaign, with the hash of the facts they stand on."""
    campaign = queries.numbered(user, query.get("pk", ""))
    last = campaign.scorings.first() if campaign else None
    if campaign is None or last is None:
        return None
    found, words = grades_shown(user, campaign, query)
    about = [
        ("数据快照", f"SHA-256 {last.facts_id}"),
        ("评价方法", f"{campaign.method}"),
        ("归档指纹", campaign.seal or "—"),
    ]
    return Shown(GradeTable(found), words, about, is_demo=bool(settings.FENGHUANG_DEMO))
