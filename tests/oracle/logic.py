"""Unknown values, exact numbers and what an output is: the plain tools of the second statement of the rules.

A value is known (any Python value) or `Unknown(names of what it waits for)`. `NOTHING` waits for nothing: no answer
exists (a limit the document does not set, a share of no land), and no further input brings one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Unknown:
    waits_for: frozenset[str]


NOTHING = Unknown(frozenset())


def unknown(name: str) -> Unknown:
    return Unknown(frozenset({name}))


def known(*values: Any) -> bool:
    return not any(isinstance(value, Unknown) for value in values)


def waiting(*values: Any) -> Unknown:
    return Unknown(frozenset().union(*(value.waits_for for value in values if isinstance(value, Unknown))))


def lift(function: Callable[..., Any], *values: Any) -> Any:
    """The function of known values; unknown as soon as one is; nothing when one is nothing."""
    if any(value == NOTHING for value in values if isinstance(value, Unknown)):
        return NOTHING
    return function(*values) if known(*values) else waiting(*values)


def both(*values: Any) -> Any:
    if any(value is False for value in values):
        return False
    return True if known(*values) else waiting(*values)


def either(*values: Any) -> Any:
    if any(value is True for value in values):
        return True
    return False if known(*values) else waiting(*values)


def negate(value: Any) -> Any:
    return lift(lambda v: not v, value)


def choose(condition: Any, yes: Any, no: Any) -> Any:
    if known(condition):
        return yes if condition else no
    if NOTHING in (yes, no) and yes == no:
        return NOTHING
    return waiting(condition, yes, no)


def at_least(value: Any, bound: Any) -> Any:
    return lift(lambda v, b: v >= b, value, bound)


def at_most(value: Any, bound: Any) -> Any:
    return lift(lambda v, b: v <= b, value, bound)


def above(value: Any, bound: Any) -> Any:
    return lift(lambda v, b: v > b, value, bound)


def below(value: Any, bound: Any) -> Any:
    return lift(lambda v, b: v < b, value, bound)


def times(*values: Any) -> Any:
    def product(*factors: Fraction) -> Fraction:
        result = Fraction(1)
        for factor in factors:
            result *= factor
        return result

    return lift(product, *values)


def beyond(value: Any, base: Any) -> Any:
    """How much the value exceeds the base, not below 0."""
    return lift(lambda v, b: max(Fraction(0), v - b), value, base)


def one_of(value: Any, *labels: str) -> Any:
    return lift(lambda v: v in labels, value)


def a_or_b(grade: Any) -> Any:
    return one_of(grade, "A", "B")


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where the day is missing."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    next_month = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (next_month - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def half_up(value: Fraction | int, places: int) -> str:
    """A decimal with so many places, half away from zero."""
    scaled = abs(Fraction(value)) * 10**places
    whole, rest = divmod(scaled, 1)
    rounded = whole + (1 if rest >= Fraction(1, 2) else 0)
    digits = str(rounded).rjust(places + 1, "0")
    return f"{'-' if value < 0 and rounded else ''}{digits[:-places]}.{digits[-places:]}"


@dataclass(frozen=True)
class Output:
    """A value, how it is printed, and what it is when the policy is not in force."""

    value: Any
    printed: Callable[[Any], Any]
    out_of_force: Any


def decision(value: Any) -> Output:
    return Output(value, bool, False)


def money(value: Any) -> Output:
    return Output(value, lambda v: half_up(v, 2), Fraction(0))


def area(value: Any) -> Output:
    return Output(value, lambda v: half_up(v, 2), NOTHING)


def mu(value: Any) -> Output:
    return Output(value, lambda v: half_up(v, 4), NOTHING)


def share(value: Any) -> Output:
    """A share, and every other plain number: 6 decimals."""
    return Output(value, lambda v: half_up(v, 6), NOTHING)


def label(value: Any, out_of_force: Any = NOTHING) -> Output:
    return Output(value, str, out_of_force)


def day(value: Any) -> Output:
    return Output(value, date.isoformat, NOTHING)


@dataclass(frozen=True)
class Names:
    """A list of what is shown, and what its unknown members wait for."""

    shown: tuple[str, ...]
    waits_for: frozenset[str]


def names(members: Mapping[str, Any]) -> Output:
    """The names of the members that are true, in order."""
    shown = tuple(name for name, value in members.items() if value is True)
    return Output(Names(shown, waiting(*members.values()).waits_for), lambda v: list(v.shown), NOTHING)


@dataclass(frozen=True)
class Case:
    """What a rule is given: its inputs (absent optional ones are None), the readings and the day it answers for."""

    inputs: Mapping[str, Any]
    readings: Mapping[str, str]
    on: date

    def __getitem__(self, name: str) -> Any:
        return self.inputs[name]

    def all(self, *wanted: str) -> Any:
        return both(*(self[name] for name in wanted))


Conditions = dict[str, Any]
Outputs = dict[str, Output]
Body = Callable[[Case], tuple[Outputs, Conditions]]
