"""Save a scenario's next version; write its result, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from fenghuang.domain.evaluation.actions import version_of_method, version_of_pack
from fenghuang.domain.evaluation.methods import Chosen
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.whatif import compute
from fenghuang.domain.whatif.models import Scenario, Version
from fenghuang.engines import whatif
from fenghuang.engines.door import Fault, Faulty
from fenghuang.engines.whatif.regrade import method_of
from fenghuang.law.methods.reading import packaged
from fenghuang.law.pack import packs
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.jobs.actions import enqueue


@transaction.atomic
def save(
    actor: User | None,
    refresh: Refresh,
    year: int,
    document: Mapping[str, Any],
    search: Mapping[str, Any] | None = None,
) -> Version:
    """The next version of the scenario of this title. Without a method the result is there at once, else a job finds
    it. Faulty lists what cannot be used; nothing is kept then."""
    require(actor, "accounts.make_whatif")
    variant = whatif.read(document)
    if variant.method and variant.method not in packaged():
        raise Faulty([Fault("method", variant.method, f"可选 {'、'.join(packaged())}")])
    if not (variant.parameters or variant.readings or variant.method or search):
        raise Faulty([Fault("", "", "方案与现行政策没有不同：请至少改动一项参数、口径或方法，或给出预算反推")])
    pack = packs()[variant.policy]
    scenario, _ = Scenario.objects.get_or_create(name=variant.title)
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    last = scenario.versions.order_by("-number").first()
    version = Version.objects.create(
        scenario=scenario,
        number=last.number + 1 if last else 1,
        author=actor,
        year=year,
        refresh=refresh,
        policy=version_of_pack(pack),
        method=version_of_method(Chosen(method_of(variant.method), borrowed=False)) if variant.method else None,
        variant=variant.as_document(),
        search=dict(search) if search else None,
    )
    if version.method:
        version.job = enqueue("whatif.compute", f"推演：{version}", actor=actor, arguments={"version": version.pk})
        version.save(update_fields=["job"])
    else:
        version.result = compute.result(version)
        version.save(update_fields=["result"])
    after = {"variant": version.variant, "search": version.search, "year": year, "refresh": refresh.pk}
    record("whatif.save", actor=actor, subject=version, after={**after, "policy": pack.sha256})
    return version


@transaction.atomic
def complete(version: Version, found: dict[str, Any], actor: User | None) -> Version:
    """Write the result that a job found; what is written is never written again."""
    require(actor, "accounts.make_whatif")
    version = Version.objects.select_for_update().get(pk=version.pk)
    if version.result is None:
        version.result = found
        version.save(update_fields=["result"])
        record("whatif.complete", actor=actor, subject=version, after={"difference": found["total"]["difference"]})
    return version
