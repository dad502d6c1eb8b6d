"""What a person may see of subsidies, and why an amount is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Sum

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.announced import origin
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry import queries as registry
from fenghuang.domain.registry.traced import Traced
from fenghuang.engines.explain import explainer
from fenghuang.language.numbers import days
from fenghuang.language.record import Record, Source
from fenghuang.law.pack import Overlay, packs

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


PROVISIONAL = "暂定：所用等级尚未公布，公布后须重新测算"
OUTCOMES = {"granted": "可补助", "refused": "不予补助", "unknown": "资料不全"}
BY_OUTCOME = {"granted": Q(amount__gt=0), "refused": Q(amount=0), "unknown": Q(amount__isnull=True)}


def decisions(user: User, refresh: Refresh, year: int | None = None) -> QuerySet[Decision]:
    """Decisions on projects of firms whose unit the person may see."""
    found = Decision.objects.filter(refresh=refresh)
    if year is not None:
        found = found.filter(year=year)
    if user.sees_all_units:
        return found
    found = found.filter(unit__in=user.units())
    return found.filter(user.within("firm__")) if user.township else found


def with_outcome(found: QuerySet[Decision], outcome: str) -> QuerySet[Decision]:
    """Only the decisions that came out so (a key of OUTCOMES)."""
    return found.filter(BY_OUTCOME[outcome])


def outcome(decision: Decision) -> str:
    """A key of OUTCOMES."""
    return "unknown" if decision.amount is None else "granted" if decision.amount > 0 else "refused"


def totals(found: QuerySet[Decision]) -> dict[str, int]:
    """total (分), decisions, granted, refused (0), unknown."""
    counted = found.order_by().aggregate(
        total=Sum("amount", default=0),
        decisions=Count("id"),
        provisional=Count("id", filter=Q(is_provisional=True)),
        **{name: Count("id", filter=condition) for name, condition in BY_OUTCOME.items()},
    )
    return {name: int(value) for name, value in counted.items()}


def amounts_by_unit(user: User, refresh: Refresh, year: int) -> dict[str, int]:
    """The computed amount (分) per unit code."""
    rows = decisions(user, refresh, year).values("unit_id").annotate(total=Sum("amount", default=0)).order_by()
    return {row["unit_id"]: row["total"] for row in rows}


BEHIND = (
    "project__raw_row__delivery",
    "policy",
    "refresh",
    "graded_by__firm",
    "graded_by__refresh",
    "graded_by__run__unit",
    "graded_before_by__firm",
    "graded_before_by__refresh",
    "graded_before_by__run__unit",
)


def explain_all(found: QuerySet[Decision], traced: Traced | None = None) -> list[tuple[Decision, Record]]:
    """Several decisions with their explanations, in a few queries; what is `traced` is not read again."""
    decisions = list(found.select_related(*BEHIND))
    taxed = _contribution_sources(decisions, traced or Traced())
    return [(d, _explain(d, _sources(d, taxed.get((d.refresh_id, d.firm_id, d.year), ())))) for d in decisions]


def _explain(decision: Decision, tied: dict[str, tuple[Source, ...]]) -> Record:
    pack = packs()[decision.policy.name]
    overlay = Overlay(readings=decision.readings)
    # by name: PostgreSQL's jsonb does not keep the order of keys
    given = tuple(decision.inputs[name] for name in pack.rules[decision.rule].inputs)
    record = explainer(pack, decision.rule, overlay).record(given, days(decision.on))
    notes = list(record.notes)
    if decision.policy.sha256 != pack.sha256:
        notes.append(f"决定作出时的政策版本为 {decision.policy.sha256[:12]}，现行程序为 {pack.sha256[:12]}")
    if not _same(decision, record):
        notes.append("注意：重新计算的结果与当时存档的不一致，请联系运维核查")
    notes += grade_origins(decision)
    return record._replace(notes=tuple(notes)).with_sources(tied)


def grade_origins(decision: Decision) -> list[str]:
    """Where each grade among the inputs comes from, and that the amount is provisional where one is only calculated."""
    grades = {"评价等级": decision.graded_by, "上年评价等级": decision.graded_before_by}
    said = [f"{title}来源：{origin(result.run)}" for title, result in grades.items() if result]
    return [*said, PROVISIONAL] if decision.is_provisional else said


def _same(decision: Decision, record: Record) -> bool:
    """Whether the record gives the stored amount again, to the fen."""
    amount = record.outputs["amount"]
    again = None if amount is None else int(str(amount).replace(".", ""))
    return again == decision.amount and list(record.missing) == decision.missing


def _sources(decision: Decision, contribution: tuple[Source, ...]) -> dict[str, tuple[Source, ...]]:
    found = {name: registry.project_sources(decision.project, name) for name in decision.inputs}
    if decision.graded_by:
        found["grade"] = (evaluation.as_source(decision.graded_by),)
    if decision.graded_before_by:
        found["previous_grade"] = (evaluation.as_source(decision.graded_before_by),)
    if "local_contribution" in decision.inputs:
        found["local_contribution"] = contribution
    return found


def _contribution_sources(
    decisions: Sequence[Decision], traced: Traced
) -> dict[tuple[int, int, int], tuple[Source, ...]]:
    """By (refresh, firm, year): the cell of 地方贡献 as it was known then."""
    found: dict[tuple[int, int, int], tuple[Source, ...]] = {}
    read = [d for d in decisions if "local_contribution" in d.inputs]
    for refresh in {d.refresh_id: d.refresh for d in read}.values():
        mine = [d for d in read if d.refresh_id == refresh.pk]
        years = traced.years({(d.firm_id, d.year) for d in mine}, refresh.recording_id)
        cells = traced.sources(years)
        for year in years:
            found[refresh.pk, year.firm_id, year.year] = cells[year.pk].get("local_contribution", ())
    return found
