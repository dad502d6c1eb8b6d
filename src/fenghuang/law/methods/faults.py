"""What is wrong with a method file or a facts file, said so that its owner can repair it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where, what stands there, what should stand there."""

    file: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = "：".join(part for part in (self.file, self.place) if part)
        return f"{where}：{self.found}；应为{self.expected}" if where else f"{self.found}；应为{self.expected}"


class UnusableError(ValueError):
    """Unusable input; carries every fault found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class MethodError(UnusableError):
    """The method file does not say what it must."""


class FactsError(UnusableError):
    """The facts do not fit the method."""


class ReconciliationError(AssertionError):
    """The classes do not add up: a fault of the program, and nothing may be published."""
