"""Item scores of a scope's firms, exact to 10^-18 of a point from one division of raw facts.

Every kind of score is a straight line in the indicator's value, score = slope x value + offset, held between two
limits. With value = n / d x factor that is one integer division a firm, in tight loops; no float, no Fraction a firm.
The exact Fraction of a score is made only when the sum lies so near a rounding tie that 10^-18 cannot decide it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from fenghuang.language.numbers import round_half_away
from fenghuang.law.methods.method import Item

UNIT = 10**18  # item scores are integers of 10^-18 points
FINE = 10**60  # means are carried to 60 decimals in the loops; their error cannot reach the 10^-18


@dataclass(slots=True)
class Line:
    """score = slope x value + offset, between low and high (points; None is open)."""

    slope: Fraction
    offset: Fraction
    low: Fraction | None
    high: Fraction | None

    def at(self, value: Fraction) -> Fraction:
        score = self.slope * value + self.offset
        if self.low is not None and score < self.low:
            score = self.low
        if self.high is not None and score > self.high:
            score = self.high
        return score


def exact_sum(pairs: Iterable[tuple[int, int]]) -> Fraction:
    """The exact sum of n/d pairs, pairwise so that the big integers stay few."""
    level = list(pairs) or [(0, 1)]
    while len(level) > 1:
        merged = []
        for i in range(0, len(level) - 1, 2):
            (a, b), (c, d) = level[i], level[i + 1]
            common = lcm(b, d)
            merged.append((a * (common // b) + c * (common // d), common))
        if len(level) % 2:
            merged.append(level[-1])
        level = merged
    return Fraction(*level[0])


@dataclass(slots=True)
class ItemScores:
    """One item over a scope: values n / d x factor, and scores. Lists run along the scope's firms."""

    item: Item
    numerators: list[int | None]
    denominators: list[int]
    counted: Sequence[int]  # positions that count for mean, median, min and max: not graded and unknown firms do not
    factor: Fraction = field(init=False)
    known: list[int] = field(init=False)  # counted positions with a known value
    line: Line | None = field(init=False)  # None: the benchmark cannot be computed
    scores: list[int | None] = field(init=False)  # 10^-18 points; None where the value is unknown
    mean_score: int | None = field(init=False, default=None)  # of the known counted scores, for group_mean_score
    _statistics: dict[tuple[str, bool], Fraction | None] = field(init=False, default_factory=dict)
    _exact_line: Line | None = field(init=False, default=None)
    _means: dict[bool, Fraction] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.factor = self.item.indicator.factor
        self.known = [p for p in self.counted if self.numerators[p] is not None]
        self.line = self._make_line(exact=False)
        if self.line is None:
            self.scores = [None] * len(self.numerators)
        else:
            self.scores = score_loop(self.line, self.factor, self.numerators, self.denominators)
        total = sum(self.scores[p] or 0 for p in self.known)
        if self.known and self.line is not None:
            self.mean_score = round_half_away(total, len(self.known))

    # --- values ---

    def value(self, position: int) -> Fraction | None:
        """The indicator, exact, in its unit."""
        n = self.numerators[position]
        if n is None:
            return None
        return Fraction(n * self.factor.numerator, self.denominators[position] * self.factor.denominator)

    def rounded(self, decimals: int) -> list[int | None]:
        """Every firm's value in 10^-decimals of its unit, rounded half away from zero as `value` would be."""
        top, bottom = 10**decimals * self.factor.numerator, self.factor.denominator
        return [
            None if n is None else round_half_away(n * top, d * bottom)
            for n, d in zip(self.numerators, self.denominators, strict=True)
        ]

    def sort_key(self, position: int) -> int:
        """Orders values exactly: distinct values differ by far more than 10^-60."""
        n = self.numerators[position] or 0
        return n * self.factor.numerator * FINE // (self.denominators[position] * self.factor.denominator)

    def _statistic(self, name: str, exact: bool) -> Fraction | None:
        if (name, exact) not in self._statistics:  # every explanation asks again
            self._statistics[name, exact] = self._find_statistic(name, exact)
        return self._statistics[name, exact]

    def _find_statistic(self, name: str, exact: bool) -> Fraction | None:
        if not self.known:
            return None
        if name == "mean":
            if exact:
                pairs = ((self.numerators[p] or 0, self.denominators[p]) for p in self.known)
                return exact_sum(pairs) * self.factor / len(self.known)
            return Fraction(sum(self.sort_key(p) for p in self.known), FINE * len(self.known))
        ordered = sorted(self.known, key=self.sort_key)
        size = len(ordered)
        picked = {
            "min": ordered[:1],
            "max": ordered[-1:],
            "median": ordered[(size - 1) // 2 : size // 2 + 1],
        }[name]
        return sum((self.value(p) or Fraction(0) for p in picked), Fraction(0)) / len(picked)

    def benchmark(self, exact: bool = False) -> Fraction | None:
        """The number that values are measured by; for min_max and share_of_max the highest value."""
        if isinstance(self.item.benchmark, Fraction):
            return self.item.benchmark
        return self._statistic(self.item.benchmark or "max", exact)

    def lowest(self) -> Fraction | None:
        return self._statistic("min", exact=True)

    # --- scores ---

    def _make_line(self, exact: bool) -> Line | None:
        item, top = self.item, self.benchmark(exact)
        low, high, weight = item.floor, item.cap, item.weight
        if top is None:
            return None
        if item.score == "min_max":
            bottom = self.lowest()
            if bottom is None or bottom == top:
                return None
            slope = weight * (item.high - item.low) / 100 / (top - bottom)
            return Line(slope, weight * item.low / 100 - slope * bottom, low, high)
        if top <= 0:
            return None  # a share of nothing, and a negative measure would turn the order round
        if item.score == "inverse":
            low = max(Fraction(0), low or Fraction(0))
            return Line(-weight / (2 * top), weight, low, high)
        return Line(weight / top, Fraction(0), low, high)

    def undecidable(self, position: int) -> bool:
        """The value is known but nothing can measure it (no spread, or a benchmark that is not above zero)."""
        return self.line is None and self.numerators[position] is not None

    def score(self, position: int, exact: bool) -> Fraction | None:
        """The score of a known value after cap and floor: exact, or with means of 60 decimals (far quicker)."""
        value = self.value(position)
        if value is None or self.line is None:
            return None
        if not exact:
            return self.line.at(value)
        if self._exact_line is None:
            self._exact_line = self._make_line(exact=True)
        return self._exact_line.at(value) if self._exact_line else None

    def mean_of_scores(self, exact: bool) -> Fraction:
        """The mean of the known counted scores, likewise."""
        if exact not in self._means:
            scores = [self.score(p, exact) or Fraction(0) for p in self.known]
            if exact:
                total = exact_sum((s.numerator, s.denominator) for s in scores)
            else:
                total = Fraction(sum(s.numerator * FINE // s.denominator for s in scores), FINE)
            self._means[exact] = total / max(1, len(scores))
        return self._means[exact]


def score_loop(
    line: Line, factor: Fraction, numerators: Sequence[int | None], denominators: Sequence[int]
) -> list[int | None]:
    """(slope x n / d x factor + offset), held between the limits, as integers of 10^-18 rounded half away from zero."""
    slope, offset = line.slope * factor * UNIT, line.offset * UNIT
    common = lcm(slope.denominator, offset.denominator)
    a2 = 2 * slope.numerator * (common // slope.denominator)
    c2 = 2 * offset.numerator * (common // offset.denominator)
    b2 = 2 * common
    scores: list[int | None] = []
    add = scores.append
    for n, d in zip(numerators, denominators, strict=True):
        if n is None:
            add(None)
            continue
        x = a2 * n + c2 * d  # twice the numerator, so that adding y rounds half up
        y = common * d
        add((x + y) // (b2 * d) if x >= 0 else -((y - x) // (b2 * d)))
    low = None if line.low is None else _unit(line.low)
    high = None if line.high is None else _unit(line.high)
    if low is not None:
        scores = [None if s is None else max(s, low) for s in scores]
    if high is not None:
        scores = [None if s is None else min(s, high) for s in scores]
    return scores


def _unit(points: Fraction) -> int:
    return round_half_away(points.numerator * UNIT, points.denominator)
