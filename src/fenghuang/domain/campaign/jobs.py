"""All notices of a campaign as background work."""

from __future__ import annotations

import tempfile
from typing import Any

from django.conf import settings

from fenghuang.domain.campaign.models import Scoring
from fenghuang.domain.campaign.notices import write_all
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.documents.anchor import end_of_log
from fenghuang.platform.jobs.actions import attach_stream, progress
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.registry import job

SAID_EVERY = 100  # notices


@job("campaign.notices", own_file=True)
def run_notices(job: Job, *, scoring: int, form: str, user: int) -> dict[str, Any]:
    """Written to a file without a name, which is gone with the process: what breaks off leaves nothing behind."""
    made = Scoring.objects.select_related("campaign__unit", "method", "policy").get(pk=scoring)
    campaign, person = made.campaign, User.objects.get(pk=user)
    require(person, "accounts.change", campaign.unit_id)  # as it is now, not as it was when asked
    require(person, "accounts.see_sensitive", campaign.unit_id)
    total = made.grades.count()
    progress(job, 1, f"重算{made}并与存档核对")

    def say(done: int) -> None:
        if done % SAID_EVERY == 0:
            progress(job, 2 + 96 * done // max(total, 1), f"已生成 {done:,} / {total:,} 份")

    with tempfile.TemporaryFile(dir=settings.HOME) as file:
        count = write_all(made, form, file, end_of_log(), say)
        file.seek(0)
        attach_stream(job, f"{campaign.unit_id}-{campaign.year}-{made.number}-{form}.zip", file)
    progress(job, 99, f"已生成 {count:,} 份，可下载")
    return {"notices": count, "scoring": made.number, "form": form}
