"""What a firm's page shows of its place in the group and of the path to the next grade."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fenghuang.domain.evaluation import paths
from fenghuang.domain.evaluation.announced import NOT_IN_IT
from fenghuang.domain.evaluation.models import Result
from fenghuang.faces.cockpit.bars import Bar, bar_of
from fenghuang.language.numbers import NotANumber, fraction, round_half_away, show_fraction, trim
from fenghuang.language.record import MASK
from fenghuang.law.methods.again import Outcome
from fenghuang.law.methods.combining import Combination
from fenghuang.law.methods.facts import FACTS
from fenghuang.law.methods.path import UP, Change
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.ui.numbers import money, percent, scaled, thousands

FIELD = "cost_"  # before the fact, in an address
VERBS = {"tax": "对应的实缴税金再增加"}
DEAREST = 10**12  # 元 for one unit: more is a slip of the pen
WAN = 6  # money is shown in 万元, exactly: 分 are 10^-6 of it


@dataclass(frozen=True, slots=True)
class Proof:
    """A line of what the evaluation says, done again."""

    words: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """A single change as the page says it."""

    title: str
    present: str
    move: str  # "再增加 12.3 万元"; empty where none can
    share: str
    reason: str
    proofs: tuple[Proof, ...]
    limits: tuple[str, ...]
    masked: bool


@dataclass(frozen=True, slots=True)
class CostField:
    """A cost to be typed: 元 for one `unit` of the fact."""

    name: str
    title: str
    unit: str
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Chart:
    """An indicator of the group, drawn; masked for whom may not see the firm's value."""

    title: str
    unit: str
    value: str
    benchmark: str
    median: str
    words: str
    bars: tuple[Bar, ...]
    masked: bool


def context(result: Result | None, hidden: Collection[str], typed: Mapping[str, str]) -> dict[str, Any]:
    """Distributions, single changes, and the combination by the costs typed (元 per unit as the form says)."""
    if result is None or result.reason == NOT_IN_IT:
        return {"path": None}
    path = paths.path_of(result)
    open_changes = [change for change in path.changes if not paths.is_hidden(change, hidden)]
    may_combine = bool(path.changes) and len(open_changes) == len(path.changes)
    fields = [_field(change, typed) for change in path.changes if paths.may_help(path, change)] if may_combine else []
    costs = {field.name.removeprefix(FIELD): cost for field in fields if (cost := _cost(field))}
    asked = bool(costs) and not any(field.error for field in fields)
    found = paths.cheapest_of(result, costs) if asked else None
    return {
        "path": path,
        "charts": [_chart(spread, hidden) for spread in paths.spreads(result)],
        "group": f"{result.unit}{scope_title(result.run.scope)}",
        "steps": [_step(change, path.target, hidden) for change in path.changes],
        "may_combine": may_combine,
        "fields": fields,
        "asked": asked,
        "combination": _combination(found) if found else None,
    }


# --- single changes --------------------------------------------------------------------------------------------------


def amount_text(fact: str, amount: int) -> str:
    """Exact: money in 万元, else in the fact's unit."""
    if FACTS[fact].unit == "元":
        return f"{scaled(amount, WAN)} 万元"
    return f"{scaled(amount, FACTS[fact].decimals or 0)} {FACTS[fact].unit}"


def _step(change: Change, target: str, hidden: Collection[str]) -> Step:
    if paths.is_hidden(change, hidden):
        return Step(change.title, MASK, "", "", "", (), (), masked=True)
    present = "" if change.present is None else amount_text(change.fact, change.present)
    if change.amount is None or change.reached is None or change.short is None:
        return Step(change.title, present, "", "", change.reason, (), (), masked=False)
    proofs = (
        Proof("作此变动", change.reached),
        Proof(f"少变动 {_one(change.fact)}", change.short),
    )
    return Step(
        change.title, present, move(change.fact, change.amount), _share(change), "", proofs, change.limits, masked=False
    )


def move(fact: str, amount: int) -> str:
    verb = VERBS.get(fact, "再增加") if amount > 0 else "减少"
    return f"{verb} {amount_text(fact, abs(amount))}"


def _one(fact: str) -> str:
    """The smallest unit of a fact, in words."""
    return f"{trim(scaled(1, FACTS[fact].decimals or 0))} {FACTS[fact].unit}"


def _share(change: Change) -> str:
    """The change in percent of the present value; empty where that says nothing."""
    if not change.present or change.present < 0 or change.amount is None:
        return ""
    ratio = round_half_away(change.amount * 10**6, change.present)
    return ("+" if ratio > 0 else "") + percent(ratio)


# --- costs -----------------------------------------------------------------------------------------------------------


def _unit(fact: str) -> tuple[str, int]:
    """What a cost is given for, and how many of the fact's smallest unit that is."""
    if FACTS[fact].unit == "元":
        return "万元", 10**WAN
    return FACTS[fact].unit, 10 ** (FACTS[fact].decimals or 0)


def _field(change: Change, typed: Mapping[str, str]) -> CostField:
    name = FIELD + change.fact
    text = typed.get(name, "").strip()[:40]
    error = ""
    if text:
        try:
            given = fraction(text.replace(",", ""))
            error = "" if 0 < given <= DEAREST else f"“{text}”应为大于 0 的数（元），不超过 1 万亿"
        except NotANumber:
            error = f"“{text}”不是数字，请填大于 0 的数（元）"
    verb = "每增加 1 " if change.fact in UP else "每减少 1 "
    return CostField(name, change.title, f"元，{verb}{_unit(change.fact)[0]}", text, error)


def _cost(field: CostField) -> Fraction | None:
    """元 per smallest unit of the fact."""
    if not field.text or field.error:
        return None
    return fraction(field.text.replace(",", "")) / _unit(field.name.removeprefix(FIELD))[1]


def _combination(found: Combination) -> dict[str, Any]:
    return {
        "parts": [(FACTS[p.fact].title, move(p.fact, p.amount), _yuan(p.cost)) for p in found.parts],
        "cost": _yuan(found.cost),
        "proofs": [
            Proof("作此组合", found.reached),
            *(Proof(f"{FACTS[p.fact].title}少变动 {_one(p.fact)}", p.short) for p in found.parts),
        ],
        "limits": found.limits,
    }


def _yuan(cost: Fraction) -> str:
    return money(round_half_away(cost.numerator * 100, cost.denominator))


# --- distributions ---------------------------------------------------------------------------------------------------


def _chart(spread: paths.Spread, hidden: Collection[str]) -> Chart:
    if spread.name in hidden:
        return Chart(spread.title, spread.unit, MASK, "", "", "", (), masked=True)
    if spread.median is None:
        own = "本企业未知" if spread.value is None else f"本企业 {_figure(spread.value)}"
        words = f"{own}；本组已知的只有 {spread.known:,} 家，不足 {paths.FEWEST} 家，为免看出其他企业的数据，不画分布"
        return Chart(spread.title, spread.unit, own, "", "", words, (), masked=False)
    highest = max(sum(counts.values()) for _, counts in spread.counted)
    last = len(spread.counted) - 1
    bars = tuple(
        bar_of(
            n,
            counts,
            highest,
            n == spread.here,
            f"{_figure(low)} 及以上" if n == last else f"{_figure(low)} 至 {_figure(low + spread.width)}",
        )
        for n, (low, counts) in enumerate(spread.counted)
    )
    value = None if spread.value is None else _figure(spread.value)
    share = f"{100 * spread.better_than // spread.known}%"
    words = (
        f"本企业 {value}，高于本组 {spread.known:,} 家中的 {spread.better_than:,} 家（{share}）"
        if value is not None
        else f"本企业未知；本组 {spread.known:,} 家已知"
    )
    benchmark = "" if spread.benchmark is None else _figure(spread.benchmark)
    return Chart(spread.title, spread.unit, value or "", benchmark, _figure(spread.median), words, bars, masked=False)


def _figure(value: Fraction) -> str:
    return thousands(trim(show_fraction(value, 4)))
