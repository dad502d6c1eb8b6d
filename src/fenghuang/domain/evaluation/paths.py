"""A firm's path to the next grade and its place in the group, indicator by indicator, from the stored versions."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.evaluation.queries import GRADES, evaluation_of
from fenghuang.law.methods.combining import Combination, cheapest
from fenghuang.law.methods.path import Change, Path, find_path, why_not
from fenghuang.law.methods.scoring import ItemScores

BARS = 20  # of an indicator's distribution
FEWEST = 5  # known values of a group below which none are drawn: each could be told
TAIL = 20  # one firm in so many lies in the last bar, which is open


def path_of(result: Result) -> Path:
    """The smallest single changes to the next grade, proved on the facts of the refresh. Under a second a firm."""
    run = result.run
    return _path(result.pk, (run.snapshot.sha256, run.unit_id, run.method_id))


@lru_cache(maxsize=8)
def _path(result: int, _versions: tuple[str, str, int]) -> Path:
    """Kept while the reader tries costs: a result never changes."""
    found = Result.objects.select_related("run__snapshot", "run__refresh").get(pk=result)
    return find_path(*evaluation_of(found))


def cheapest_of(result: Result, costs: Mapping[str, Fraction]) -> Combination | None:
    """The cheapest combination by costs in 元 per smallest unit of each fact."""
    return cheapest(path_of(result), costs)


def may_help(path: Path, change: Change) -> bool:
    """Whether moving the fact raises the score at all, be it not enough alone: a cost is asked only of these."""
    return path.again is not None and not why_not(path.again, change.fact)


def is_hidden(change: Change, hidden: Collection[str]) -> bool:
    """Whether the change would tell a figure that the reader may not see: the fact's, or one it is divided by."""
    return change.fact in hidden or any(name in hidden for name in change.indicators)


@dataclass(frozen=True, slots=True)
class Spread:
    """An indicator over the firms of a group. `counted`: lower bound and firms by class of each bar, the last open."""

    name: str
    title: str
    unit: str
    value: Fraction | None
    benchmark: Fraction | None
    median: Fraction | None  # null, like the bars, where fewer than FEWEST are known
    better_than: int  # firms of the group with a lower value
    known: int
    counted: tuple[tuple[Fraction, dict[str, int]], ...]
    width: Fraction
    here: int | None  # the bar of the firm


def spreads(result: Result) -> list[Spread]:
    """Each indicator of the firm's method over its group: the ranked firms that know it; without bars for too few."""
    evaluation, i = evaluation_of(result)
    found = evaluation.run_of(i)
    if not found or found[1] not in found[0].group_of:
        return []
    run, position = found
    members = run.groups[run.group_of[position]].positions
    grades = {p: run.grades.get(p, "") for p in members}
    return [spread for scores in run.items if (spread := _spread(scores, position, grades))]


def _untold(scores: ItemScores, value: Fraction | None, known: int) -> Spread:
    """The firm's own value alone."""
    it = scores.item.indicator
    return Spread(it.name, it.title, it.unit, value, None, None, 0, known, (), Fraction(1), None)


def _spread(scores: ItemScores, position: int, grades: Mapping[int, str]) -> Spread | None:
    values = {p: value for p in grades if (value := scores.value(p)) is not None}
    if not values:
        return None
    ordered = sorted(values.values())
    if len(ordered) < FEWEST:
        return _untold(scores, values.get(position), len(ordered))
    low, high = min(ordered[0], Fraction(0)), ordered[-1 - len(ordered) // TAIL]
    width = (high - low) / (BARS - 1) or Fraction(1)
    bars: list[Counter[str]] = [Counter() for _ in range(BARS)]
    places = {p: min((value - low) // width, BARS - 1) for p, value in values.items()}
    for p, place in places.items():
        bars[place][grades[p]] += 1
    value, it, middle = values.get(position), scores.item.indicator, len(ordered)
    return Spread(
        name=it.name,
        title=it.title,
        unit=it.unit,
        value=value,
        benchmark=scores.benchmark(),
        median=(ordered[(middle - 1) // 2] + ordered[middle // 2]) / 2,
        better_than=0 if value is None else bisect_left(ordered, value),
        known=len(ordered),
        counted=tuple((low + n * width, {g: bar[g] for g in GRADES}) for n, bar in enumerate(bars)),
        width=width,
        here=places.get(position),
    )
