"""Conditions of a method: `below_scale and land_mu >= 3`, read once and evaluated over whole columns, three-valued.

    condition := conjunction { "or" conjunction }
    conjunction := negation { "and" negation }
    negation := "not" negation | "(" condition ")" | comparison
    comparison := operand [ ("=" | "!=" | "<" | "<=" | ">" | ">=") operand | "in" "[" literal { "," literal } "]" ]

Literals are decimals (exact, in the fact's own unit: 元, 亩, ...), quoted texts, true and false. An unknown fact makes
its comparison unknown; `and`, `or`, `not` follow Kleene: an unknown leaves open only what the rest does not decide.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from fenghuang.language.numbers import plain

Kind = Literal["text", "code", "bool", "number"]
"""text: compared as a whole. code: hierarchical (GB/T 4754), a longer code belongs to its beginning."""

MAX_DEPTH = 40  # brackets and `not`; far beyond any method, well inside Python's own stack
MAX_LENGTH = 2000

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?![\w.]))|(?P<name>[^\W\d]\w*)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign>!=|<=|>=|[=<>()\[\],]))"
)
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRROR = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_WORDS = {"and", "or", "not", "in", "true", "false"}


class ExpressionError(ValueError):
    """The text is no condition; `found` and `expected` are Chinese, for the author of the method."""

    def __init__(self, text: str, found: str, expected: str) -> None:
        self.text, self.found, self.expected = text, found, expected
        super().__init__(f"{text}：{found}；应为{expected}")


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction | str | bool

    @property
    def kind(self) -> Kind:
        return "bool" if isinstance(self.value, bool) else "text" if isinstance(self.value, str) else "number"


Operand = Name | Constant


@dataclass(frozen=True, slots=True)
class Truth:
    operand: Operand


@dataclass(frozen=True, slots=True)
class Compare:
    sign: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    operand: Operand
    values: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Node, ...]


Node = Truth | Compare | Among | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Column:
    """A fact of all firms. Numbers are integers of 10^-decimals of the fact's unit (or exact Fractions, decimals 0)."""

    kind: Kind
    values: Sequence[Any]
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed condition."""

    text: str
    node: Node

    def names(self) -> tuple[str, ...]:
        """The facts it reads, in order of appearance, each once."""
        return tuple(dict.fromkeys(operand.name for operand in _operands(self.node) if isinstance(operand, Name)))


# --- reading ---------------------------------------------------------------------------------------------------------


def parse(text: str) -> Expression:
    """The condition that the text says; ExpressionError when it says none."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(text[:40] + "…", f"条件过长（{len(text)} 字）", f"不超过 {MAX_LENGTH} 字的条件")
    reader = _Reader(text)
    node = reader.either(0)
    if reader.ahead[0] != "end":
        raise reader.fault("and、or 或条件结束")
    return Expression(text, node)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.ahead = ("", "")
        self.step()

    def step(self) -> tuple[str, str]:
        """Take the token ahead and look at the next one: (kind, text); words are their own kind."""
        taken = self.ahead
        match = _TOKEN.match(self.text, self.position)
        if match and match.lastgroup:
            self.position = match.end()
            token = match.group(match.lastgroup)
            word = match.lastgroup == "sign" or (match.lastgroup == "name" and token in _WORDS)
            self.ahead = (token if word else match.lastgroup, token)
        elif rest := self.text[self.position :].strip():
            self.ahead = ("?", rest[:12])
        else:
            self.ahead = ("end", "")
        return taken

    def fault(self, expected: str) -> ExpressionError:
        kind, token = self.ahead
        return ExpressionError(self.text, "条件不完整" if kind == "end" else f"“{token}”处有误", expected)

    def take(self, kind: str) -> None:
        if self.ahead[0] != kind:
            raise self.fault(f"“{kind}”")
        self.step()

    def either(self, depth: int) -> Node:
        parts = [self.both(depth)]
        while self.ahead[0] == "or":
            self.step()
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def both(self, depth: int) -> Node:
        parts = [self.negation(depth)]
        while self.ahead[0] == "and":
            self.step()
            parts.append(self.negation(depth))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def negation(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise ExpressionError(self.text, "嵌套过深", f"不超过 {MAX_DEPTH} 层的条件")
        if self.ahead[0] == "not":
            self.step()
            return Not(self.negation(depth + 1))
        if self.ahead[0] == "(":
            self.step()
            node = self.either(depth + 1)
            self.take(")")
            return node
        return self.comparison()

    def comparison(self) -> Node:
        left = self.operand("事实名、数字、带引号的文本或括号")
        if self.ahead[0] in _ORDER:
            sign = self.step()[0]
            return Compare(sign, left, self.operand("事实名、数字、带引号的文本、true 或 false"))
        if self.ahead[0] == "in":
            self.step()
            return Among(left, self.listed())
        return Truth(left)

    def listed(self) -> tuple[Constant, ...]:
        self.take("[")
        values: list[Constant] = []
        while True:
            operand = self.operand("数字或带引号的文本")
            if isinstance(operand, Name):
                raise ExpressionError(self.text, f"列表中有未加引号的“{operand.name}”", "数字或带引号的文本")
            values.append(operand)
            if self.ahead[0] != ",":
                break
            self.step()
        self.take("]")
        return tuple(values)

    def operand(self, expected: str) -> Operand:
        kind, token = self.ahead
        if kind not in ("number", "text", "name", "true", "false"):
            raise self.fault(expected)
        self.step()
        if kind == "number":
            return Constant(Fraction(token))
        if kind == "text":
            return Constant(plain(token[1:-1]))  # as the facts' texts are read
        return Name(token) if kind == "name" else Constant(kind == "true")


# --- kinds -----------------------------------------------------------------------------------------------------------


def _operands(node: Node) -> list[Operand]:
    if isinstance(node, Truth):
        return [node.operand]
    if isinstance(node, Compare):
        return [node.left, node.right]
    if isinstance(node, Among):
        return [node.operand, *node.values]
    parts = (node.part,) if isinstance(node, Not) else node.parts
    return [operand for part in parts for operand in _operands(part)]


def infer_kinds(expression: Expression, known: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds of the facts that the contract does not name, from their use; ExpressionError where a use cannot be."""
    found: dict[str, Kind] = {}

    def kind_of(operand: Operand) -> Kind | None:
        if isinstance(operand, Constant):
            return operand.kind
        return known.get(operand.name) or found.get(operand.name)

    def settle(operand: Operand, kind: Kind) -> None:
        have = kind_of(operand)
        if have is None and isinstance(operand, Name):
            found[operand.name] = kind
        elif have != kind and {have, kind} != {"text", "code"}:
            shown = operand.name if isinstance(operand, Name) else str(operand.value)
            raise ExpressionError(expression.text, f"{shown} 是{_KIND[have or kind]}", f"{_KIND[kind]}")

    def visit(node: Node) -> None:
        if isinstance(node, Truth):
            settle(node.operand, "bool")
        elif isinstance(node, Among):
            kinds = {value.kind for value in node.values}
            if len(kinds) != 1:
                raise ExpressionError(expression.text, "列表中类型不一", "同一类型的数字或文本")
            settle(node.operand, kinds.pop())
        elif isinstance(node, Compare):
            if node.sign not in ("=", "!="):
                settle(node.left, "number")
                settle(node.right, "number")
            else:
                kind = kind_of(node.left) or kind_of(node.right) or "number"
                settle(node.left, kind)
                settle(node.right, kind)
        else:
            for part in (node.part,) if isinstance(node, Not) else node.parts:
                visit(part)

    visit(expression.node)
    return found


_KIND: dict[Kind, str] = {"text": "文本", "code": "代码文本", "bool": "是非值", "number": "数值"}


# --- evaluation ------------------------------------------------------------------------------------------------------


def evaluate_columns(expression: Expression, column: Callable[[str], Column], size: int) -> list[bool | None]:
    """The condition for every firm: True, False, or None where a fact that could decide it is unknown."""
    return _evaluate(expression.node, column, size)


def _evaluate(node: Node, column: Callable[[str], Column], size: int) -> list[bool | None]:
    if isinstance(node, Not):
        return [None if value is None else not value for value in _evaluate(node.part, column, size)]
    if isinstance(node, (Both, Either)):
        decisive = isinstance(node, Either)  # one True decides `or`, one False decides `and`
        result = _evaluate(node.parts[0], column, size)
        for part in node.parts[1:]:
            other = _evaluate(part, column, size)
            result = [
                decisive if decisive in (a, b) else (None if a is None or b is None else not decisive)
                for a, b in zip(result, other, strict=True)
            ]
        return result
    if isinstance(node, Truth):
        return list(_column(node.operand, column, size).values)
    if isinstance(node, Among):
        return _among(_column(node.operand, column, size), [value.value for value in node.values])
    return _compare(node, column, size)


def _column(operand: Operand, column: Callable[[str], Column], size: int) -> Column:
    if isinstance(operand, Name):
        return column(operand.name)
    return Column(operand.kind, [operand.value] * size)


def _among(column: Column, values: Sequence[Fraction | str | bool]) -> list[bool | None]:
    if column.kind == "code":
        codes = [str(value) for value in values]
        return [_in_codes(value, codes) for value in column.values]
    scale = 10**column.decimals
    wanted = {value * scale if isinstance(value, Fraction) else value for value in values}
    return [None if value is None else value in wanted for value in column.values]


def _in_codes(value: str | None, codes: Sequence[str]) -> bool | None:
    """Whether a hierarchical code lies in one of the classes; a coarser code than the class leaves it open."""
    if value is None:
        return None
    if any(value.startswith(code) for code in codes):
        return True
    return None if any(code.startswith(value) for code in codes) else False


def _compare(node: Compare, column: Callable[[str], Column], size: int) -> list[bool | None]:
    sign, left, right = node.sign, node.left, node.right
    if isinstance(left, Constant) and isinstance(right, Name):
        sign, left, right = _MIRROR[sign], right, left
    test = _ORDER[sign]
    first = _column(left, column, size)
    if first.kind == "code" and isinstance(right, Constant):
        member = _among(first, [right.value])
        return member if sign == "=" else [None if value is None else not value for value in member]
    if isinstance(right, Constant):
        bound = right.value * 10**first.decimals if isinstance(right.value, Fraction) else right.value
        if isinstance(bound, Fraction) and bound.denominator == 1:
            bound = bound.numerator  # int against int: the common and fast case
        return [None if value is None else test(value, bound) for value in first.values]
    second = column(right.name)
    a, b = 10**second.decimals, 10**first.decimals
    if first.kind != "number":
        a = b = 1
    return [
        None if x is None or y is None else (test(x * a, y * b) if first.kind == "number" else test(x, y))
        for x, y in zip(first.values, second.values, strict=True)
    ]
