"""What the page of one case shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from fenghuang.domain.casework import basis, people, planning, queries, wording
from fenghuang.domain.casework.filling import shown
from fenghuang.domain.casework.inputs import Input, inputs
from fenghuang.domain.casework.models import Answer, Case, Measure, Plan
from fenghuang.domain.casework.queries import READERS
from fenghuang.domain.ledger.queries import entries_from
from fenghuang.law.document import documents
from fenghuang.law.registers.declaration import Step
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.evidence import HINT


class Move(NamedTuple):
    """A step as the page offers it: its inputs, or why it cannot be taken now."""

    step: Step
    who: str
    why_not: str
    needed: list[Input]
    may_fill: list[Input]
    reason: str
    back: bool  # leads to an end that is no exit, or asks for a reason: drawn as the lesser button


class Asked(NamedTuple):
    """One agency of a joint state, what it said, and whether this person may answer for it."""

    agency: str
    name: str
    answer: Answer
    said: str
    mine: bool


def context(case: Case, user: User, typed: Mapping[str, Any] | None = None, at: str = "") -> dict[str, Any]:
    """Everything; `typed` is what was sent to the form `at` and could not be taken."""
    today = timezone.localdate()
    typed = typed or {}
    may_work = user.role not in READERS
    return {
        "case": case,
        "register": case.declared,
        "lead": documents()[case.declared.pack].agencies.get(case.declared.lead, ""),
        "due": wording.due(case, today),
        "next_is": wording.next_is(case),
        "moves": moves(case, user, today, typed, at),
        "asked": asked(case, user),
        "filled": wording.filled_in(case.declared, case.fields),
        "leaving": basis.leaving(case, user),
        "basis": basis.of_entry(case, user),
        "plan": plan(case),
        "may_plan": may_plan(case, user),
        "measures": measures(case, user, today),
        "groups": groups(case, user, typed, at),
        "credited": entries_from(user, "casework.case", str(case.pk)) if not case.is_open else [],
        "timeline": basis.of_steps(wording.timeline(case, user), case, user),
        "may_work": may_work,
        "may_files": may_read_files(user),
        "may_manage": case.is_open and people.may(user, ("county",), case),
        "may_reopen": not case.is_open and case.declared.reopen and people.may(user, case.declared.reopen.by, case),
        "typed": typed,
        "at": at,
        "types": HINT,
        "today": today,
        "is_demo": wording.is_demo(),
    }


def moves(case: Case, user: User, today: date, typed: Mapping[str, Any], at: str) -> list[Move]:
    """Every step out of the present state."""
    register = case.declared
    found = []
    for way in queries.ways(case, user, today) if case.is_open else []:
        said = typed if at == way.step.name else {}
        fields = {key.removeprefix("f-"): value for key, value in said.items() if key.startswith("f-")}
        found.append(
            Move(
                way.step,
                way.who,
                way.why_not.removeprefix(f"“{way.step.title}”"),  # the page names the step before it
                inputs(register.fields, way.step.fields, case.fields, fields, needed=True),
                inputs(register.fields, way.step.may_fill, case.fields, fields, needed=False),
                said.get("reason", ""),
                way.step.reason,
            )
        )
    returns = {end.name for end in register.ends if not end.shown_by}
    return sorted(found, key=lambda one: (bool(one.why_not), one.step.after in returns))  # the way on stands first


def asked(case: Case, user: User) -> list[Asked]:
    """The round of the present state."""
    joint = case.at.joint
    if joint is None or not case.is_open:
        return []
    names = documents()[case.declared.pack].agencies
    return [
        Asked(
            one.agency,
            names[one.agency],
            one,
            joint.answers.get(one.answer, ""),
            not one.answer and people.may(user, (f"agency:{one.agency}",), case),
        )
        for one in queries.asked(case).select_related("by")
    ]


def plan(case: Case) -> dict[str, Any] | None:
    """The plan with its figures in words."""
    one: Plan | None = getattr(case, "plan", None)
    declared = case.declared.plan
    if one is None or declared is None:
        return None
    figures = [(field.title, shown(field, one.planned.get(name))) for name, field in declared.figures.items()]
    return {"plan": one, "figures": figures}


def may_plan(case: Case, user: User) -> bool:
    """Whether the person may write the plan now."""
    declared = case.declared.plan
    return bool(declared and case.state in declared.written_in and people.may(user, planning.WRITERS, case))


def measures(case: Case, user: User, today: date) -> list[dict[str, Any]]:
    """The measures of the plan; `mine` when the person may say that one is done."""
    one: Plan | None = getattr(case, "plan", None)
    if one is None:
        return []
    agencies = documents()[case.declared.pack].agencies
    found = []
    for measure in one.measures.select_related("done_by"):
        mine = case.is_open and not measure.done_on and not measure.dropped and people.may(user, _doers(measure), case)
        late = not measure.done_on and not measure.dropped and measure.due < today
        agency = agencies.get(measure.agency, planning.TOWNSHIP)
        found.append({"measure": measure, "agency": agency, "mine": mine, "late": late})
    return found


def groups(case: Case, user: User, typed: Mapping[str, Any], at: str) -> list[dict[str, Any]]:
    """The things of a case by group, and what this person may do with them."""
    if not case.declared.parts:
        return []
    every = list(case.parts.select_related("settled_by"))
    found = []
    for name, declared in case.declared.parts.items():
        said = typed if at == f"part-{name}" else {}
        fields = {key.removeprefix("f-"): value for key, value in said.items() if key.startswith("f-")}
        may_settle = bool(declared.settled) and case.is_open and people.may(user, declared.settled_by, case)
        found.append(
            {
                "declared": declared,
                "lines": [
                    {
                        "part": one,
                        "filled": [
                            (field.title, shown(field, one.fields.get(key))) for key, field in declared.fields.items()
                        ],
                        "mine": may_settle and not one.settled_on and not one.dropped,
                    }
                    for one in every
                    if one.group == name
                ],
                "may_add": case.is_open and case.state in declared.added_in and people.may(user, declared.by, case),
                "inputs": inputs(declared.fields, declared.fields, {}, fields, needed=True),
                "title": said.get("title", ""),
                "due": said.get("due", ""),
            }
        )
    return found


def _doers(measure: Measure) -> tuple[str, ...]:
    return (*planning.WRITERS, f"agency:{measure.agency}") if measure.agency else planning.WRITERS


def may_read_files(user: User) -> bool:
    """Files of a case may tell taxes: whoever works on it or audits it reads them, not who runs the machines."""
    return user.role != Role.OPERATOR and (user.seen_by is None or user.seen_by.role != Role.OPERATOR)
