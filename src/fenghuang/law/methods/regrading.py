"""Grades after ranking: fix, promote, demote, not_below, in this order, and the rules of the policy pack among them.

A rule (`evaluation_override`, art.8) is asked once for every grade that a firm could have. An answer that is the same
whatever the grade is a fix, and reaches firms that were not graded; any other answer protects a grade and is applied
last, as not_below is, so that a demotion cannot go round it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fenghuang.language.words import clause_title
from fenghuang.law.methods.expressions import evaluate_columns
from fenghuang.law.methods.facts import FACTS, Cell, Table
from fenghuang.law.methods.method import GRADES, RULES, UNGRADED, Regrade

Decide = Callable[[str, Mapping[str, list[Cell]]], Sequence[str | None]]
"""decide(rule, inputs) -> one answer a row: A, B, C, D, "ungraded", or None for unknown.

`inputs` holds `grade_by_score` (texts A to D or "ungraded", never None) and the rule's facts by their names in
spec/rules.yaml, scaled as in facts.py (money in 分), None for unknown. Law knows no engine: the caller brings one.
"""


class NoEngineError(RuntimeError):
    """A firm falls under a rule of the policy pack and the caller brought nothing to run it."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A regrade that changed a grade. `before` is "ungraded" for a firm that was not graded."""

    name: str
    kind: str
    clause: str
    before: str
    after: str


@dataclass(slots=True)
class Standing:
    """A firm on its way through the regrades: `grade` None means no grade (yet)."""

    grade: str | None
    ungraded: bool = False  # not graded: only what reaches ungraded firms applies
    applied: list[Applied] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # why it must be decided by people

    def set(self, regrade: Regrade, kind: str, after: str) -> None:
        before = self.grade or UNGRADED
        if before != after:
            self.applied.append(Applied(regrade.name, kind, regrade.clause, before, after))
            self.grade = after


Answers = dict[str, str | None]  # the rule's answer by the grade it is asked for


def rule_answers(rule: str, table: Table, positions: Sequence[int], decide: Decide | None) -> dict[int, Answers]:
    """The rule's answers for the firms that have a project at all.

    No investment and nothing under construction (or no word of it) is no project: the rule is not applied. A project
    under construction whose investment is unknown is asked, and the rule answers unknown.
    """
    columns = {name: table.cells(name) for name in RULES[rule]}
    flags = table.cells("under_construction")
    amounts = table.cells("key_project_investment")
    asked = [p for p in positions if amounts[p] is not None or flags[p]]
    if not asked:
        return {}
    if decide is None:
        raise NoEngineError(rule)
    inputs = {name: [cells[p] for p in asked] for name, cells in columns.items()}
    answers: dict[int, Answers] = {p: {} for p in asked}
    for grade in (*GRADES, UNGRADED):
        given = decide(rule, {"grade_by_score": [grade] * len(asked), **inputs})
        if len(given) != len(asked):
            raise ValueError(f"{rule}: {len(given)} answers for {len(asked)} firms")
        for p, answer in zip(asked, given, strict=True):
            if answer is not None and answer not in (*GRADES, UNGRADED):
                raise ValueError(f"{rule}: {answer!r} is no grade")
            answers[p][grade] = answer
    return answers


def fixed_grade(answers: Answers) -> str | None:
    """The grade that a rule gives whatever the score says; None when the answer depends on it."""
    given = {answers[grade] for grade in GRADES}
    return given.pop() if len(given) == 1 else None


def regrade_all(
    regrades: Sequence[Regrade], table: Table, standings: Mapping[int, Standing], decide: Decide | None
) -> None:
    """Apply a scope's regrades to the standings (by position in the table)."""
    positions = list(standings)
    rules = {r: rule_answers(r.name, table, positions, decide) for r in regrades if r.kind == "rule"}
    conditions = {
        r: evaluate_columns(r.only_if, table.column, table.size) if r.only_if else [True] * table.size
        for r in regrades
        if r.kind != "rule"
    }
    fixing = [r for r in regrades if r.kind in ("fix", "rule")]
    moving = [r for kind in ("promote", "demote", "not_below") for r in regrades if r.kind == kind]
    for p, standing in standings.items():
        asked = {r: answers[p] for r, answers in rules.items() if p in answers}
        _fix(standing, fixing, conditions, asked, p)
        for r in moving:
            if standing.grade is not None:
                _move(standing, r, conditions[r][p])
        for r, answers in asked.items():
            _protect(standing, r, answers)


def _fix(
    standing: Standing,
    regrades: Sequence[Regrade],
    conditions: Mapping[Regrade, Sequence[bool | None]],
    asked: Mapping[Regrade, Answers],
    position: int,
) -> None:
    """Every fix that holds; two that disagree are for people to decide."""
    fixes: list[tuple[Regrade, str]] = []
    for r in regrades:
        if standing.ungraded and not r.reaches_ungraded:
            continue
        if r.kind == "rule":
            answers = asked.get(r)
            if answers is None:
                continue
            fixed = fixed_grade(answers)
            if fixed in GRADES:
                fixes.append((r, fixed or ""))
            elif answers[standing.grade or UNGRADED] is None and (standing.grade or standing.ungraded):
                standing.unknown.append(_undecided(r))
            continue
        holds = conditions[r][position]
        if holds is None:
            standing.unknown.append(f"调档条件“{r.name}”所需事实未知")
        elif holds and r.to:
            fixes.append((r, r.to))
    if len({grade for _, grade in fixes}) > 1:
        shown = "、".join(f"{title(r)}定 {grade}" for r, grade in fixes)
        standing.unknown.append(f"直接定级互相矛盾：{shown}")
    elif fixes:
        standing.set(fixes[0][0], "fix", fixes[0][1])


def _move(standing: Standing, regrade: Regrade, holds: bool | None) -> None:
    if holds is None:
        standing.unknown.append(f"调档条件“{regrade.name}”所需事实未知")
    if not holds or standing.grade is None:
        return
    now = GRADES.index(standing.grade)
    if regrade.kind == "demote":
        after = max(now, GRADES.index(regrade.to)) if regrade.to else min(now + 1, 3)
    elif regrade.to:  # promote, not_below
        after = min(now, GRADES.index(regrade.to))
    else:
        after = max(now - 1, 0)
    standing.set(regrade, regrade.kind, GRADES[after])


def _undecided(regrade: Regrade) -> str:
    needs = "、".join(FACTS[name].title for name in RULES[regrade.name])
    return f"{clause_title(regrade.clause)}（{title(regrade)}）所需的{needs}不全，无法判断"


def _protect(standing: Standing, regrade: Regrade, answers: Answers) -> None:
    """What the rule says of the grade that the firm came to; a fix has had its turn."""
    if standing.grade is None or fixed_grade(answers) is not None:
        return
    answer = answers[standing.grade]
    if answer is None:
        reason = _undecided(regrade)
        if reason not in standing.unknown:
            standing.unknown.append(reason)
    elif answer in GRADES:
        standing.set(regrade, "not_below", answer)


def title(regrade: Regrade) -> str:
    """How a regrade is called on pages."""
    return "重点产业项目在建" if regrade.name == "evaluation_override" else regrade.name
