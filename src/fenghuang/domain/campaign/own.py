"""What a firm sees of itself in the campaigns, and never a figure of another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from fenghuang.domain.campaign import queries
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.methods import method_of
from fenghuang.domain.campaign.models import Campaign, Grade, Objection, Scoring
from fenghuang.domain.feeds.sensitive import hidden_from
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.domain.registry.queries import sources
from fenghuang.language.record import MASK, Record, Step
from fenghuang.law.methods.cells import show_exact
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.law.methods.method import Item
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.accounts.models import Role
from fenghuang.platform.audit.models import Event

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

FINAL = (State.PUBLISHED, State.FROZEN)
BETWEEN = (State.OBJECTIONS, State.ADJUSTING, State.RECONCILIATION, State.DECISION)
FEW = 3  # fewer firms than this give each other away by their mean
OF_OTHERS = "按本范围其他企业的数据折算，他人数据不公开"


def firm_of(user: User) -> Firm | None:
    """The firm whose account it is; None for a code that no directory knows, and for anybody else."""
    if user.role != Role.FIRM or not user.is_active:
        return None
    return Firm.objects.select_related("unit").filter(uscc=user.uscc).first()


def hidden(user: User, unit: str) -> frozenset[str]:
    """Nothing of its own is hidden from a firm; an operator who looks as the firm reads no more than operators may."""
    return hidden_from(user.seen_by, unit) if user.seen_by else frozenset()


def campaigns(firm: Firm) -> QuerySet[Campaign]:
    """Those of the units and years whose directory has the firm, once they have begun, newest first."""
    there = FirmYear.objects.current().filter(
        firm=firm, year=OuterRef("year"), unit=OuterRef("unit"), directory_row__isnull=False
    )
    begun = Campaign.objects.exclude(state=State.PREPARED).filter(Exists(there))
    return begun.select_related("unit", "method", "announced").order_by("-year")


def objections(firm: Firm, campaign: Campaign) -> QuerySet[Objection]:
    return campaign.objections.filter(firm=firm).order_by("-at")


def told_by(check_year: FirmYear) -> dict[str, list[str]]:
    """Fact -> the rows it was read from, in words. What else a shared meter counted is another's and left out."""
    return {
        name: [
            f"{one.department}《{one.file}》第 {one.row} 行 {one.field}".strip()
            for one in found
            if "全表" not in one.field
        ]
        for name, found in sources(check_year).items()
    }


def uses(campaign: Campaign, above_scale: bool | None) -> dict[str, list[str]]:
    """Fact -> how it enters the score, in words; by the firm's own scope where its scale decides it."""
    found: dict[str, list[str]] = {}
    for scope in method_of(campaign).scopes:
        if above_scale is not None and scope.name == ("below_scale" if above_scale else "above_scale"):
            continue
        for item in scope.items:
            indicator = INDICATORS[item.name]
            for name, how in ((indicator.numerator, "分子"), (indicator.denominator, "分母")):
                said = f"{indicator.title}的{how}，权重 {show_exact(item.weight, 6)} 分（{scope_title(scope.name)}）"
                found.setdefault(name, []).append(said)
    return found


# --- the result ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """What is announced, or published, of the firm."""

    grade: Grade
    is_final: bool


def result(campaign: Campaign, firm: Firm) -> Result | None:
    """From 公示 on what was announced, once published the final one; None before, and for a firm not in it."""
    is_final = campaign.state in FINAL
    if not is_final and campaign.state not in BETWEEN:
        return None
    shown: Scoring | None = campaign.scorings.first() if is_final else campaign.announced or campaign.scorings.first()
    grade = shown.grades.filter(firm=firm).select_related("firm", "scoring__campaign").first() if shown else None
    return Result(grade, is_final) if grade else None


def why(grade: Grade) -> Record:
    """The staff's explanation without what it tells of others: distances to their scores, highest and lowest values."""
    record, run = queries.why_of(grade)
    if run is None:
        return record
    others = {f"score_{one.item.name}" for one in run.items if _is_of_others(one.item, len(one.known))}
    return record._replace(steps=tuple(_own(step, others) for step in record.steps))


def _is_of_others(item: Item, known: int) -> bool:
    """Whether the benchmark is some other firm's value, or the mean of so few firms that it tells it."""
    return (
        item.score in ("min_max", "share_of_max")
        or item.benchmark in ("max", "median")
        or (item.benchmark == "mean" and known < FEW)
    )


def _own(step: Step, others: set[str]) -> Step:
    step = step._replace(distance="")
    if step.name not in others:
        return step
    inputs = tuple(
        one._replace(value=MASK, text="") if one.name.startswith("benchmark_") else one for one in step.inputs
    )
    again = re.search(r"，再乘 .+$", step.formula)  # the firm's own items that are lacking
    return step._replace(inputs=inputs, formula=OF_OTHERS + (again[0] if again else ""))


def objections_until(campaign: Campaign) -> date | None:
    """The last day of 公示, also when it is long over; None before it began."""
    if campaign.state == State.OBJECTIONS:
        return campaign.due
    told = Event.objects.filter(
        action="campaign.publicise", subject_type="campaign.campaign", subject_id=str(campaign.pk)
    ).first()
    day = (told.after or {}).get("due") if told else None
    return date.fromisoformat(day) if day else None
