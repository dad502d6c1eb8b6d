"""What the home page shows: everything is read from the refresh's stored figures, never from the firms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.incentives import queries as incentives
from fenghuang.language.numbers import show_fraction
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.platform.accounts.models import Unit

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

TARGET_TAX_PER_MU = Fraction(28)  # 万元/亩 by the end of 2023: spec/clauses.yaml, target.tax_per_mu
TAIZHOU_BAY = "tzw"  # reports its own figures, has no polygon

# What the map can be coloured by: (key, title, unit, decimals).
SHADES = [
    ("tax_per_mu", "规上亩均税收", "万元/亩", 2),
    ("value_added_per_mu", "规上亩均增加值", "万元/亩", 2),
    ("labour_productivity", "规上全员劳动生产率", "万元/人", 2),
    ("rnd_share", "规上研发经费占营业收入比重", "%", 2),
    ("value_added_per_tce", "规上单位能耗增加值", "万元/吨标准煤", 2),
    ("share_of_a", "A 类企业占比", "%", 1),
    ("evaluated", "参评企业", "家", 0),
    ("amount", "测算补助", "万元", 2),
]


@dataclass(frozen=True, slots=True)
class Row:
    """A unit in ranking, map and table."""

    code: str
    name: str
    value: Fraction | None
    classes: Counter[str]
    amount: int
    tax_per_mu: Fraction | None

    @property
    def share_of_a(self) -> Fraction | None:
        evaluated = self.classes["evaluated"]
        return Fraction(100 * self.classes["A"], evaluated) if evaluated else None


def rows(user: User, refresh: Refresh, year: int, shade: str) -> list[Row]:
    """Every unit the person may see, in the units' own order."""
    classes = evaluation.class_counts(user, refresh, year)
    amounts = incentives.amounts_by_unit(user, refresh, year)
    taxes = evaluation.indicators(user, refresh, year, "tax_per_mu")
    chosen = evaluation.indicators(user, refresh, year, shade) if shade in INDICATORS else {}
    found = []
    for unit in user.units().order_by("order"):
        counted = classes.get(unit.pk, Counter())
        amount = amounts.get(unit.pk, 0)
        tax = taxes[unit.pk].value if unit.pk in taxes else None
        row = Row(unit.pk, unit.name, None, counted, amount, tax)
        found.append(Row(unit.pk, unit.name, _value(shade, row, chosen), counted, amount, tax))
    return found


def _value(shade: str, row: Row, chosen: dict[str, evaluation.Indicator]) -> Fraction | None:
    if shade in INDICATORS:
        value = chosen[row.code].value if row.code in chosen else None
        return value * 100 if value is not None and shade == "rnd_share" else value
    if shade == "share_of_a":
        return row.share_of_a
    if shade == "amount":
        return Fraction(row.amount, 10**6)
    return Fraction(row.classes["evaluated"])


def cards(user: User, refresh: Refresh, year: int, found: list[Row], unit: str | None) -> dict[str, Any]:
    """The four cards, of the city or of the chosen unit."""
    seen = [row for row in found if unit is None or row.code == unit]
    total: Counter[str] = sum((row.classes for row in seen), Counter())
    evaluated = total["evaluated"]
    own = [row.code for row in seen]
    decisions = incentives.decisions(user, refresh, year).filter(unit__in=own)
    tax = evaluation.indicator(user, refresh, year, "tax_per_mu", unit=unit)
    return {
        "classes": total,
        "evaluated": evaluated,
        "share_of_a": show_fraction(Fraction(100 * total["A"], evaluated), 1) if evaluated else None,
        "tax_per_mu": None if tax.value is None else show_fraction(tax.value, 2),
        "tax": tax,
        "target": show_fraction(TARGET_TAX_PER_MU, 0),
        "target_reached": None if tax.value is None else tax.value >= TARGET_TAX_PER_MU,
        "target_share": None if tax.value is None else int(min(Fraction(100), 100 * tax.value / TARGET_TAX_PER_MU)),
        "subsidies": incentives.totals(decisions),
    }


def chart_data(user: User, refresh: Refresh, year: int, found: list[Row], unit: str | None, shade: str) -> dict[str, Any]:
    """What the charts draw; numbers as they are shown."""
    key, title, unit_text, decimals = next(s for s in SHADES if s[0] == shade)
    values = [
        {"code": r.code, "name": r.name, "value": None if r.value is None else float(show_fraction(r.value, decimals))}
        for r in found
    ]
    results = evaluation.results(user, refresh, year)
    if unit:
        results = results.filter(unit=unit)
    bars = evaluation.distribution(results)
    return {
        "indicator": {"key": key, "title": title, "unit": unit_text, "decimals": decimals},
        "units": values,
        "selected": unit,
        "distribution": {
            "from": [low for low, _ in bars],
            "classes": {g: [counts[g] for _, counts in bars] for g in evaluation.GRADES},
        },
    }


def ranked(found: list[Row]) -> list[tuple[int | None, Row]]:
    """By the chosen value, highest first; ties share the better place, unknown last and without one."""
    known = sorted((r for r in found if r.value is not None), key=lambda r: -(r.value or 0))
    places: list[tuple[int | None, Row]] = []
    for position, row in enumerate(known, 1):
        same = places and places[-1][1].value == row.value
        places.append((places[-1][0] if same else position, row))
    return places + [(None, row) for row in found if row.value is None]


def chosen_unit(user: User, code: str) -> Unit | None:
    """The unit asked for, if the person may see it."""
    return user.units().filter(pk=code).first() if code else None
