"""What a step would do to a case: all that it asks for is checked, nothing is changed.

The step itself goes by it, and so does every preview: what a preview promises is what the step does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from fenghuang.domain.casework import code, deadlines, quiet
from fenghuang.domain.casework.asking import asked
from fenghuang.domain.casework.filling import filled
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.steps import why_not
from fenghuang.law.registers.declaration import Step
from fenghuang.platform.accounts.models import User
from fenghuang.platform.refusals import Refused


class Ahead(NamedTuple):
    """What is filled in, in smallest units; what the facts and the rules show; until when it may stay afterwards."""

    told: dict[str, Any]
    shown: dict[str, Any]
    due: deadlines.Due


def ahead(
    case: Case,
    step: Step,
    actor: User | None,
    today: date,
    *,
    fields: Mapping[str, Any],
    documents: Collection[str],
    reason: str,
) -> Ahead:
    """The step with these fields as typed and documents by title; Refused says what is in its way."""
    if sentence := why_not(case, step, actor, today):
        raise Refused(sentence)
    _needs_words(step, reason, documents)
    told = filled(case.declared, step.fields, step.may_fill, fields, case.fields, today)
    then = {**case.fields, **told}
    rules = asked(case, step, then, today)
    shown = _shown(case, step, actor) | ({"rules_asked": rules} if rules else {})
    return Ahead(told, shown, _due(case, step, then, today))


def _needs_words(step: Step, reason: str, documents: Collection[str]) -> None:
    if step.reason and not reason.strip():
        raise Refused(f"“{step.title}”须填写理由")
    if lacking := [title for title in step.documents if title not in documents]:
        raise Refused(f"“{step.title}”须附：{'、'.join(lacking)}")


def _shown(case: Case, step: Step, actor: User | None) -> dict[str, Any]:
    """An exit is shown on the facts, whoever takes the step: unknown is not shown."""
    end = case.declared.states[step.after]
    if not end.shown_by:
        return {}
    shown = code.shown(end.shown_by, case)
    if not shown.holds:
        mine = quiet.told(shown.sentence, shown.facts, actor, case.unit_id)
        all_ = quiet.told_to_all(shown.sentence, shown.facts)
        raise Refused(f"不能“{step.title}”：{mine}", f"不能“{step.title}”：{all_}")
    return {"by": end.shown_by, "sentence": shown.sentence, **shown.facts}


def _due(case: Case, step: Step, fields: dict[str, Any], today: date) -> deadlines.Due:
    """A case that stays keeps its clock, unless the date that its limit counts from was filled in anew."""
    if step.after != case.state:
        return deadlines.entering(case.declared, step.after, fields, today)
    limit = case.at.limit
    if limit is None or limit.is_set or case.paused_since:
        return deadlines.Due(case.due, case.due_estimated)
    return deadlines.due(case.declared, case.state, fields, today)
