"""The three firms that casework's tests are about: where they are, and a year's delivery of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deliveries import A, B, C, firms

HERE, ELSEWHERE = "331002", "331003"


def delivered(deliver: Callable[..., Any], year: int, **tax: int) -> None:
    """A year of the three firms: 20 亩 each, 2 亿元 of revenue, the taxes given in 万元."""
    deliver(
        year=year,
        directory=firms(A, B, C, revenue=200_000_000, value_added=30_000_000, township="章安街道"),
        tax=[{"uscc": one, "tax": tax[name] * 10_000} for name, one in zip("abc", (A, B, C), strict=True)],
        parcels=[{"uscc": one, "reference": f"{one}-1", "amount": 20} for one in (A, B, C)],
    )
