"""The engine for one subject: Python source generated from a rule's graph, compiled once.

Two functions a program: one for subjects whose inputs are all known, one that carries unknowns (None). Numbers are
integers of the inputs' smallest units; bool is True / False; a choice is the place of its label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from fenghuang.engines.walk import needed, unknowable
from fenghuang.language import numbers
from fenghuang.language.program import Program
from fenghuang.language.values import Number, Value

Given = Sequence[int | bool | str | None]
Values = tuple[Any, ...]

_OPERATORS = {"add": "+", "sub": "-", "mul": "*", "ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


class _Source:
    """Writes the body of one function: a line for every node that needs a name, the rest inlined."""

    def __init__(self, program: Program, targets: Sequence[Value], nullable: bool, forced: Value | None = None) -> None:
        order = needed(targets)
        self._null = unknowable(order, program.inputs if nullable else ())
        self._text: dict[int, str] = {}
        self.tables: dict[str, Any] = {}
        reads = Counter(id(a) for node in order for a in node.args)
        reads.update(id(t) for t in targets)
        lines = []
        for place, node in enumerate(order):
            text = "forced" if node is forced else self._expression(node)
            trivial = node.op in ("const", "input", "unknown")
            if trivial or (reads[id(node)] == 1 and not nullable):
                self._text[id(node)] = text
            else:
                lines.append(f"    n{place} = {text}")
                self._text[id(node)] = f"n{place}"
        given = ", ".join(f"i_{name}" for name in program.inputs)
        results = ", ".join(self._result(t) for t in targets)
        self.text = f"def run(given, i_on, forced=None):\n    {given}{',' if given else ''} = given\n"
        self.text += "\n".join(lines) + f"\n    return ({results},)\n"

    def _result(self, node: Value) -> str:
        """A result must fit 64 bits, as a column does; checked only where the range does not prove it."""
        text = self._text[id(node)]
        if isinstance(node, Number) and not numbers.fits_int64(node.lo, node.hi):
            return f"(None if {text} is None else int64({text}))"
        return text

    def _expression(self, node: Value) -> str:
        args = [self._text[id(a)] for a in node.args]
        nulls = [id(a) in self._null for a in node.args]
        method: Callable[..., str] = getattr(self, f"_{node.op.replace('?', '').replace(' ', '_')}", self._plain)
        return method(node, args, nulls)

    def _guarded(self, expression: str, args: list[str], nulls: list[bool]) -> str:
        """None as soon as an operand that may be unknown is."""
        tests = list(dict.fromkeys(f"{a} is None" for a, null in zip(args, nulls, strict=True) if null))
        return f"(None if {' or '.join(tests)} else {expression})" if tests else expression

    def _plain(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._guarded(f"({args[0]} {_OPERATORS[node.op]} {args[1]})", args, nulls)

    def _const(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return repr(node.data[0] if isinstance(node, Number) else node.data)

    def _unknown(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        # An operation named "unknown?" asks, one named "unknown" is.
        if node.op == "unknown?":
            return f"({args[0]} is None)" if nulls[0] else "False"
        return "None"

    def _known_true(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return f"({args[0]} is True)"

    def _no_row(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return "None"

    def _lookup(self, node: Any, args: list[str], nulls: list[bool]) -> str:
        """The place of the row that has this key on this day; the last label where none has."""
        table = f"t{len(self.tables)}"
        self.tables[table] = node.data
        return self._guarded(f"find({table}, {args[0]}, {args[1]})", args, nulls)

    def _after(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return f"add_months({args[0]}, {node.data})"

    def _names(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        pairs = ", ".join(f"({name!r}, {a})" for name, a in zip(node.data, args, strict=True))
        return f"[name for name, holds in ({pairs},) if holds]"

    def _input(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return f"i_{node.data[0]}"

    def _scale(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._guarded(f"({args[0]} * {node.data})", args, nulls)

    def _not(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._guarded(f"(not {args[0]})", args, nulls)

    def _among(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        test = f"{args[0]} == {node.data[0]}" if len(node.data) == 1 else f"{args[0]} in {node.data}"
        return self._guarded(f"({test})", args, nulls)

    def _least(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._guarded(f"min({', '.join(args)})", args, nulls)

    def _greatest(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._guarded(f"max({', '.join(args)})", args, nulls)

    def _kleene(self, args: list[str], nulls: list[bool], decides: bool, word: str) -> str:
        if not any(nulls):
            return f"({f' {word} '.join(args)})"
        decided = " or ".join(f"{a} is {decides}" for a in args)
        unknown = " or ".join(f"{a} is None" for a, null in zip(args, nulls, strict=True) if null)
        return f"({decides} if {decided} else None if {unknown} else {not decides})"

    def _and(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._kleene(args, nulls, False, "and")

    def _or(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._kleene(args, nulls, True, "or")

    _all, _any = _and, _or

    def _when(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        condition, then, otherwise = args
        return self._guarded(f"({then} if {condition} else {otherwise})", [condition], nulls[:1])

    def _by(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        return self._guarded(f"({', '.join(args[1:])},)[{args[0]}]", args[:1], nulls[:1])

    def _round(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        up, down = node.data
        operand: Any = node.args[0]
        if operand.lo >= 0:
            return self._guarded(f"(({args[0]} * {2 * up} + {down}) // {2 * down})", args, nulls)
        return self._guarded(f"round_half_away({args[0]} * {up}, {down})", args, nulls)

    def _muldiv(self, node: Value, args: list[str], nulls: list[bool]) -> str:
        a, b, c = args
        up, down = node.data
        return self._guarded(f"muldiv({a} * {up}, {b}, {c} * {down})", args, nulls)


def find_row(rows: Sequence[tuple[str, int, int]], key: str, on: int) -> int:
    """The place of the first row with this key that holds on this day; behind the last where there is none."""
    return next((n for n, (name, first, last) in enumerate(rows) if name == key and first <= on <= last), len(rows))


def compiled(
    program: Program, targets: Sequence[Value], nullable: bool, forced: Value | None = None
) -> Callable[..., Values]:
    """A function (inputs in contract order, day) -> the targets' values.

    With `forced` it takes a third argument: the value that this node has instead of its own (engines/proofs.py).
    """
    source = _Source(program, targets, nullable, forced)
    space: dict[str, Any] = {
        **source.tables,
        "find": find_row,
        "add_months": numbers.add_months,
        "round_half_away": numbers.round_half_away,
        "muldiv": numbers.muldiv,
        "int64": numbers.int64,
    }
    exec(compile(source.text, f"<{program.name}>", "exec"), space)  # noqa: S102 - source made from our own graph
    run: Callable[..., Values] = space["run"]
    return run


class Engine:
    """Runs a program for one subject at a time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.names = (*program.shown, *(f"missing {name}" for name in program.missing))
        targets = [*program.shown.values(), *program.missing.values()]
        self._known = compiled(program, targets, nullable=False)
        self._partial = compiled(program, targets, nullable=True)

    def run(self, given: Given, on: int) -> dict[str, Any]:
        """Every step and output by name, as it is shown (numbers rounded, in integers), and what is missing."""
        run = self._partial if None in given else self._known
        return dict(zip(self.names, run(given, on), strict=True))
