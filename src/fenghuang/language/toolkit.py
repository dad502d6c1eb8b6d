"""The words a rule is written with. Unknown is a value throughout: what needs an unknown is unknown.

`all_of(name=...)` declares conditions, `least(name=...)` the possible causes that `bound_by` names, `granted(c, x)` is
x / 0 / unknown. No rule needs a word that is not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import TypeVar

from fenghuang.language.units import DATE, PLAIN
from fenghuang.language.values import INT128_MAX, Choice, Flag, Graph, Names, Number, RuleError, Value, _flag

V = TypeVar("V", bound=Value)


def _graph(*values: object) -> Graph:
    for value in values:
        if isinstance(value, Value):
            return value.graph
    raise RuleError("no value among the operands")


def _numbers(*values: Number | int) -> list[Number]:
    graph = _graph(*values)
    dimension = next(v.dimension for v in values if isinstance(v, Number))
    return graph.align(graph.number(v, dimension) for v in values)


def all_of(**conditions: Flag) -> Flag:
    """True when every condition is; false when one is; else unknown. Declares the conditions by name."""
    graph = _graph(*conditions.values())
    for condition in conditions.values():
        _flag(condition)
    return graph.flag("all", tuple(conditions.values()), tuple(conditions))


def any_of(**conditions: Flag) -> Flag:
    """True when one condition is; false when none is; else unknown. Declares the conditions by name."""
    graph = _graph(*conditions.values())
    for condition in conditions.values():
        _flag(condition)
    return graph.flag("any", tuple(conditions.values()), tuple(conditions))


def least(*values: Number | int, **named: Number | int) -> Number:
    """The smallest; unknown when one is unknown. Names become the causes of bound_by."""
    args = _numbers(*values, *named.values())
    return _extreme("least", args, tuple(named))


def greatest(*values: Number | int) -> Number:
    """The largest; unknown when one is unknown."""
    return _extreme("greatest", _numbers(*values), ())


def _extreme(op: str, args: list[Number], names: tuple[str, ...]) -> Number:
    choose = min if op == "least" else max
    lo, hi = choose(a.lo for a in args), choose(a.hi for a in args)
    first = args[0]
    return first.graph.make(op, tuple(args), names, first.denominator, first.dimension, lo, hi)


def bound_by(smallest: Number) -> Choice:
    """Which named operand of least() decided; on a tie the earlier."""
    if smallest.op != "least" or not smallest.data:
        raise RuleError("bound_by() needs a least(name=...)")
    *first, last = smallest.data
    reached = {
        name: smallest.graph.flag("le", (value, smallest))
        for name, value in zip(first, smallest.args[:-1], strict=True)
    }
    cause = first_true(**reached, otherwise=last)
    smallest.graph.say(cause, "bound_by", "金额由何决定", ("与各项上限比较，看最低的是哪一项",))
    return cause


def when(condition: Flag, then: V | int | str, otherwise: V | int | str) -> V:
    """`then` if true, `otherwise` if false, unknown if unknown. A label may stand for a choice."""
    graph = _graph(condition)
    _flag(condition)
    if isinstance(then, Choice) or isinstance(otherwise, Choice):
        labels = next(v.labels for v in (then, otherwise) if isinstance(v, Choice))
        sides = tuple(_label(graph, v, labels) for v in (then, otherwise))
        return graph.choice("when", (condition, *sides), None, labels)  # type: ignore[return-value]
    if isinstance(then, Flag) and isinstance(otherwise, Flag):
        return graph.flag("when", (condition, then, otherwise))  # type: ignore[return-value]
    a, b = _numbers(then, otherwise)  # type: ignore[arg-type]
    lo, hi = min(a.lo, b.lo), max(a.hi, b.hi)
    return graph.make("when", (condition, a, b), None, a.denominator, a.dimension, lo, hi)  # type: ignore[return-value]


def _label(graph: Graph, value: object, labels: tuple[str, ...]) -> Choice:
    if isinstance(value, Choice):
        if value.labels != labels:
            raise RuleError(f"choices of different labels: {value.labels} and {labels}")
        return value
    if value not in labels:
        raise RuleError(f"label {value!r} is not one of {labels}")
    return graph.choice("const", (), labels.index(str(value)), labels)


def first_true(*, otherwise: str, **conditions: Flag) -> Choice:
    """The name of the first condition that is true; unknown once an unknown one is met before it."""
    graph = _graph(*conditions.values())
    labels = (*conditions, otherwise)
    codes = [graph.choice("const", (), code, labels) for code in range(len(labels))]
    pairs = list(zip(conditions.values(), codes[:-1], strict=True))
    return reduce(lambda rest, pair: when(pair[0], pair[1], rest), reversed(pairs), codes[-1])


def by(choice: Choice, **cases: Number | int) -> Number:
    """The case of the choice's label; every label must have one. Unknown when the choice is."""
    if set(cases) != set(choice.labels):
        raise RuleError(f"by(): cases {sorted(cases)} do not match labels {sorted(choice.labels)}")
    args = _numbers(*(cases[label] for label in choice.labels))
    return pick(choice, args)


def pick(choice: Choice, args: Sequence[Number], said: str | None = None) -> Number:
    """The value at the place of the choice's label; `said` are the words instead of all the cases."""
    lo, hi = min(a.lo for a in args), max(a.hi for a in args)
    first = args[0]
    return first.graph.make("by", (choice, *args), said, first.denominator, first.dimension, lo, hi)


def those_true(**conditions: Flag) -> Names:
    """The names of the conditions that are true, in this order. What is unknown is not in the list, but missing."""
    for condition in conditions.values():
        _flag(condition)
    return _graph(*conditions.values()).names(tuple(conditions.values()), tuple(conditions))


def absent(given: Value) -> Flag:
    """True when an input that may be absent (OrNone) was not given; never unknown."""
    return given.graph.absent(given)


def only_if(condition: Flag, value: V) -> V:
    """The value where the condition holds; where it does not, the rule has no answer (null, and nothing is missing)."""
    return when(condition, value, value.graph.no_answer(value))  # type: ignore[return-value]


def false_once(condition: Flag) -> Flag:
    """False once the condition holds; before that the rule has no answer."""
    return only_if(condition, condition.graph.flag("const", (), False))


def after(day: Number, period: Number) -> Number:
    """The same day so many months or years later (按日历月); the month's last day where that day is missing."""
    months = {"月": 1, "年": 12}.get(period.unit)
    if day.dimension != DATE or months is None or period.op != "const" or (period.lo * months) % period.denominator:
        raise RuleError("after() takes a date and a parameter in whole 月 or 年")
    later = period.lo * months // period.denominator
    lo, hi = (n + later * span for n, span in ((day.lo, 28), (day.hi, 31)))
    return day.graph.make("after", (day, period), later, 1, DATE, lo, hi)


def granted(condition: Flag, amount: Number) -> Number:
    """The amount if the condition holds, 0 if not (whatever else is unknown), unknown if that is unknown."""
    return when(condition, amount, 0)


def muldiv(a: Number, b: Number, c: Number, like: Number) -> Number:
    """a*b/c rounded half away from zero to the smallest unit of `like`; unknown for c = 0. The only division."""
    graph = a.graph
    # numerators: (a.n/a.d)(b.n/b.d)/(c.n/c.d) x like.d = a.n b.n (c.d like.d) / (c.n a.d b.d)
    ratio = Fraction(c.denominator * like.denominator, a.denominator * b.denominator)
    data = (ratio.numerator, ratio.denominator)
    top = max(abs(a.lo), abs(a.hi)) * max(abs(b.lo), abs(b.hi)) * ratio.numerator
    bottom = max(abs(c.lo), abs(c.hi)) * ratio.denominator
    if max(top, bottom) * 2 > INT128_MAX:
        raise RuleError("muldiv(): the product may need more than 128 bits; declare narrower ranges")
    smallest = min((abs(n) for n in (c.lo, c.hi) if n), default=1) if c.lo > 0 or c.hi < 0 else 1
    reach = min(top // (smallest * ratio.denominator) + 1, 2**63 - 1)
    return graph.make("muldiv", (a, b, c), data, like.denominator, like.dimension, -reach, reach)


def share(part: Number, whole: Number) -> Number:
    """part / whole of one kind, to six decimals for display; unknown for a whole of 0. Compare products, not shares."""
    graph = part.graph
    part, whole = graph.align((part, whole))
    one = graph.constant(Fraction(1), PLAIN)
    return muldiv(part, one, whole, graph.scale(one, 10**6))


def progressive(amount: Number, edges: Sequence[Number], rates: Sequence[Number], first: Number | int) -> Number:
    """超额累进: each part of the amount at the rate of its band; bands run first..edges[0]..edges[-1]..without end.

    Every band's part and rate is a step of its own, so that a person can follow the sum.
    """
    graph = amount.graph
    lower = graph.number(first, amount.dimension)
    parts: list[Number] = []
    for place, (edge, rate) in enumerate(zip([*edges, None], rates, strict=True), start=1):
        inside = greatest(0, (amount if edge is None else least(amount, edge)) - lower)
        graph.say(inside, f"band_{place}", f"第 {place} 档投资额", _band(lower, edge))
        graph.say(rate, f"rate_{place}", f"第 {place} 档比例")
        parts.append(inside * rate)
        lower = edge if edge is not None else lower
    return reduce(lambda a, b: a + b, parts)


def at_rate_reached(amount: Number, edges: Sequence[Number], rates: Sequence[Number]) -> Number:
    """全额累进: the whole amount at the rate of the band it reaches, lower edge included; 0 below 0."""
    first, *higher = rates
    rate = reduce(lambda below, step: when(amount >= step[0], step[1], below), zip(edges, higher, strict=True), first)
    amount.graph.say(rate, "rate_reached", "所达档次的比例")
    return greatest(0, amount) * rate


def _band(lower: Number, upper: Number | None) -> tuple[object, ...]:
    """Words of a band: texts and constants, put together by words.py."""
    return ("其中 ", lower, " 至 ", upper, " 的部分") if upper is not None else ("其中 ", lower, " 以上的部分")
