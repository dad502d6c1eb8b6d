"""The first page of a township: firms that wait for its word, cases that wait for it, what it was told lately."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import F

from fenghuang.domain.campaign import queries as campaigns
from fenghuang.domain.campaign.checks import checks
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign
from fenghuang.domain.casework import queries as casework
from fenghuang.domain.casework import wording
from fenghuang.domain.casework.concerning import Line
from fenghuang.platform.notices.queries import notices

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

SHOWN_CASES, SHOWN_NOTICES = 10, 5


class Check(NamedTuple):
    """A campaign in which firms of the township are checked: how many in all, without their own word, unconfirmed."""

    campaign: Campaign
    firms: int
    silent: int
    waiting: int
    late: bool

    @property
    def is_ours(self) -> bool:
        """Whether it is the township's turn, and something is left to confirm."""
        return self.campaign.state == State.TOWNSHIP and bool(self.waiting)


def context(user: User, today: date) -> dict[str, Any]:
    """What waits for an official of a township, and what only goes on."""
    waiting = casework.waiting(user)
    first = waiting.select_related("unit").defer("entry", "fields").order_by(F("due").asc(nulls_last=True), "pk")
    return {
        "checks": _checks(user, today),
        "cases": [Line(case, wording.due(case, today)) for case in first[:SHOWN_CASES]],
        "waiting": waiting.count(),
        "late": casework.late(user).order_by().count(),
        "open": casework.open_cases(user).count(),
        "news": notices(user)[:SHOWN_NOTICES],
        "is_demo": wording.is_demo(),
    }


def _checks(user: User, today: date) -> list[Check]:
    """Of the campaigns in which firms or townships now have the word; the township's turn first."""
    found = []
    for campaign in campaigns.campaigns(user).filter(state__in=(State.SELF_CHECK, State.TOWNSHIP)):
        every = checks(campaign, today, campaigns.places(user))
        silent, waiting = sum(bool(one.lacking) for one in every), sum(not one.is_confirmed for one in every)
        found.append(Check(campaign, len(every), silent, waiting, campaign.is_late(today)))
    return sorted(found, key=lambda one: not one.is_ours)
