"""Cases one smallest unit below, at and above every bound of a rule, generated from its graph.

A bound is where two numbers of the rule meet: the sides of a comparison, the operands of a least or greatest (a cap, a
band's edge, "not below 0"), or a figure and the half at which its last digit is rounded up. From subjects drawn at
random, one input at a time is moved until the meeting is passed; the cases are the values on both sides of that point.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from both_engines import program
from fenghuang.engines.python import compiled
from fenghuang.engines.walk import needed
from fenghuang.language import numbers
from fenghuang.language.program import Program
from fenghuang.language.values import Choice, Number, Value
from fenghuang.law.pack import find
from subjects import AGAINST, TEXTS, USUAL, codes, inputs, labels, limits, optional

BASES = (15, 500)  # subjects from which bounds are approached; more, up to the second, until every bound has decided
COMPARED, KINKS = {"ge", "gt", "le", "lt"}, {"least", "greatest"}
FURTHER = 1_000  # smallest units
ON = "on"
FIRST, LAST = date(2011, 1, 1), date(2026, 12, 31)

Subject = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Meeting:
    """Two numbers that are held against each other; a rounding has one."""

    node: Value
    sides: tuple[Value, ...]


@dataclass
class Cases:
    """What was generated for one rule under one choice of readings."""

    found: list[tuple[Subject, date]] = field(default_factory=list)
    bounds: tuple[Meeting, ...] = ()
    passed: set[tuple[Meeting, str]] = field(default_factory=set)  # and the input that was moved
    decided: set[Meeting] = field(default_factory=set)  # where an answer hangs on it
    met: set[Meeting] = field(default_factory=set)  # exactly: both sides are equal
    figures: set[str] = field(default_factory=set)  # that a deciding bound is made of

    @property
    def undecided(self) -> set[Meeting]:
        """Comparisons on which no answer hangs in any case."""
        return self._compared - self.decided

    @property
    def never_met(self) -> set[Meeting]:
        """Comparisons of which no case has equal sides."""
        return self._compared - self.met

    @property
    def _compared(self) -> set[Meeting]:
        return {meeting for meeting in self.bounds if meeting.node.op in COMPARED}


def figures_of(rule: str) -> set[str]:
    """Every figure of the rule in parameters.yaml, as the graph names it."""
    pack = find(rule)
    assert pack is not None
    return {
        parameter.path + (f"[{label}]" if label else "") + (f"[{index}]" if parameter.is_list else "")
        for parameter in pack.parameters.values()
        if f".{rule}." in parameter.path
        for label, figures in parameter.figures.items()
        if label != "others"
        for index in range(len(figures))
    }


def cases(rule: str, chosen: Mapping[str, str], *, patient: bool = True) -> Cases:
    """Cases around every bound of the rule under these readings; the same ones every time."""
    return _Search(rule, program(rule, dict(chosen))).run(BASES[patient])


class _Search:
    def __init__(self, rule: str, traced: Program) -> None:
        self.rule, self.program = rule, traced
        self.order = needed([*traced.shown.values()])
        self.place = {id(node): n for n, node in enumerate(self.order)}
        self.values_of = compiled(traced, self.order, nullable=True)
        self.turned: dict[int, Callable[..., tuple[Any, ...]]] = {}
        self.reads: dict[int, set[str]] = {}
        for node in self.order:
            own = {node.data[0]} if node.op == "input" else set()
            self.reads[id(node)] = own.union(*(self.reads[id(a)] for a in node.args))
        self.cases = Cases(bounds=tuple(self._meetings()))

    def run(self, most: int) -> Cases:
        chance = random.Random(f"bounds of {self.rule}")
        for tried in range(most):
            if tried >= BASES[0] and self._complete():
                break
            subject, on = self._base(chance)
            for meeting in self.cases.bounds:
                for name in sorted(set().union(*(self.reads[id(side)] for side in meeting.sides))):
                    if name == ON or (subject[name] is not None and inputs(self.rule)[name] in (*USUAL, "date")):
                        self._approach(meeting, name, subject, on)
        return self.cases

    def _complete(self) -> bool:
        tried = self.cases
        return not tried.undecided and not tried.never_met and figures_of(self.rule) <= tried.figures

    def _meetings(self) -> Iterator[Meeting]:
        for node in self.order:
            if node.op in COMPARED | KINKS:
                yield from (Meeting(node, pair) for pair in combinations(node.args, 2))
            elif node.op == "round":
                yield Meeting(node, node.args)

    def _base(self, chance: random.Random) -> tuple[Subject, date]:
        def some(name: str, kind: str) -> Any:
            if name in optional(self.rule) and chance.random() < 0.3:
                return None
            if kind == "bool":
                return (chance.random() < 0.8) != (name in AGAINST)
            if kind == "text":
                return chance.choice(TEXTS)
            if labels(kind):
                return min(chance.choices(labels(kind), k=2))
            if kind == "date":
                return _day(chance.randint(numbers.days(FIRST), numbers.days(LAST)))
            digits = chance.uniform(0, len(str(USUAL[kind])))
            number = chance.choice((0, int(10**digits), int(10**digits), _round(digits), _round(digits)))
            return min(number, limits(self.rule, name)[1])

        first, last = numbers.days(date(2022, 1, 1)), numbers.days(date(2023, 12, 31))
        return {n: some(n, kind) for n, kind in inputs(self.rule).items()}, _day(chance.randint(first, last))

    def _values(self, subject: Subject, on: date) -> tuple[Any, ...] | None:
        try:
            return self.values_of(codes(self.rule, subject), numbers.days(on))
        except OverflowError:
            return None

    def _approach(self, meeting: Meeting, name: str, subject: Subject, on: date) -> None:
        """Move one input to the point where the meeting is passed, and keep the cases around it."""

        def moved(x: int) -> tuple[Subject, date]:
            if name == ON:
                return subject, _day(x)
            return {**subject, name: _day(x) if inputs(self.rule)[name] == "date" else x}, on

        def passed(x: int) -> bool | None:
            values = self._values(*moved(x))
            sides = [None if values is None else values[self.place[id(side)]] for side in meeting.sides]
            if None in sides:
                return None
            if meeting.node.op == "round":
                return bool(values[self.place[id(meeting.node)]] > start)  # type: ignore[index]
            equal_is_below = meeting.node.op in ("gt", "le", "least")
            return bool(sides[0] > sides[1] if equal_is_below else sides[0] >= sides[1])

        lowest, highest = self._reach(name)
        if meeting.node.op == "round":
            if not isinstance(subject.get(name), int):
                return
            lowest = min(highest, subject[name])
            values = self._values(*moved(lowest))
            if values is None or (start := values[self.place[id(meeting.node)]]) is None:
                return
        point = _turning(passed, lowest, highest)
        if point is None or (values := self._values(*moved(point))) is None:
            return
        # An edge is a kink: one unit beyond it may be less than a fen, so further cases lie at some distance.
        further = (point - FURTHER, point + FURTHER) if meeting.node.op in KINKS else ()
        around = (point - 2, point - 1, point, point + 1, *further)
        near = [moved(x) for x in around if lowest <= x <= highest]
        decides = self._decides(meeting, near, values)
        figures = self._figures(meeting.sides, values) if decides else set()
        new = (meeting, name) not in self.cases.passed or not figures <= self.cases.figures
        met = any(self._is_met(meeting, *case) for case in near)
        if new or (decides and meeting not in self.cases.decided) or (met and meeting not in self.cases.met):
            self.cases.found += near
            self.cases.passed.add((meeting, name))
            self.cases.figures |= figures
            self.cases.decided |= {meeting} if decides else set()
            self.cases.met |= {meeting} if met else set()

    def _is_met(self, meeting: Meeting, subject: Subject, on: date) -> bool:
        values = self._values(subject, on)
        return values is not None and len({values[self.place[id(side)]] for side in meeting.sides}) == 1

    def _decides(self, meeting: Meeting, near: list[tuple[Subject, date]], values: tuple[Any, ...]) -> bool:
        """A comparison: were it answered otherwise, an answer would change; a cap: it is the lowest, and is felt."""
        if meeting.node.op in COMPARED:
            return any(self._turns(meeting.node, *case) for case in near)
        node, *sides = (values[self.place[id(n)]] for n in (meeting.node, *meeting.sides))
        binds = meeting.node.op not in KINKS or node in sides
        return binds and len({self._answer(self.values_of, *case) for case in near}) > 1

    def _turns(self, node: Value, subject: Subject, on: date) -> bool:
        if id(node) not in self.turned:
            self.turned[id(node)] = compiled(self.program, self.order, nullable=True, forced=node)
        values = self._values(subject, on)
        verdict = None if values is None else values[self.place[id(node)]]
        if verdict is None:
            return False
        told = self._answer(self.values_of, subject, on)
        return told != self._answer(lambda *case: self.turned[id(node)](*case, not verdict), subject, on)

    def _answer(self, run: Callable[..., tuple[Any, ...]], subject: Subject, on: date) -> tuple[str, ...]:
        """Outputs and conditions."""
        values = run(codes(self.rule, subject), numbers.days(on))
        told = {**self.program.outputs, **self.program.conditions}.values()
        return tuple(str(values[self.place[id(node)]]) for node in told)

    def _reach(self, name: str) -> tuple[int, int]:
        """How far an input is moved: to 100 times a usual figure, below 0 where the door lets it."""
        kind = "date" if name == ON else inputs(self.rule)[name]
        if kind == "date":
            return numbers.days(FIRST), numbers.days(LAST)
        lowest, highest = limits(self.rule, name)
        return max(lowest, -USUAL[kind]), min(highest, 100 * USUAL[kind])

    def _figures(self, nodes: tuple[Value, ...], values: tuple[Any, ...]) -> set[str]:
        """What these numbers are made of in this case: of branches the one that is taken, of caps the lowest."""
        found: set[str] = set()
        stack = list(nodes)
        while stack:
            node = stack.pop()
            if node.op == "const" and isinstance(node, Number):
                found.add(node.data[1] or "0")
            elif node.op in KINKS:
                own = values[self.place[id(node)]]
                stack += [a for a in node.args if values[self.place[id(a)]] == own]
            elif node.op == "mul" and 0 in (values[self.place[id(a)]] for a in node.args):
                continue  # nothing inside this band: its rate does not matter
            elif node.op in ("when", "by"):
                chooser = values[self.place[id(node.args[0])]]
                taken = chooser if isinstance(node.args[0], Choice) else not chooser
                stack += [] if chooser is None else [node.args[1 + taken]]
            else:
                stack += node.args
        return found


def _round(digits: float) -> int:
    """A round number of about so many digits: shares of it come out even, so that bounds are met exactly."""
    return round(10 ** (digits % 1 + 1)) * 10 ** int(digits)


def _turning(passed: Callable[[int], bool | None], lowest: int, highest: int) -> int | None:
    """The first value from which on the answer is that of the highest; None where both ends answer alike."""
    below, above = passed(lowest), passed(highest)
    if below is None or above is None or below == above:
        return None
    while highest - lowest > 1:
        middle = (lowest + highest) // 2
        answer = passed(middle)
        if answer is None:
            return None
        lowest, highest = (lowest, middle) if answer == above else (middle, highest)
    return highest


def _day(number: int) -> date:
    return date.fromordinal(number + date(1970, 1, 1).toordinal())
