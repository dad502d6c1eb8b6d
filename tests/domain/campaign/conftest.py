"""Firms of 椒江 whose grades are known by heart: ten, equal but for their taxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deliveries import code, firm

CODES = [code(5000 + 41 * number) for number in range(10)]


def rows(taxes: list[int]) -> dict[str, Any]:
    return {
        "directory": [firm(c, above_scale="否", revenue=100_000, value_added=30_000) for c in CODES],
        "tax": [{"uscc": c, "tax": tax} for c, tax in zip(CODES, taxes, strict=True)],
        "parcels": [{"uscc": c, "reference": f"P{n}", "amount": 10} for n, c in enumerate(CODES)],
        "meters": [{"uscc": c, "reference": f"M{n}", "amount": 1_000_000} for n, c in enumerate(CODES)],
    }


@pytest.fixture
def ten(deliver: Callable[..., Any]) -> list[str]:
    """Ten firms below scale, the first with the highest taxes; A: two, B: six, C: one, D: one."""
    taxes = [1_000_000 - 50_000 * place for place in range(10)]
    deliver(**rows(taxes))
    return CODES
