"""One step for many cases, many subjects onto a register: each with its event in a transaction of its own.

A run that is cancelled or killed keeps what it has done; run again it goes on, for what is done is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from fenghuang.domain.casework import actions, queries
from fenghuang.domain.casework.ahead import Ahead, ahead
from fenghuang.domain.casework.code import Found, Search, finder_of
from fenghuang.domain.casework.filling import filled
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.steps import why_not
from fenghuang.law.registers import register as declared
from fenghuang.law.registers.declaration import Register, Step
from fenghuang.platform.accounts.models import User
from fenghuang.platform.refusals import Refused
from fenghuang.platform.remembered import remembering

AT_ONCE = 50  # more than these are done in the background
MOST = 5000  # cases of one run
Say = Callable[[int, int], None]  # done so far, of how many


class Outcome(NamedTuple):
    """What a run did: how many were done, and why others were not."""

    done: int
    refused: list[tuple[str, str]]  # title, sentence


def bulk_steps(register: Register, state: str) -> list[Step]:
    """Steps that many cases can take together: what asks for documents of each is taken one by one."""
    return [step for step in register.out_of(state) if not step.documents]


def ready(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all that says whether they can take a step, in a few queries however many they are."""
    return cases.select_related("unit", "firm", "plan").prefetch_related("answers", "plan__measures")


def preview(cases: Iterable[Case], step: Step, user: User, today: date) -> list[tuple[Case, str]]:
    """Each case with why it cannot take the step, "" when it can; those that can come first."""
    return sorted(((one, why_not(one, step, user, today)) for one in cases), key=lambda pair: bool(pair[1]))


def common(register: Register, step: Step, fields: Mapping[str, Any], reason: str, today: date) -> dict[str, Any]:
    """What is filled in for all cases, in smallest units; Refused for what no case could take."""
    told = filled(register, step.fields, step.may_fill, fields, {}, today)
    if step.reason and not reason.strip():
        raise Refused(f"“{step.title}”须填写理由")
    return told


class Foreseen(NamedTuple):
    """A case and what the step would do to it, or why it cannot take it."""

    case: Case
    way: Ahead | None
    why_not: str


def foresee(
    cases: Iterable[Case], step: Step, user: User, fields: Mapping[str, Any], reason: str, today: date
) -> list[Foreseen]:
    """Each case on its own, as the run will decide it; those that can come first. Nothing is changed."""
    found = [_foreseen(one, step, user, fields, reason, today) for one in cases]
    return sorted(found, key=lambda one: one.way is None)


def _foreseen(case: Case, step: Step, user: User, fields: Mapping[str, Any], reason: str, today: date) -> Foreseen:
    try:
        return Foreseen(case, ahead(case, step, user, today, fields=fields, documents=(), reason=reason), "")
    except Refused as fault:
        return Foreseen(case, None, str(fault))


@remembering()
def move_each(
    actor: User | None,
    seen: Mapping[int, int | None],
    step: str,
    reason: str,
    say: Say = lambda done, of: None,
    *,
    fields: Mapping[str, Any] | None = None,
) -> Outcome:
    """Take the step with each case; `seen` gives the version that the person saw of each, `fields` are for all.

    The limits the city set and the clerks who are told are looked up once for the whole run.
    """
    done, refused = 0, []
    for place, (pk, version) in enumerate(seen.items()):
        say(place, len(seen))
        try:
            actions.move(actor, pk, step, version=version, fields=fields, reason=reason)
            done += 1
        except Refused as fault:
            refused.append((Case.objects.get(pk=pk).title, fault.for_all))
    return Outcome(done, refused)


def search(register: Register, user: User) -> Search:
    """Whom the finder finds in the person's place, without those that are on the register already."""
    found = finder_of(register)(None if user.sees_all_units else user.unit_id)
    listed = set(queries.open_cases(user).filter(register=register.name).order_by().values_list("subject", flat=True))
    return Search(
        found.recording,
        [one for one in found.found if one.subject not in listed],
        [one for one in found.unknown if one.subject not in listed],
    )


@remembering()
def enter_each(
    actor: User | None, name: str, subjects: Sequence[str], found: Search, say: Say = lambda done, of: None, **more: Any
) -> Outcome:
    """Enter those of the subjects that the finder finds now; of the others the facts have changed."""
    known: dict[str, Found] = {one.subject: one for one in found.found}
    done, refused = 0, []
    for place, subject in enumerate(subjects):
        say(place, len(subjects))
        one = known.get(subject)
        try:
            if one is None:
                raise Refused(f"按现有数据已不在“{declared(name).title}”的筛查结果中，或已经列入")
            actions.enter(actor, name, one, recording=found.recording, **more)
            done += 1
        except Refused as fault:
            refused.append((one.title if one else subject, fault.for_all))
        except PermissionDenied:
            refused.append((one.title if one else subject, "不在您的辖区内"))
    return Outcome(done, refused)
