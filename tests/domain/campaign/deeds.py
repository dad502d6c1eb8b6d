"""What processes do to campaigns (processes.py): begun by one, killed or met by others, looked at afterwards."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from campaigns import LATER, MONDAY, begun, carried, confirmed
from deliveries import code, firm, workbook

CODES = [code(5000 + 41 * number) for number in range(10)]
WORKER = "the one that dies"
ELSEWHERE = [code(9000 + 41 * number, "331003") for number in range(4)]


def prepare(until: str) -> int:
    """Firms of 椒江 and 黄岩, a campaign of each carried along, two officials; the number of the first campaign."""
    from fenghuang.domain.registry.actions import import_files
    from fenghuang.platform.accounts.actions import create_user

    told = {"above_scale": "否", "revenue": 100_000, "value_added": 30_000}
    sheets = {
        "directory": [firm(c, **told) for c in CODES] + [firm(c, unit="黄岩区", **told) for c in ELSEWHERE],
        "tax": [{"uscc": c, "tax": 1_000_000 - 50_000 * n} for n, c in enumerate(CODES)],
        "parcels": [{"uscc": c, "reference": f"P{n}", "amount": 10} for n, c in enumerate(CODES)],
        "meters": [{"uscc": c, "reference": f"M{n}", "amount": 1_000_000} for n, c in enumerate(CODES)],
    }
    with TemporaryDirectory() as folder:
        import_files([workbook(Path(folder) / "交付.xlsx", *sheets.items())])
    for username, name in (("chen", "陈"), ("qian", "钱")):
        create_user(username, "Tenglong-Huanniao-27", role="city_official", display_name=name)
    first, second = (carried(begun(unit), until) for unit in ("331002", "331003"))
    if until == "to_townships":
        for campaign in (first, second):
            confirmed(campaign)
    assert second.pk > first.pk
    return first.pk


def person(username: str) -> Any:
    from fenghuang.platform.accounts.models import User

    return User.objects.get(username=username)


def advance(name: str, pk: int, username: str = "chen", version: int | None = None) -> str:
    """Along an arrow; where it stands then."""
    from fenghuang.domain.campaign.actions import advance

    document = "政府常务会议〔2023〕5 号"
    return advance(person(username), pk, name, version=version, document=document, today=LATER).state


def bulk(name: str) -> int:
    """The page's step for all campaigns ticked: the status of the answer."""
    from django.test import Client

    from fenghuang.domain.campaign.models import Campaign

    client = Client(SERVER_NAME="localhost")
    client.force_login(person("chen"), backend="django.contrib.auth.backends.ModelBackend")
    ticked = {f"version-{one.pk}": one.version for one in Campaign.objects.all()}
    given = {"name": name, "year": 2022, "campaign": list(Campaign.objects.values_list("pk", flat=True)), **ticked}
    return client.post("/campaigns/bulk", given).status_code


def seen() -> dict[str, Any]:
    """Everything that a campaign's step writes, but its times; and that the log's chain holds."""
    from django.db.models import Count

    from fenghuang.domain.campaign.models import Campaign, Content, Grade, Regrade, Scoring
    from fenghuang.platform.audit.log import verify
    from fenghuang.platform.audit.models import Event

    assert verify().ok
    fields = ("unit_id", "state", "version", "seal", "changed_by__username")
    events = Event.objects.filter(action__startswith="campaign.").order_by("subject_id", "action")
    return {
        "campaigns": list(Campaign.objects.order_by("pk").values_list(*fields)),
        "scorings": list(Scoring.objects.order_by("pk").values_list("campaign_id", "number", "results_id")),
        "grades": Grade.objects.count(),
        "contents": sorted(Content.objects.values_list("pk", flat=True)),
        "regrades": list(Regrade.objects.order_by("pk").values_list("firm__uscc", "reason", "withdrawn_by__username")),
        "events": list(events.values_list("subject_id", "action").annotate(n=Count("pk"))),
    }


def replayed(pk: int) -> list[str]:
    """What the frozen campaign computed again has different."""
    from fenghuang.domain.campaign.models import Campaign
    from fenghuang.domain.campaign.replay import replay

    return replay(Campaign.objects.get(pk=pk)).differences


def version(pk: int) -> int:
    from fenghuang.domain.campaign.models import Campaign

    return Campaign.objects.get(pk=pk).version


def regrade(pk: int, username: str, kind: str, reason: str) -> None:
    """Of the fifth firm, as somebody who saw it without a regrade."""
    from fenghuang.domain.campaign import objecting
    from fenghuang.domain.registry.models import Firm
    from fenghuang.platform.evidence import proof

    given = {"clause": "第六条", "document": "台经信〔2023〕9 号", "proof": proof("批复.pdf", b"%PDF-1.7 ...")}
    one = Firm.objects.get(uscc=CODES[4])
    objecting.regrade(person(username), pk, one, kind=kind, to="", reason=reason, seen=None, **given)


def object_(pk: int, username: str) -> None:
    """Within the period."""
    from fenghuang.domain.campaign import objecting
    from fenghuang.domain.registry.models import Firm
    from fenghuang.platform.evidence import proof

    one = Firm.objects.get(uscc=CODES[4])
    evidence = proof("证明.pdf", b"%PDF-1.7 ...")
    objecting.file_objection(person(username), pk, one, "land_mu", "多算", evidence, today=MONDAY)


def waiting(pk: int) -> tuple[int, int]:
    """Objections and their events."""
    from fenghuang.domain.campaign.models import Objection
    from fenghuang.platform.audit.models import Event

    return Objection.objects.filter(campaign=pk).count(), Event.objects.filter(action="campaign.object").count()


def ask_for_notices(pk: int) -> int:
    """All of the campaign as PDF, begun by a worker: the number of the job."""
    from fenghuang.domain.campaign.models import Campaign
    from fenghuang.domain.campaign.notices import request_all
    from fenghuang.platform.jobs.actions import start

    job = request_all(person("chen"), Campaign.objects.get(pk=pk), "pdf")
    start(job.pk, WORKER)
    return job.pk


def write_notices_and_die(job: int) -> None:
    """Killed when the first notice is in the file and the second begun."""
    from fenghuang.domain.campaign.jobs import run_notices
    from fenghuang.platform.documents import forms
    from fenghuang.platform.jobs.models import Job

    begun = iter(range(10))

    def made(document: Any, form: str) -> bytes:
        if next(begun):
            os.kill(os.getpid(), signal.SIGKILL)
        return b"%PDF" * 10_000

    forms.made = made
    of_job = Job.objects.get(pk=job)
    run_notices(of_job, **of_job.arguments)


def bury(job: int) -> tuple[int, str, str]:
    """After the worker's death: jobs buried, the job's state and file."""
    from fenghuang.platform.jobs import actions
    from fenghuang.platform.jobs.models import Job

    buried, found = actions.bury([WORKER]), Job.objects.get(pk=job)
    return buried, str(found.state), found.result_file.name


def files() -> list[str]:
    """All that lie in the home."""
    from django.conf import settings

    return sorted(str(path.relative_to(settings.HOME)) for path in settings.HOME.rglob("*") if path.is_file())
