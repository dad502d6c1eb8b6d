"""A campaign carried along for tests, day by day; ten firms to begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from deliveries import code, firm

from fenghuang.domain.campaign import actions, checking
from fenghuang.domain.campaign.checks import checks
from fenghuang.domain.campaign.models import Campaign
from fenghuang.platform.accounts.models import Unit

NORTH, SOUTH = "北新街道", "南山镇"
MONDAY = date(2023, 3, 6)
LATER = date(2023, 4, 3)  # long after every period
PATH = ("collect", "send_to_firms", "to_townships", "to_scoring", "publicise", "close_objections", "reconcile")
END = ("submit", "publish", "freeze")


def begun(unit: str = "331002", year: int = 2022, actor: Any = None, **periods: int) -> Campaign:
    campaign = actions.start(actor, Unit.objects.get(pk=unit), year, today=MONDAY)
    return actions.set_periods(
        actor, campaign.pk, {"collecting": 10, "objections": 5, **periods}, version=campaign.version
    )


def confirmed(campaign: Campaign) -> None:
    """Every firm, in place of its township."""
    seen = {one.firm.uscc: one.seen for one in checks(campaign, MONDAY)}
    if seen:
        checking.confirm_township(None, campaign.pk, seen, reason="测试")


def carried(campaign: Campaign, until: str, actor: Any = None) -> Campaign:
    """Along the main path up to and including the step."""
    for name in (*PATH, *END):
        day = LATER if name in (*PATH[5:], *END) else MONDAY
        if name == "to_scoring":
            confirmed(campaign)
        campaign = actions.advance(actor, campaign.pk, name, document="政府常务会议〔2023〕5 号", today=day)
        if name == until:
            return campaign
    raise KeyError(until)


CODES = [code(5000 + 41 * number) for number in range(10)]


def rows(taxes: list[int]) -> dict[str, Any]:
    return {
        "directory": [firm(c, above_scale="否", revenue=100_000, value_added=30_000) for c in CODES],
        "tax": [{"uscc": c, "tax": tax} for c, tax in zip(CODES, taxes, strict=True)],
        "parcels": [{"uscc": c, "reference": f"P{n}", "amount": 10} for n, c in enumerate(CODES)],
        "meters": [{"uscc": c, "reference": f"M{n}", "amount": 1_000_000} for n, c in enumerate(CODES)],
    }
