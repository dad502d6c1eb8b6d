"""Who may do what with a case: the words of a declaration (county, agency:tax) against a person and a place."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from fenghuang.domain.casework.models import Answer, Case
from fenghuang.law.document import documents
from fenghuang.law.registers.declaration import AGENCY, CITY, COUNTY, FIRM, TOWNSHIP, Register, who_in_words
from fenghuang.platform.accounts.models import Role, User

# Whoever stands above may act for who stands below; the event says who it was.
MAY_ACT_AS = {
    CITY: (Role.CITY,),
    COUNTY: (Role.CITY, Role.COUNTY),
    TOWNSHIP: (Role.CITY, Role.COUNTY, Role.TOWNSHIP),
}


def may(user: User | None, by: Iterable[str], case: Case) -> bool:
    """Whether the person is one of these for the case; None is the system itself."""
    return user is None or any(_is(user, one, case.unit_id, case.township, case.subject) for one in by)


def may_enter(user: User | None, by: Iterable[str], unit: str, township: str) -> bool:
    """Whether the person is one of these for a place."""
    return user is None or any(_is(user, one, unit, township, "") for one in by)


def _is(user: User, by: str, unit: str, township: str, subject: str) -> bool:
    if not user.is_active:
        return False
    if by == FIRM:
        return user.role == Role.FIRM and bool(subject) and user.uscc == subject
    if by.startswith(AGENCY):
        return answers_for(user, by.removeprefix(AGENCY)) and user.unit_id in (None, unit)
    return user.role in MAY_ACT_AS[by] and _covers(user, unit, township)


def answers_for(user: User, agency: str) -> bool:
    """Whether the person is a clerk of the agency."""
    return user.role == Role.CLERK and user.agency_id == agency


def _covers(user: User, unit: str, township: str) -> bool:
    if user.role == Role.TOWNSHIP:
        return user.unit_id == unit and user.township is not None and user.township.name == township
    return user.role == Role.CITY or user.unit_id == unit


def waits_for(user: User) -> Q:
    """The open cases that wait for this very person's office, or have risen to it."""
    if user.role == Role.CLERK and user.agency_id:
        return Q(pk__in=_unanswered(user.agency_id)) | Q(holder=f"{AGENCY}{user.agency_id}")
    office = {Role.CITY: CITY, Role.COUNTY: COUNTY, Role.TOWNSHIP: TOWNSHIP}.get(Role(user.role))
    return Q(holder=office) | Q(risen_to=office) if office else Q(pk__in=[])


def _unanswered(agency: str) -> QuerySet[Answer, int]:
    """Cases whose present state asks the agency, which has not answered: a later round counts, an earlier one not."""
    later = Answer.objects.filter(case=OuterRef("case"), movement__gt=OuterRef("movement"))
    waits = Answer.objects.filter(agency=agency, answer="", case__ended_on__isnull=True)
    return waits.filter(~Exists(later), movement__after=F("case__state")).values_list("case", flat=True)


def in_words(by: Iterable[str], register: Register) -> str:
    """县级经办、市税务局."""
    agencies = documents()[register.pack].agencies
    return "或".join(who_in_words(one, agencies) for one in by)
