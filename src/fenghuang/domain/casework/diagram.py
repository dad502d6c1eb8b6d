"""The diagram of a declaration: states and steps in rows from entry to ends, no line through a box.

A step is a box of its own between its states, so that its words stand where nothing runs through them. A step that
leads back is laid out upside down; its arrow still points where it leads. A line that passes a row goes through a free
place of its own there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from typing import NamedTuple

from fenghuang.domain.casework import people
from fenghuang.law.registers.declaration import Register

WIDTH, GAP, ROW_GAP, EDGE = 176, 18, 34, 12  # of a box, between boxes, between rows, around the drawing
LINE, PAD, PASSING = 18, 8, 14  # height of a line of text, inside a box; width of a free place
UNITS = 11.5  # Chinese characters in a line
SWEEPS = 12


@dataclass(slots=True, eq=False)
class Box:
    """A state, a step, or (kind "") the free place where a line passes a row."""

    kind: str  # state | joint | exit | return | step | back | stays | ""
    name: str = ""
    words: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    row: int = 0
    above: list[Box] = field(default_factory=list)
    below: list[Box] = field(default_factory=list)
    x: float = 0
    y: float = 0

    @property
    def width(self) -> int:
        return WIDTH if self.kind else PASSING

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (len(self.words) + len(self.small)) if self.kind else 0

    @property
    def centre(self) -> float:
        return self.x + self.width / 2

    @property
    def radius(self) -> int:
        return 14 if self.kind in ("step", "back", "stays") else 4

    @property
    def lines(self) -> list[tuple[float, str, bool]]:
        """Each line of text: its place, the words, whether it is the small print."""
        texts = [*((one, False) for one in self.words), *((one, True) for one in self.small)]
        return [(self.y + PAD + LINE * (n + 0.75), text, small) for n, (text, small) in enumerate(texts)]


class Edge(NamedTuple):
    """A line between neighbouring rows; `up` when the way leads upward."""

    top: Box
    low: Box
    up: bool
    dashed: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A curve; `head` where it reaches a box: x, y and whether it points up."""

    path: str
    head: tuple[float, float, bool] | None
    back: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: list[Box]
    arrows: list[Arrow]


def draw(register: Register) -> Drawing:
    """The drawing of a register."""
    rows, backward = _rows(register)
    states = {name: _state(register, name, 2 * row) for name, row in rows.items()}
    steps = {name: _step(register, name, rows, backward) for name in register.steps}
    every = [*states.values(), *steps.values()]
    edges: list[Edge] = []
    for name, step in register.steps.items():
        box = steps[name]
        for before in step.before:
            edges += _join(states[before], box, every)
        if step.before != (step.after,):
            edges += _join(box, states[step.after], every)
    table = [[box for box in every if box.row == row] for row in range(max(box.row for box in every) + 1)]
    table = [row for row in table if row]
    _order(table)
    width = _place(table)
    height = max(box.y + box.height for box in table[-1])
    arrows = [_arrow(edge) for edge in edges]
    return Drawing(round(width) + EDGE, round(height) + EDGE, [box for box in every if box.kind], arrows)


def _rows(register: Register) -> tuple[dict[str, int], set[tuple[str, str]]]:
    """Each state's row, as far down as its longest way from the entry; and the pairs that lead back."""
    backward: set[tuple[str, str]] = set()
    order: list[str] = []
    _walk(register, register.first.name, [], order, backward)
    for name in register.states:  # what only a reopening reaches
        if name not in order:
            _walk(register, name, [], order, backward)
    rows = dict.fromkeys(register.states, 0)
    for name in reversed(order):
        for step in register.out_of(name):
            if (name, step.after) not in backward:
                rows[step.after] = max(rows[step.after], rows[name] + 1)
    return rows, backward


def _walk(register: Register, name: str, path: list[str], order: list[str], backward: set[tuple[str, str]]) -> None:
    """Depth first; `order` ends with the entry. What leads to a state on the way here leads back."""
    for step in register.out_of(name):
        if step.after in (*path, name):
            backward.add((name, step.after))
        elif step.after not in order:
            _walk(register, step.after, [*path, name], order, backward)
    order.append(name)


def _state(register: Register, name: str, row: int) -> Box:
    state = register.states[name]
    kind = state.end or ("joint" if state.joint else "state")
    small: list[str] = []
    if state.held_by:
        small += wrapped(people.in_words([state.held_by], register))
    if state.joint:
        small.append(f"{len(state.joint.agencies)} 个部门答复")
    return Box(kind, name, wrapped(state.title), tuple(small), row)


def _step(register: Register, name: str, rows: dict[str, int], backward: set[tuple[str, str]]) -> Box:
    step = register.steps[name]
    forward = [rows[one] for one in step.before if (one, step.after) not in backward]
    stays = step.before == (step.after,)
    row = 2 * max(forward) + 1 if forward else 2 * min(rows[one] for one in step.before) + (1 if stays else -1)
    kind = "stays" if stays else "step" if forward else "back"
    who = wrapped(people.in_words(step.by, register))
    return Box(kind, name, wrapped(step.title), (*who, "状态不变") if stays else who, row)


def wrapped(text: str) -> tuple[str, ...]:
    """A title in lines of about the same length."""
    count = ceil(len(text) / UNITS)
    size = ceil(len(text) / max(count, 1))
    return tuple(text[place : place + size] for place in range(0, len(text), max(size, 1)))


def _join(one: Box, other: Box, every: list[Box]) -> list[Edge]:
    """A way from one box to the other, through a free place in every row between."""
    up = one.row > other.row
    top, low = (other, one) if up else (one, other)
    dashed = "back" in (one.kind, other.kind)
    way = [top]
    for row in range(top.row + 1, low.row):
        free = Box("", low.name, row=row)
        every.append(free)
        top.below.append(free)
        free.above.append(top)
        top = free
        way.append(free)
    top.below.append(low)
    low.above.append(top)
    way.append(low)
    return [Edge(a, b, up, dashed) for a, b in pairwise(way)]


def _order(table: list[list[Box]]) -> None:
    """Fewer crossings: each row in the order of the mean place of its neighbours, to and fro."""
    for row in table:
        _number(row)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in table[1:] if down else table[-2::-1]:
            wanted = {id(box): _mean(box.above if down else box.below, box.x) for box in row}
            row.sort(key=lambda box, wanted=wanted: wanted[id(box)])  # type: ignore[misc]
            _number(row)


def _number(row: list[Box]) -> None:
    for place, box in enumerate(row):
        box.x = place


def _mean(boxes: list[Box], otherwise: float) -> float:
    return sum(one.x for one in boxes) / len(boxes) if boxes else otherwise


def _place(table: list[list[Box]]) -> float:
    """Gives every box its place; the width of all."""
    y = float(EDGE)
    for row in table:
        tall = max(box.height for box in row)
        x = float(EDGE)
        for box in row:
            box.x, box.y = x, y + (tall - box.height) / 2
            x += box.width + GAP
        y += tall + ROW_GAP
    for down in (True, False, True, False, True):
        for row in table if down else reversed(table):
            _settle(row, down)
    left = min(box.x for row in table for box in row) - EDGE
    for row in table:
        for box in row:
            box.x -= left
    return max(box.x + box.width for row in table for box in row)


def _settle(row: list[Box], down: bool) -> None:
    """Boxes as near to the middle of their neighbours as their order and their widths allow."""
    groups: list[list[float]] = []  # of boxes that touch: sum of the first places wanted, number, width
    for box in row:
        near = (box.above if down else box.below) or box.above or box.below or [box]
        wanted = sum(one.centre for one in near) / len(near) - box.width / 2
        groups.append([wanted, 1, box.width + GAP])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] + groups[-2][2] > groups[-1][0] / groups[-1][1]:
            total, count, width = groups.pop()
            groups[-1][0] += total - count * groups[-1][2]
            groups[-1][1] += count
            groups[-1][2] += width
    boxes = iter(row)
    for total, count, _ in groups:
        x = total / count
        for _ in range(int(count)):
            box = next(boxes)
            box.x = x
            x += box.width + GAP


def _arrow(edge: Edge) -> Arrow:
    """From the lower edge of a box to the upper edge of the next, with a head where the way arrives."""
    top, low = edge.top, edge.low
    start, end = top.y + top.height, low.y
    half = (end - start) / 2
    path = f"M{top.centre:g} {start:g}C{top.centre:g} {start + half:g} "
    path += f"{low.centre:g} {end - half:g} {low.centre:g} {end:g}"
    if edge.up:
        return Arrow(path, (top.centre, start, True) if top.kind else None, edge.dashed)
    return Arrow(path, (low.centre, end, False) if low.kind and low.kind != "stays" else None, edge.dashed)
