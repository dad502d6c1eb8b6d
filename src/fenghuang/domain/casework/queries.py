"""What a person may see of cases, and what waits for them."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet

from fenghuang.domain.casework import people
from fenghuang.domain.casework.models import Alarm, Answer, Case
from fenghuang.domain.casework.steps import round_of, why_not
from fenghuang.law.document import documents
from fenghuang.law.registers import registers
from fenghuang.law.registers.declaration import AGENCY, Register, Step
from fenghuang.platform.accounts.models import Role, User

READERS = (Role.AUDITOR, Role.OPERATOR)


def cases(user: User) -> QuerySet[Case]:
    """The cases of the places a person answers for; a clerk those of registers in which the agency has a part."""
    seen = Case.objects.select_related("unit", "firm").filter(user.within())
    if user.role == Role.FIRM and not user.is_superuser:
        return seen.none()
    if user.role == Role.CLERK:
        return seen.filter(register__in=[one.name for one in registers().values() if has_part(one, user.agency_id)])
    return seen


def has_part(register: Register, agency: str | None) -> bool:
    """Whether an agency answers for the register, or is asked in it, or takes a step or settles a part of it."""
    if agency is None:
        return False
    named = {by for step in register.steps.values() for by in step.by}
    named |= {by for parts in register.parts.values() for by in (*parts.by, *parts.settled_by)}
    asked = {one for state in register.states.values() if state.joint for one in state.joint.agencies}
    responsible = documents()[register.pack].clauses_of(agency)
    return register.lead == agency or agency in asked or f"{AGENCY}{agency}" in named or register.clause in responsible


def may_work_on(user: User | None, case: Case) -> None:
    """Whoever sees a case and does not only read."""
    if user is None:
        return
    if user.role in READERS or not cases(user).filter(pk=case.pk).exists():
        raise PermissionDenied("a case is worked on by those who see it")


def open_cases(user: User) -> QuerySet[Case]:
    return cases(user).filter(ended_on__isnull=True)


def waiting(user: User) -> QuerySet[Case]:
    """我的待办: open cases that wait for this person's office, or have risen to it."""
    return open_cases(user).filter(people.waits_for(user))


def late(user: User) -> QuerySet[Case]:
    """逾期, oldest first."""
    return open_cases(user).filter(alarm__gte=Alarm.OVERDUE).order_by("due", "id")


class Tally(NamedTuple):
    """A register and how its cases stand."""

    register: Register
    open: int
    soon: int
    late: int
    ended: int


def seen_registers(user: User) -> list[Register]:
    """Every register the person sees."""
    return [one for one in registers().values() if user.role != Role.CLERK or has_part(one, user.agency_id)]


def tallies(user: User, name: str = "") -> list[Tally]:
    """Every register the person sees, or the named one, also those without a case: one query over an index."""
    is_open = Q(ended_on__isnull=True)
    found = cases(user).filter(register=name) if name else cases(user)
    rows = found.values("register").annotate(
        open=Count("register", filter=is_open),
        soon=Count("register", filter=is_open & Q(alarm=Alarm.WARNED)),
        late=Count("register", filter=is_open & Q(alarm__gte=Alarm.OVERDUE)),
        all=Count("register"),
    )
    counted = {row["register"]: row for row in rows.order_by()}
    none = {"open": 0, "soon": 0, "late": 0, "all": 0}
    told = [(one, counted.get(one.name, none)) for one in seen_registers(user) if name in ("", one.name)]
    return [Tally(one, row["open"], row["soon"], row["late"], row["all"] - row["open"]) for one, row in told]


class Way(NamedTuple):
    """A step out of a case's state, and why this person cannot take it now ("" when nothing is in the way)."""

    step: Step
    why_not: str
    who: str


def ways(case: Case, user: User, today: date) -> list[Way]:
    """Every step out of the present state, those that can be taken first."""
    register = case.declared
    found = [
        Way(step, why_not(case, step, user, today), people.in_words(step.by, register))
        for step in register.out_of(case.state)
    ]
    return sorted(found, key=lambda way: bool(way.why_not))


def asked(case: Case) -> QuerySet[Answer]:
    """The answers of the present round, given or waited for."""
    return case.answers.filter(pk__in=[one.pk for one in round_of(case)])
