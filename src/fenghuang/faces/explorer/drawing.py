"""The graph of a rule laid out as a drawing: columns from inputs to outputs, boxes with wrapped titles, curved lines.

A line that passes a column goes through a free place of its own there, so that it crosses no box.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil

from fenghuang.engines.graph import Node, nodes
from fenghuang.language.record import Record, Value
from fenghuang.law.pack import STANDING, Overlay, Pack
from fenghuang.platform.ui.explanation import figure, view

WIDTH, GAP, EDGE = 178, 54, 10  # of a box, between columns, around the drawing
LINE, PAD, BETWEEN, PASSING = 18, 9, 12, 10  # heights: of a line of text, inside a box, between boxes, of a free place
UNITS = 11.4  # Chinese characters in a line of a box
SWEEPS = 8
CLOSING = "）)、，；。”"


@dataclass(slots=True)
class Box:
    """A node, or with node None the free place where a line passes a column."""

    name: str
    column: int
    node: Node | None = None
    words: tuple[str, ...] = ()
    value: str = ""
    state: str = ""  # yes | no | unknown, where a case is shown
    before: list[Box] = field(default_factory=list)
    after: list[Box] = field(default_factory=list)
    y: float = 0

    @property
    def height(self) -> int:
        return 2 * PAD + LINE * (len(self.words) + bool(self.value)) if self.node else PASSING

    @property
    def x(self) -> int:
        return EDGE + self.column * (WIDTH + GAP)

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        return self.x + WIDTH / 2

    @property
    def baselines(self) -> list[tuple[float, str]]:
        """Each line of the title with its place."""
        return [(self.y + PAD + LINE * (i + 0.75), words) for i, words in enumerate(self.words)]

    @property
    def value_at(self) -> float:
        return self.y + PAD + LINE * (len(self.words) + 0.75)

    @property
    def radius(self) -> float:
        """Conditions are rounded, everything else has corners."""
        return min(self.height / 2, 18) if self.node and self.node.is_condition else 5

    @property
    def said(self) -> str:
        """What a person hears who cannot see it."""
        assert self.node is not None
        kind = "结果" if self.node.is_output else "条件" if self.node.is_condition else "步骤"
        kind = "输入" if self.node.kind == "input" else kind
        return f"{kind}：{self.node.title}{f'，{self.value}' if self.value else ''}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """What _graph.html draws."""

    rule: str
    title: str
    width: int
    height: int
    boxes: list[Box]
    lines: list[str]  # paths
    with_case: bool


def draw(pack: Pack, rule: str, overlay: Overlay = STANDING, record: Record | None = None) -> Drawing:
    """The drawing of a rule; with the record of a case every box also says its value."""
    drawn = nodes(pack, rule, overlay)
    said = _values(record) if record else {}
    boxes = {node.name: _box(node, *said.get(node.name, ("未知", "unknown") if record else ("", ""))) for node in drawn}
    everything = _joined(drawn, boxes)
    last = max(box.column for box in everything)
    columns = [[box for box in everything if box.column == column] for column in range(last + 1)]
    _order(columns)
    height = _place(columns)
    return Drawing(
        rule=rule,
        title=pack.words.rule_title(rule),
        width=2 * EDGE + (last + 1) * WIDTH + last * GAP,
        height=round(height) + 2 * EDGE,
        boxes=list(boxes.values()),
        lines=[_line(a, b) for a in everything for b in a.after],
        with_case=record is not None,
    )


def _values(record: Record) -> dict[str, tuple[str, str]]:
    """By node its value in words and, where it is true or false, its state."""
    seen = view(record)
    found: dict[str, tuple[str, str]] = {"on": (record.on, "")}
    for step in record.steps:
        for one in step.inputs:
            if one.kind != "parameter":
                found.setdefault(one.name, _said(one.text, one.value, one.unit))
    for line in (*seen.conditions, *seen.steps, *seen.headline):
        figure = f"{line.figure.text} {line.figure.unit}".rstrip()
        found[line.name] = (figure, line.state or ("" if line.figure.known else "unknown"))
    return found


def _said(text: str, value: Value, unit: str) -> tuple[str, str]:
    shown = figure(value, unit, text)
    state = "unknown" if not shown.known else {True: "yes", False: "no"}[value] if isinstance(value, bool) else ""
    return f"{shown.text} {shown.unit}".rstrip(), state


def _box(node: Node, value: str, state: str) -> Box:
    judged = node.is_condition or node.is_output or state == "unknown"  # a plain yes or no is neither good nor bad
    return Box(node.name, node.column, node, wrapped(node.title), shortened(value), state if judged else "")


def wrapped(title: str) -> tuple[str, ...]:
    """A title in lines that fit a box and are about as long as each other; none begins with a closing mark."""
    count = ceil(_size(title) / UNITS)
    lines, room = [""], max(_size(title) / max(count, 1) + 0.5, 4)
    for character in title:
        full = _size(lines[-1]) + _size(character) > min(room, UNITS) and len(lines) < count + 1
        if full and character not in CLOSING:
            lines.append("")
        lines[-1] += character
    return tuple(lines)


def _size(text: str) -> float:
    """How many Chinese characters wide."""
    return sum(0.56 if character.isascii() else 1.0 for character in text)


def shortened(value: str) -> str:
    """A value that fits the one line it has."""
    while _size(value) > UNITS + 1:
        value = value.rstrip("…")[:-1] + "…"
    return value


def _joined(drawn: Sequence[Node], boxes: dict[str, Box]) -> list[Box]:
    """All boxes, each joined to what reads it; a long line passes one free place a column, shared by its readers."""
    passing: dict[tuple[str, int], Box] = {}
    for node in drawn:
        for source in node.reads:
            left = boxes[source]
            for column in range(left.column + 1, node.column):
                free = passing.setdefault((source, column), Box(source, column))
                _join(left, free)
                left = free
            _join(left, boxes[node.name])
    return [*boxes.values(), *passing.values()]


def _join(left: Box, right: Box) -> None:
    if all(one is not right for one in left.after):
        left.after.append(right)
        right.before.append(left)


def _order(columns: list[list[Box]]) -> None:
    """Fewer crossings: each column in the order of the mean place of its neighbours, to and fro. Inputs keep theirs."""
    _number(columns)
    for _ in range(SWEEPS):
        for column in columns[1:]:
            _sort(column, lambda box: box.before)
        for column in reversed(columns[1:-1]):
            _sort(column, lambda box: box.after)


def _number(columns: list[list[Box]]) -> None:
    for column in columns:
        for place, box in enumerate(column):
            box.y = place


def _sort(column: list[Box], near: Callable[[Box], list[Box]]) -> None:
    column.sort(key=lambda box: sum(b.y for b in near(box)) / len(near(box)) if near(box) else box.y)
    for place, box in enumerate(column):
        box.y = place


def _place(columns: list[list[Box]]) -> float:
    """Gives every box its y; the height of all."""
    for column in columns:
        y = float(EDGE)
        for box in column:
            box.y = y
            y += box.height + BETWEEN
    for near in ("before", "after", "before"):
        for column in columns[1:] if near == "before" else columns[-2:0:-1]:
            _settle(column, near)
    top = min(box.y for column in columns for box in column)
    for column in columns:
        for box in column:
            box.y += EDGE - top
    return max(box.y + box.height for column in columns for box in column) - EDGE


def _settle(column: list[Box], near: str) -> None:
    """Boxes as near to the middle of their neighbours as their order and their heights allow."""
    wanted = []
    for box in column:
        neighbours: list[Box] = getattr(box, near) or [box]
        wanted.append(sum(b.middle for b in neighbours) / len(neighbours) - box.height / 2)
    groups: list[list[float]] = []  # of boxes that touch: first place wanted (sum), number, height
    for box, at in zip(column, wanted, strict=True):
        groups.append([at, 1, box.height + BETWEEN])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] + groups[-2][2] > groups[-1][0] / groups[-1][1]:
            total, count, height = groups.pop()
            groups[-1][0] += total - count * groups[-1][2]
            groups[-1][1] += count
            groups[-1][2] += height
    boxes = iter(column)
    for total, count, _ in groups:
        y = total / count
        for _ in range(int(count)):
            box = next(boxes)
            box.y = y
            y += box.height + BETWEEN


def _line(left: Box, right: Box) -> str:
    """A curve from the right edge of a box to the left edge of the next, straight through a free place."""
    x, end = left.x + WIDTH, right.x
    half = (end - x) / 2
    begin = f"M{left.x:g} {left.middle:g}H{x:g}" if left.node is None else f"M{x:g} {left.middle:g}"
    return f"{begin}C{x + half:g} {left.middle:g} {end - half:g} {right.middle:g} {end:g} {right.middle:g}"
