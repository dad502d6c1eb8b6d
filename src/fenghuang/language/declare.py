"""A rule: one short pure function, run once on symbols when it is loaded; what remains is its graph.

    @rule("art.10")
    def rent_subsidy(actual_investment: Money, previous_grade: Grade, ..., law: Law):
        eligible = all_of(investment_reaches_threshold=actual_investment >= law.threshold, ...)
        rent = rented_area_m2 * law.per_month * least(rented_months, law.months)
        return outputs(eligible=eligible, amount=granted(eligible, least(rent, law.cap)))

Every named value inside is a step: names come from the conditions, the outputs and the function's own local names.
"""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NoReturn, TypeVar

from fenghuang.language import types, values
from fenghuang.language.law import Law
from fenghuang.language.values import Choice, Flag, Number, RuleError, Value

__all__ = [
    "Area", "Bool", "Count", "Date", "Emission", "Energy", "Grade", "Law", "Length", "Money", "Months", "Mu", "OrNone",
    "Outputs", "PricePerM2", "Ratio", "Readings", "Rule", "Text", "WanPerMu", "YearsLeft", "outputs", "rule",
]  # fmt: skip


class Money(Number):
    """元, 2 decimals."""

    type = types.MONEY


class WanPerMu(Number):
    """万元/亩, 6 decimals."""

    type = types.WAN_PER_MU


class Area(Number):
    """平方米, 2 decimals."""

    type = types.AREA


class Mu(Number):
    """亩, 4 decimals."""

    type = types.MU


class Ratio(Number):
    """A plain fraction (0.2 is 20 %), 6 decimals."""

    type = types.RATIO


class Length(Number):
    """米, 2 decimals."""

    type = types.LENGTH


class Energy(Number):
    """吨标准煤 that pass from one firm to another, 6 decimals."""

    type = types.ENERGY_PASSED_ON


class Emission(Number):
    """吨 of emissions that pass from one firm to another, 6 decimals."""

    type = types.EMISSION_PASSED_ON


class YearsLeft(Number):
    """年 that remain of a right, 6 decimals."""

    type = types.YEARS_LEFT


class PricePerM2(Number):
    """元/平方米, 2 decimals."""

    type = types.PRICE_PER_M2


class Date(Number):
    """A day (days since 1970-01-01 inside)."""

    type = types.DATE


class Text(values.Text):
    """A text."""

    type = types.TEXT


class Count(Number):
    """A whole number."""

    type = types.COUNT


class Months(Number):
    """A whole number of months."""

    type = types.MONTHS


class Bool(Flag):
    """true / false."""

    type = types.BOOL


class Grade(Choice):
    """A final, published grade A | B | C | D, or ungraded."""

    type = types.GRADE


T = TypeVar("T")
_MAY_BE_ABSENT = "absence means that there is none"
OrNone = Annotated[T, _MAY_BE_ABSENT]  # far_min: OrNone[Ratio] is the contract's "ratio?"


class Readings:
    """What a rule sees as `reading`: the choice made for each of its readings."""

    def __init__(self, rule: str, chosen: Mapping[str, str]) -> None:
        self._rule, self._chosen = rule, chosen

    def __getattr__(self, name: str) -> str:
        if name.startswith("_") or name not in self._chosen:
            raise RuleError(f"{self._rule}: no reading {name!r} in readings.yaml")
        return self._chosen[name]


@dataclass(frozen=True)
class Outputs:
    """What a rule returns: its results by the contract's names, and what stands in for them out of force."""

    values: Mapping[str, Value]
    out_of_force: Mapping[str, Value]
    named: Mapping[str, Any]  # the rule's local names: they are the names of its steps


def outputs(out_of_force: Mapping[str, Value] | None = None, **values: Value) -> Outputs:
    """The rule's results. `out_of_force` names a value that holds when the policy is not in force."""
    return Outputs(values, out_of_force or {}, dict(sys._getframe(1).f_locals))


@dataclass(frozen=True)
class Rule:
    """A rule before it is traced."""

    name: str
    clause: str
    function: Callable[..., Outputs]
    file: str
    line: int
    in_principle: tuple[str, ...] = ()

    @cached_property
    def inputs(self) -> Mapping[str, types.Type]:
        """Inputs in the order of the signature; read once, every question asks for them."""
        hints = typing.get_type_hints(self.function, include_extras=True)
        names = [name for name in inspect.signature(self.function).parameters if name not in ("law", "reading", "on")]
        found = {name: _type(hints.get(name)) for name in names}
        for name, kind in found.items():
            if kind is None:
                raise RuleError(f"{self.file}:{self.line}: {self.name}: input {name} has no type of the contract")
        return {name: kind for name, kind in found.items() if kind}

    def __call__(self, *given: Any, **named: Any) -> NoReturn:
        """A rule that asked another could go round in a circle, and its graph would not be one function's."""
        raise RuleError(f"calls the rule {self.name}: a rule is one function and cannot call another")


def _type(hint: Any) -> types.Type | None:
    """The contract's type of an annotation."""
    if typing.get_origin(hint) is Annotated:
        inner, *marks = typing.get_args(hint)
        kind: types.Type | None = getattr(inner, "type", None)
        return types.or_none(kind) if kind and _MAY_BE_ABSENT in marks else kind
    return getattr(hint, "type", None)


def rule(clause: str, *, in_principle: tuple[str, ...] = ()) -> Callable[[Callable[..., Outputs]], Rule]:
    """Declare a rule of a clause. `in_principle` names the conditions that the source qualifies by 原则上."""

    def declare(function: Callable[..., Outputs]) -> Rule:
        code = function.__code__
        return Rule(function.__name__, clause, function, code.co_filename, code.co_firstlineno, in_principle)

    return declare
