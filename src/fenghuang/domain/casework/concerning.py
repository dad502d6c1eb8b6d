"""Cases as other pages show them: of a firm, of a parcel, found by a word; and what the firm itself may know."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from fenghuang.domain.casework import queries, wording
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.models import Firm
from fenghuang.law.registers import registers
from fenghuang.platform.accounts.models import Role, User

SHOWN = 20  # cases on a page that is about something else


class Line(NamedTuple):
    """A case on another page."""

    case: Case
    due: wording.Due


def of_firm(user: User, firm: Firm, today: date) -> list[Line]:
    """The cases about a firm, or about land and projects of it; open ones first."""
    return _lines(queries.cases(user).filter(firm=firm), today)


def of_parcel(user: User, reference: str, today: date) -> list[Line]:
    """The cases about a parcel."""
    named = [one.name for one in registers().values() if one.subject == "parcel"]
    return _lines(queries.cases(user).filter(register__in=named, subject=reference), today)


def _lines(found: QuerySet[Case], today: date) -> list[Line]:
    ordered = found.order_by(F("ended_on").desc(nulls_first=True), F("due").asc(nulls_last=True), "pk")
    return [Line(case, wording.due(case, today)) for case in ordered.defer("entry")[:SHOWN]]


def searched(user: User, words: list[str]) -> QuerySet[Case]:
    """The cases whose subject or title has every word; open ones first. Firms and their accounts find none."""
    found = queries.cases(user)
    for word in words:
        found = found.filter(Q(title__icontains=word) | Q(subject__startswith=word.upper()))
    return found.order_by(F("ended_on").desc(nulls_first=True), "title", "pk")


def how_many_late(user: User, unit: str = "") -> int | None:
    """The late cases of the place, for whoever has to see that they move; None for others."""
    if user.role not in (Role.CITY, Role.COUNTY):
        return None
    found = queries.late(user).order_by()
    return (found.filter(unit=unit) if unit else found).count()


class Told(NamedTuple):
    """What a firm may know of its own case: which list, where it stands, until when, what it has to do."""

    register: str
    state: str
    until: str
    said: str
    is_waiting: bool  # for the firm


def told_to(firm: Firm, today: date) -> list[Told]:
    """The firm's own open cases in plain words, those that wait for it first.

    A firm that data alone put on a list hears of it when an office has looked at it. No reasons, remarks, answers of
    agencies or files.
    """
    found = Case.objects.filter(firm=firm, ended_on__isnull=True).order_by(F("due").asc(nulls_last=True), "pk")
    lines = [_told(case, today) for case in found if not _only_screened(case)]
    return sorted(lines, key=lambda one: not one.is_waiting)


def _only_screened(case: Case) -> bool:
    first = case.state == case.declared.first.name
    return first and not case.entry.get("by_hand") and not case.at.firm


def _told(case: Case, today: date) -> Told:
    due, said = wording.due(case, today), case.at.firm
    until = f"截止 {due}" if due.day and not case.paused_since else "计时暂停" if case.paused_since else ""
    by = "有关部门正在联合核查" if case.at.joint else f"由{wording.held(case)}办理"
    # a limit of an office is no business of the firm
    return Told(
        f"{case.declared.title}：{case.title}" if case.declared.subject != "firm" else case.declared.title,
        case.at.title,
        until if said else "",
        said or f"{by}，现在不需要贵企业操作",
        bool(said),
    )
