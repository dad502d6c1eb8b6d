"""Decide every rule that a project applies for, with the grade of the right year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fenghuang.domain.campaign import record as grades
from fenghuang.domain.evaluation.actions import BATCH, POLICY, begin, evaluate_year, last_day
from fenghuang.domain.evaluation.models import Refresh, Result, Snapshot
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import FirmYear, Project
from fenghuang.domain.registry.snapshot import years
from fenghuang.engines.python import Engine
from fenghuang.language.numbers import days
from fenghuang.language.types import GRADES
from fenghuang.language.values import Choice
from fenghuang.law.pack import Pack, packs
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.jobs.models import Job, State


@transaction.atomic
def refresh(actor: User | None = None) -> tuple[Refresh, bool]:
    """Snapshot, evaluations and decisions from the latest recording, all or nothing; False when nothing is new.

    Grades that were announced by decision (campaign/record.py) are taken as they stand.
    """
    standing = grades.standing()
    made, new = begin(actor, standing)
    if new:
        for year in years(made.recording):
            evaluate_year(made, year, actor, standing)
        settle(made, actor)
        record(
            "incentives.refresh",
            actor=actor,
            subject=made,
            after={
                "recording": made.recording_id,
                "policy": made.policy.sha256,
                "methods": made.methods,
                "announced": made.announced,
            },
        )
    return made, new


@transaction.atomic
def request_refresh(actor: User | None) -> Job:
    """Put a refresh into the queue; one that waits or runs already is enough."""
    require(actor, "accounts.refresh")
    waiting = Job.objects.filter(kind="incentives.refresh", state__in=[State.QUEUED, State.RUNNING]).first()
    arguments = {"user": actor.pk if actor else None}
    return waiting or enqueue("incentives.refresh", "重新评价和测算", actor=actor, arguments=arguments)


@transaction.atomic
def settle(made: Refresh, actor: User | None) -> int:
    """The decisions of all projects known at the refresh's recording; their number."""
    require(actor, "accounts.refresh")
    pack = packs()[POLICY]
    engines = {rule: Engine(pack.program(rule)) for rule in pack.rules}
    evaluated = set(Snapshot.objects.filter(refresh=made).values_list("year", flat=True))
    results = {(r.firm_id, r.year): r for r in _results(made)}
    contribution = _contributions(made)
    decisions = []
    for project in Project.objects.as_of(made.recording_id).select_related("firm").order_by("year", "code"):
        graded, before = (results.get((project.firm_id, year)) for year in (project.year, project.year - 1))
        known = {
            "grade": _grade(graded) if project.year in evaluated else None,
            "previous_grade": _grade(before) if project.year - 1 in evaluated else None,
            "local_contribution": contribution.get((project.firm_id, project.year)),
        }
        for rule in project.applies_for:
            decisions.append(_decide(made, pack, engines[rule], project, known, graded, before))
    Decision.objects.bulk_create(decisions, BATCH)
    return len(decisions)


def _results(made: Refresh) -> list[Result]:
    firms = Project.objects.as_of(made.recording_id).values("firm_id")
    found = Result.objects.filter(refresh=made, firm_id__in=firms).select_related("run")
    return list(found.defer("items", *(f"run__{name}" for name in ("groups", "classes", "assumed", "notices"))))


def _contributions(made: Refresh) -> dict[tuple[int, int], int | None]:
    firms = Project.objects.as_of(made.recording_id).values("firm_id")
    rows = FirmYear.objects.as_of(made.recording_id).filter(firm_id__in=firms)
    return {(firm, year): value for firm, year, value in rows.values_list("firm_id", "year", "local_contribution")}


def _grade(result: Result | None) -> int | None:
    """The final grade as the engine carries it; a firm that is not graded is ungraded, one not decided is unknown."""
    if result is None or result.status == Result.Status.MARKED:
        return None
    return GRADES.index(result.grade or "ungraded")


def inputs_of(engine: Engine, project: Project, known: Mapping[str, Any]) -> dict[str, Any]:
    """The rule's inputs in contract order: the project's own values, or what is known of its firm."""
    return {name: known[name] if name in known else getattr(project, name) for name in engine.program.inputs}


def _decide(
    made: Refresh,
    pack: Pack,
    engine: Engine,
    project: Project,
    known: Mapping[str, Any],
    graded: Result | None,
    before: Result | None,
) -> Decision:
    program = engine.program
    given = inputs_of(engine, project, known)
    on = last_day(project.year)
    found = engine.run(tuple(given.values()), days(on))
    outputs = {}
    for name, node in program.outputs.items():
        value = found[name]
        outputs[name] = node.labels[value] if isinstance(node, Choice) and value is not None else value
    amount = found["amount"]
    graded_by = graded if "grade" in given else None
    graded_before_by = before if "previous_grade" in given else None
    return Decision(
        refresh=made,
        project=project,
        firm_id=project.firm_id,
        unit_id=(graded.unit_id if graded else project.firm.unit_id),
        year=project.year,
        rule=program.name,
        clause=program.rule.clause,
        on=on,
        policy_id=made.policy_id,
        readings=dict(program.chosen),
        inputs=given,
        outputs=outputs,
        conditions={name: found[name] for name in program.conditions},
        missing=[name for name in program.missing if found[f"missing {name}"]],
        amount=amount,
        graded_by=graded_by,
        graded_before_by=graded_before_by,
        is_provisional=any(one and not one.run.announced for one in (graded_by, graded_before_by)),
    )
