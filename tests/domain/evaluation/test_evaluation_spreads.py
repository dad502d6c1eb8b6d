"""A group too small to hide anybody is not drawn, and the page says why."""

from __future__ import annotations

from typing import Any

import pytest
from deliveries import code, firm

from fenghuang.domain.evaluation import paths
from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.incentives.actions import refresh


def group(deliver: Any, size: int) -> Result:
    codes = [code(7000 + 41 * number) for number in range(size)]
    deliver(
        directory=[firm(c, above_scale="否", revenue=100_000, value_added=30_000) for c in codes],
        tax=[{"uscc": c, "tax": 900_000 - 50_000 * place} for place, c in enumerate(codes)],
        parcels=[{"uscc": c, "reference": f"P{n}", "amount": 10} for n, c in enumerate(codes)],
        meters=[{"uscc": c, "reference": f"M{n}", "amount": 1_000_000} for n, c in enumerate(codes)],
    )
    refresh()
    return Result.objects.select_related("run__snapshot", "run__refresh", "run__unit", "unit").get(firm__uscc=codes[0])


@pytest.mark.parametrize("size", [1, 4])
def test_fewer_than_five_are_not_drawn_and_the_reason_is_said(deliver, as_user, city, size: int) -> None:
    result = group(deliver, size)
    assert all(not spread.counted and spread.median is None for spread in paths.spreads(result))
    page = as_user(city).get(f"/firms/{result.firm.uscc}/path").content.decode()
    assert f"本组已知的只有 {size} 家，不足 5 家" in page
    assert 'class="bars"' not in page


def test_five_are_drawn_for_every_indicator_with_the_firm_in_its_place(deliver, as_user, city) -> None:
    result = group(deliver, 5)
    found = paths.spreads(result)
    assert [spread.name for spread in found] == ["tax_per_mu", "tax_per_kwh"]
    assert all(sum(sum(bar.values()) for _, bar in spread.counted) == 5 for spread in found)
    page = as_user(city).get(f"/firms/{result.firm.uscc}/path").content.decode()
    assert page.count('class="bars"') == 2
    assert page.count("本企业</span>") == 2
