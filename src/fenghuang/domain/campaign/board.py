"""The board of a year: every unit's campaign in its state, how long is left, what keeps it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Max

from fenghuang.domain.campaign import actions, queries
from fenghuang.domain.campaign.flow import ORDER, State, Transition
from fenghuang.domain.campaign.models import Campaign, Scoring
from fenghuang.platform.calendar import between

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """A unit on the board. `left` and `late` are working days; left is null without a deadline."""

    campaign: Campaign
    left: int | None
    late: int
    pending: int  # open objections
    next: Transition | None
    blocked: str  # the guard's sentence; "" when the next step can be taken, or there is none
    last: Scoring | None

    @property
    def cells(self) -> list[tuple[State, str]]:
        """Each state and whether the campaign has passed it (done), is in it (here) or not there yet (ahead)."""
        place = ORDER.index(State(self.campaign.state))
        return [(state, "done" if n < place else "here" if n == place else "ahead") for n, state in enumerate(ORDER)]

    @property
    def time_said(self) -> str:
        """ "逾期 3 天", "剩 2 天", "今天截止", "未设期限"; nothing once it is decided."""
        if self.late:
            return f"逾期 {self.late} 天"
        if self.left is None:
            return "" if self.campaign.state in (State.PUBLISHED, State.FROZEN) else "未设期限"
        return f"剩 {self.left} 天" if self.left else "今天截止"


def lines(user: User, year: int, today: date) -> list[Line]:
    """Units in their order. What blocks is said for the step itself, whoever looks."""
    standings = queries.standings(user, year, today)
    last = _last_scorings([one.campaign for one in standings])
    return [_line(one, last.get(one.campaign.pk), today) for one in standings]


def _line(one: queries.Standing, last: Scoring | None, today: date) -> Line:
    campaign = one.campaign
    arrow = next(iter(queries.forward(campaign)), None)
    left = None if campaign.due is None else max(between(today, campaign.due), 0)
    blocked = actions.why_not(campaign, arrow, None, today) if arrow else ""
    return Line(campaign, left, one.late, one.pending, arrow, blocked, last)


def _last_scorings(campaigns: list[Campaign]) -> dict[int, Scoring]:
    newest = Scoring.objects.filter(campaign__in=campaigns).values("campaign").annotate(last=Max("pk")).values("last")
    return {one.campaign_id: one for one in Scoring.objects.filter(pk__in=newest).defer("counts")}


def states(found: list[Line]) -> list[tuple[State, int]]:
    """How many units are in each state."""
    here = [line.campaign.state for line in found]
    return [(state, here.count(state)) for state in ORDER]
