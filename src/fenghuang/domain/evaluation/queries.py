"""What a person may see of grades, and why a grade is what it is."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, F, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils import timezone

from fenghuang.domain.evaluation.actions import POLICY, letter, made_of, run_method
from fenghuang.domain.evaluation.announced import CALCULATED, origin
from fenghuang.domain.evaluation.methods import Chosen
from fenghuang.domain.evaluation.models import Figure, LawVersion, Refresh, Result, Run
from fenghuang.domain.registry import queries as registry
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.snapshot import facts
from fenghuang.domain.registry.traced import Traced
from fenghuang.language.record import Record, Source
from fenghuang.law.methods.explain import explain as explain_firm
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.law.methods.reading import from_document
from fenghuang.law.methods.result import SCOPES, Evaluation, assumed_sentence, scope_title
from fenghuang.law.pack import packs
from fenghuang.platform.kept import kept

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

GRADES = ("A", "B", "C", "D")
BUCKET = 10  # points of a score per bar of the distribution
LAST_BUCKET = 20  # 200 points and more share a bar


def latest() -> Refresh | None:
    """The newest refresh: what the pages show; it knows the number of the newest recording."""
    newest = Recording.objects.order_by("-id").values("pk")[:1]
    found = Refresh.objects.select_related("recording", "policy").annotate(newest_recording=Subquery(newest))
    return found.order_by("-id").first()


def newer_recording(refresh: Refresh | None) -> Recording | None:
    """The latest recording, if the refresh has not seen it."""
    if refresh is not None and getattr(refresh, "newest_recording", None) == refresh.recording_id:
        return None
    last = Recording.latest()
    return last if last and (refresh is None or last.pk != refresh.recording_id) else None


def years(refresh: Refresh) -> list[int]:
    """Its data years, newest first."""
    return list(refresh.snapshots.order_by("-year").values_list("year", flat=True))


def chosen_year(refresh: Refresh, asked: str) -> tuple[int, list[int]]:
    """The data year asked for (a text of the address), else the newest; and all there are, newest first."""
    known = years(refresh)
    return next((year for year in known if str(year) == asked), known[0]), known


def said(sentence: str) -> str:
    """A stored sentence as pages say it: scopes by their titles."""
    return re.sub("|".join(SCOPES), lambda found: SCOPES[found[0]], sentence)


def results(user: User, refresh: Refresh, year: int | None = None) -> QuerySet[Result]:
    """The results of firms whose unit the person may see."""
    found = Result.objects.filter(refresh=refresh)
    if year is not None:
        found = found.filter(year=year)
    return found.filter(user.within())


def runs(user: User, refresh: Refresh, year: int) -> QuerySet[Run]:
    found = Run.objects.filter(refresh=refresh, year=year).select_related("unit")
    return found if user.sees_all_units else found.filter(unit__in=user.units())


@dataclass(frozen=True, slots=True)
class Used:
    """A method and the units it graded: its own place, and those that borrow it."""

    title: str
    own: list[str] = field(default_factory=list)
    borrowing: list[str] = field(default_factory=list)
    assumed: str = ""


def methods_used(runs: list[Run]) -> list[Used]:
    """The methods of the runs, who borrows them, and what in them is assumed."""
    found: dict[str, Used] = {}  # by title: regrades by decision make versions of one method
    for run in runs:
        title = json.loads(run.method.content)["title"]
        used = found.setdefault(title, Used(title, assumed=assumed_sentence(run.assumed) if run.assumed else ""))
        names = used.borrowing if run.borrowed else used.own
        if run.unit.name not in names:
            names.append(run.unit.name)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as the list shows it; `adds_up` is checked again from the stored numbers."""

    run: Run
    scope: str
    classes: tuple[int, ...]
    adds_up: bool


def run_lines(user: User, refresh: Refresh, year: int) -> list[RunLine]:
    """Units in their order, above scale first."""
    found = runs(user, refresh, year).select_related("unit", "method").order_by("unit__order", "scope")
    return [_run_line(run) for run in found]


def _run_line(run: Run) -> RunLine:
    classes = tuple(int(run.classes.get(grade, 0)) for grade in GRADES)
    inside = sum(classes) == run.evaluated and run.evaluated + run.not_graded + run.marked == run.firms
    return RunLine(run, scope_title(run.scope) or "不在评价范围", classes, inside or not run.scope)


def run_total(lines: Sequence[RunLine]) -> dict[str, object]:
    """The sums below the list."""
    return {
        "firms": sum(line.run.firms for line in lines),
        "evaluated": sum(line.run.evaluated for line in lines),
        "not_graded": sum(line.run.not_graded for line in lines),
        "marked": sum(line.run.marked for line in lines),
        "classes": [sum(line.classes[place] for line in lines) for place in range(len(GRADES))],
        "adds_up": all(line.adds_up for line in lines),
    }


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator of a unit or of several: exact, with how many firms it counts and leaves out."""

    name: str
    title: str
    unit: str
    value: Fraction | None
    firms: int
    left_out: int


def indicator(
    user: User, refresh: Refresh, year: int, name: str, *, above_scale: bool = True, unit: str | None = None
) -> Indicator:
    """sum of numerators / sum of denominators over the units seen (or one of them)."""
    found = indicators(user, refresh, year, name, above_scale=above_scale, by_unit=unit is not None)
    return found.get(unit or "", _nothing(name))


def indicators(
    user: User, refresh: Refresh, year: int, name: str, *, above_scale: bool = True, by_unit: bool = True
) -> dict[str, Indicator]:
    """The indicator per unit code; with by_unit=False one of all units seen, under ''."""
    found = Figure.objects.filter(refresh=refresh, year=year, name=name, above_scale=above_scale)
    if not user.sees_all_units:
        found = found.filter(unit__in=user.units())
    grouped = found.values("unit_id") if by_unit else found.values("year")
    rows = grouped.annotate(top=Sum("numerator"), bottom=Sum("denominator"), n=Sum("firms"), out=Sum("left_out"))
    return {row.get("unit_id", ""): _indicator(name, row["top"], row["bottom"], row["n"], row["out"]) for row in rows}


def _indicator(name: str, top: int, bottom: int, firms: int, left_out: int) -> Indicator:
    about = INDICATORS[name]
    value = Fraction(top, bottom) * about.factor if bottom else None
    return Indicator(name, about.title, about.unit, value, firms, left_out)


def _nothing(name: str) -> Indicator:
    return Indicator(name, INDICATORS[name].title, INDICATORS[name].unit, None, 0, 0)


def distribution(found: QuerySet[Result]) -> list[tuple[int, dict[str, int]]]:
    """Scores in bars of 10 points: (lower bound, firms by class)."""
    rows = (
        found.filter(score__isnull=False)
        .annotate(bucket=F("score") / (BUCKET * 10**4))
        .values("bucket", "grade")
        .annotate(n=Count("id"))
        .order_by()
    )
    bars: dict[int, Counter[str]] = {}
    for row in rows:
        bars.setdefault(min(max(int(row["bucket"]), 0), LAST_BUCKET), Counter())[row["grade"]] += row["n"]
    return [(b * BUCKET, {g: bars.get(b, Counter())[g] for g in GRADES}) for b in range(LAST_BUCKET + 1)]


def group_distribution(run: Run) -> list[tuple[int, dict[str, int]]]:
    """The scores of a run: counts by class, without names, so that a firm's page can show its place."""
    return _distribution(run.pk, run.snapshot.sha256, run.method_id, run.refresh.at)


@lru_cache(maxsize=64)
def _distribution(run: int, snapshot: str, method: int, at: datetime) -> list[tuple[int, dict[str, int]]]:
    """A run's results never change; all that it stands on is in the key."""
    return distribution(Result.objects.filter(run=run))


# -- why


@lru_cache(maxsize=24)
def _evaluation(recording: int, snapshot: str, year: int, unit: str, method: int) -> tuple[Evaluation, dict[str, int]]:
    """A unit's evaluation of the facts as they were known, and the place of each firm in it, by code.

    Only what can never change is in the key: a recording is frozen (`snapshot` is the hash of its facts), a method
    version is its own text. The refresh keeps it for every process; otherwise it is run again.
    """
    version = LawVersion.objects.get(pk=method)

    def run() -> Evaluation:
        chosen = Chosen(from_document(json.loads(version.content)), borrowed=False)
        return run_method(chosen, facts(year, recording, unit=unit), year)

    evaluation = kept(made_of(Recording.objects.get(pk=recording), snapshot, year, unit, version), run)
    return evaluation, {evaluation.table.subject(place): place for place in range(len(evaluation))}


def evaluation_of(result: Result) -> tuple[Evaluation, int]:
    """The evaluation that made a result, run again on the stored versions, and the firm's place in it."""
    run = result.run
    evaluation, places = _evaluation(run.known_at, run.snapshot.sha256, run.year, run.unit_id, run.method_id)
    return evaluation, places[result.firm.uscc]


def explain(result: Result, traced: Traced | None = None) -> Record:
    """Why the firm has its grade: the evaluation run again on the stored versions, tied to its source rows (what of
    them a page has read already, `traced`, is not read again)."""
    run = result.run
    evaluation, place = evaluation_of(result)
    record = explain_firm(evaluation, place)
    notes = [*record.notes, f"等级来源：{origin(run)}"]
    if run.borrowed:
        notes.append(f"{run.unit} 没有公布本年度方法，借用 {evaluation.method.title}（演示）")
    again = evaluation.firm(place)
    if (again.score, letter(again.grade)) != (result.score, result.grade):
        notes.append("注意：重新计算的结果与当时存档的不一致，请联系运维核查")
    standing = packs()[POLICY].sha256
    if run.refresh.policy.sha256 != standing:
        notes.append(f"评价时的政策版本为 {run.refresh.policy.sha256[:12]}，现行程序为 {standing[:12]}")
    record = record._replace(notes=tuple(dict.fromkeys(notes)))
    return record.with_sources(sources(result, traced or Traced()))


def sources(result: Result, traced: Traced) -> dict[str, tuple[Source, ...]]:
    """The source rows behind every fact of the firm's year."""
    recording = result.run.known_at
    years = traced.years({(result.firm_id, result.year)}, recording)
    found = dict(traced.sources(years)[years[0].pk]) if years else {}
    art_8 = result.regrades or result.status == Result.Status.MARKED
    if art_8 and (key := registry.key_project(result.firm_id, result.year, recording)):
        found["key_project_investment"] = registry.project_sources(key, "total_investment")
        found["under_construction"] = registry.project_sources(key, "under_construction")
    return found


def as_source(result: Result) -> Source:
    """A grade as the source of a decision: announced, or only calculated."""
    return Source(
        file=origin(result.run) if result.run.announced else f"{result.year} 年度{CALCULATED}，{result.refresh}",
        department="亩均评价",
        field=f"{result.grade or result.get_status_display()}",
        received=timezone.localtime(result.refresh.at).isoformat(timespec="seconds"),
        link=reverse("cockpit:firm", args=[result.firm.uscc]) + f"?year={result.year}#grade",
    )
