"""One scope of a method over its firms: items, sum, points, percent, round, rank, initial grade, regrades.

Lists and numbers of positions run along the scope's own firms; result.py puts the scopes of a file together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from fenghuang.language.numbers import round_half_away
from fenghuang.law.methods.adjusting import Adjusted, find_adjustments
from fenghuang.law.methods.expressions import evaluate_columns
from fenghuang.law.methods.facts import Cell, Table, fact
from fenghuang.law.methods.method import Item, Scope
from fenghuang.law.methods.ranking import grade_by_rank, last_ranks, rank_scores
from fenghuang.law.methods.regrading import Applied, Decide, Standing, regrade_all
from fenghuang.law.methods.scoring import UNIT, ItemScores

DECIMALS = 4  # of a total
STEP = UNIT // 10**DECIMALS
DOUBT = 1000  # 10^-15 points, in 10^-18: nearer to a tie than this, more decimals decide
NEARLY = Fraction(1, 10**20)  # of a 10^-4 point: nearer than this, means of 60 decimals cannot tell either

EVALUATED, NOT_GRADED, MARKED = "evaluated", "not_graded", "marked"


@dataclass(frozen=True, slots=True)
class Group:
    """Firms ranked together: positions in the scope's run, best cut first."""

    key: tuple[Cell, ...]
    positions: tuple[int, ...]
    limits: tuple[tuple[str, int], ...]  # last rank of each cut
    graded: bool  # False: smaller than min_group_size


@dataclass(slots=True)
class ScopeRun:
    """A scope's calculation, every stage kept for the explanation."""

    scope: Scope
    table: Table
    decide: Decide | None = None
    reasons: dict[int, list[str]] = field(default_factory=dict)  # not graded, and why
    marks: dict[int, list[str]] = field(default_factory=dict)  # to be decided by people, and why
    firm_marks: set[int] = field(default_factory=set)  # ... for an unknown condition: no fix settles that
    adjusted: dict[int, list[Adjusted]] = field(default_factory=dict)
    items: list[ItemScores] = field(default_factory=list)
    awarded: list[list[int | None]] = field(default_factory=list)  # by item: 10^-18 points, after the missing rules
    scale: dict[int, Fraction] = field(default_factory=dict)  # reweighted firms: whole / known weights
    totals: dict[int, int] = field(default_factory=dict)  # by ranked firm: 10^-4 points
    groups: list[Group] = field(default_factory=list)
    group_of: dict[int, int] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)
    initial: dict[int, str] = field(default_factory=dict)
    grades: dict[int, str] = field(default_factory=dict)
    regrades: dict[int, list[Applied]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._leave_out()
        self._score_items()
        self._total()
        self._rank()
        self._regrade()

    # --- who counts ---

    def _leave_out(self) -> None:
        for exclusion in self.scope.not_graded:
            for p, holds in enumerate(evaluate_columns(exclusion.only_if, self.table.column, self.table.size)):
                if holds:
                    self.reasons.setdefault(p, []).append(exclusion.name)
                elif holds is None:
                    self._mark(p, f"不参评条件“{exclusion.name}”所需事实未知", firm=True)
        self.adjusted, unknown = find_adjustments(self.scope.adjustments, self.table)
        for p, whys in unknown.items():
            for why in whys:
                self._mark(p, why, firm=True)
        for name in self.scope.group_by:
            title = fact(name, self.table.kinds).title
            for p, value in enumerate(self.table.cells(name)):
                if value is None:
                    self._mark(p, f"{title}未知，无法分组")

    def _mark(self, position: int, why: str, firm: bool = False) -> None:
        self.marks.setdefault(position, []).append(why)
        if firm:
            self.firm_marks.add(position)

    # --- items ---

    def _score_items(self) -> None:
        pairs = [self.table.pairs(item.name) for item in self.scope.items]
        for item, (numerators, _) in zip(self.scope.items, pairs, strict=True):
            if item.missing == "unknown":
                for p, n in enumerate(numerators):
                    if n is None:
                        self.reasons.setdefault(p, []).append(self.missing_sentence(item, p))
        counted = [p for p in range(self.table.size) if p not in self.reasons and p not in self.marks]
        self.items = [
            ItemScores(item, numerators, denominators, counted)
            for item, (numerators, denominators) in zip(self.scope.items, pairs, strict=True)
        ]
        self._reweight(counted)
        chosen = set(counted)
        for scores in self.items:
            column: list[int | None] = [s if p in chosen else None for p, s in enumerate(scores.scores)]
            for p in counted:
                if column[p] is None:
                    column[p] = self._missing_score(scores, p)
            for p, scale in self.scale.items():
                score = column[p]
                if score is not None:
                    column[p] = round_half_away(score * scale.numerator, scale.denominator)
            self.awarded.append(column)

    def _missing_score(self, scores: ItemScores, position: int) -> int | None:
        """What the missing rule gives in place of a score; marks the firm where nothing can be given."""
        title = scores.item.indicator.title
        if scores.undecidable(position):
            self._mark(position, f"{title}的基准无法计算")
            return None
        if scores.item.missing == "group_mean_score":
            if scores.mean_score is None:
                self._mark(position, f"缺{title}，且本范围内无可用的平均得分")
            return scores.mean_score
        return 0 if scores.item.missing == "zero" else None

    def _reweight(self, counted: Sequence[int]) -> None:
        """Weights of unknown items under `reweight` go to the firm's other items in proportion."""
        whole = self.scope.weight
        dropped: dict[int, Fraction] = {}
        for scores in self.items:
            if scores.item.missing == "reweight":
                for p in counted:
                    if scores.numerators[p] is None:
                        dropped[p] = dropped.get(p, Fraction(0)) + scores.item.weight
        for p, weight in dropped.items():
            if weight == whole:
                self._mark(p, "全部指标缺失，无法计分")
            else:
                self.scale[p] = whole / (whole - weight)

    # --- totals ---

    def counted(self) -> list[int]:
        return [p for p in range(self.table.size) if p not in self.reasons and p not in self.marks]

    def _total(self) -> None:
        sums = [sum(s or 0 for s in scores) for scores in zip(*self.awarded, strict=True)]
        half, width = STEP // 2, len(self.items) + 2
        for p in self.counted():
            total, doubt = sums[p], width
            if p in self.adjusted or p in self.scale:
                percent = sum(
                    (a.amount for a in self.adjusted.get(p, ()) if a.adjustment.kind == "percent"), Fraction(0)
                )
                points = sum((a.points(Fraction(0)) for a in self.adjusted.get(p, ())), Fraction(0))
                change = Fraction(total) * percent / 100 + points * UNIT
                total += round_half_away(change.numerator, change.denominator)
                # what the roundings of the items can have grown to
                doubt = int(width * self.scale.get(p, 1) * (1 + abs(percent) / 100)) + 1
            if doubt > DOUBT or abs(abs(total) % STEP - half) <= DOUBT:
                self.totals[p] = self._decide_tie(p)
            else:
                self.totals[p] = round_half_away(total, STEP)

    def _decide_tie(self, position: int) -> int:
        """The rounded total of a firm too near a tie: nearly always 60 decimals tell, a true tie needs exact means."""
        fine = self.unrounded(position, exact=False) * 10**DECIMALS
        if abs(abs(fine) % 1 - Fraction(1, 2)) < NEARLY:
            fine = self.unrounded(position, exact=True) * 10**DECIMALS
        return round_half_away(fine.numerator, fine.denominator)

    def unrounded(self, position: int, exact: bool) -> Fraction:
        """Items, missing rules, reweighting, points and percent of a firm that counts, before rounding."""
        items = Fraction(0)
        for scores in self.items:
            score = scores.score(position, exact)
            if score is None and scores.item.missing == "group_mean_score":
                score = scores.mean_of_scores(exact)
            items += (score or 0) * self.scale.get(position, 1)
        return items + sum((a.points(items) for a in self.adjusted.get(position, ())), Fraction(0))

    # --- ranks and grades ---

    def _rank(self) -> None:
        keys = list(zip(*(self.table.cells(name) for name in self.scope.group_by), strict=True))
        members: dict[tuple[Cell, ...], list[int]] = {}
        for p in self.totals:
            members.setdefault(keys[p] if keys else (), []).append(p)
        for key in sorted(members, key=str):  # an order that does not depend on the order of the firms
            positions = members[key]
            size = len(positions)
            limits = tuple(last_ranks(self.scope.cuts, size))
            graded = size >= self.scope.min_group_size
            for p, rank in zip(positions, rank_scores([self.totals[p] for p in positions]), strict=True):
                self.ranks[p] = rank
                self.group_of[p] = len(self.groups)
                if graded:
                    self.initial[p] = grade_by_rank(rank, limits)
                else:
                    self._mark(p, f"所在组 {size} 家，不足 {self.scope.min_group_size} 家，不按名次定级")
            self.groups.append(Group(key, tuple(positions), limits, graded))

    def _regrade(self) -> None:
        standings = {
            p: Standing(self.initial.get(p), ungraded=p in self.reasons)
            for p in range(self.table.size)
            if p not in self.firm_marks or p in self.reasons  # surely not graded, whatever else is unknown
        }
        regrade_all(self.scope.regrades, self.table, standings, self.decide)
        for p, standing in standings.items():
            if standing.applied:
                self.regrades[p] = standing.applied
            if standing.unknown:
                for why in standing.unknown:
                    self._mark(p, why, firm=True)
                self.reasons.pop(p, None)  # an unknown fix may yet reach it: people decide
            elif standing.grade:
                self.grades[p] = standing.grade

    # --- answers ---

    def status(self, position: int) -> str:
        if position in self.grades:
            return EVALUATED
        return NOT_GRADED if position in self.reasons else MARKED

    def missing_sentence(self, item: Item, position: int) -> str:
        """ "缺亩均税收（用地面积未知），按 0 分计"."""
        why = self.table.why_missing(item.name, position)
        lacking = f"缺{item.indicator.title}" + (f"（{why}）" if why else "")
        if item.missing == "zero":
            return f"{lacking}，按 0 分计"
        if item.missing == "group_mean_score":
            return f"{lacking}，按本范围平均得分计"
        return f"{lacking}，其权重按比例分给其余指标" if item.missing == "reweight" else f"{lacking}，按方法不予评级"

    def missing(self, position: int) -> list[tuple[str, str]]:
        """(indicator, sentence) for each item whose value is unknown."""
        return [
            (scores.item.name, self.missing_sentence(scores.item, position))
            for scores in self.items
            if scores.numerators[position] is None
        ]
