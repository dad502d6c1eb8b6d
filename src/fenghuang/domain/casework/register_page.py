"""The views of one register: board, calendar, counties. Each in a few queries, however many cases there are."""

from __future__ import annotations

import calendar as months
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from fenghuang.domain.casework import people, wording
from fenghuang.domain.casework.models import Alarm, Case
from fenghuang.law.registers.declaration import Register, State
from fenghuang.platform.accounts.models import User

PER_COLUMN, PER_DAY = 12, 4


class Column(NamedTuple):
    """A state on the board: its cases that are due first, and how many more there are."""

    state: State
    who: str
    total: int
    cards: Sequence[tuple[Case, wording.Due]]
    more: int


def board(register: Register, found: QuerySet[Case], today: date) -> list[Column]:
    """A column a state; ended states show what ended last."""
    counts = dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    order = [F("due").asc(nulls_last=True), F("ended_on").desc(nulls_last=True), F("pk").asc()]
    place = Window(RowNumber(), partition_by=[F("state")], order_by=order)
    cards = defaultdict(list)
    for one in found.order_by().annotate(place=place).filter(place__lte=PER_COLUMN).order_by("state", "place"):
        cards[one.state].append((one, wording.due(one, today)))
    return [
        Column(
            state,
            people.in_words([state.held_by], register) if state.held_by else "",
            counts.get(state.name, 0),
            cards[state.name],
            counts.get(state.name, 0) - len(cards[state.name]),
        )
        for state in register.states.values()
    ]


class Day(NamedTuple):
    """A day of the calendar with what is due then."""

    day: date
    inside: bool
    today: bool
    cases: Sequence[Case]
    total: int


class Month(NamedTuple):
    """A month of due days."""

    first: date
    before: str
    after: str
    weeks: list[list[Day]]
    without: int

    @property
    def days(self) -> list[Day]:
        """Days on which something is due, for phones."""
        return [day for week in self.weeks for day in week if day.inside and day.total]


def month(found: QuerySet[Case], asked: str, today: date) -> Month:
    """The month asked for (2023-03), else this one."""
    try:
        first = date.fromisoformat(f"{asked[:7]}-01") if asked else today.replace(day=1)
    except ValueError:
        first = today.replace(day=1)
    first = first if 1901 <= first.year <= 2198 else today.replace(day=1)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    within = found.filter(due__range=(weeks[0][0], weeks[-1][-1])).order_by()
    counts = dict(within.values_list("due").annotate(n=Count("pk")))
    cases = defaultdict(list)
    place = Window(RowNumber(), partition_by=[F("due")], order_by=[F("pk").asc()])
    for one in within.annotate(place=place).filter(place__lte=PER_DAY).order_by("due", "place"):
        cases[one.due].append(one)
    return Month(
        first,
        f"{first - timedelta(days=1):%Y-%m}",
        f"{first + timedelta(days=31):%Y-%m}",
        [
            [Day(day, day.month == first.month, day == today, cases[day], counts.get(day, 0)) for day in week]
            for week in weeks
        ],
        found.filter(due__isnull=True, ended_on__isnull=True).count(),
    )


def counties(found: QuerySet[Case], user: User) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Open, late and ended cases of each unit, and the map of the open ones."""
    is_open, late = Q(ended_on__isnull=True), Q(alarm__gte=Alarm.OVERDUE)
    counted = {
        row["unit"]: row
        for row in found.order_by()
        .values("unit")
        .annotate(open=Count("pk", filter=is_open), late=Count("pk", filter=is_open & late), all=Count("pk"))
    }
    none = {"open": 0, "late": 0, "all": 0}
    lines = []
    for unit in user.units():
        row = counted.get(unit.pk, none)
        lines.append({"unit": unit, "open": row["open"], "late": row["late"], "ended": row["all"] - row["open"]})
    items = [{"code": one["unit"].pk, "name": one["unit"].name, "value": one["open"]} for one in lines]
    return lines, {"title": "在办", "unit": "件", "items": items, "absent": "不在您的范围内"}
