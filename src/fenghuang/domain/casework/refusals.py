"""What cannot be done, as a sentence that people read."""

from __future__ import annotations


class Refused(Exception):
    """Cannot be done now: the sentence says why and what would help."""


class Stale(Refused):
    """Somebody else was first."""
