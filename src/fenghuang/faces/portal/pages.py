"""What the firms' pages show: what is to be done until when, and where the campaign stands, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fenghuang.domain.campaign import own
from fenghuang.domain.campaign.checking import why_silent
from fenghuang.domain.campaign.checks import FirmCheck, check_of
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign
from fenghuang.language.numbers import NotANumber, TooManyDecimals, fits_int64, parse_decimal
from fenghuang.language.record import Record
from fenghuang.law.methods.facts import FACTS
from fenghuang.platform.calendar import ESTIMATED, between
from fenghuang.platform.ui.explanation import Line, view

if TYPE_CHECKING:
    from fenghuang.domain.registry.models import Firm

STATES = {
    State.COLLECTING: "各部门正在报送数据，归集完毕后请贵企业核对，现在不用办理。",
    State.SELF_CHECK: "请核对本企业的数据。用地和用电须由贵企业确认；其余各项到期没有提出异议的，视为确认。",
    State.TOWNSHIP: "企业核对已经结束，乡镇（街道）正在确认。",
    State.SCORING: "数据已经确认，正在计分，结果公示前会通知贵企业。",
    State.OBJECTIONS: "评价结果正在公示。对本企业的结果有异议的，请在公示期内提出并附证明材料。",
    State.ADJUSTING: "公示已经结束，正在处理异议。",
    State.RECONCILIATION: "异议已处理完，正在核对全部结果。",
    State.DECISION: "结果已报政府审定，审定后公布。",
    State.PUBLISHED: "结果已经审定公布。",
    State.FROZEN: "本年度评价已经结束并归档。",
}


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to be done: what, where, until when in words."""

    said: str
    address: str
    deed: str
    until: str = ""


def chosen(firm: Firm, year: str) -> tuple[Campaign | None, list[int]]:
    """The campaign of the asked year, else the newest; and the years there are."""
    found = list(own.campaigns(firm))
    named = next((one for one in found if str(one.year) == year), found[0] if found else None)
    return named, [one.year for one in found]


def until(campaign: Campaign, today: date) -> str:
    """ "截止 2023-03-10，还有 3 个工作日" """
    if campaign.due is None:
        return "未设期限"
    left = between(today, campaign.due)
    when = f"已过 {-left} 个工作日" if today > campaign.due else f"还有 {left} 个工作日" if left else "今天截止"
    return f"截止 {campaign.due}，{when}" + (f"（{ESTIMATED}）" if campaign.due_estimated else "")


def todos(campaign: Campaign, check: FirmCheck | None, today: date) -> list[Todo]:
    """What the firm has to do now; nothing is an answer too."""
    year = f"?year={campaign.year}"
    if check and not why_silent(campaign, check, today) and check.lacking:
        titles = "、".join(one.title for one in check.lacking)
        back = f"乡镇（街道）退回：{check.township.reason}。" if check.is_sent_back and check.township else ""
        when = until(campaign, today) if campaign.state == State.SELF_CHECK else ""
        return [Todo(f"{back}核对并确认{titles}", f"/my/data/{year}", "去核对", when)]
    if check and check.is_sent_back and check.township:
        return [Todo(f"乡镇（街道）退回：{check.township.reason}", f"/my/data/{year}", "去核对")]
    if campaign.state == State.OBJECTIONS and not campaign.is_late(today):
        said = "查看公示的结果，有异议的在公示期内提出"
        return [Todo(said, f"/my/result/{year}", "看结果", until(campaign, today))]
    return []


def check_for(campaign: Campaign, firm: Firm, today: date) -> FirmCheck | None:
    """The firm's self-check; None while departments still deliver."""
    return check_of(campaign, firm, today)


def amount(name: str, text: str) -> tuple[int, str]:
    """What was typed in the fact's unit, as its smallest unit; or why it is no value."""
    fact = FACTS[name]
    places = fact.decimals or 0
    plain = text.replace(",", "").replace("，", "").strip()
    expected = f"应为以{fact.unit}为单位的数" + (f"，最多 {places} 位小数" if places else "，不带小数")
    if not plain:
        return 0, f"请填写{fact.title}，{expected}"
    try:
        value = parse_decimal(plain, places)
    except (NotANumber, TooManyDecimals):
        return 0, f"{fact.title}填的是“{text[:30]}”，{expected}"
    if (fact.not_negative and value < 0) or not fits_int64(value, value):
        return 0, f"{fact.title}填的是“{text[:30]}”，{expected}，不能为负数或过大"
    return value, ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of the result: its value, its points, and how they came about."""

    value: Line
    score: Line


def indicators(record: Record) -> list[Indicator]:
    """Each indicator with its score, as the explanation tells them."""
    steps = {line.name: line for line in view(record).steps}
    return [Indicator(line, steps[f"score_{name}"]) for name, line in steps.items() if f"score_{name}" in steps]
