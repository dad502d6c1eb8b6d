"""Freeze the facts, evaluate every unit, store what was decided."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from fenghuang.domain.evaluation import announced, figures
from fenghuang.domain.evaluation.announced import NOT_IN_IT, Announced, Standing
from fenghuang.domain.evaluation.methods import Chosen, method_for
from fenghuang.domain.evaluation.models import Figure, LawVersion, Refresh, Result, Run, Snapshot
from fenghuang.domain.feeds import actions as feeds
from fenghuang.domain.feeds import bulk
from fenghuang.domain.feeds.models import Delivery
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.snapshot import Facts, facts, years
from fenghuang.engines.decide import decider
from fenghuang.language.numbers import round_half_away
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.reading import from_document
from fenghuang.law.methods.result import Evaluation, FirmResult, ScopeStatistics
from fenghuang.law.pack import Pack, packs
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.kept import keep

POLICY = "taizhou-2021-27"
BATCH = 2000


class NothingRecorded(Exception):
    """There are no facts yet."""


@transaction.atomic
def begin(actor: User | None, standing: Standing | None = None) -> tuple[Refresh, bool]:
    """A refresh of the latest recording, and whether it is new: the same facts, law and announced grades (`standing`)
    are computed once."""
    require(actor, "accounts.refresh")
    feeds.lock()  # no import and no other refresh until this one is kept
    recording = Recording.latest()
    if recording is None:
        raise NothingRecorded
    pack = packs()[POLICY]
    methods = fingerprint(years(recording))
    stands = announced.fingerprint(standing or {})
    last = Refresh.objects.select_for_update().order_by("-id").first()
    same = (recording.pk, pack.sha256, methods, stands)
    if last and (last.recording_id, last.policy.sha256, last.methods, last.announced) == same:
        return last, False
    refresh = Refresh.objects.create(
        by=actor,
        recording=recording,
        policy=version_of_pack(pack),
        methods=methods,
        announced=stands,
        is_demo=Delivery.objects.filter(is_demo=True).exists(),
    )
    return refresh, True


def fingerprint(of_years: Sequence[int]) -> str:
    """Which methods would be used: a changed method makes a new refresh."""
    chosen = [method_for(name, year) for year in of_years for name in Unit.objects.values_list("name", flat=True)]
    return hashlib.sha256("\n".join(c.method.sha256 if c else "" for c in chosen).encode()).hexdigest()


def version_of_pack(pack: Pack) -> LawVersion:
    version, _ = LawVersion.objects.get_or_create(
        sha256=pack.sha256, defaults={"kind": LawVersion.Kind.POLICY, "name": pack.id, "content": pack.content}
    )
    return version


def version_of_method(chosen: Chosen) -> LawVersion:
    method = chosen.method
    version, _ = LawVersion.objects.get_or_create(
        sha256=method.sha256,
        defaults={"kind": LawVersion.Kind.METHOD, "name": method.id, "content": method.bytes.decode("utf-8")},
    )
    return version


@transaction.atomic
def evaluate_year(refresh: Refresh, year: int, actor: User | None, standing: Standing | None = None) -> int:
    """Every unit's evaluation of a data year; the number of results. What is announced stands as it was decided."""
    require(actor, "accounts.refresh")
    frozen = facts(year, refresh.recording)
    snapshot = Snapshot.objects.create(refresh=refresh, year=year, sha256=frozen.sha256, firms=len(frozen))
    told = {unit: one for (unit, of_year), one in (standing or {}).items() if of_year == year}
    units = sorted(Unit.objects.order_by("order"), key=lambda unit: unit.pk not in told)  # the announced ones first
    rows: list[tuple[Any, ...]] = []
    graded: set[int] = set()  # a firm that moved after its grade was announced keeps that one
    for unit in units:
        part = frozen.of_unit(unit.pk)
        for row in _results_of(snapshot, unit, part, told.get(unit.pk)):
            if row[FIRM] not in graded:
                graded.add(row[FIRM])
                rows.append(row)
        Figure.objects.bulk_create(figures.of_unit(refresh, unit, year, part), BATCH)
    first = bulk.next_id(Result)
    rows = _in_order(rows, [unit.pk for unit in Unit.objects.order_by("order")])
    numbered = ((first + place, place, *row) for place, row in enumerate(rows))
    bulk.insert(Result, ("id", "place", *RESULT_COLUMNS), numbered)
    record(
        "evaluation.evaluate",
        actor=actor,
        subject=snapshot,
        clause="art.8",
        after={"year": year, "firms": len(frozen), "sha256": frozen.sha256, "results": len(rows)},
    )
    return len(rows)


def last_day(year: int) -> date:
    """The day a data year's rules answer for."""
    return date(year, 12, 31)


def run_method(chosen: Chosen, part: Facts, year: int) -> Evaluation:
    """The evaluation of a unit's firms: also what an explanation and a replay run again."""
    return evaluate(chosen.method, part.columns, decider(last_day(year)))


def made_of(known: Recording, snapshot: str, year: int, unit: str, method: LawVersion) -> tuple[Any, ...]:
    """What an evaluation stands on: under this it is kept for explanations (platform/kept.py)."""
    return ("evaluation", known.pk, known.at.isoformat(), snapshot, year, unit, method.sha256, packs()[POLICY].sha256)


def _results_of(snapshot: Snapshot, unit: Unit, part: Facts, told: Announced | None) -> Iterator[tuple[Any, ...]]:
    """Rows of RESULT_COLUMNS: announced, calculated, or none where there is no method."""
    if told:
        yield from _announced_unit(snapshot, unit, part, told)
    elif len(part) and (chosen := method_for(unit.name, snapshot.year)):
        yield from _evaluate_unit(snapshot, unit, part, chosen)


def _evaluate_unit(snapshot: Snapshot, unit: Unit, part: Facts, chosen: Chosen) -> Iterator[tuple[Any, ...]]:
    evaluation = run_method(chosen, part, snapshot.year)
    runs = dict(_runs(snapshot, unit, chosen, evaluation))
    known = snapshot.refresh.recording
    keep(made_of(known, snapshot.sha256, snapshot.year, unit.pk, version_of_method(chosen)), evaluation)
    for place in range(len(evaluation)):
        firm = evaluation.firm(place)
        yield _result(runs[firm.scope], part, place, firm)


def _announced_unit(snapshot: Snapshot, unit: Unit, part: Facts, told: Announced) -> Iterator[tuple[Any, ...]]:
    """What was announced, to the last digit; firms of today that are not in it are marked, never graded."""
    same = told.recording == snapshot.refresh.recording_id
    then = part if same else facts(told.year, told.recording, unit.pk)
    method = from_document(json.loads(told.method.content))
    chosen = Chosen(method, borrowed=method.place not in ("", unit.name))
    evaluation = run_method(chosen, then, told.year)
    runs = dict(_runs(snapshot, unit, chosen, evaluation, told))
    stood_on = Recording.objects.get(pk=told.recording)
    keep(made_of(stood_on, snapshot.sha256, told.year, unit.pk, told.method), evaluation)
    for place in range(len(evaluation)):
        firm = evaluation.firm(place)
        row = _result(runs[firm.scope], then, place, firm)
        decided = announced.stored(told.results[firm.subject])
        yield _with(row, **{**decided, "items": json.dumps(decided["items"])})
    known = set(then.firms)
    added = [place for place, firm in enumerate(part.firms) if firm not in known]
    if not added:
        return
    outside = runs.get("") or Run.objects.create(
        **_common(snapshot, unit, chosen, evaluation, told), scope="", firms=len(added), marked=len(added)
    )
    for place in added:
        yield _marked(outside, part, place)


def _runs(
    snapshot: Snapshot, unit: Unit, chosen: Chosen, evaluation: Evaluation, told: Announced | None = None
) -> Iterator[tuple[str, Run]]:
    common = _common(snapshot, unit, chosen, evaluation, told)
    inside = 0
    for scope in evaluation.statistics():
        inside += scope.firms
        counts = _counts(scope)
        if told:
            counts |= {name: told.counts[scope.scope][name] for name in DECIDED}
        yield scope.scope, Run.objects.create(**common, **counts)
    if inside < len(evaluation):
        yield "", Run.objects.create(**common, scope="", firms=len(evaluation) - inside)


def _common(
    snapshot: Snapshot, unit: Unit, chosen: Chosen, evaluation: Evaluation, told: Announced | None
) -> dict[str, Any]:
    """What the runs of a unit share."""
    return {
        "refresh_id": snapshot.refresh_id,
        "snapshot": snapshot,
        "method": told.method if told else version_of_method(chosen),
        "method_id_text": chosen.method.id,
        "borrowed": chosen.borrowed,
        "unit": unit,
        "year": snapshot.year,
        "on": last_day(snapshot.year),
        "notices": evaluation.notices,
        "recording_id": told.recording if told else None,
        "announced": told.about if told else {},
    }


def _counts(scope: ScopeStatistics) -> dict[str, Any]:
    return {
        "scope": scope.scope,
        "firms": scope.firms,
        "evaluated": scope.evaluated,
        "not_graded": scope.not_graded,
        "marked": scope.marked,
        "classes": scope.classes,
        "assumed": list(scope.assumed),
        "groups": [_plain(asdict(group)) for group in scope.groups],
    }


def _plain(value: Any) -> Any:
    """Fractions as text, so that they survive a database exactly."""
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(v) for key, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list | tuple) else value


RESULT_COLUMNS = (
    *("run_id", "refresh_id", "firm_id", "unit_id", "year", "status", "above_scale", "industry", "township"),
    *("score", "rank", "group_size", "initial_grade", "grade", "tax_per_mu", "items", "regrades", "reason"),
)
FIRM = RESULT_COLUMNS.index("firm_id")
DECIDED = ("firms", "evaluated", "not_graded", "marked", "classes")


ORDER = tuple(map(RESULT_COLUMNS.index, ("unit_id", "above_scale", "rank", "firm_id")))


def _in_order(rows: list[tuple[Any, ...]], units: list[str]) -> list[tuple[Any, ...]]:
    """As the list of firms shows them: units in their order, above scale first, by rank; what is unknown comes last."""
    at = {unit: place for place, unit in enumerate(units)}

    def key(row: tuple[Any, ...]) -> tuple[int, ...]:
        unit, above, rank, firm = (row[column] for column in ORDER)
        return at[unit], {True: 0, False: 1, None: 2}[above], rank is None, rank or 0, firm

    return sorted(rows, key=key)


def _with(row: tuple[Any, ...], **values: Any) -> tuple[Any, ...]:
    return tuple(values.get(name, cell) for name, cell in zip(RESULT_COLUMNS, row, strict=True))


def _marked(run: Run, part: Facts, place: int) -> tuple[Any, ...]:
    """A firm that came after its unit's year was announced: undecided, and it says so."""
    columns = part.columns
    empty: dict[str, Any] = dict.fromkeys(RESULT_COLUMNS)
    empty |= dict.fromkeys(("initial_grade", "grade", "regrades"), "")
    empty |= {"run_id": run.pk, "refresh_id": run.refresh_id, "firm_id": part.firms[place], "unit_id": run.unit_id}
    empty |= {"year": run.year, "status": Result.Status.MARKED, "above_scale": columns["above_scale"][place]}
    empty |= {"industry": columns["industry"][place] or "", "township": columns["township"][place] or ""}
    return tuple({**empty, "items": "{}", "reason": NOT_IN_IT}.values())


def _result(run: Run, part: Facts, place: int, firm: FirmResult) -> tuple[Any, ...]:
    """A row of RESULT_COLUMNS."""
    tax = next((item.value for item in firm.items if item.name == "tax_per_mu"), None)
    columns = part.columns
    return (
        run.pk,
        run.refresh_id,
        part.firms[place],
        run.unit_id,
        run.year,
        firm.status,
        columns["above_scale"][place],
        columns["industry"][place] or "",
        columns["township"][place] or "",
        firm.score,
        firm.rank,
        firm.group_size,
        letter(firm.initial_grade),
        letter(firm.grade),
        None if tax is None else round_half_away(tax.numerator * 10**4, tax.denominator),
        json.dumps({item.name: [item.shown, item.score_text] for item in firm.items}),
        firm.regrades_text[:300],
        firm.reason[:500],
    )


def letter(grade: str | None) -> str:
    return grade if grade in ("A", "B", "C", "D") else ""
