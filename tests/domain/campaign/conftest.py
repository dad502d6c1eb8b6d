"""Firms of 椒江 whose grades are known by heart: ten, equal but for their taxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from campaigns import CODES, rows


@pytest.fixture
def ten(deliver: Callable[..., Any]) -> list[str]:
    """Ten firms below scale, the first with the highest taxes; A: two, B: six, C: one, D: one."""
    taxes = [1_000_000 - 50_000 * place for place in range(10)]
    deliver(**rows(taxes))
    return CODES
