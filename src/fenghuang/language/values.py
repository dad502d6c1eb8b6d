"""Values of a rule while it is traced: each is a node of the rule's graph.

A rule is an ordinary function. It is called once with these values instead of numbers; `+ - *`, comparisons and `& | ~`
record nodes (equal ones are shared), and every number knows its unit, its exact denominator and its range. What a rule
may not do (float, `/`, `if` on a value, `==`, chained comparison, min(), round()) is refused here, when it is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple, NoReturn

from fenghuang.language import units
from fenghuang.language.types import Type
from fenghuang.language.units import Dimension

INT128_MAX = 2**127 - 1


class RuleError(Exception):
    """A rule, a parameter or a reading that cannot be loaded; the message says which and why."""


class Value:
    """A node: an operation on other nodes. Identity is equality; nothing here can be asked for its truth."""

    __slots__ = ("args", "data", "graph", "op")

    def __init__(self, graph: Graph, op: str, args: tuple[Value, ...], data: Any) -> None:
        self.graph, self.op, self.args, self.data = graph, op, args, data

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise RuleError(f"{what} on a value is refused; {instead}")

    def __bool__(self) -> NoReturn:  # noqa: PLE0304 - it never returns
        self._refuse("`if`, `and`, `or`, `not` or a chained comparison", "use when(), all_of(), any_of(), & | ~")

    def __eq__(self, other: object) -> bool:
        self._refuse("`==` or `in`", "use .among() for labels, two bounds for numbers")

    def __ne__(self, other: object) -> bool:
        self._refuse("`!=`", "use ~x.among() for labels, a bound for numbers")

    __hash__ = object.__hash__

    def __float__(self) -> float:
        self._refuse("float()", "numbers stay exact")

    def __int__(self) -> int:
        self._refuse("int()", "numbers stay exact")

    def __round__(self, digits: int = 0) -> int:
        self._refuse("round()", "an amount is rounded once, by outputs()")

    def __truediv__(self, other: object) -> NoReturn:
        self._refuse("`/`", "use muldiv(a, b, c), the only division")

    __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __truediv__


class Flag(Value):
    """true / false / unknown."""

    __slots__ = ()

    def __and__(self, other: Flag) -> Flag:
        return self.graph.flag("and", (self, _flag(other)))

    def __or__(self, other: Flag) -> Flag:
        return self.graph.flag("or", (self, _flag(other)))

    def __invert__(self) -> Flag:
        return self.graph.flag("not", (self,))


class Choice(Value):
    """One of a few labels, or unknown."""

    __slots__ = ("labels",)
    labels: tuple[str, ...]

    def among(self, *labels: str) -> Flag:
        """True when the label is one of these; a label this choice does not have is refused."""
        codes = tuple(sorted(self.code(label) for label in labels))
        return self.graph.flag("among", (self,), codes)

    def code(self, label: str) -> int:
        if label not in self.labels:
            raise RuleError(f"label {label!r} is not one of {self.labels}")
        return self.labels.index(label)


class Text(Value):
    """A text: it can only be looked up in a reference table."""

    __slots__ = ()


class Names(Value):
    """A list of those names whose condition is true; never unknown, what is unknown is missing from it."""

    __slots__ = ()


class Number(Value):
    """numerator / denominator in the base unit of `dimension`; the numerator is an integer within lo..hi."""

    __slots__ = ("denominator", "dimension", "hi", "lo")
    denominator: int
    dimension: Dimension
    lo: int
    hi: int

    @property
    def unit(self) -> str:
        return units.name(self.dimension)

    def __add__(self, other: Number | int) -> Number:
        return self.graph.add(self, self.graph.number(other, self.dimension))

    def __sub__(self, other: Number | int) -> Number:
        return self.graph.subtract(self, self.graph.number(other, self.dimension))

    def __rsub__(self, other: int) -> Number:
        return self.graph.subtract(self.graph.number(other, self.dimension), self)

    def __mul__(self, other: Number | int) -> Number:
        return self.graph.multiply(self, self.graph.number(other, units.PLAIN))

    def __radd__(self, other: int) -> Number:
        return self.graph.add(self.graph.number(other, self.dimension), self)

    __rmul__ = __mul__

    def __ge__(self, other: Number | int) -> Flag:
        return self.graph.compare("ge", self, other)

    def __gt__(self, other: Number | int) -> Flag:
        return self.graph.compare("gt", self, other)

    def __le__(self, other: Number | int) -> Flag:
        return self.graph.compare("le", self, other)

    def __lt__(self, other: Number | int) -> Flag:
        return self.graph.compare("lt", self, other)


def _flag(value: object) -> Flag:
    if not isinstance(value, Flag):
        raise RuleError(f"expected a condition, found {type(value).__name__}")
    return value


def span(*corners: int) -> tuple[int, int]:
    return min(corners), max(corners)


class Said(NamedTuple):
    """What the toolkit says of a node: a step's name, its title, and words instead of the formula."""

    name: str
    title: str
    words: tuple[object, ...] = ()


class Graph:
    """The nodes of one rule, shared: the same operation on the same nodes is one node."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Value] = {}
        self.nodes: list[Value] = []  # in order of making: operands before their readers
        self.said: dict[Value, Said] = {}  # names and words that the toolkit gives to nodes

    def _node(self, cls: type[Value], op: str, args: tuple[Value, ...], data: Any, **facts: Any) -> Any:
        key = (op, tuple(map(id, args)), data, tuple(facts.values()))
        if key not in self._known:
            node = cls(self, op, args, data)
            for name, value in facts.items():
                setattr(node, name, value)
            self._known[key] = node
            self.nodes.append(node)
        return self._known[key]

    def say(self, node: Value, name: str, title: str, words: tuple[object, ...] = ()) -> None:
        """Make the node a step under a name of the toolkit's."""
        if node.op != "const":
            self.said.setdefault(node, Said(name, title, words))

    # -- making nodes

    def input(self, cls: type[Value], name: str, type_: Type, **facts: Any) -> Any:
        return self._node(cls, "input", (), (name, type_), **facts)

    def flag(self, op: str, args: tuple[Value, ...], data: Any = None) -> Flag:
        node: Flag = self._node(Flag, op, args, data)
        return node

    def choice(self, op: str, args: tuple[Value, ...], data: Any, labels: tuple[str, ...]) -> Choice:
        node: Choice = self._node(Choice, op, args, data, labels=labels)
        return node

    def absent(self, given: Value) -> Flag:
        """Whether nothing was given. Only where the contract says that absence means "there is none"."""
        if given.op != "input" or not given.data[1].optional:
            raise RuleError("absent() asks an input declared OrNone")
        return self.flag("unknown?", (given,))

    def names(self, flags: tuple[Flag, ...], names: tuple[str, ...]) -> Names:
        node: Names = self._node(Names, "names", flags, names)
        return node

    def either(self, condition: Flag, then: Value, otherwise: Value) -> Value:
        """`then` or `otherwise` where neither is a number or a choice."""
        node: Value = self._node(type(then), "when", (condition, then, otherwise), None)
        return node

    def day(self, days: int) -> Number:
        """A date that bounds the validity."""
        return self.make("const", (), (days, "valid"), 1, units.DATE, days, days)

    def no_answer(self, like: Value) -> Value:
        """Unknown, of the kind of another value: what a rule says nothing about."""
        if isinstance(like, Number):
            return self.make("unknown", (), None, like.denominator, like.dimension, 0, 0)
        if isinstance(like, Choice):
            return self.choice("unknown", (), None, like.labels)
        node: Value = self._node(type(like), "unknown", (), None)
        return node

    def make(
        self, op: str, args: tuple[Value, ...], data: Any, denominator: int, dimension: Dimension, lo: int, hi: int
    ) -> Number:
        if max(abs(lo), abs(hi)) > INT128_MAX:
            raise RuleError(f"{op}: the value may need more than 128 bits; declare a narrower range")
        node: Number = self._node(Number, op, args, data, denominator=denominator, dimension=dimension, lo=lo, hi=hi)
        return node

    def constant(self, value: Fraction, dimension: Dimension, parameter: str = "") -> Number:
        n = value.numerator
        return self.make("const", (), (n, parameter), value.denominator, dimension, n, n)

    def number(self, value: object, dimension: Dimension) -> Number:
        """A number as it is, or one of the literals 0 and 1 in the unit that is asked for."""
        if isinstance(value, Number):
            return value
        if isinstance(value, bool) or not isinstance(value, int) or value not in (0, 1):
            raise RuleError(f"{value!r} stands in a formula: only 0 and 1 may; other numbers live in parameters.yaml")
        return self.constant(Fraction(value), dimension)

    # -- arithmetic

    def scale(self, value: Number, denominator: int) -> Number:
        """The same value over a multiple of its denominator."""
        factor = denominator // value.denominator
        if factor == 1:
            return value
        lo, hi = value.lo * factor, value.hi * factor
        if value.op == "const":
            n, parameter = value.data
            return self.make("const", (), (n * factor, parameter), denominator, value.dimension, lo, hi)
        return self.make("scale", (value,), factor, denominator, value.dimension, lo, hi)

    def align(self, values: Iterable[Number]) -> list[Number]:
        """The values over one denominator; refused when they count different things."""
        values = list(values)
        for value in values[1:]:
            if value.dimension != values[0].dimension:
                left, right = (v.unit or "纯数" for v in (values[0], value))
                raise RuleError(f"{left} and {right} do not go together")
        common = lcm(*(v.denominator for v in values))
        return [self.scale(v, common) for v in values]

    def add(self, left: Number, right: Number) -> Number:
        a, b = self.align((left, right))
        return self.make("add", (a, b), None, a.denominator, a.dimension, a.lo + b.lo, a.hi + b.hi)

    def subtract(self, left: Number, right: Number) -> Number:
        a, b = self.align((left, right))
        if b.op == "const" and b.lo == 0:
            return a
        return self.make("sub", (a, b), None, a.denominator, a.dimension, a.lo - b.hi, a.hi - b.lo)

    def multiply(self, a: Number, b: Number) -> Number:
        dimension = units.multiply(a.dimension, b.dimension)
        denominator = a.denominator * b.denominator
        corners = span(a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi)
        return self.make("mul", (a, b), None, denominator, dimension, *corners)

    def compare(self, op: str, left: Number, right: Number | int) -> Flag:
        a, b = self.align((left, self.number(right, left.dimension)))
        return self.flag(op, (a, b))

    def rounded(self, value: Number, denominator: int) -> Number:
        """The value to the nearest 1/denominator, halves away from zero."""
        common = gcd(value.denominator, denominator)
        up, down = denominator // common, value.denominator // common
        if down == 1:
            return self.scale(value, denominator)
        if 2 * up * max(abs(value.lo), abs(value.hi)) + down > INT128_MAX:
            raise RuleError("rounding: the value may need more than 128 bits; declare a narrower range")
        lo, hi = ((n * up) // down for n in (value.lo, value.hi))
        return self.make("round", (value,), (up, down), denominator, value.dimension, lo - 1, hi + 1)
