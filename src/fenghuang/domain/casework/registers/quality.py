"""留驻优质企业 (task.17): who is found, what the registry knows of a grade, what shows that a firm leaves the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fenghuang.domain.casework.asking import verdict
from fenghuang.domain.casework.code import Found, Search, Shown, fact, finder, shower
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.rules import ask, inputs_of
from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh, Result
from fenghuang.domain.registry.models import Recording
from fenghuang.language.types import GRADES
from fenghuang.law.registers.declaration import Ask

RULE = "quality_firm"


@finder("quality_firms")
def quality_firms(unit: str | None) -> Search:
    """Firms that the rule calls quality firms by their grade alone; the other marks are filled in by hand."""
    refresh = evaluation.latest()
    years = evaluation.years(refresh) if refresh else []
    if refresh is None or not years:
        return Search(None, [])
    graded = Result.objects.filter(refresh=refresh, year=years[0], grade__in=("A", "B")).select_related("firm")
    if unit:
        graded = graded.filter(unit_id=unit)
    return Search(refresh.recording, [_found(one) for one in graded.order_by("firm__uscc")])


def _found(one: Result) -> Found:
    asked = ask(RULE, {name: _grade(one) if name == "grade" else None for name in inputs_of(RULE)})
    why = f"{one.year} 年度亩均评价 {one.grade} 类"
    return Found(
        one.firm.uscc,
        one.firm.name,
        one.firm,
        one.unit_id or "",
        one.firm.township,
        why,
        {"year": one.year, "refresh": one.refresh_id, "rules": [asked.record]},
    )


def _grade(one: Result | None) -> int | None:
    """The grade as the engine carries it; a firm that is not graded is ungraded, one not decided is unknown."""
    if one is None or one.status == Result.Status.MARKED:
        return None
    return GRADES.index(one.grade or "ungraded")


@fact("grade_of_record")
def grade_of_record(case: Case, _fields: Mapping[str, Any]) -> int | None:
    """The firm's grade of the latest data year, as the latest refresh has it."""
    return grade_of(case.firm.uscc) if case.firm else None


def grade_of(uscc: str) -> int | None:
    """The grade of the latest data year as the engine carries it; unknown for a firm that nobody evaluated."""
    refresh: Refresh | None = evaluation.latest()
    years = evaluation.years(refresh) if refresh else []
    if refresh is None or not years:
        return None
    return _grade(Result.objects.filter(refresh=refresh, year=years[0], firm__uscc=uscc).first())


@shower("no_longer_quality")
def no_longer_quality(case: Case) -> Shown:
    """移出: on the grade that stands today and the marks filled in, the rule no longer calls it a quality firm."""
    found = verdict(case, Ask(RULE, {}, {}), case.fields, case.since)
    facts = {"rules": [found.record]}
    is_quality = found.outputs["is_local_quality_firm"]
    if is_quality is None:
        return Shown(None, f"是否仍为优质企业还不知道，缺{'、'.join(found.missing)}", facts)
    if is_quality:
        return Shown(False, f"{found.verdict('is_local_quality_firm')}，仍符合认定条件", facts)
    return Shown(True, "按最新评价等级和登记的称号已不符合认定条件", facts)


@shower("project_producing")
def project_producing(case: Case) -> Shown:
    """销号: a milestone 投产 of one of the firm's projects was reached and delivered since the entry."""
    from fenghuang.domain.casework.registers.projects import reached

    recording = Recording.latest()
    if recording is None or case.firm_id is None:
        return Shown(None, "没有企业数据，无法核验")
    return reached(case, "投产", firm=case.firm_id)
