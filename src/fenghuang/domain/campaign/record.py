"""The grades of record: a year that is published or frozen stands as it was decided, in every page and subsidy.

A refresh takes them as its own results (evaluation/announced.py); what is not announced is calculated and says so.
"""

from __future__ import annotations

import json

from django.db.models import OuterRef, QuerySet, Subquery

from fenghuang.domain.campaign import scoring
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Scoring
from fenghuang.domain.evaluation.actions import version_of_method
from fenghuang.domain.evaluation.announced import Announced, changed_since
from fenghuang.domain.evaluation.methods import Chosen
from fenghuang.domain.evaluation.models import LawVersion, Refresh

ANNOUNCED = (State.PUBLISHED, State.FROZEN)


def of_record() -> QuerySet[Scoring]:
    """The last scoring of every campaign that is published or frozen."""
    last = Scoring.objects.filter(campaign=OuterRef("campaign")).order_by("-number").values("pk")[:1]
    found = Scoring.objects.filter(campaign__state__in=ANNOUNCED, pk=Subquery(last))
    return found.select_related("campaign__unit").order_by("campaign__year", "campaign__unit__order")


def standing() -> dict[tuple[str, int], Announced]:
    """What a refresh takes as it stands, by unit and data year."""
    found = of_record().select_related("campaign__unit", "method", "regrades", "results")
    return {(one.campaign.unit_id, one.campaign.year): _announced(one) for one in found}


def _announced(one: Scoring) -> Announced:
    return Announced(
        campaign=one.campaign_id,
        scoring=one.pk,
        number=one.number,
        unit=one.campaign.unit_id,
        year=one.campaign.year,
        document=one.campaign.decided_by,
        recording=one.recording_id,
        method=_with_regrades(one),
        results={row["uscc"]: row for row in json.loads(one.results.text)},
        counts={row["scope"]: row for row in one.counts},
    )


def _with_regrades(one: Scoring) -> LawVersion:
    """The method as it decided: with the regrades among its own, so that the explanation runs it again."""
    regrades = json.loads(one.regrades.text)
    if not regrades:
        return one.method
    return version_of_method(Chosen(scoring.regraded(json.loads(one.method.content), regrades), borrowed=False))


def unseen(refresh: Refresh | None) -> list[Scoring]:
    """Announced since the refresh: its grades and subsidies are not yet those of record."""
    return changed_since(refresh, of_record()) if refresh else []
