"""The engine for columns: a rule's graph as Narwhals expressions, computed by Polars.

A node that is read more than once becomes a column of its own (otherwise the expression trees multiply); columns are
built in layers and the lazy engine does the rest. Null is unknown. A node that this table's figures may carry beyond 64
bits is computed in Int128 and cast back, which is loud when a value does not fit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, cast

import narwhals as nw
import polars as pl

from fenghuang.engines.walk import Range, needed, ranges, unknowable
from fenghuang.language.numbers import days, fits_int64
from fenghuang.language.program import Program
from fenghuang.language.values import Choice, Flag, Names, Number, Text, Value

_COMPARE = {"ge": "__ge__", "gt": "__gt__", "le": "__le__", "lt": "__lt__"}


class _Translator:
    """Turns nodes into expressions over the columns that exist so far."""

    def __init__(
        self,
        program: Program,
        on: int | str,
        targets: Sequence[Value],
        unknown: Collection[str],
        found: Mapping[int, Range],
    ) -> None:
        self._program = program
        self._on = on
        self._targets = targets
        self._order = needed(targets)
        self._unknowable = unknowable(self._order, unknown)
        self._ranges = ranges(self._order, found)
        self._inputs = {id(node): name for name, node in program.inputs.items()}
        self._columns: dict[int, str] = {}
        self._made: dict[int, nw.Expr] = {}

    def layers(self) -> list[dict[str, nw.Expr]]:
        """Columns to add, layer after layer; afterwards `result(target)` is each target's column."""
        reads = Counter[int]()
        for node in self._order:
            for place, operand in enumerate(node.args):
                reads[id(operand)] += self._reads(node, place)
        wanted = {id(t) for t in self._targets}
        depth: dict[int, int] = {}
        layers: list[dict[str, nw.Expr]] = []
        for place, node in enumerate(self._order):
            below = max((depth[id(a)] for a in node.args), default=0)
            if node.op in ("input", "const", "unknown"):
                depth[id(node)] = 0
                continue
            if reads[id(node)] > 1 or id(node) in wanted:
                expression = self._expression(node)
                if len(layers) <= below:
                    layers.append({})
                column = f"{self._program.name}#{place}"
                layers[below][column] = expression
                self._columns[id(node)] = column
                below += 1
            depth[id(node)] = below
        return layers

    def _reads(self, node: Value, place: int) -> int:
        """How often the operation's template reads this operand: what is read twice is better a column."""
        null = any(id(a) in self._unknowable for a in node.args)
        match node.op:
            case "least" | "greatest":
                return 3 if null else 1
            case "when":
                return 2 if place == 0 and id(node.args[0]) in self._unknowable else 1
            case "by":
                return 2 if place == 0 else 1
            case "round":
                return 1 if self._ranges[id(node.args[0])][0] >= 0 else 3
            case "muldiv":
                return 3
        return 1

    def result(self, node: Value) -> nw.Expr:
        """The target's column; one whose range goes beyond 64 bits is loud where a value does not fit."""
        found = self._expression(node)
        return found.cast(nw.Int64) if self._is_wide(node) else found

    # -- one node

    def _expression(self, node: Value) -> nw.Expr:
        if id(node) in self._columns:
            return nw.col(self._columns[id(node)])
        if id(node) not in self._made:
            self._made[id(node)] = getattr(self, f"_{_METHODS.get(node.op, node.op)}")(node)
        return self._made[id(node)]

    def _is_wide(self, node: Value) -> bool:
        return isinstance(node, Number) and not fits_int64(*self._ranges[id(node)])

    def _operands(self, nodes: Iterable[Value], wide: bool) -> list[nw.Expr]:
        return [
            self._expression(n).cast(nw.Int128) if wide and not self._is_wide(n) else self._expression(n) for n in nodes
        ]

    def _narrowed(self, expression: nw.Expr, node: Value, wide: bool) -> nw.Expr:
        return expression.cast(nw.Int64) if wide and not self._is_wide(node) else expression

    def _input(self, node: Value) -> nw.Expr:
        if node is self._program.on:
            return nw.col(self._on) if isinstance(self._on, str) else nw.lit(self._on, dtype=nw.Int64)
        return nw.col(self._inputs[id(node)])

    def _const(self, node: Any) -> nw.Expr:
        if isinstance(node, Flag):
            return nw.lit(node.data, dtype=nw.Boolean)
        n = node.data[0] if isinstance(node, Number) else node.data
        return nw.lit(n, dtype=nw.Int128 if self._is_wide(node) else nw.Int64)

    def _null(self, node: Value) -> nw.Expr:
        dtype = nw.Boolean if isinstance(node, Flag) else nw.String if isinstance(node, Names) else nw.Int64
        return nw.lit(None, dtype=dtype)

    def _lookup(self, node: Value) -> nw.Expr:
        key, on = (self._expression(a) for a in node.args)
        found: nw.Expr = nw.when(~key.is_null()).then(nw.lit(len(node.data), dtype=nw.Int64))
        for place, (name, first, last) in reversed(list(enumerate(node.data))):
            held = (key == nw.lit(name)) & (on >= nw.lit(first)) & (on <= nw.lit(last))
            found = nw.when(held).then(nw.lit(place, dtype=nw.Int64)).otherwise(found)
        return found

    def _after(self, node: Value) -> nw.Expr:
        day = self._expression(node.args[0]).cast(nw.Int32).cast(nw.Date)
        return day.dt.offset_by(f"{node.data}mo").cast(nw.Int32).cast(nw.Int64)

    def _names(self, node: Value) -> nw.Expr:
        """The names joined by `;`: a column holds no lists."""
        flags = [self._expression(a) for a in node.args]
        named = [nw.when(f).then(nw.lit(name)) for f, name in zip(flags, node.data, strict=True)]
        return nw.concat_str(named, separator=";", ignore_nulls=True)

    def _arithmetic(self, node: Any) -> nw.Expr:
        wide = self._is_wide(node) or any(self._is_wide(a) for a in node.args)
        a, b = self._operands(node.args, wide)
        result = a + b if node.op == "add" else a - b if node.op == "sub" else a * b
        return self._narrowed(result, node, wide)

    def _scale(self, node: Any) -> nw.Expr:
        wide = self._is_wide(node)
        (a,) = self._operands(node.args, wide)
        return a * nw.lit(node.data, dtype=nw.Int128 if wide else nw.Int64)

    def _compare(self, node: Value) -> nw.Expr:
        wide = any(self._is_wide(a) for a in node.args)
        a, b = self._operands(node.args, wide)
        result: nw.Expr = getattr(a, _COMPARE[node.op])(b)
        return result

    def _settled(self, node: Value) -> bool | None:
        """What a condition on the day is, when all rows are asked for one day; else None."""
        if node.op == "and":
            sides = [self._settled(a) for a in node.args]
            return None if None in sides else all(sides)
        if isinstance(self._on, int) and node.op in _COMPARE and node.args[0] is self._program.on:
            bound: Any = node.args[1]
            found: bool = getattr(self._on, _COMPARE[node.op])(bound.lo)
            return found if bound.op == "const" else None
        return None

    def _and(self, node: Value) -> nw.Expr:
        first, *rest = [self._expression(a) for a in node.args if self._settled(a) is not True] or [nw.lit(True)]
        for other in rest:
            first = first & other
        return first

    def _or(self, node: Value) -> nw.Expr:
        first, *rest = (self._expression(a) for a in node.args)
        for other in rest:
            first = first | other
        return first

    def _not(self, node: Value) -> nw.Expr:
        return ~self._expression(node.args[0])

    def _among(self, node: Value) -> nw.Expr:
        choice = self._expression(node.args[0])
        first, *rest = (choice == nw.lit(code, dtype=nw.Int64) for code in node.data)
        for other in rest:
            first = first | other
        return first

    def _extreme(self, node: Any) -> nw.Expr:
        wide = any(self._is_wide(a) for a in node.args)
        operands = self._operands(node.args, wide)
        if not any(id(a) in self._unknowable for a in node.args):  # these two skip nulls, so only where there are none
            extreme = nw.min_horizontal if node.op == "least" else nw.max_horizontal
            return self._narrowed(extreme(*operands), node, wide)
        best, *rest = operands
        for other in rest:
            takes = best <= other if node.op == "least" else best >= other
            # null on either side makes `takes` null, and both branches below are then refused
            best = nw.when(takes).then(best).otherwise(nw.when(~takes).then(other))
        return self._narrowed(best, node, wide)

    def _when(self, node: Value) -> nw.Expr:
        wide = any(self._is_wide(a) for a in node.args[1:])
        settled = self._settled(node.args[0])
        if settled is not None:
            (branch,) = self._operands(node.args[1:2] if settled else node.args[2:], wide)
            return self._narrowed(branch, node, wide)
        condition = self._expression(node.args[0])
        then, otherwise = self._operands(node.args[1:], wide)
        if id(node.args[0]) not in self._unknowable:
            result = nw.when(condition).then(then).otherwise(otherwise)
        else:
            result = nw.when(condition).then(then).otherwise(nw.when(~condition).then(otherwise))
        return self._narrowed(result, node, wide)

    def _by(self, node: Value) -> nw.Expr:
        wide = any(self._is_wide(a) for a in node.args[1:])
        choice = self._expression(node.args[0])
        cases = self._operands(node.args[1:], wide)
        result = cases[-1]
        if id(node.args[0]) in self._unknowable:
            result = nw.when(~choice.is_null()).then(result)
        same = [_same(case, node.args[-1]) for case in node.args[1:]]
        for code in reversed(range(len(cases))):
            if not same[code]:  # the labels that `others` stands for share the last case
                result = nw.when(choice == nw.lit(code, dtype=nw.Int64)).then(cases[code]).otherwise(result)
        return self._narrowed(result, node, wide)

    def _round(self, node: Any) -> nw.Expr:
        up, down = node.data
        (operand,) = node.args
        lo, hi = self._ranges[id(operand)]
        reach = 2 * up * max(abs(lo), abs(hi)) + down
        wide = self._is_wide(operand) or not fits_int64(-reach, reach)
        (a,) = self._operands((operand,), wide)
        kind = nw.Int128 if wide else nw.Int64
        # (a·up)/down to the nearest: (2a·up + down) // 2down, or (a·up + down/2) // down
        numbers_of = (2 * up, down, 2 * down) if down % 2 else (up, down // 2, down)
        top, half, whole = (nw.lit(n, dtype=kind) for n in numbers_of)
        result = (a * top + half) // whole
        if lo < 0:
            zero = nw.lit(0, dtype=kind)  # 0 - x, not -x: Polars cannot negate Int128
            result = nw.when(a >= zero).then(result).otherwise(zero - ((zero - a) * top + half) // whole)
        return self._narrowed(result, node, wide)

    def _muldiv(self, node: Any) -> nw.Expr:
        up, down = node.data
        a, b, c = self._operands(node.args, wide=True)
        zero = nw.lit(0, dtype=nw.Int128)
        top = a * nw.lit(up, dtype=nw.Int128) * b
        bottom = c * nw.lit(down, dtype=nw.Int128)
        bottom = nw.when(bottom != zero).then(bottom)  # null for zero: unknown
        size, divisor = top.abs(), bottom.abs()
        quotient = size // divisor
        rest = size - quotient * divisor
        rounded = quotient + (rest * nw.lit(2, dtype=nw.Int128) >= divisor).cast(nw.Int128)
        negative = (top < zero) != (bottom < zero)
        result = nw.when(negative).then(zero - rounded).otherwise(nw.when(~negative).then(rounded))
        return result.cast(nw.Int64)

    def _is_unknown(self, node: Value) -> nw.Expr:
        if id(node.args[0]) not in self._unknowable:
            return nw.lit(False, dtype=nw.Boolean)
        return self._expression(node.args[0]).is_null()

    def _known_true(self, node: Value) -> nw.Expr:
        return self._expression(node.args[0]).fill_null(False)


_METHODS = {
    **dict.fromkeys(("add", "sub", "mul"), "arithmetic"),
    **dict.fromkeys(_COMPARE, "compare"),
    **dict.fromkeys(("least", "greatest"), "extreme"),
    "all": "and",
    "any": "or",
    "unknown": "null",
    "no row": "null",
    "unknown?": "is_unknown",
    "known true": "known_true",
}


def _same(a: Value, b: Value) -> bool:
    """Whether two nodes are one, or the same constant under two names."""
    return a is b or (a.op == b.op == "const" and a.data[0] == b.data[0])


def check(program: Program, frame: pl.DataFrame, on: date | str) -> dict[int, Range]:
    """Refuse at the door what would wrap silently: a column that is no integer, or out of its declared range.

    Gives the range that each number has in this table, by the id of its node.
    """
    found: dict[int, Range] = {}
    if isinstance(on, str) and frame[on].has_nulls():
        raise ValueError(f"{on}: a rule answers for a day, found null")
    days_asked = {on: program.on} if isinstance(on, str) else {}
    for name, node in ({**program.inputs, **days_asked}).items():
        column = frame[name]
        if isinstance(node, Flag):
            if column.dtype != pl.Boolean:
                raise TypeError(f"{name}: {column.dtype}, expected Boolean")
            continue
        if isinstance(node, Text):
            if column.dtype != pl.String:
                raise TypeError(f"{name}: {column.dtype}, expected String")
            continue
        if column.dtype != pl.Int64:
            raise TypeError(f"{name}: {column.dtype}, expected Int64 of the smallest unit")
        lo, hi = (node.lo, node.hi) if isinstance(node, Number) else (0, len(cast(Choice, node).labels) - 1)
        lowest, highest = cast(int | None, column.min()), cast(int | None, column.max())
        if lowest is None or highest is None:
            continue
        found[id(node)] = lowest, highest
        if not (lo <= lowest and highest <= hi):
            raise OverflowError(f"{name}: {lowest!r} … {highest!r} is outside {lo} … {hi}")
    return found


def run(program: Program, frame: pl.DataFrame, on: date | str, names: Iterable[str] | None = None) -> pl.DataFrame:
    """The named steps and outputs (default: outputs and conditions) of every row, as columns of these names.

    `frame` has one column an input: Int64 of the smallest unit, Boolean, or Int64 label places; null is unknown. `on`
    is a day, or the name of a column of days since 1970-01-01. Amounts come back in 分, areas in 0.01 m² and so on.
    """
    found = check(program, frame, on)
    wanted = list(names) if names is not None else [*program.outputs, *program.conditions]
    shown: Mapping[str, Value] = {**program.shown, **{f"missing {n}": v for n, v in program.missing.items()}}
    targets = [shown[name] for name in wanted]
    unknown = [name for name in program.inputs if frame[name].has_nulls()]
    translator = _Translator(program, on if isinstance(on, str) else days(on), targets, unknown, found)
    lazy = nw.from_native(frame.lazy())
    for layer in translator.layers():
        lazy = lazy.with_columns(**layer)
    chosen = [translator.result(t).alias(name) for name, t in zip(wanted, targets, strict=True)]
    try:
        result: pl.DataFrame = lazy.select(*chosen).collect().to_native()
    except nw.exceptions.InvalidOperationError as fault:
        if "conversion from `i128`" not in str(fault):
            raise
        raise OverflowError(f"{program.name}: a value does not fit 64 bits") from fault
    return result


def missing(program: Program, frame: pl.DataFrame, on: date | str) -> pl.Series:
    """For every row the names of the unknown inputs that could still decide, joined by `;`.

    Only rows with an unknown input are looked at.
    """
    names = list(program.missing)
    a_row_may_lack = any("[" in name for name in names)
    has_unknown = frame.select(
        (pl.lit(a_row_may_lack) | pl.any_horizontal(pl.col(n).is_null() for n in program.inputs)).alias("u")
    )["u"]
    empty = pl.Series("missing", [""], dtype=pl.String).new_from_index(0, len(frame))
    if not names or not has_unknown.any():
        return empty
    some = frame.filter(has_unknown)
    flags = run(program, some, on, [f"missing {n}" for n in names])
    said = [pl.when(flags[f"missing {n}"]).then(_named(n, some)) for n in names]
    joined = flags.select(pl.concat_str(said, separator=";", ignore_nulls=True).alias("missing"))["missing"]
    return empty.scatter(has_unknown.arg_true(), joined)


def _named(name: str, frame: pl.DataFrame) -> pl.Expr:
    """An input by its name; a row that a reference table lacks by table and key: output_guide[29]."""
    table, bracket, key = name.rstrip("]").partition("[")
    if not bracket:
        return pl.lit(name)
    return pl.concat_str(pl.lit(f"{table}["), pl.lit(frame[key]), pl.lit("]"))
