"""What a firm's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh, Result
from fenghuang.domain.incentives import queries as incentives
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry import queries as registry
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.language.record import Record, Source
from fenghuang.law.methods.facts import FACTS

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

# (fact, decimals inside, decimals shown, unit) in the order of the page.
SHOWN = [
    ("tax", 2, 2, "元"),
    ("local_contribution", 2, 2, "元"),
    ("revenue", 2, 2, "元"),
    ("value_added", 2, 2, "元"),
    ("rnd_expense", 2, 2, "元"),
    ("land_mu", 4, 4, "亩"),
    ("electricity_kwh", 0, 0, "千瓦时"),
    ("energy_tce", 4, 4, "吨标准煤"),
    ("emission_t", 6, 6, "吨"),
    ("employees", 0, 0, "人"),
]
TITLES = {**{name: fact.title for name, fact in FACTS.items()}, "local_contribution": "地方贡献"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A fact of a year with the rows it came from."""

    year: int
    value: int | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A fact over the years."""

    name: str
    title: str
    unit: str
    decimals: int
    shown: int
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its explanation."""

    decision: Decision
    title: str
    record: Record


def context(user: User, firm: Firm, refresh: Refresh | None, year: int | None) -> dict[str, Any]:
    """Facts as known today; grade and subsidies as decided in the latest refresh."""
    years = list(registry.firm_years(user, firm).order_by("-year"))
    results = {r.year: r for r in _results(user, firm, refresh)}
    chosen = year if year in results else max(results, default=None)
    result = results.get(chosen) if chosen is not None else None
    return {
        "firm": firm,
        "names": list(firm.names.order_by("first_year")),
        "years": [y.year for y in years],
        "lines": lines(years),
        "findings": registry.findings(user, firm),
        "refresh": refresh,
        "results": sorted(results.values(), key=lambda r: -r.year),
        "result": result,
        "year": chosen,
        "why": evaluation.explain(result) if result and result.run.scope else None,
        "decided": decided(user, firm, refresh),
        "projects": registry.projects(user, firm),
    }


def _results(user: User, firm: Firm, refresh: Refresh | None) -> list[Result]:
    if refresh is None:
        return []
    found = evaluation.results(user, refresh).filter(firm=firm)
    return list(found.select_related("run__method", "run__refresh", "run__unit", "firm", "unit", "refresh"))


def lines(years: list[FirmYear]) -> list[Line]:
    """Every fact, newest year first."""
    sources = {year.pk: registry.sources(year) for year in years}
    return [
        Line(
            name,
            TITLES[name],
            unit,
            decimals,
            shown,
            [Cell(y.year, getattr(y, name), sources[y.pk].get(name, ())) for y in years],
        )
        for name, decimals, shown, unit in SHOWN
    ]


def decided(user: User, firm: Firm, refresh: Refresh | None) -> list[Decided]:
    """The firm's decisions, newest year first, each explained."""
    if refresh is None:
        return []
    found = (
        incentives.decisions(user, refresh)
        .filter(firm=firm)
        .select_related(
            "project__raw_row__delivery", "policy", "refresh", "graded_by__firm", "graded_by__refresh",
            "graded_before_by__firm", "graded_before_by__refresh",
        )  # fmt: skip
        .order_by("-year", "project__code", "rule")
    )
    explained = []
    for decision in found:
        record = incentives.explain(decision)
        explained.append(Decided(decision, record.title, record))
    return explained
