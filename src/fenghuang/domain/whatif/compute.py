"""The population as incentives computed it, and a version's result: the same again whenever it is asked for."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import polars as pl

from fenghuang.domain.evaluation.actions import last_day, run_method
from fenghuang.domain.evaluation.methods import Chosen
from fenghuang.domain.evaluation.models import Refresh, Result
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.industries import division
from fenghuang.domain.registry.models import FirmYear
from fenghuang.domain.registry.snapshot import facts
from fenghuang.domain.whatif.models import Version
from fenghuang.engines import batch, whatif
from fenghuang.engines.door import Fault, Faulty
from fenghuang.engines.whatif import Given, People
from fenghuang.engines.whatif.people import UNKNOWN
from fenghuang.language.types import GRADES
from fenghuang.law.methods.faults import UnusableError
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import from_document
from fenghuang.law.methods.scope_run import MARKED
from fenghuang.law.pack import Pack, packs
from fenghuang.platform.accounts.models import Unit

SIZES = {True: "规上", False: "规下", None: UNKNOWN}
Projects = list[dict[str, Any]]  # one a project: code, title, uscc, name, unit, firm


def rules_of(refresh: Refresh, year: int) -> list[str]:
    """The rules that the year's projects applied for, in the order of the law."""
    made = Decision.objects.filter(refresh=refresh, year=year)
    asked = set(made.order_by().values_list("rule", flat=True).distinct())
    return [rule for rule in packs()[refresh.policy.name].rules if rule in asked]


def population(pack: Pack, refresh: Refresh, year: int) -> tuple[People, Projects]:
    """Every project with a decision: what the rules read is what the decisions store, to the last digit."""
    rows = (
        Decision.objects.filter(refresh=refresh, year=year)
        .order_by("project__code", "project_id", "rule")
        .values_list(
            *("rule", "inputs", "project_id", "project__code", "project__title"),
            *("firm_id", "firm__uscc", "firm__name", "unit__name"),
        )
    )
    places: dict[int, int] = {}
    projects: Projects = []
    read: dict[str, tuple[list[int], list[dict[str, Any]]]] = {}
    for rule, inputs, project, code, title, firm, uscc, name, unit in rows.iterator(chunk_size=5000):
        if project not in places:
            places[project] = len(projects)
            projects.append({"code": code, "title": title, "firm": firm, "uscc": uscc, "name": name, "unit": unit})
        where, values = read.setdefault(rule, ([], []))
        where.append(places[project])
        values.append(inputs)

    def given(rule: str) -> Given:
        where, values = read.get(rule, ([], []))
        kinds = pack.rules[rule].inputs
        columns = {
            name: pl.Series(name, [v[name] for v in values], dtype=batch.dtype_of(kinds[name])) for name in kinds
        }
        return Given(pl.Series(where, dtype=pl.Int64), pl.DataFrame(columns))

    return People(_about(projects, refresh, year), range(1, len(projects) + 1), given), projects


def _about(projects: Projects, refresh: Refresh, year: int) -> pl.DataFrame:
    """County, industry, size and grade of every project's firm as the refresh knew them."""
    firms = Decision.objects.filter(refresh=refresh, year=year).values("firm_id")
    years = FirmYear.objects.as_of(refresh.recording_id).filter(year=year, firm_id__in=firms)
    known = {
        firm: (industry, above) for firm, industry, above in years.values_list("firm_id", "industry", "above_scale")
    }
    results = Result.objects.filter(refresh=refresh, year=year, firm_id__in=firms)
    grades = {f: g or Result.Status(s).label for f, g, s in results.values_list("firm_id", "grade", "status")}
    lines = [(one, *known.get(one["firm"], ("", None)), grades.get(one["firm"], "未评价")) for one in projects]
    columns = {
        "id": [str(place) for place in range(len(projects))],
        "x_county": [one["unit"] or UNKNOWN for one, *_ in lines],
        "x_industry": [f"{code[:2]} {division(code)}".strip() if code else UNKNOWN for _, code, _, _ in lines],
        "x_size": [SIZES[above] for _, _, above, _ in lines],
        "grade": [grade for *_, grade in lines],
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def regraded(method: Method, projects: Projects, refresh: Refresh, year: int) -> pl.Series:
    """The grade of every project's firm under another method, applied in every unit to the refresh's own facts."""
    grades: dict[int, int | None] = {}
    for unit in Unit.objects.order_by("order"):
        part = facts(year, refresh.recording_id, unit=unit.pk)
        if not len(part):
            continue
        try:
            found = run_method(Chosen(method, borrowed=False), part, year)
        except UnusableError as error:
            said = [Fault("method", method.id, f"{unit}的数据不能按这个方法重新评级：{f}") for f in error.faults]
            raise Faulty(said) from error
        for place, firm in enumerate(part.firms):
            one = found.firm(place)
            grades[firm] = None if one.status == MARKED else GRADES.index(one.grade or "ungraded")
    return pl.Series("grade", [grades.get(one["firm"]) for one in projects], dtype=pl.Int64)


def result(version: Version) -> dict[str, Any]:
    """What the version's variant does to its population, as it is stored. Amounts in 分. Faulty for what cannot be."""
    pack = packs()[version.policy.name]
    variant = whatif.read(version.variant)
    rules = rules_of(version.refresh, version.year)
    people, projects = population(pack, version.refresh, version.year)
    grades = None
    if version.method:
        method = from_document(json.loads(version.method.content))
        grades = regraded(method, projects, version.refresh, version.year)
    on = last_day(version.year)
    compared = whatif.compare(pack, rules, people, on, variant, grades)
    found = None
    if version.search:
        asked = (version.search["path"], version.search["under"], version.search["direction"])
        found = asdict(whatif.search(pack, rules, people, on, variant, *asked, grades))
    largest = [
        {**_named(projects[int(one.id)]), "rule": one.rule, "before": one.before, "after": one.after}
        for one in compared.largest
    ]
    stored = {**asdict(compared), "on": on.isoformat(), "largest": largest, "found": found, "projects": len(projects)}
    return dict(json.loads(json.dumps(stored)))  # as the database gives it back


def _named(project: dict[str, Any]) -> dict[str, Any]:
    return {name: project[name] for name in ("code", "title", "uscc", "name", "unit")}
