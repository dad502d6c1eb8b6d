"""What cannot be done, as a sentence that people read."""

from __future__ import annotations


class Refused(Exception):
    """Cannot be done now: the sentence says why and what would help. `for_all`: where others than who asked read it."""

    def __init__(self, sentence: str, for_all: str = "") -> None:
        super().__init__(sentence)
        self.for_all = for_all or sentence


class Stale(Refused):
    """Somebody else was first."""
