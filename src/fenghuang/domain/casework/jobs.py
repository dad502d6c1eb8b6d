"""Large runs of casework in the background: many steps, many entries, the alarms of the night."""

from __future__ import annotations

from typing import Any

from fenghuang.domain.casework import bulk
from fenghuang.law.registers import register as declared
from fenghuang.platform.accounts.models import User
from fenghuang.platform.jobs.actions import progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job

EVERY = 20  # cases between two looks whether somebody cancelled
MOST_TOLD = 200


@job("casework.move")
def run_move(
    job: Job, *, seen: dict[str, int], step: str, reason: str, user: int, fields: dict[str, str] | None = None
) -> dict[str, Any]:
    """One step for many cases, with the same fields for all and the rights the person has now."""
    actor, versions = User.objects.get(pk=user), {int(pk): version for pk, version in seen.items()}
    outcome = bulk.move_each(actor, versions, step, reason, _say(job), fields=fields)
    return _told(job, outcome, "办理")


@job("casework.enter")
def run_enter(job: Job, *, name: str, subjects: list[str], user: int) -> dict[str, Any]:
    """Many subjects onto a register, as the facts say now."""
    actor = User.objects.get(pk=user)
    progress(job, 1, f"按现有数据筛查“{declared(name).title}”")
    found = bulk.search(declared(name), actor)
    return _told(job, bulk.enter_each(actor, name, subjects, found, _say(job)), "列入")


def _say(job: Job) -> bulk.Say:
    """Progress, between the transactions of two cases: here a cancelled job stops."""

    def say(done: int, of: int) -> None:
        if done % EVERY == 0:
            progress(job, 2 + 96 * done // max(of, 1), f"已处理 {done:,} / {of:,} 件" if done else "")

    return say


def _told(job: Job, outcome: bulk.Outcome, what: str) -> dict[str, Any]:
    for title, sentence in outcome.refused[:MOST_TOLD]:
        progress(job, 98, f"{title}：{sentence}")
    progress(
        job, 99, f"{what} {outcome.done:,} 件" + (f"，{len(outcome.refused):,} 件未办理" if outcome.refused else "")
    )
    return {"done": outcome.done, "refused": len(outcome.refused)}
