"""Where the platform uses a rule, and how many subjects it decided last year: totals alone, for pages open to all.

An app that decides by a rule says so in its own `uses.py`, which is found by itself:

    @use("upgrade_subsidy", "政策直兑", "incentives:index", "个项目")
    def subsidies() -> Total | None: ...

None says that nothing has been computed yet, which is not 0. What is open to all reads this and never a firm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Total:
    """How many subjects a rule decided in a data year; `outcome` says how, in words."""

    year: int
    decided: int
    outcome: str = ""
    is_demo: bool = False


Count = Callable[[str], Total | None]


@dataclass(frozen=True, slots=True)
class Use:
    """A place that decides by a rule."""

    rule: str
    title: str
    pattern: str
    subjects: str
    count: Count

    @property
    def total(self) -> Total | None:
        return self.count(self.rule)


_uses: dict[tuple[str, str], Use] = {}


def use(rules: str, title: str, pattern: str, subjects: str) -> Callable[[Count], Count]:
    """Register a use of rules (names parted by blanks) at the page of a URL pattern."""

    def register(count: Count) -> Count:
        for rule in rules.split():
            _uses[rule, pattern] = Use(rule, title, pattern, subjects, count)
        return count

    return register


def uses_of(rule: str) -> list[Use]:
    """The places that decide by this rule; none where the platform does not use it yet."""
    return [use for use in _uses.values() if use.rule == rule]
