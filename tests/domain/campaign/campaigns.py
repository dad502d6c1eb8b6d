"""A campaign carried along for tests, day by day."""

from __future__ import annotations

from datetime import date
from typing import Any

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
