"""Firms of 椒江 whose grades are known by heart: ten, equal but for their taxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from campaigns import CODES, NORTH, SOUTH, rows


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """What is kept of texts by their numbers: each test's database gives the numbers out anew."""
    from fenghuang.domain.campaign import queries

    for kept in (queries._scored, queries._places, queries._fingerprint):
        kept.cache_clear()


@pytest.fixture
def ten(deliver: Callable[..., Any]) -> list[str]:
    """Ten firms below scale, the first with the highest taxes; A: two, B: six, C: one, D: one."""
    taxes = [1_000_000 - 50_000 * place for place in range(10)]
    deliver(**rows(taxes))
    return CODES


@pytest.fixture
def towns(deliver: Callable[..., Any]) -> list[str]:
    """The ten firms in two townships: six in the north, four in the south."""
    given = rows([1_000_000 - 50_000 * place for place in range(10)])
    for place, one in enumerate(given["directory"]):
        one["township"] = NORTH if place < 6 else SOUTH
    deliver(**given)
    return CODES


@pytest.fixture
def person(db: None) -> Callable[..., Any]:
    """person("firm", uscc=...), person("township", NORTH): an account of 椒江."""
    from fenghuang.platform.accounts.actions import create_user
    from fenghuang.platform.accounts.models import Township
    from people import PASSWORD

    def make(kind: str, place: str = "", name: str = "", **more: Any) -> Any:
        if kind == "firm":
            return create_user(name or f"f-{place}", PASSWORD, role="firm", uscc=place, display_name="厂 办", **more)
        if kind == "township":
            town, _ = Township.objects.get_or_create(unit_id="331002", name=place)
            about = {"role": "township_official", "unit": "331002", "township": town}
            return create_user(name or f"t-{town.pk}", PASSWORD, display_name=f"{place} 某", **about)
        if kind == "county":
            return create_user("jiao", PASSWORD, role="county_official", unit="331002", display_name="椒 某")
        return create_user(name, PASSWORD, role="department_clerk", agency=place, display_name="部 某")

    return make
