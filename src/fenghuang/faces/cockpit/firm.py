"""What a firm's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from fenghuang.domain.campaign import queries as campaign
from fenghuang.domain.campaign.models import Grade
from fenghuang.domain.campaign.record import ANNOUNCED
from fenghuang.domain.casework import concerning
from fenghuang.domain.evaluation import announced
from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh, Result
from fenghuang.domain.feeds.sensitive import hidden_in_lists, masked_findings
from fenghuang.domain.incentives import queries as incentives
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry import queries as registry
from fenghuang.domain.registry.history import around, ended
from fenghuang.domain.registry.industries import division
from fenghuang.domain.registry.land_queries import of_firm
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.domain.registry.past import Past
from fenghuang.domain.registry.predecessors import predecessors
from fenghuang.domain.registry.traced import Traced
from fenghuang.faces.cockpit import bars
from fenghuang.faces.cockpit.timeline import timeline
from fenghuang.language.record import MASK, Record, Source, Value
from fenghuang.law.methods.facts import FACTS
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.ui.explanation import Line as Verdict
from fenghuang.platform.ui.explanation import view

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

# (fact, how the number filter reads it, unit) in the order of the page.
SHOWN = [
    ("tax", "2>2", "元"),
    ("local_contribution", "2>2", "元"),
    ("revenue", "2>2", "元"),
    ("value_added", "2>2", "元"),
    ("rnd_expense", "2>2", "元"),
    ("land_mu", "4>4", "亩"),
    ("electricity_kwh", "0", "千瓦时"),
    ("energy_tce", "4>4", "吨标准煤"),
    ("emission_t", "6>6", "吨"),
    ("employees", "0", "人"),
]
TITLES = {**{name: fact.title for name, fact in FACTS.items()}, "local_contribution": "地方贡献"}
ABOUT = [("name", "当年名称"), ("unit", "地区"), ("township", "乡镇（街道）"), ("industry", "行业"), ("scale", "规模")]
HIDDEN = ("group_size",)  # said in the headline of the page, in words


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact of a year with the rows it came from."""

    year: int
    value: int | str | None  # MASK for whom may not see it
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A fact over the years."""

    name: str
    title: str
    unit: str
    how: str  # for the number filter
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator of the grade: its value, what it is measured by, its points."""

    title: str
    unit: str
    value: Value
    benchmark: Value
    weight: Value
    score: Value
    note: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its explanation."""

    decision: Decision
    record: Record
    outcome: str  # granted | refused | unknown
    failed: tuple[Verdict, ...]  # conditions that do not hold
    missing: tuple[str, ...]  # titles of the facts it waits for


def context(user: User, firm: Firm, refresh: Refresh | None, asked: str, known: str = "") -> dict[str, Any]:
    """Facts as known today or on the day `known` (YYYY-MM-DD); grade and subsidies as decided in the latest refresh."""
    past = Past.of(known)
    traced = Traced.of(user, firm)
    today = traced.known(None)
    years = [] if past.is_before_all else traced.known(past.recording)
    events = around(firm)
    results = results_of(user, firm, refresh, [y.year for y in today])
    chosen = next((r for r in results if str(r.year) == asked), results[0] if results else None)
    hidden = hidden_in_lists(user)  # every year shown is of the own unit
    told = lines(years, hidden, traced, past.recording)
    decisions = decided(user, firm, refresh, hidden, traced)
    return {
        "firm": firm,
        "past": past,
        "former": former_names(firm),
        "ended": ended(firm, events),
        "events": len(events),
        "industry": division(firm.industry),
        "above_scale": today[0].above_scale if today else None,
        "fact_years": [y.year for y in years],
        "lines": told,
        "directory": directory(years),
        "directory_rows": ABOUT,
        "findings": masked_findings(user, registry.findings(user, firm).order_by("-raw_row__year", "id")),
        "results": results,
        "years": [r.year for r in results],
        "in_campaigns": in_campaigns(campaign.of_firm(user, firm), results),
        "result": chosen,
        "year": chosen.year if chosen else None,
        "tax_per_mu": MASK
        if chosen and chosen.tax_per_mu is not None and "tax_per_mu" in hidden
        else chosen and chosen.tax_per_mu,
        "origin": announced.origin(chosen.run) if chosen else "",
        "origin_badge": announced.badge(chosen.run) if chosen else "",
        "provisional": incentives.PROVISIONAL,
        **why(chosen, hidden, traced),
        "decided": decisions,
        "total": sum(d.decision.amount or 0 for d in decisions),
        "unsettled": [d for d in decisions if d.outcome == "unknown"],
        "waiting": undecided(user, firm, decisions),
        "land": of_firm(firm, past),
        "cases": concerning.of_firm(user, firm, timezone.localdate()),
        "predecessors": predecessors(user, firm, events),
        "timeline": timeline(user, firm, traced.versions),
    }


def former_names(firm: Firm) -> list[Any]:
    """Names of other years than the present one."""
    return [name for name in firm.names.order_by("first_year") if name.name != firm.name]


# --- the grade -------------------------------------------------------------------------------------------------------


def results_of(user: User, firm: Firm, refresh: Refresh | None, years: Sequence[int]) -> list[Result]:
    """The firm's results of the refresh, newest year first. Naming the years lets the unique index answer."""
    if refresh is None:
        return []
    found = evaluation.results(user, refresh).filter(firm=firm, year__in=years).order_by("-year")
    results = list(found.select_related("run__snapshot", "run__method", "run__unit", "firm", "unit"))
    for one in results:
        one.refresh = one.run.refresh = refresh
    return results


@dataclass(frozen=True, slots=True)
class InCampaign:
    """The firm in a year's campaign, and why its grade there is another than the one of the page."""

    year: int
    address: str
    initial: str
    word: str  # 最终 | 暂定
    final: str
    state: str
    number: int
    why: str


def in_campaigns(grades: Sequence[Grade], results: Sequence[Result]) -> list[InCampaign]:
    """The latest scoring of each year's campaign beside the result of the same year."""
    of_year = {one.year: one for one in results}
    return [_in_campaign(one, of_year.get(one.scoring.campaign.year)) for one in grades]


def _in_campaign(one: Grade, result: Result | None) -> InCampaign:
    made = one.scoring
    held = made.campaign
    decided = held.state in ANNOUNCED
    why_other = ""
    if result and result.grade != one.final and result.run.announced.get("scoring") != made.pk:
        page = f"{result.refresh}得 {result.grade or result.get_status_display()}"
        why_other = (
            f"{page}，早于公布；重新测算后以公布为准"
            if decided
            else f"{page}，按{result.refresh.recording}和公开的方法；"
            f"评价工作按{made.recording}、本年度方法和调档，尚未公布"
        )
    address = reverse("campaign:firm", args=[held.pk, one.firm.uscc])
    word = "最终" if decided else "暂定"
    return InCampaign(
        held.year,
        address,
        one.initial or "—",
        word,
        one.final or "—",
        held.get_state_display(),
        made.number,
        why_other,
    )


def why(result: Result | None, hidden: frozenset[str] = frozenset(), traced: Traced | None = None) -> dict[str, Any]:
    """Why the grade is what it is, how far the next one is, and the firm's place among its group."""
    if result is None:
        return {"why": None}
    if result.reason == announced.NOT_IN_IT:  # its unit's year was announced without it: nothing is there to explain
        return {"why": None, "reason": result.reason, "scope": "", "bars": []}
    record = evaluation.explain(result, traced).masked(hidden)
    step = next((s for s in record.steps if s.name == "initial_grade"), None)
    notes = tuple(evaluation.said(note) for note in record.notes)
    shown = {name: value for name, value in record.outputs.items() if name not in HIDDEN}
    return {
        # a grade that stands has dealt with what was missing: the steps and notes say how
        "why": record._replace(outputs=shown, notes=notes, missing=() if result.grade else record.missing),
        "items": items_of(record),
        "distance": step.distance if step else "",
        "scope": scope_title(result.run.scope),
        "bars": bars.stacked(evaluation.group_distribution(result.run), result.score),
        "reason": evaluation.said(result.reason),
        "ahead": _percent(result.rank, result.group_size),
    }


def items_of(record: Record) -> list[Item]:
    """The indicators of a grade in one table, taken from the steps that the explanation tells one by one."""
    steps = {step.name: step for step in record.steps}
    found = []
    for name, step in steps.items():
        score = steps.get(f"score_{name}")
        if score is None:
            continue
        read = {i.name: i for i in score.inputs}
        weight, benchmark = read.get(f"weight_{name}"), read.get(f"benchmark_{name}")
        found.append(
            Item(
                step.title,
                step.unit,
                step.value,
                benchmark.value if benchmark else None,
                weight.value if weight else None,
                score.value,
                step.note,
            )
        )
    return found


def _percent(part: int | None, whole: int | None) -> int | None:
    """part / whole in 10^-4 percent."""
    return 10**6 * part // whole if part and whole else None


# --- facts -----------------------------------------------------------------------------------------------------------


def lines(
    years: Sequence[FirmYear], hidden: frozenset[str], traced: Traced, recording: int | None = None
) -> list[Line]:
    """Every fact, newest year first; with the rows that counted at a recording (None: today)."""
    sources = traced.sources(years, recording)
    return [
        Line(
            name,
            TITLES[name],
            unit,
            how,
            [Cell(y.year, _seen(y, name, hidden), sources[y.pk].get(name, ())) for y in years],
        )
        for name, how, unit in SHOWN
    ]


def _seen(year: FirmYear, name: str, hidden: frozenset[str]) -> int | str | None:
    value: int | None = getattr(year, name)
    return MASK if value is not None and name in hidden else value


def directory(years: Sequence[FirmYear]) -> list[dict[str, Any]]:
    """What the statistics office's directory said of each year."""
    return [
        {
            "year": y.year,
            "name": y.name,
            "unit": y.unit,
            "township": y.township,
            "industry": f"{y.industry} {division(y.industry)}".strip(),
            "scale": None if y.above_scale is None else "规上" if y.above_scale else "规下",
        }
        for y in years
    ]


# --- subsidies -------------------------------------------------------------------------------------------------------


def decided(user: User, firm: Firm, refresh: Refresh | None, hidden: frozenset[str], traced: Traced) -> list[Decided]:
    """The firm's decisions, newest year first, each explained."""
    if refresh is None:
        return []
    # sorted here: an order in the question leads SQLite to the index of the years, through all firms' decisions
    found = incentives.explain_all(incentives.decisions(user, refresh).filter(firm=firm).order_by(), traced)
    found.sort(key=lambda one: (-one[0].year, one[0].project.code, one[0].rule))
    return [_decided(decision, record.masked(hidden)) for decision, record in found]


def _decided(decision: Decision, record: Record) -> Decided:
    shown = view(record)
    failed = tuple(line for line in shown.conditions if line.state == "no")
    return Decided(decision, record, incentives.outcome(decision), failed, shown.missing)


def undecided(user: User, firm: Firm, decisions: Sequence[Decided]) -> list[Any]:
    """Projects known today that the latest refresh did not decide: newer than it, or applying for nothing."""
    settled = {d.decision.project_id for d in decisions}
    return [project for project in registry.projects(user, firm) if project.pk not in settled]
