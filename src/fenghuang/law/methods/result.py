"""What an evaluation says of each firm and each group; the file, the database and the pages read it from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from fenghuang.language.numbers import show_decimal, show_fraction
from fenghuang.language.words import clause_title
from fenghuang.law.methods.adjusting import Adjusted
from fenghuang.law.methods.facts import Cell, Table
from fenghuang.law.methods.faults import ReconciliationError
from fenghuang.law.methods.method import GRADES, UNGRADED, Method
from fenghuang.law.methods.regrading import Applied
from fenghuang.law.methods.scope_run import DECIMALS, EVALUATED, MARKED, NOT_GRADED, ScopeRun

OUTSIDE = "outside"  # in no scope of the method
ITEM_DECIMALS = 18
NO_GRADE = {UNGRADED: "不参评"}


@dataclass(frozen=True, slots=True)
class ItemResult:
    """An item of a firm: the exact value, and its score in 10^-18 points (None where the firm has no score)."""

    name: str
    value: Fraction | None
    score: int | None

    @property
    def shown(self) -> str:
        return "" if self.value is None else show_fraction(self.value, 4)

    @property
    def score_text(self) -> str:
        return "" if self.score is None else show_decimal(self.score, ITEM_DECIMALS)


@dataclass(frozen=True, slots=True)
class FirmResult:
    """One firm. `score` in 10^-4 points. A firm without a grade says why in `not_graded` or `marked`."""

    subject: str
    status: str  # evaluated | not_graded | marked | outside
    scope: str  # "" where it is in none, or it is unknown in which
    items: tuple[ItemResult, ...]
    score: int | None
    group: str
    group_size: int | None
    rank: int | None
    initial_grade: str | None
    grade: str | None
    adjustments: tuple[Adjusted, ...]
    regrades: tuple[Applied, ...]
    not_graded: tuple[str, ...]
    marked: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]  # (indicator, sentence)

    @property
    def score_text(self) -> str:
        return "" if self.score is None else show_decimal(self.score, DECIMALS)

    @property
    def percentile(self) -> str:
        """rank / group size in percent, for display only."""
        if self.rank is None or not self.group_size:
            return ""
        return show_fraction(Fraction(100 * self.rank, self.group_size), 4)

    @property
    def reason(self) -> str:
        """Why it has no grade: the column not_graded."""
        if self.status == EVALUATED:
            return ""
        if self.status == OUTSIDE:
            return "不在本方法的评价范围内"
        if self.status == MARKED:
            return "待定：" + "；".join(self.marked)
        return "；".join(self.not_graded)

    @property
    def adjustments_text(self) -> str:
        return "；".join(adjustment_text(adjusted) for adjusted in self.adjustments)

    @property
    def regrades_text(self) -> str:
        return "；".join(regrade_text(applied) for applied in self.regrades)

    @property
    def missing_text(self) -> str:
        return "；".join(sentence for _, sentence in self.missing)


def signed(value: Fraction, decimals: int = 4) -> str:
    """ "+3", "-12.5": idle zeros gone, the sign always there."""
    text = show_fraction(abs(value), decimals)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("-" if value < 0 else "+") + text


def adjustment_text(adjusted: Adjusted) -> str:
    unit = "分" if adjusted.adjustment.kind == "points" else "%"
    proof = "（须附佐证）" if adjusted.adjustment.evidence == "required" else ""
    return f"{adjusted.adjustment.name} {signed(adjusted.amount)}{' ' if unit == '分' else ''}{unit}{proof}"


def regrade_text(applied: Applied) -> str:
    from_grade = NO_GRADE.get(applied.before, applied.before)
    name = "重点产业项目在建" if applied.name == "evaluation_override" else applied.name
    clause = f"（{clause_title(applied.clause)}）" if applied.clause else ""
    return f"{name}{clause} {from_grade}→{applied.after}"


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """A group of a scope. Means: `mean_score` of the totals; `averages` totals / totals over the ranked firms."""

    scope: str
    group: str
    key: tuple[Cell, ...]
    size: int
    graded: bool
    limits: dict[str, int]  # last rank of each cut
    initial: dict[str, int]
    final: dict[str, int]
    cut_scores: dict[str, int | None]  # lowest score (10^-4) of each initial class
    mean_score: Fraction | None
    averages: dict[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class ScopeStatistics:
    """A scope: A + B + C + D = evaluated, evaluated + not graded + marked = firms."""

    scope: str
    firms: int
    evaluated: int
    not_graded: int
    marked: int
    classes: dict[str, int]
    assumed: tuple[str, ...]
    benchmarks: dict[str, Fraction | None]
    groups: tuple[GroupStatistics, ...]


@dataclass(slots=True)
class Evaluation:
    """All firms of a file under a method. Built and reconciled by evaluate.evaluate."""

    method: Method
    table: Table
    runs: list[ScopeRun | None]  # by scope of the method; None where no firm is in it
    place: list[tuple[int, int] | None]  # by firm: (scope, position in the scope's run); None outside or undetermined
    undetermined: dict[int, str]  # firms of which it is unknown in which scope they are, and why
    notices: list[str] = field(default_factory=list)
    counted: list[ScopeStatistics] = field(default_factory=list)  # by reconcile

    def __len__(self) -> int:
        return self.table.size

    def run_of(self, i: int) -> tuple[ScopeRun, int] | None:
        """The scope's run that a firm is in, and its position there."""
        spot = self.place[i]
        run = self.runs[spot[0]] if spot else None
        return (run, spot[1]) if run and spot else None

    def status(self, i: int) -> str:
        found = self.run_of(i)
        if found:
            return found[0].status(found[1])
        return MARKED if i in self.undetermined else OUTSIDE

    def firm(self, i: int) -> FirmResult:
        """Everything about the i-th firm of the input."""
        found = self.run_of(i)
        subject = self.table.subject(i)
        if not found:
            marked = (self.undetermined[i],) if i in self.undetermined else ()
            status = MARKED if marked else OUTSIDE
            return FirmResult(subject, status, "", (), None, "", None, None, None, None, (), (), (), marked, ())
        run, p = found
        group = run.groups[run.group_of[p]] if p in run.group_of else None
        return FirmResult(
            subject=subject,
            status=run.status(p),
            scope=run.scope.name,
            items=tuple(
                ItemResult(scores.item.name, scores.value(p), column[p])
                for scores, column in zip(run.items, run.awarded, strict=True)
            ),
            score=run.totals.get(p),
            group=group_label(run.scope.name, group.key) if group else "",
            group_size=len(group.positions) if group else None,
            rank=run.ranks.get(p),
            initial_grade=run.initial.get(p),
            grade=run.grades.get(p),
            adjustments=tuple(run.adjusted.get(p, ())),
            regrades=tuple(run.regrades.get(p, ())),
            not_graded=tuple(run.reasons.get(p, ())),
            marked=tuple(run.marks.get(p, ())),
            missing=tuple(run.missing(p)),
        )

    def statistics(self) -> list[ScopeStatistics]:
        """Per scope and group: sizes, classes, cut scores, means."""
        return self.counted

    def reconcile(self) -> None:
        """Raise ReconciliationError unless the classes and the states add up to the firms."""
        placed = Counter(spot[0] for spot in self.place if spot)
        outside = sum(1 for i, spot in enumerate(self.place) if spot is None and i not in self.undetermined)
        if sum(placed.values()) + outside + len(self.undetermined) != self.table.size:
            raise ReconciliationError("各范围企业数之和不等于全部企业数")
        self.counted = [reconcile_scope(run, placed[number]) for number, run in enumerate(self.runs) if run]


ASSUMED = {"grades": "等级比例", "missing": "缺项处理"}


def assumed_sentence(assumed: Sequence[str]) -> str:
    """What the method's source does not state, for pages and exports."""
    return f"来源未公布、按惯例假定的内容：{'、'.join(ASSUMED.get(name, name) for name in assumed)}"


SCOPES = {"above_scale": "规上企业", "below_scale": "规下企业"}


def scope_title(scope: str) -> str:
    """How people call a scope; a condition of another kind is shown as the method writes it."""
    return SCOPES.get(scope, scope)


def group_label(scope: str, key: tuple[Cell, ...]) -> str:
    """ "above_scale", or with groups "above_scale/黄岩区/通用设备"."""
    return "/".join([scope, *(_shown(part) for part in key)])


def _shown(cell: Cell) -> str:
    return ("是" if cell else "否") if isinstance(cell, bool) else str(cell)


def scope_statistics(run: ScopeRun) -> ScopeStatistics:
    states = Counter(run.status(p) for p in range(run.table.size))
    return ScopeStatistics(
        scope=run.scope.name,
        firms=run.table.size,
        evaluated=states[EVALUATED],
        not_graded=states[NOT_GRADED],
        marked=states[MARKED],
        classes=_classes(run.grades.values()),
        assumed=run.scope.assumed,
        benchmarks={scores.item.name: scores.benchmark() for scores in run.items},
        groups=tuple(_group_statistics(run, number) for number in range(len(run.groups))),
    )


def _classes(grades: Any) -> dict[str, int]:
    counted = Counter(grades)
    return {grade: counted[grade] for grade in GRADES}


def _group_statistics(run: ScopeRun, number: int) -> GroupStatistics:
    group = run.groups[number]
    lowest: dict[str, int | None] = dict.fromkeys(GRADES)
    for p in group.positions:
        grade, total = run.initial.get(p), run.totals[p]
        if grade:
            so_far = lowest[grade]
            lowest[grade] = total if so_far is None else min(so_far, total)
    size = len(group.positions)
    return GroupStatistics(
        scope=run.scope.name,
        group=group_label(run.scope.name, group.key),
        key=group.key,
        size=size,
        graded=group.graded,
        limits=dict(group.limits),
        initial=_classes(run.initial[p] for p in group.positions if p in run.initial),
        final=_classes(run.grades[p] for p in group.positions if p in run.grades),
        cut_scores=lowest,
        mean_score=Fraction(sum(run.totals[p] for p in group.positions), size * 10**DECIMALS) if size else None,
        averages={scores.item.name: _average(run, k, group.positions) for k, scores in enumerate(run.items)},
    )


def _average(run: ScopeRun, number: int, positions: tuple[int, ...]) -> Fraction | None:
    """Totals / totals of an indicator over firms that have both raw facts, as printed averages are made."""
    indicator = run.items[number].item.indicator
    tops, bottoms = run.table.cells(indicator.numerator), run.table.cells(indicator.denominator)
    known = [p for p in positions if tops[p] is not None and bottoms[p] is not None]
    bottom = sum(bottoms[p] for p in known)
    return Fraction(sum(tops[p] for p in known), bottom) * indicator.factor if bottom else None


def reconcile_scope(run: ScopeRun, firms: int) -> ScopeStatistics:
    """What was counted, once it adds up: A + B + C + D = evaluated; evaluated + not graded + marked = firms; groups add
    up to the ranked firms."""
    stats = scope_statistics(run)
    name = stats.scope
    if any(grade not in GRADES for grade in run.grades.values()) or sum(stats.classes.values()) != stats.evaluated:
        raise ReconciliationError(f"{name}：A+B+C+D 为 {sum(stats.classes.values())} 家，已评级 {stats.evaluated} 家")
    together = stats.evaluated + stats.not_graded + stats.marked
    if together != firms or stats.firms != firms:
        raise ReconciliationError(f"{name}：已评级、不参评、待定合计 {together} 家，范围内 {firms} 家")
    unexplained = [
        p for p in range(run.table.size) if p not in run.grades and not run.reasons.get(p) and not run.marks.get(p)
    ]
    if unexplained:
        raise ReconciliationError(f"{name}：{len(unexplained)} 家既无等级也无原因")
    if sum(group.size for group in stats.groups) != len(run.ranks) or len(run.ranks) != len(run.totals):
        raise ReconciliationError(f"{name}：各组家数之和不等于参加排名的家数")
    for group in stats.groups:
        if sum(group.initial.values()) != (group.size if group.graded else 0):
            raise ReconciliationError(
                f"{group.group}：初评等级合计 {sum(group.initial.values())} 家，本组 {group.size} 家"
            )
    return stats
