"""The self-check as a list: a line a firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fenghuang.domain.campaign import queries
from fenghuang.domain.campaign.checks import NOWHERE, FirmCheck, checks
from fenghuang.domain.campaign.models import Campaign
from fenghuang.law.methods.facts import FACTS
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import number

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NOWRAP = {"td": {"class": "nowrap"}}
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class CheckTable(tables.Table):
    """Land and electricity with the firm's word, open objections, the township's word."""

    name = tables.Column("企业", accessor="year__name", attrs={"td": {"class": "is-title"}})
    uscc = tables.Column("统一社会信用代码", accessor="firm__uscc", attrs={"td": {"class": "uscc"}, FILE_ONLY: True})
    township = tables.Column("乡镇（街道）", accessor="year__township", attrs=NOWRAP)
    land = tables.Column("用地面积（亩）", accessor="year__land_mu", attrs=NUMBER)
    land_said = tables.Column("用地核对", accessor="firm__pk", empty_values=(), attrs={"td": {"class": "is-said"}})
    power = tables.Column("用电量（千瓦时）", accessor="year__electricity_kwh", attrs=NUMBER)
    power_said = tables.Column("用电核对", accessor="firm__pk", empty_values=(), attrs={"td": {"class": "is-said"}})
    contested = tables.Column("待处理异议", accessor="firm__pk", empty_values=(), attrs={"td": {"class": "is-said"}})
    state = tables.Column("乡镇确认", accessor="township_state", attrs={"td": {"class": "is-said"}})

    class Meta:
        orderable = False
        order_by_field = "sort"
        default = "—"
        caption = "企业核对和乡镇确认"
        empty_text = "没有符合条件的企业"

    def render_name(self, value: str, record: FirmCheck) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("campaign:check_firm", args=[record.campaign.pk, record.firm.uscc]), value
        )

    def value_name(self, value: str) -> str:
        return value

    def render_land(self, value: int) -> str:
        return str(number(value, "4>4"))

    def value_land(self, value: int) -> Scaled:
        return Scaled(value, FACTS["land_mu"].decimals or 0)

    def render_power(self, value: int) -> str:
        return str(number(value))

    def value_power(self, value: int) -> int:
        return value

    def render_land_said(self, record: FirmCheck) -> str:
        return _said(record, "land_mu")

    def render_power_said(self, record: FirmCheck) -> str:
        return _said(record, "electricity_kwh")

    def render_contested(self, record: FirmCheck) -> str:
        return "、".join(one.title for one in record.contested) or "—"


def _said(record: FirmCheck, name: str) -> str:
    item = record.item(name)
    return str(item.standing.label) if item else "本方法不使用"


SHOWS: dict[str, tuple[str, Any]] = {
    "contested": ("有异议待处理", lambda one: bool(one.contested)),
    "silent": ("用地、用电未核对完", lambda one: bool(one.lacking)),
    "waiting": ("待乡镇确认", lambda one: not one.is_confirmed),
}


def checks_shown(user: User, campaign: Campaign, query: QueryDict) -> tuple[list[FirmCheck], list[str]]:
    """The firms of the person's places, by township and by what is open."""
    found = checks(campaign, timezone.localdate(), queries.places(user))
    words = [str(campaign), campaign.get_state_display()]
    if township := query.get("township", ""):
        found = [one for one in found if (one.year.township or NOWHERE) == township]
        words.append(f"乡镇（街道）：{township}")
    if show := SHOWS.get(query.get("show", "")):
        found = [one for one in found if show[1](one)]
        words.append(show[0])
    return found, words


def townships_of(found: list[FirmCheck]) -> list[str]:
    return sorted({one.year.township or NOWHERE for one in found})


@listing("campaign-check", "企业核对", "campaign:check", path=("pk",))
def check(user: User, query: QueryDict) -> Shown | None:
    """What firms and townships said of a campaign's data."""
    campaign = queries.numbered(user, query.get("pk", ""))
    if campaign is None:
        return None
    found, words = checks_shown(user, campaign, query)
    return Shown(CheckTable(found), words, is_demo=bool(settings.FENGHUANG_DEMO))
