"""Days of the firms' pages, and a campaign carried on to 公示."""

from __future__ import annotations

from datetime import date
from typing import Any

MONDAY, LATER = date(2023, 3, 6), date(2023, 3, 13)  # the self-check begins; its last day is over


def announced(campaign: Any) -> Any:
    """On to 公示, from the Monday after."""
    from fenghuang.domain.campaign import actions, checking
    from fenghuang.domain.campaign.checks import checks

    campaign = actions.advance(None, campaign.pk, "to_townships")
    found = {one.firm.uscc: one.seen for one in checks(campaign, LATER)}
    checking.confirm_township(None, campaign.pk, found, reason="测")
    actions.advance(None, campaign.pk, "to_scoring")
    return actions.advance(None, campaign.pk, "publicise")
