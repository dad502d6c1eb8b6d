"""Totals as lists: of one campaign by a dimension, of the city by county or by a dimension."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_tables2 as tables
from django.conf import settings
from django.http import QueryDict
from django.utils.html import format_html

from fenghuang.domain.campaign import queries, totals
from fenghuang.domain.campaign.models import Scoring
from fenghuang.domain.campaign.totals import DIMENSIONS, SUMMED, Average, Line, Sum
from fenghuang.domain.feeds.sensitive import hidden_from
from fenghuang.language.numbers import round_half_away
from fenghuang.language.record import MASK
from fenghuang.law.methods.facts import FACTS, INDICATORS
from fenghuang.platform.lists.registry import FILE_ONLY, Scaled, Shown, listing
from fenghuang.platform.ui.templatetags.numbers import DASH, MASKED, number

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

NUMBER: dict[str, Any] = {"th": {"class": "num"}, "td": {"class": "num nowrap position-relative"}}
ASIDE = {**NUMBER, FILE_ONLY: True}
ON_PAGE = ("land_mu", "tax", "value_added", "energy_tce", "tax_per_mu", "value_added_per_mu", "value_added_per_tce")
WAN = 6  # 分 as 10^-6 万元


class TotalBase(tables.Table):
    """One line a part; the last is all of them."""

    title = tables.Column("名称", attrs={"td": {"class": "is-title"}})
    firms = tables.Column("企业（家）", attrs=NUMBER)

    class Meta:
        order_by_field = "sort"
        orderable = False
        default = "—"
        caption = "汇总"
        empty_text = "还没有计分"

    def __init__(self, data: Any, *, hidden: frozenset[str], query: QueryDict | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.hidden = hidden
        self.query = query or QueryDict()

    def render_title(self, value: str, record: Line) -> str:
        asked = self.query.copy()
        asked["why"] = record.key or "all"
        return format_html('<a href="?{}#why" title="怎么算的">{}</a>', asked.urlencode(), value)

    def value_title(self, value: str) -> str:
        return value


def _sum_shown(part: Sum, hidden: frozenset[str]) -> str:
    told = part.told(hidden)
    if told is None or told == MASK:
        return DASH if told is None else MASKED
    money = part.fact.unit == "元"
    text = number(told, f"{WAN}>2" if money else f"{part.fact.decimals}>{min(part.fact.decimals or 0, 2)}")
    lacking = format_html('<br><span class="badge-soft is-warn">不完整，缺 {} 家</span>', part.unknown)
    return format_html("{}{}", text, lacking if part.unknown else "")


def _sum_value(part: Sum, hidden: frozenset[str]) -> Any:
    told = part.told(hidden)
    places = WAN if part.fact.unit == "元" else part.fact.decimals or 0
    return Scaled(told, places) if isinstance(told, int) else told


def _average_value(part: Average, hidden: frozenset[str]) -> Any:
    if part.value is None or part.is_masked(hidden):
        return None if part.value is None else MASK
    exact = part.value * 10**totals.DECIMALS * (1 if part.indicator.unit else 100)
    return Scaled(round_half_away(exact.numerator, exact.denominator), totals.DECIMALS)


def _average_shown(part: Average, hidden: frozenset[str]) -> str:
    value = _average_value(part, hidden)
    if not isinstance(value, Scaled):
        return DASH if value is None else MASKED
    return f"{number(value.value, f'{value.places}>{value.places}')}{'' if part.indicator.unit else '%'}"


def _columns() -> dict[str, Any]:
    """Grades, sums, averages, and how many firms each sum lacks."""
    made: dict[str, Any] = {}

    def add(name: str, title: str, shown: Callable[..., Any], value: Callable[..., Any], attrs: Any) -> None:
        made[name] = tables.Column(title, accessor="title", attrs=attrs)
        made[f"render_{name}"] = lambda self, record: shown(record, self.hidden)
        made[f"value_{name}"] = lambda self, record: value(record, self.hidden)

    for x in queries.LETTERS:
        add(
            f"final_{x}",
            f"{x} 类",
            lambda line, _, x=x: format_html(
                '{}<br><small class="text-secondary">初评 {}</small>', number(line.final[x]), number(line.initial[x])
            ),
            lambda line, _, x=x: line.final[x],
            NUMBER,
        )
    for x in queries.LETTERS:
        counted = lambda line, _, x=x: line.initial[x]  # noqa: E731 - the same on the page and in the file
        add(f"initial_{x}", f"初评 {x} 类", counted, counted, ASIDE)
    ungraded = lambda line, _: line.ungraded  # noqa: E731
    add("ungraded", "未定级", ungraded, ungraded, NUMBER)
    for name in SUMMED:
        fact = FACTS[name]
        unit = "万元" if fact.unit == "元" else fact.unit
        add(
            name,
            f"{fact.title}（{unit}）",
            lambda line, hidden, name=name: _sum_shown(line.sums[name], hidden),
            lambda line, hidden, name=name: _sum_value(line.sums[name], hidden),
            NUMBER if name in ON_PAGE else ASIDE,
        )
    for name, it in INDICATORS.items():
        add(
            name,
            f"{it.title}（{it.unit or '%'}）",
            lambda line, hidden, name=name: _average_shown(line.averages[name], hidden),
            lambda line, hidden, name=name: _average_value(line.averages[name], hidden),
            NUMBER if name in ON_PAGE else ASIDE,
        )
    for name in SUMMED:
        lacking = lambda line, _, name=name: line.sums[name].unknown  # noqa: E731
        add(f"{name}_unknown", f"{FACTS[name].title}未知（家）", lacking, lacking, ASIDE)
    return made


_kind: Any = type(TotalBase)  # the class of classes that gathers columns
TotalTable: Any = _kind("TotalTable", (TotalBase,), {**_columns(), "__module__": __name__})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and the lines that answer it; the last is the whole."""

    dimension: str
    title: str
    lines: list[Line]
    about: list[tuple[str, str]]

    def line(self, key: str) -> Line | None:
        """The line to be explained."""
        return next((one for one in self.lines if (one.key or "all") == key), None)


def of_campaign(made: Scoring, query: QueryDict) -> Asked:
    """A scoring by the dimension asked for."""
    known = {one.name: one for one in totals.offered(made)}
    asked = known.get(query.get("by", ""), DIMENSIONS["township"])
    about = [
        ("计分", str(made)),
        ("数据快照", f"SHA-256 {made.facts_id}"),
        ("结果", f"SHA-256 {made.results_id}"),
        ("平均值", "合计 ÷ 合计，只取两项都已知的企业，一次相除后四舍五入"),
    ]
    return Asked(asked.name, asked.title, [*totals.by(made, asked.name), totals.whole(made)], about)


def of_city(user: User, year: int, query: QueryDict) -> Asked:
    """The latest scoring of every campaign of the year, by county or by a dimension over all of them."""
    made = last_scorings(user, year)
    about = [(str(one.campaign.unit), f"{one.campaign.get_state_display()}，{one}") for one in made]
    if (by := query.get("by", "")) in ("division", "scope"):
        parts: dict[str, list[Line]] = {}
        for one in made:
            for line in totals.by(one, by):
                parts.setdefault(line.key, []).append(line)
        lines = [totals.merged(key, parts[key][0].title, parts[key]) for key in sorted(parts)]
        title = DIMENSIONS[by].title
    else:
        by, title = "county", "县（市、区）"
        lines = [totals.merged(one.campaign.unit_id, str(one.campaign.unit), [totals.whole(one)]) for one in made]
    return Asked(by, title, [*lines, totals.merged("", "全市合计", lines)], about)


def last_scorings(user: User, year: int) -> list[Scoring]:
    """Of each campaign of the year that has one, in the order of the units."""
    found = queries.campaigns(user).filter(year=year).order_by("unit__order")
    made = (one.scorings.select_related("campaign__unit").first() for one in found)
    return [one for one in made if one is not None]


@listing("campaign-totals", "评价汇总", "campaign:totals", path=("pk",))
def campaign_totals(user: User, query: QueryDict) -> Shown | None:
    """One campaign's."""
    campaign = queries.numbered(user, query.get("pk", ""))
    made = campaign.scorings.select_related("campaign").first() if campaign else None
    if campaign is None or made is None or user.township is not None:
        return None
    asked = of_campaign(made, query)
    table = TotalTable(asked.lines, hidden=hidden_from(user, campaign.unit_id))
    return Shown(table, [str(campaign), f"按{asked.title}"], asked.about, is_demo=bool(settings.FENGHUANG_DEMO))


@listing("city-totals", "全市评价汇总", "campaign:city_totals")
def city_totals(user: User, query: QueryDict) -> Shown | None:
    """The city's: for who sees the whole city."""
    years = queries.years(user)
    if not years or not user.sees_whole_city:
        return None
    year = next((one for one in years if str(one) == query.get("year", "")), years[0])
    asked = of_city(user, year, query)
    table = TotalTable(asked.lines, hidden=hidden_from(user, None))
    return Shown(table, [f"{year} 年度", f"按{asked.title}"], asked.about, is_demo=bool(settings.FENGHUANG_DEMO))
