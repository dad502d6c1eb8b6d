"""Ledgers of the demonstration city: revenue and uses of the special fund, carbon entered by hand, claims that wait."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from fenghuang.demo.campaigns import before, evidence
from fenghuang.demo.shape import MARK, YEARS
from fenghuang.domain.ledger import actions, claims, fund
from fenghuang.domain.registry.models import Project
from fenghuang.platform.accounts.models import Unit

REVENUE = 620_000_000_00  # 分: land-grant revenue of the smallest county and year; others have a multiple
USES = (("land_revival", 38), ("rectification", 27), ("dormitory", 12))  # percent of what was drawn
SORTS = ("low_carbon", "chain", "upgrade", "other")


def build(today: date | None = None) -> None:
    """Every county: two years of its fund, some carbon, some energy, and projects that ask for it."""
    today = today or timezone.localdate()
    for place, unit in enumerate(Unit.objects.order_by("order")):
        for year in YEARS:
            _fund(unit, year, place, before(today, 60 - (year - YEARS[0]) * 20))
        _freed(unit, place, before(today, 30))


def _told(label: str, year: int, on: date, reason: str = "") -> actions.Told:
    document = f"演示文件〔{year}〕（{MARK}）"
    return actions.Told(label, year, on, reason=reason, document=document, proof=evidence("台账依据"))


def _fund(unit: Unit, year: int, place: int, on: date) -> None:
    """0.5 % and a little more is drawn; one county falls short."""
    revenue = REVENUE * (place + 2) // 2
    document = f"演示决算〔{year}〕（{MARK}）"
    fund.set_revenue(None, unit, year, revenue, document=document, proof=evidence("土地出让收入"), reason="")
    drawn = revenue * (4 if place == 3 else 6) // 1000
    actions.enter(None, "fund", unit, drawn, _told("drawn", year, on))
    for label, percent in USES:
        actions.enter(None, "fund", unit, drawn * percent // 100, _told(label, year, on))


def _freed(unit: Unit, place: int, on: date) -> None:
    year = YEARS[-1]
    told = "演示：按核算报告登记"
    actions.enter(None, "carbon", unit, (place + 3) * 800 * 10**6, _told("by_hand", year, on, told))
    actions.enter(None, "energy", unit, (place + 3) * 400 * 10**4, _told("by_hand", year, on, told))
    projects = Project.objects.current().filter(firm__unit=unit, year=year).order_by("code")[: len(SORTS)]
    for number, (sort, project) in enumerate(zip(SORTS, projects, strict=False)):
        asked = (number + 1) * 150 * 10**4
        made = claims.apply(
            None, "energy", unit, asked, sort=sort, project=project.title, code=project.code, applied_on=on
        )
        if number == 0:
            claims.grant(None, made.pk)
