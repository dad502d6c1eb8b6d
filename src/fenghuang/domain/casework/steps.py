"""Whether a step can be taken now, and if not, why: the declaration against the case, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fenghuang.domain.casework import code, people
from fenghuang.domain.casework.models import Answer, Case
from fenghuang.law.document import documents
from fenghuang.law.registers.declaration import Step
from fenghuang.law.registers.soundness import opens
from fenghuang.platform.accounts.models import User

# What every register knows besides its own steps: name and title.
PAUSE, RESUME, REOPEN = ("pause", "暂停计时"), ("resume", "恢复计时"), ("reopen", "重新办理")


def why_not(case: Case, step: Step, actor: User | None, today: date) -> str:
    """Why the person cannot take the step now; "" when nothing is in the way."""
    return next(_reasons(case, step, actor, today), "")


def _reasons(case: Case, step: Step, actor: User | None, today: date) -> Iterator[str]:
    register = case.declared
    if case.state not in step.before:
        places = "、".join(f"“{register.states[one].title}”" for one in step.before)
        yield f"“{step.title}”只能在{places}时办理，现在是“{case.at.title}”"
    if not people.may(actor, step.by, case):
        yield f"“{step.title}”由{people.in_words(step.by, register)}办理"
    if case.paused_since:
        yield f"计时自 {case.paused_since} 起暂停，请先恢复"
    yield from _answered(case, step)
    if step.needs_plan and not planned(case):
        yield "还没有方案：请写明存在问题、整治目标和至少一项措施"
    for group in step.settled:
        yield from _settled(case, group)
    for name in step.guards:
        if sentence := code.guard_of(name)(case, today):
            yield sentence


def _settled(case: Case, group: str) -> Iterator[str]:
    parts = case.declared.parts[group]
    standing = list(case.parts.filter(group=group, dropped=""))
    if not standing:
        yield f"还没有登记{parts.title}"
    if left := [one.title for one in standing if one.settled_on is None]:
        yield f"还有 {len(left)} 项没有“{parts.settled}”：{'、'.join(left[:5])}"


def planned(case: Case) -> bool:
    """Whether there is a plan with at least one measure."""
    plan = getattr(case, "plan", None)
    return plan is not None and any(not one.dropped for one in plan.measures.all())


def round_of(case: Case) -> list[Answer]:
    """The answers of the latest round, given or waited for. A pause in between does not end a round.

    Lists of cases bring their answers along (`prefetch_related("answers")`): nothing is asked a case.
    """
    every = list(case.answers.all())
    latest = max((one.movement_id for one in every), default=0)
    return [one for one in every if one.movement_id == latest]


def _answered(case: Case, step: Step) -> Iterator[str]:
    """A joint state is left by its agencies' answers, all of them; a return needs none."""
    joint = case.at.joint
    if joint is None or step.when is None:
        return
    answers = round_of(case)
    names = documents()[case.declared.pack].agencies
    if waiting := [names[one.agency] for one in answers if not one.answer]:
        yield f"还有 {len(waiting)} 个部门没有答复：{'、'.join(waiting)}"
    given = {one.answer for one in answers}
    if not opens(step, given):
        said = "、".join(f"{names[one.agency]}“{joint.answers[one.answer]}”" for one in answers)
        how = "全部答复" if step.when.how == "all" else "至少一个部门答复"
        yield f"“{step.title}”须{how}“{joint.answers[step.when.answer]}”；现在是：{said}"
