"""The short code that declarations name: who enters, what shows an exit, guards at steps, effects of steps.

from fenghuang.domain.casework.code import guard

@guard("overdue")
def overdue(case, today):
    return "" if case.due and today > case.due else "整改期限未到"

It stands in `registers/`, one module a subject; all are found by themselves. A declaration that names code there is
not, does not start.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from fenghuang.law.faults import Fault, Faulty
from fenghuang.law.registers.declaration import Register

if TYPE_CHECKING:
    from fenghuang.domain.casework.models import Case, Movement
    from fenghuang.domain.registry.models import Firm, Recording
    from fenghuang.platform.accounts.models import User


@dataclass(frozen=True, slots=True)
class Shown:
    """What the facts say of an exit: True, False, or None while they do not tell; the sentence says why."""

    holds: bool | None
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)  # what it stands on, for the record


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that belongs onto a register, and the facts that say so."""

    subject: str
    title: str
    firm: Firm | None
    unit: str
    township: str
    why: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """What a finder found on one recording; `unknown` are those of whom the facts do not tell, with the reason."""

    recording: Recording | None
    found: list[Found]
    unknown: list[Found] = field(default_factory=list)


Finder = Callable[[str | None], Search]  # of one unit, or of all
Shower = Callable[["Case"], Shown]
Guard = Callable[["Case", date], str]  # why not, or ""
# An input of a rule from the registry, in the smallest unit; beside the case what is filled in now.
Fact = Callable[["Case", Mapping[str, Any]], Any]
Effect = Callable[["Case", "Movement", "User | None"], None]
C = TypeVar("C", bound=Callable[..., Any])

_finders: dict[str, Finder] = {}
_showers: dict[str, Shower] = {}
_guards: dict[str, Guard] = {}
_effects: dict[str, Effect] = {}
_facts: dict[str, Fact] = {}


def _into(known: dict[str, Any], name: str) -> Callable[[C], C]:
    def register(function: C) -> C:
        if known.setdefault(name, function) is not function:
            raise ValueError(f"two functions named {name}")
        return function

    return register


def finder(name: str) -> Callable[[C], C]:
    return _into(_finders, name)


def shower(name: str) -> Callable[[C], C]:
    return _into(_showers, name)


def guard(name: str) -> Callable[[C], C]:
    return _into(_guards, name)


def effect(name: str) -> Callable[[C], C]:
    return _into(_effects, name)


def fact(name: str) -> Callable[[C], C]:
    return _into(_facts, name)


@cache
def _load() -> None:
    from fenghuang.domain.casework import registers

    for module in pkgutil.iter_modules(registers.__path__):
        importlib.import_module(f"{registers.__name__}.{module.name}")


def finder_of(register: Register) -> Finder:
    _load()
    return _finders[register.entry.found_by]


def shown(name: str, case: Case) -> Shown:
    _load()
    return _showers[name](case)


def guard_of(name: str) -> Guard:
    _load()
    return _guards[name]


def effect_of(name: str) -> Effect:
    _load()
    return _effects[name]


def fact_of(name: str) -> Fact:
    _load()
    return _facts[name]


def check(declared: Iterable[Register]) -> None:
    """Faulty with every name that no code has."""
    _load()
    faults = [Fault("registers", 0, one.name, text) for one in declared for text in _strangers(one)]
    if faults:
        raise Faulty(faults)


def _strangers(register: Register) -> Iterator[str]:
    named: list[tuple[dict[str, Any], str, str]] = [(_finders, "entry.found_by", register.entry.found_by)]
    named += [(_showers, f"states.{end.name}.shown_by", end.shown_by) for end in register.ends]
    named += [(_facts, f"facts.{name}", one) for name, one in register.facts.items()]
    for step in register.steps.values():
        named += [(_guards, f"steps.{step.name}.guards", one) for one in step.guards]
        named += [(_effects, f"steps.{step.name}.effects", one) for one in step.effects]
    for known, at, name in named:
        if name and name not in known:
            yield f"{at}: no code named {name!r}"
