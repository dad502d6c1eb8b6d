"""The cheapest combination of changes that takes a firm to the next grade, by costs that the user gives.

A score is a sum of straight lines in the facts on top of its indicators (tax, value added), bent only at the caps:
there "the next piece of most points per cost, up to its cap, until the gap is closed" is the cheapest there is. In the
facts at the bottom (land, energy) it is a hyperbola; combinations with them are the cheapest of those tried, and say
so. Each is then evaluated again, trimmed fact by fact to one unit, and never dearer than the cheapest single change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fenghuang.law.methods.again import Again, Frozen, Outcome
from fenghuang.law.methods.facts import FACTS
from fenghuang.law.methods.method import GRADES
from fenghuang.law.methods.path import UP, Path, direction, is_fixed, limits, room, smallest, strange, why_not

Amounts = dict[str, int]  # by how much each fact moves, in its smallest unit, above 0
Costs = Mapping[str, Fraction]  # 元 per smallest unit of the fact, above 0
PIECES = 30  # of a combination; a scope has far fewer caps

EXACT = "各项成本按所填单价与变动量成正比；按本组得分线逐段比较，费用最低，精确到各数据的最小单位"
TRIED = (
    "各项成本按所填单价与变动量成正比；{}的得分不与变动成正比，或随本组变动："
    "已比较各单项及其组合取最低，不保证没有更低的"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One fact of a combination: signed amount, cost in 元, and the firm with one unit less of it."""

    fact: str
    present: int
    amount: int
    cost: Fraction
    short: Outcome


@dataclass(frozen=True, slots=True)
class Combination:
    """What to move, what it costs in 元, and the firm evaluated again with it."""

    parts: tuple[Part, ...]
    cost: Fraction
    reached: Outcome
    limits: tuple[str, ...]


def cheapest(path: Path, costs: Costs) -> Combination | None:
    """The cheapest way to the path's target over the facts that have a cost; None where they cannot reach it."""
    again = path.again
    if again is None:
        return None
    usable = [change.fact for change in path.changes if change.fact in costs and not why_not(again, change.fact)]
    found: list[Amounts] = [
        {change.fact: abs(change.amount)} for change in path.changes if change.amount and change.fact in costs
    ]
    for facts in _choices(usable):
        for amounts in _greedy(again, facts, costs):
            settled = _settle(again, path.target, amounts)
            if settled:
                found.append(settled)
                break
    if not found:
        return None
    best = min(found, key=lambda amounts: _cost(amounts, costs))
    return _told(again, best, costs, usable)


def _choices(usable: Sequence[str]) -> list[list[str]]:
    """Sets of facts to combine: those on top, with each below, with all below."""
    ups, downs = [f for f in usable if f in UP], [f for f in usable if f not in UP]
    sets = [ups, *([*ups, down] for down in downs), [*ups, *downs], downs]
    return [s for n, s in enumerate(sets) if len(s) > 1 and s not in sets[:n]]


def _cost(amounts: Amounts, costs: Costs) -> Fraction:
    return sum((amount * costs[fact] for fact, amount in amounts.items()), Fraction(0))


def _greedy(again: Again, facts: Sequence[str], costs: Costs) -> list[Amounts]:
    """By the model of the present run: amounts for each better initial grade, the nearest first (a regrade may take
    the nearest back)."""
    model = Frozen(again.present)
    initial = again.present.firm.initial_grade or GRADES[-1]
    totals = [model.needed(grade) for grade in reversed(GRADES[: GRADES.index(initial)])]
    return [
        amounts for total in totals if total is not None and (amounts := _filled(again, model, facts, costs, total))
    ]


def _filled(again: Again, model: Frozen, facts: Sequence[str], costs: Costs, total: int) -> Amounts | None:
    start = {fact: value for fact in facts if (value := again.value(fact)) is not None}
    values, amounts = dict(start), dict[str, int]()
    for _ in range(PIECES):
        if model.total(values) >= total:
            return amounts
        now, best = model.points(values), None
        for fact in facts:
            sign = direction(fact)
            bound = room(fact, values[fact])
            step = model.least(values, fact, sign, bound, total)
            cap = model.next_cap(values, fact, sign)
            step = min((s for s in (step, cap) if s), default=bound)
            if step < 1 or step > bound:
                continue
            gain = model.points({**values, fact: values[fact] + sign * step}) - now
            if gain > 0:
                worth = gain / (step * costs[fact])
                if best is None or worth > best[0]:
                    best = worth, fact, step
        if best is None:
            return None
        _, fact, step = best
        values[fact] += direction(fact) * step
        amounts[fact] = amounts.pop(fact, 0) + step  # the one moved last stands last
    return None


def _settle(again: Again, target: str, amounts: Amounts) -> Amounts | None:
    """By the whole evaluation: the amounts made enough, then each as small as the others allow; the last one first."""
    amounts = dict(amounts)
    for fact in reversed(list(amounts)):
        others = {f: _moved(again, f, amount) for f, amount in amounts.items() if f != fact}
        if others and again(others).reaches(target, again.scope.name):
            del amounts[fact]
            continue
        amount = smallest(again, target, others, fact)
        if amount is None:
            return None
        amounts[fact] = amount
    return amounts


def _moved(again: Again, fact: str, amount: int) -> int:
    return (again.value(fact) or 0) + direction(fact) * amount


def _told(again: Again, amounts: Amounts, costs: Costs, usable: Sequence[str]) -> Combination:
    values = {fact: _moved(again, fact, amount) for fact, amount in amounts.items()}
    parts = tuple(
        Part(
            fact,
            again.value(fact) or 0,
            direction(fact) * amount,
            amount * costs[fact],
            again({**values, fact: values[fact] - direction(fact)}),
        )
        for fact, amount in amounts.items()
    )
    bent = [FACTS[fact].title for fact in usable if fact not in UP]
    if not bent and all(is_fixed(item) and item.floor is None for item in again.scope.items):
        how = EXACT
    else:
        how = TRIED.format("、".join(bent) or "部分指标")
    reached = again(values)
    return Combination(
        parts, _cost(amounts, costs), reached, (how, *limits(again.scope, list(amounts)), *strange(reached))
    )
