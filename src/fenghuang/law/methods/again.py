"""The evaluation of a scope done again with facts of one firm changed: what proves a path to a better grade.

Nothing is approximated: `Again` runs `evaluate` over the firms of the scope, so benchmarks made of the group, mean
scores, cuts and ranks move as they would. `Frozen` is the quick model of one such run (the group as it stands, only the
firm's own score moves); it says where to look and never what is true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fenghuang.language.numbers import round_half_away
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.facts import INDICATORS, Cell
from fenghuang.law.methods.method import GRADES
from fenghuang.law.methods.regrading import Decide
from fenghuang.law.methods.result import Evaluation, FirmResult
from fenghuang.law.methods.scope_run import DECIMALS, ScopeRun
from fenghuang.law.methods.scoring import UNIT, ItemScores

Values = Mapping[str, int]  # fact -> its value in the fact's smallest unit


def at_least(grade: str | None, wanted: str) -> bool:
    """Whether a grade is the wanted one or a better one."""
    return grade in GRADES and GRADES.index(grade) <= GRADES.index(wanted)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The firm after an evaluation: what it shows, and the scope's run for looking further."""

    firm: FirmResult
    run: ScopeRun
    position: int

    def reaches(self, wanted: str, scope: str) -> bool:
        """The final grade, still in the scope that it was asked for."""
        return self.firm.scope == scope and at_least(self.firm.grade, wanted)


class Again:
    """`again({"tax": 123})` evaluates the firm's scope anew with these values of the firm."""

    def __init__(self, evaluation: Evaluation, i: int) -> None:
        spot = evaluation.place[i]
        found = evaluation.run_of(i)
        if spot is None or found is None:
            raise ValueError("the firm is in no scope")
        members = [j for j, other in enumerate(evaluation.place) if other and other[0] == spot[0]]
        read = {evaluation.table.key, *evaluation.method.columns_read()}
        self.method = evaluation.method
        self.scope = found[0].scope
        self.place = members.index(i)
        self.columns: dict[str, Sequence[Cell]] = {
            name: [cells[j] for j in members] for name, cells in evaluation.table.columns.items() if name in read
        }
        self.decide = _remembered(found[0].decide)
        self.present = Outcome(evaluation.firm(i), *found)
        self._done: dict[tuple[tuple[str, int], ...], Outcome] = {}

    def value(self, fact: str) -> int | None:
        """The firm's present value."""
        cell = self.columns[fact][self.place] if fact in self.columns else None
        return cell if isinstance(cell, int) else None

    def __call__(self, values: Values) -> Outcome:
        key = tuple(sorted((name, value) for name, value in values.items() if value != self.value(name)))
        if not key:
            return self.present
        if key not in self._done:
            self._done[key] = self._evaluate(dict(key))
        return self._done[key]

    def _evaluate(self, values: Values) -> Outcome:
        columns = dict(self.columns)
        for name, value in values.items():
            cells = list(columns[name])
            cells[self.place] = value
            columns[name] = cells
        evaluation = evaluate(self.method, columns, self.decide)
        run, position = evaluation.run_of(self.place) or (self.present.run, self.present.position)
        return Outcome(evaluation.firm(self.place), run, position)


def _remembered(decide: Decide | None) -> Decide | None:
    """A rule is asked the same question for every run: nothing of it moves."""
    if decide is None:
        return None
    answers: dict[object, Sequence[str | None]] = {}

    def ask(rule: str, inputs: Mapping[str, list[Cell]]) -> Sequence[str | None]:
        key = (rule, tuple((name, tuple(cells)) for name, cells in inputs.items()))
        if key not in answers:
            answers[key] = decide(rule, inputs)
        return answers[key]

    return ask


class Frozen:
    """A run as a model: the firm's total as its own facts move, while lines, mean scores and the others stay."""

    def __init__(self, outcome: Outcome) -> None:
        run, self.position = outcome.run, outcome.position
        self.run = run
        self.scale = run.scale.get(self.position, Fraction(1))
        self.adjusted = run.adjusted.get(self.position, ())
        self.items = [scores for scores in run.items if self.is_raw(scores)]
        self.rest = Fraction(0)  # what no fact moves: items given directly, items that are missing
        for scores, awarded in zip(run.items, run.awarded, strict=True):
            if not self.is_raw(scores):
                self.rest += Fraction(awarded[self.position] or 0, UNIT)

    def is_raw(self, scores: ItemScores) -> bool:
        """Whether the firm's score of the item comes from its two raw facts."""
        indicator = scores.item.indicator
        known = scores.numerators[self.position] is not None and scores.line is not None
        raw = [self.run.table.cells(name)[self.position] for name in (indicator.numerator, indicator.denominator)]
        return known and None not in raw

    def item_value(self, scores: ItemScores, values: Values) -> Fraction:
        """The indicator with these values in place of the firm's own."""
        indicator = scores.item.indicator
        top, bottom = (
            values[name] if name in values else self.run.table.cells(name)[self.position]
            for name in (indicator.numerator, indicator.denominator)
        )
        return Fraction(top, bottom) * indicator.factor

    def points(self, values: Values) -> Fraction:
        """The total before rounding."""
        items = self.rest
        for scores in self.items:
            if scores.line:
                items += scores.line.at(self.item_value(scores, values)) * self.scale
        return items + sum((a.points(items) for a in self.adjusted), Fraction(0))

    def total(self, values: Values) -> int:
        """The total in 10^-4 points, as it is ranked."""
        fine = self.points(values) * 10**DECIMALS
        return round_half_away(fine.numerator, fine.denominator)

    def needed(self, grade: str) -> int | None:
        """The lowest total whose rank takes the initial grade; None where the group is too small to have one."""
        if self.position not in self.run.group_of:
            return None
        group = self.run.groups[self.run.group_of[self.position]]
        last = dict(group.limits)[grade]
        others = sorted((self.run.totals[p] for p in group.positions if p != self.position), reverse=True)
        return others[last - 1] if 0 < last <= len(others) else None

    def least(self, values: Values, fact: str, sign: int, bound: int, total: int) -> int | None:
        """The least amount up to the bound by which the fact must move for the total; None where it cannot."""
        start = values[fact]

        def enough(amount: int) -> bool:
            return self.total({**values, fact: start + sign * amount}) >= total

        if bound < 1 or not enough(bound):
            return None
        return first_true(enough, 0, bound)

    def touched(self, fact: str) -> list[ItemScores]:
        """The items that the firm's fact moves."""
        return [scores for scores in self.items if fact in sides(scores)]

    def next_cap(self, values: Values, fact: str, sign: int) -> int | None:
        """By how much the fact must move until the next of its items is capped; None where none is ahead."""
        found = []
        for scores in self.touched(fact):
            line = scores.line
            if line is None or line.high is None or not line.slope:
                continue
            if line.at(self.item_value(scores, values)) >= line.high:
                continue
            top, bottom = (values.get(n, self.run.table.cells(n)[self.position]) for n in sides(scores))
            value = (line.high - line.offset) / line.slope / scores.item.indicator.factor
            if fact == scores.item.indicator.numerator:
                end = value * bottom
            elif value:
                end = Fraction(top) / value
            else:
                continue
            distance = (end - values[fact]) * sign
            if distance > 0:
                found.append(-(-distance.numerator // distance.denominator))
        return min(found, default=None)

    def effects(self, fact: str) -> set[int]:
        """The ways in which raising the fact moves its items' lines: +1, -1, both, or none."""
        found = set()
        for scores in self.touched(fact):
            if scores.line is None:
                continue
            slope = _sign(scores.line.slope)
            if fact == scores.item.indicator.denominator:
                slope *= -_sign(scores.numerators[self.position] or 0)
            found.add(slope)
        return found - {0}


def sides(scores: ItemScores) -> tuple[str, str]:
    """The two facts of an item."""
    indicator = INDICATORS[scores.item.name]
    return indicator.numerator, indicator.denominator


def _sign(value: Fraction | int) -> int:
    return (value > 0) - (value < 0)


def first_true(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The border of a property that fails at low and holds at high: holds there, and not one less."""
    while high - low > 1:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle
    return high
