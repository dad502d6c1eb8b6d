"""A unit's year that was announced by decision: its grades are the grades of record, whatever would be computed today.

The floor above (campaign) says which years are announced; a refresh keeps them as its own runs and results, so that
every page, file and subsidy reads one grade, and a run says where its grades come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fenghuang.domain.evaluation.models import LawVersion, Refresh, Run

CALCULATED = "测算（未公布）"
ANNOUNCED = "公布"
NOT_IN_IT = "本单位本年度评价已经公布，这家企业不在公布的结果中"


class Announced(NamedTuple):
    """What stands: the scoring that was announced, on what it stood, and its results as they are kept."""

    campaign: int
    scoring: int
    number: int  # of the scoring
    unit: str
    year: int
    document: str
    recording: int
    method: LawVersion  # with the regrades by decision among its own
    results: Mapping[str, Mapping[str, Any]]  # by credit code
    counts: Mapping[str, Mapping[str, Any]]  # by scope

    @property
    def about(self) -> dict[str, Any]:
        """What a run keeps of it."""
        return {name: getattr(self, name) for name in ("campaign", "scoring", "number", "document")}


Standing = Mapping[tuple[str, int], Announced]  # by unit and data year


def fingerprint(standing: Standing) -> list[list[Any]]:
    """Which scorings a refresh stands on: another one makes a new refresh."""
    return sorted([unit, year, one.scoring] for (unit, year), one in standing.items())


def stored(one: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a result that was announced: every one as it was decided."""
    return {
        **{name: one[name] for name in ("status", "score", "rank", "group_size", "items")},
        "initial_grade": one["initial"],
        "grade": one["final"],
        "regrades": "；".join(one["chain"])[:300],
        "reason": one["reason"][:500],
    }


def origin(run: Run) -> str:
    """ "黄岩区 2021 年度评价，某文件公布，第 3 次计分", or that it is only calculated."""
    if not run.announced:
        return CALCULATED
    told = run.announced
    return f"{run.unit} {run.year} 年度评价，{told['document']}公布，第 {told['number']} 次计分"


def badge(run: Run) -> str:
    """The origin in a word or two."""
    return ANNOUNCED if run.announced else CALCULATED


def changed_since(refresh: Refresh, standing: Iterable[Any]) -> list[Any]:
    """Of the announced scorings (unit_id, year, pk) those that the refresh has not seen."""
    seen = {tuple(one) for one in refresh.announced}
    return [one for one in standing if (one.campaign.unit_id, one.campaign.year, one.pk) not in seen]


def of_units(runs: Iterable[Run]) -> dict[str, list[str]]:
    """Names of units by the word of their origin, each once."""
    found: dict[str, list[str]] = {ANNOUNCED: [], CALCULATED: []}
    for run in runs:
        names = found[badge(run)]
        if run.unit.name not in names:
            names.append(run.unit.name)
    return found
