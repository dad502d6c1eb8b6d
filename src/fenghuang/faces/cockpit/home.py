"""What the home page shows: everything is read from the refresh's stored figures, never from the firms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fenghuang.domain.casework.concerning import how_many_late
from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.announced import of_units
from fenghuang.domain.evaluation.models import Refresh, Run
from fenghuang.domain.incentives import queries as incentives
from fenghuang.faces.cockpit import bars
from fenghuang.language.numbers import show_fraction
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.ui.numbers import thousands

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

TARGET_TAX_PER_MU = Fraction(28)  # 万元/亩 by the end of 2023: spec/clauses.yaml, target.tax_per_mu (a test compares)
STOPS = 5  # colours of the map's ramp

# What the map can be coloured by: (key, title, unit, decimals, short title of the switch).
SHADES = [
    ("tax_per_mu", "规上亩均税收", "万元/亩", 2, "亩均税收"),
    ("value_added_per_mu", "规上亩均增加值", "万元/亩", 2, "亩均增加值"),
    ("labour_productivity", "规上全员劳动生产率", "万元/人", 2, "劳动生产率"),
    ("rnd_share", "规上研发经费占营业收入比重", "%", 2, "研发比重"),
    ("value_added_per_tce", "规上单位能耗增加值", "万元/吨标准煤", 2, "单位能耗增加值"),
    ("share_of_a", "A 类企业占比", "%", 1, "A 类占比"),
    ("evaluated", "参评企业", "家", 0, "参评企业"),
    ("amount", "测算补助", "万元", 2, "测算补助"),
]
Shade = tuple[str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A unit in ranking, map and table."""

    code: str
    name: str
    has_polygon: bool
    value: Fraction | None
    classes: Counter[str]
    amount: int
    shown: str | None = None  # the value as text
    width: str = "0"  # of its bar, percent of the largest

    @property
    def share_of_a(self) -> Fraction | None:
        evaluated = self.classes["evaluated"]
        return Fraction(100 * self.classes["A"], evaluated) if evaluated else None

    @property
    def share_of_a_shown(self) -> str | None:
        return _text(self.share_of_a, 1)


def chosen_shade(key: str) -> Shade:
    """The indicator asked for, or the first."""
    return next((shade for shade in SHADES if shade[0] == key), SHADES[0])


def chosen_unit(user: User, code: str) -> Unit | None:
    """The unit asked for, if the person may see it."""
    return user.units().filter(pk=code).first() if code else None


def context(user: User, refresh: Refresh, year: int, shade: Shade, unit: Unit | None) -> dict[str, Any]:
    """Everything of the page."""
    runs = list(evaluation.runs(user, refresh, year).select_related("method"))
    found = rows(user, refresh, year, shade, runs)
    code = unit.pk if unit else None
    counted = evaluation.distribution(_results(user, refresh, year, code))
    shown = cards(user, refresh, year, found, runs, unit)
    seen = [run for run in runs if code is None or run.unit_id == code]
    return {
        "shade": shade,
        "shades": SHADES,
        "unit": unit,
        "code": code,
        "ranked": ranked(found),
        "bay": bay(found, code),
        "cards": shown,
        "outcomes": [(words, key, shown["subsidies"][key]) for key, words in incentives.OUTCOMES.items()],
        "chart": chart(found, shade, code),
        "bars": bars.stacked(counted),
        "late": how_many_late(user, code or ""),
        "methods": evaluation.methods_used(seen),
        "origins": of_units(seen),
    }


def _results(user: User, refresh: Refresh, year: int, unit: str | None) -> Any:
    found = evaluation.results(user, refresh, year)
    return found.filter(unit=unit) if unit else found


def rows(user: User, refresh: Refresh, year: int, shade: Shade, runs: list[Run]) -> list[Row]:
    """Every unit the person may see, in the units' own order."""
    key, _, _, decimals, _ = shade
    classes: dict[str, Counter[str]] = {}
    for run in runs:
        states = {"evaluated": run.evaluated, "not_graded": run.not_graded, "marked": run.marked}
        classes.setdefault(run.unit_id, Counter()).update({**run.classes, **states})
    amounts = incentives.amounts_by_unit(user, refresh, year)
    chosen = evaluation.indicators(user, refresh, year, key) if key in INDICATORS else {}
    found = []
    for unit in user.units().order_by("order"):
        counted = classes.get(unit.pk, Counter())
        row = Row(unit.pk, unit.name, unit.has_polygon, None, counted, amounts.get(unit.pk, 0))
        found.append((row, _value(key, row, chosen)))
    largest = max((value for _, value in found if value), default=Fraction(0))
    return [
        Row(
            row.code,
            row.name,
            row.has_polygon,
            value,
            row.classes,
            row.amount,
            _text(value, decimals),
            show_fraction(100 * max(value, Fraction(0)) / largest, 1) if value and largest > 0 else "0",
        )
        for row, value in found
    ]


def _value(key: str, row: Row, chosen: dict[str, evaluation.Indicator]) -> Fraction | None:
    if key in INDICATORS:
        value = chosen[row.code].value if row.code in chosen else None
        return value * 100 if value is not None and key == "rnd_share" else value
    if key == "share_of_a":
        return row.share_of_a
    return Fraction(row.amount, 10**6) if key == "amount" else Fraction(row.classes["evaluated"])


def _text(value: Fraction | None, decimals: int) -> str | None:
    return None if value is None else thousands(show_fraction(value, decimals))


def ranked(found: list[Row]) -> list[tuple[int | None, Row]]:
    """By the chosen value, highest first; ties share the better place, unknown last and without one."""
    known = sorted((r for r in found if r.value is not None), key=lambda r: -(r.value or 0))
    places: list[tuple[int | None, Row]] = []
    for position, row in enumerate(known, 1):
        same = places and places[-1][1].value == row.value
        places.append((places[-1][0] if same else position, row))
    return places + [(None, row) for row in found if row.value is None]


# --- cards -----------------------------------------------------------------------------------------------------------


def cards(
    user: User, refresh: Refresh, year: int, found: list[Row], runs: list[Run], unit: Unit | None
) -> dict[str, Any]:
    """The four cards, of the city or of the chosen unit."""
    code = unit.pk if unit else None
    seen = [row for row in found if code is None or row.code == code]
    total: Counter[str] = sum((row.classes for row in seen), Counter())
    evaluated = total["evaluated"]
    scopes: Counter[str] = Counter()
    for run in runs:
        if code is None or run.unit_id == code:
            scopes[run.scope] += run.evaluated
    tax = evaluation.indicator(user, refresh, year, "tax_per_mu", unit=code)
    decided = incentives.decisions(user, refresh, year)
    return {
        "classes": [(g, total[g], _percent(total[g], evaluated)) for g in evaluation.GRADES],
        "evaluated": evaluated,
        "marked": total["marked"],
        "not_graded": total["not_graded"],
        "scopes": [(scope_title(scope), count) for scope, count in sorted(scopes.items()) if scope],
        "share_of_a": _text(Fraction(100 * total["A"], evaluated), 1) if evaluated else None,
        "tax": tax,
        "goal": goal(tax.value),
        "subsidies": incentives.totals(decided.filter(unit=code) if code else decided),
    }


def goal(value: Fraction | None) -> dict[str, Any]:
    """Tax per 亩 beside its target."""
    about: dict[str, Any] = {"target": show_fraction(TARGET_TAX_PER_MU, 0), "value": None}
    if value is None:
        return about
    gap = value - TARGET_TAX_PER_MU
    return {
        **about,
        "value": _text(value, 2),
        "reached": gap >= 0,
        "gap": _text(abs(gap), 2),
        "share": _text(100 * value / TARGET_TAX_PER_MU, 1),
        "width": show_fraction(min(Fraction(100), max(Fraction(0), 100 * value / TARGET_TAX_PER_MU)), 1),
    }


def _percent(part: int, whole: int) -> str:
    return show_fraction(Fraction(100 * part, whole), 1) if whole else "0"


# --- map -------------------------------------------------------------------------------------------------------------


def chart(found: list[Row], shade: Shade, selected: str | None) -> dict[str, Any]:
    """What the map draws: numbers as they are shown; a unit without outline is a box beside it."""
    _, title, unit_text, decimals, _ = shade
    values = [
        {"code": r.code, "name": r.name, "value": None if r.value is None else float(show_fraction(r.value, decimals))}
        for r in found
        if r.has_polygon
    ]
    return {"title": title, "unit": unit_text, "items": values, "selected": selected, "absent": "无查看权限"}


def bay(found: list[Row], selected: str | None) -> dict[str, Any]:
    """The box beside the map: 台州湾新区 reports its own figures and has no outline anywhere."""
    row = next((r for r in found if not r.has_polygon), None)
    return {"row": row, "colour": _colour(found, row), "chosen": row is not None and row.code == selected}


def _colour(found: list[Row], row: Row | None) -> str:
    """Its colour on the map's scale, as CSS."""
    known = [r.value for r in found if r.has_polygon and r.value is not None]
    if row is None or row.value is None or not known:
        return "var(--fh-line)"
    low, high = min(known), max(known)
    place = (row.value - low) / (high - low) * (STOPS - 1) if high > low else Fraction(0)
    place = min(max(place, Fraction(0)), Fraction(STOPS - 1))
    lower = min(int(place), STOPS - 2)
    return f"color-mix(in srgb, var(--fh-ramp-{lower + 1}) {int(100 * (place - lower))}%, var(--fh-ramp-{lower}))"
