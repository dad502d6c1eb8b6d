"""A firm of 黄岩区 whose land and electricity are known, its account, and the campaign that asks it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from campaign_asked import MONDAY

from people import PASSWORD

sys.path.insert(0, str(Path(__file__).parents[2] / "safety"))  # axe, with the pages of staff


@pytest.fixture
def on(monkeypatch: Any) -> Callable[[date], None]:
    """on(day): today."""

    def set_day(day: date) -> None:
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: day)

    return set_day


@pytest.fixture
def years(small_city: Any) -> list[Any]:
    """Facts of two graded firms of different townships."""
    from fenghuang.domain.evaluation.models import Result
    from fenghuang.domain.registry.models import FirmYear

    graded = Result.objects.filter(unit="331003", firm__unit="331003", year=2022).exclude(grade="").values("firm")
    known = FirmYear.objects.current().filter(
        year=2022, unit="331003", firm__in=graded, land_mu__isnull=False, electricity_kwh__isnull=False
    )
    first = known.select_related("firm").order_by("firm__uscc").first()
    other = known.exclude(township=first.township).select_related("firm").order_by("firm__uscc").first()
    return [first, other]


@pytest.fixture
def clerk_of(db: None) -> Callable[..., Any]:
    """clerk_of(firm): an account of the firm."""
    from fenghuang.platform.accounts.actions import create_user

    def make(firm: Any, name: str = "") -> Any:
        return create_user(name or f"f{firm.pk}", PASSWORD, role="firm", uscc=firm.uscc, display_name="何 办")

    return make


@pytest.fixture
def asked(years: list[Any], on: Callable[[date], None]) -> Any:
    """The campaign in 企业核对: four working days since Monday."""
    from fenghuang.domain.campaign import actions
    from fenghuang.platform.accounts.models import Unit

    on(MONDAY)
    campaign = actions.start(None, Unit.objects.get(pk="331003"), 2022)
    actions.set_periods(None, campaign.pk, {"self_check": 4, "township": 2, "objections": 5}, version=None)
    for name in ("collect", "send_to_firms"):
        campaign = actions.advance(None, campaign.pk, name)
    return campaign
