"""What is wrong with a pack: each fault with file, line and rule, so that its author finds the place.

The readers of `language` refuse with a RuleError that begins with file and path ("parameters.yaml: art.1.r.cap: no
place in the source"); `law.files` adds the line. Here such an error becomes a Fault, and several become one error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from fenghuang.language.values import RuleError

_PLACED = re.compile(r"(?P<file>[^\s:]+\.(?:ya?ml|py|csv))(?::(?P<line>\d+))?: (?P<text>.*)", re.S)
_RULE = re.compile(r"(?P<rule>[a-z_]\w*): (?P<text>.*)", re.S)


@dataclass(frozen=True)
class Fault:
    """One fault; `line` is 0 where a whole file is meant, `rule` is empty where no rule is."""

    file: str  # relative to the pack's folder
    line: int
    rule: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.rule, " ".join(self.text.split())) if part)


class Faulty(RuleError):
    """A pack with its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(dict.fromkeys(faults), key=lambda fault: (fault.file, fault.line))
        super().__init__("\n".join(map(str, self.faults)))


def faults_of(error: RuleError) -> list[Fault]:
    """The faults an error tells: file, line and rule are read from its words where it is not Faulty itself."""
    if isinstance(error, Faulty):
        return error.faults
    placed = _PLACED.fullmatch(str(error))
    if not placed:
        return [Fault("policy.yaml", 0, "", str(error))]
    ruled = _RULE.fullmatch(placed["text"]) if placed["file"].endswith(".py") else None
    rule, text = (ruled["rule"], ruled["text"]) if ruled else ("", placed["text"])
    return [Fault(Path(placed["file"]).name, int(placed["line"] or 0), rule, text)]


class Collected(AbstractContextManager["Collected"]):
    """`with collected: ...` keeps the faults of what is tried, so that the next thing is tried too."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, RuleError):
            return False
        self.faults += faults_of(error)
        return True

    def tell(self) -> None:
        """Raise Faulty when there was a fault."""
        if self.faults:
            raise Faulty(self.faults)
