"""The lists of ledgers: counties, entries, claims in their order, the fund of a year, what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from fenghuang.domain.ledger import fund, queries, replacement
from fenghuang.domain.ledger.kinds import CLAIMED, KINDS, Kind
from fenghuang.domain.ledger.models import Claim, Entry
from fenghuang.domain.ledger.people import units
from fenghuang.language.words import clause_title
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import money, number

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NUMBER = {"th": {"class": "num"}, "td": {"class": "num nowrap"}}
NOWRAP = {"td": {"class": "nowrap"}}
TITLE = {"td": {"class": "is-title"}}
ASIDE = {**NOWRAP, FILE_ONLY: True}


def amount(kind: Kind, value: int | None) -> str:
    """In the kind's unit, the unit left to the header."""
    return str(money(value, "bare") if kind.name == "fund" else number(value, str(kind.decimals)))


def signed(kind: Kind, value: int) -> str:
    """+12.5, -3: what comes and what goes."""
    return f"{'+' if value > 0 else '-'}{amount(kind, abs(value))}"


class Plain(tables.Table):
    """What the tables share."""

    class Meta:
        attrs = {"class": "table table-vcenter card-table"}
        order_by_field = "sort"
        orderable = False
        default = "—"


class Balance(tables.Column):
    """A pool's balance, leading to its entries."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        header = f"{kind.title}（{kind.unit}）" if not kind.may_owe else f"{kind.title}差额（{kind.unit}）"
        super().__init__(header, accessor=f"balances__{kind.name}", attrs=NUMBER)

    def render(self, value: int, record: queries.Line) -> str:
        query = urlencode({"kind": self.kind.name, "unit": record.unit.pk})
        return format_html('<a href="{}?{}">{}</a>', reverse("ledger:entries"), query, amount(self.kind, value))

    def value(self, **said: Any) -> Scaled:
        return Scaled(said["value"], self.kind.decimals)


class LedgerTable(Plain):
    """One line a county."""

    unit = tables.Column("地区", accessor="unit__name", attrs={"td": {"class": "is-title nowrap"}})
    energy = Balance(KINDS["energy"])
    carbon = Balance(KINDS["carbon"])
    land = Balance(KINDS["land"])
    emission = Balance(KINDS["emission"])
    replacement = Balance(KINDS["replacement"])
    fund = Balance(KINDS["fund"])
    waiting = tables.Column("待安排申请（项）", attrs=NUMBER)

    class Meta(Plain.Meta):
        caption = "各县（市、区）指标余额"

    def render_unit(self, value: str, record: queries.Line) -> str:
        return format_html('<a href="{}?unit={}">{}</a>', reverse("ledger:entries"), record.unit.pk, value)

    def value_unit(self, value: str) -> str:
        return value

    def render_waiting(self, value: int, record: queries.Line) -> str:
        return format_html('<a href="{}?unit={}">{}</a>', reverse("ledger:claims"), record.unit.pk, value)

    def value_waiting(self, value: int) -> int:
        return value


class EntryTable(Plain):
    """One line an entry."""

    name = tables.Column("分录", accessor="pk", attrs=TITLE)
    on = tables.Column("日期", attrs=NOWRAP)
    label = tables.Column("事由", accessor="label_title")
    amount = tables.Column("增减", attrs=NUMBER)
    balance = tables.Column("余额", attrs=NUMBER)
    measure = tables.Column("单位", accessor="about__unit", attrs=NOWRAP)
    subject = tables.Column("来源或项目", accessor="pk")
    year = tables.Column("年度", attrs=NOWRAP)
    document = tables.Column("文件编号")
    clause = tables.Column("条款", attrs=ASIDE)
    unit = tables.Column("地区", accessor="account__unit__name", attrs=ASIDE)
    reason = tables.Column("说明", attrs={FILE_ONLY: True})
    by = tables.Column("经办人", attrs=ASIDE, empty_values=())

    class Meta(Plain.Meta):
        caption = "台账分录"
        empty_text = "没有符合条件的分录"

    def render_name(self, record: Entry) -> str:
        address = reverse("ledger:entry", args=[record.pk])
        mark = format_html(' <span class="badge-soft">已冲正</span>') if countered(record) else ""
        return format_html('<a href="{}">{}</a>{}', address, record, mark)

    def value_name(self, record: Entry) -> str:
        return str(record)

    def render_on(self, value: Any) -> str:
        return f"{value:%Y-%m-%d}"

    def value_on(self, value: Any) -> Any:
        return value

    def render_amount(self, value: int, record: Entry) -> str:
        return signed(record.about, value)

    def value_amount(self, value: int, record: Entry) -> Scaled:
        return Scaled(value, record.about.decimals)

    def render_balance(self, value: int, record: Entry) -> str:
        return amount(record.about, value)

    value_balance = value_amount

    def render_subject(self, record: Entry) -> str:
        return record.project or record.origin_title or "—"

    def render_year(self, value: int) -> str:
        return f"{value}"

    def value_year(self, value: int) -> int:
        return value

    def render_clause(self, value: str) -> str:
        return clause_title(value)

    def render_by(self, value: Any) -> str:
        return str(value or "系统")


def countered(entry: Entry) -> bool:
    return hasattr(entry, "countered_by")


class ClaimTable(Plain):
    """One line a claim, in the order in which they are served."""

    project = tables.Column("项目", attrs=TITLE)
    unit = tables.Column("地区", accessor="unit__name", attrs=NOWRAP)
    kind = tables.Column("指标", accessor="get_kind_display", attrs=NOWRAP)
    sort = tables.Column("项目类别", accessor="get_sort_display")
    rank = tables.Column("次序", attrs=NOWRAP)
    amount = tables.Column("申请量", attrs=NUMBER)
    measure = tables.Column("单位", accessor="about__unit", attrs=NOWRAP)
    applied_on = tables.Column("申请日期", attrs=NOWRAP)
    state = tables.Column("状态", accessor="get_state_display", attrs=NOWRAP)
    reason = tables.Column("理由", attrs={FILE_ONLY: True})

    class Meta(Plain.Meta):
        caption = "指标申请"
        empty_text = "没有符合条件的申请"

    def render_project(self, value: str, record: Claim) -> str:
        return format_html('<a href="{}">{}</a>', reverse("ledger:claim", args=[record.pk]), value)

    def value_project(self, value: str) -> str:
        return value

    def render_rank(self, value: int) -> str:
        return "其他" if value else "优先"

    def render_amount(self, value: int, record: Claim) -> str:
        return amount(record.about, value)

    def value_amount(self, value: int, record: Claim) -> Scaled:
        return Scaled(value, record.about.decimals)

    def render_applied_on(self, value: Any) -> str:
        return f"{value:%Y-%m-%d}"

    def value_applied_on(self, value: Any) -> Any:
        return value


VERDICTS = {True: ("is-yes", "已达到"), False: ("is-no", "未达到"), None: ("is-unknown", "尚不能确定")}


def verdict(value: bool | None) -> str:
    return format_html('<span class="verdict {}">{}</span>', *VERDICTS[value])


class FundTable(Plain):
    """One line a county and year."""

    unit = tables.Column("地区", accessor="unit__name", attrs={"td": {"class": "is-title nowrap"}})
    revenue = tables.Column("土地出让收入（元）", attrs=NUMBER)
    minimum = tables.Column("应提取（元）", attrs=NUMBER)
    drawn = tables.Column("已提取（元）", attrs=NUMBER)
    shortfall = tables.Column("还差（元）", attrs=NUMBER)
    enough = tables.Column("提取比例", attrs=NOWRAP, empty_values=())
    used = tables.Column("已使用（元）", accessor="total_used", attrs=NUMBER)
    other = tables.Column("其中：其他用途（元）", attrs=NUMBER)
    balance = tables.Column("现有余额（元）", attrs=NUMBER)

    class Meta(Plain.Meta):
        caption = "专项经费"

    def render_unit(self, value: str, record: fund.Standing) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("ledger:fund_year", args=[record.unit.pk, record.year]), value
        )

    def value_unit(self, value: str) -> str:
        return value

    def render_revenue(self, value: int) -> str:
        return str(money(value, "bare"))

    render_minimum = render_drawn = render_shortfall = render_used = render_other = render_balance = render_revenue

    def value_revenue(self, value: int) -> Scaled:
        return Scaled(value, 2)

    value_minimum = value_drawn = value_shortfall = value_used = value_other = value_balance = value_revenue

    def render_enough(self, record: fund.Standing) -> str:
        return verdict(record.enough)

    def value_enough(self, record: fund.Standing) -> str:
        return VERDICTS[record.enough][1]


class ReplacementTable(Plain):
    """One line a county."""

    unit = tables.Column("地区", accessor="unit__name", attrs={"td": {"class": "is-title nowrap"}})
    changed = tables.Column("改变用途（亩）", attrs=NUMBER)
    replaced = tables.Column("已补划（亩）", attrs=NUMBER)
    owed = tables.Column("欠补（亩）", attrs=NUMBER)
    balanced = tables.Column("占补平衡", empty_values=(), attrs=NOWRAP)

    class Meta(Plain.Meta):
        caption = "改一补一"

    def render_unit(self, value: str, record: replacement.Standing) -> str:
        query = urlencode({"kind": "replacement", "unit": record.unit.pk})
        return format_html('<a href="{}?{}">{}</a>', reverse("ledger:entries"), query, value)

    def value_unit(self, value: str) -> str:
        return value

    def render_changed(self, value: int) -> str:
        return str(number(value, "4"))

    render_replaced = render_owed = render_changed

    def value_changed(self, value: int) -> Scaled:
        return Scaled(value, 4)

    value_replaced = value_owed = value_changed

    def render_balanced(self, value: bool | None) -> str:
        return verdict(value)

    def value_balanced(self, value: bool | None) -> str:
        return VERDICTS[value][1]


# --- what is asked for


def entries_shown(user: User, query: QueryDict) -> tuple[QuerySet[Entry], list[str]]:
    """The entries of the filter, newest first, and the filter in words."""
    found, words = queries.entries(user), []
    if kind := KINDS.get(query.get("kind", "")):
        found = found.filter(kind=kind.name)
        words.append(f"台账：{kind.title}")
    if unit := units(user).filter(pk=query.get("unit", "")[:12]).first():
        found = found.filter(account__unit=unit)
        words.append(f"地区：{unit}")
    if (holder := query.get("holder", "")) in ("pool", "firm"):
        found = found.filter(account__firm__isnull=holder == "pool")
        words.append("持有：县（市、区）" if holder == "pool" else "持有：企业")
    if (year := query.get("year", "")).isdecimal() and len(year) == 4:
        found = found.filter(year=int(year))
        words.append(f"{year} 年度")
    if text := query.get("q", "").strip()[:100]:
        found = queries.search(found, text)
        words.append(f"搜索：{text}")
    return found, words


def claims_shown(user: User, query: QueryDict) -> tuple[QuerySet[Claim], list[str]]:
    """Those that wait unless the address asks for others."""
    found, words = queries.claims(user), []
    state = query.get("state", Claim.State.WAITING)
    if state in Claim.State.values:
        found = found.filter(state=state)
        words.append(f"状态：{Claim.State(state).label}")
    if kind := CLAIMED.get(query.get("kind", "")):
        found = found.filter(kind=kind.name)
        words.append(f"指标：{kind.title}")
    if unit := units(user).filter(pk=query.get("unit", "")[:12]).first():
        found = found.filter(unit=unit)
        words.append(f"地区：{unit}")
    return found, words


def fund_year(user: User, asked: str) -> tuple[int, list[int]]:
    """The year asked for, else the newest with anything, else this one."""
    known = queries.years(user) or [timezone.localdate().year]
    return next((year for year in known if str(year) == asked), known[0]), known


def _shown(table: tables.Table, words: list[str]) -> Shown:
    return Shown(table, words, is_demo=bool(settings.FENGHUANG_DEMO))


@listing("ledgers", "指标台账", "ledger:index")
def ledgers(user: User, query: QueryDict) -> Shown | None:
    """The counties' pools."""
    return _shown(LedgerTable(queries.lines(user)), [])


@listing("ledger-entries", "台账分录", "ledger:entries")
def entries(user: User, query: QueryDict) -> Shown | None:
    """Entries, newest first."""
    found, words = entries_shown(user, query)
    return _shown(EntryTable(found), words)


@listing("ledger-claims", "指标申请", "ledger:claims")
def claims(user: User, query: QueryDict) -> Shown | None:
    """Claims in the order of art.15."""
    found, words = claims_shown(user, query)
    return _shown(ClaimTable(found), words)


@listing("ledger-fund", "专项经费", "ledger:fund")
def funds(user: User, query: QueryDict) -> Shown | None:
    """The fund of a year, county by county."""
    year, _ = fund_year(user, query.get("year", ""))
    return _shown(FundTable(fund.standings(units(user), year)), [f"{year} 年度"])


@listing("ledger-replacement", "改一补一", "ledger:replacement")
def replacements(user: User, query: QueryDict) -> Shown | None:
    """What each county changed, replaced and owes."""
    return _shown(ReplacementTable(replacement.standings(units(user))), [])
