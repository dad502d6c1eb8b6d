"""Totals of a unit, from which dashboards compute indicators exactly: sum / sum over the firms that know both."""

from __future__ import annotations

from collections.abc import Iterator

from fenghuang.domain.evaluation.models import Figure, Refresh
from fenghuang.domain.registry.snapshot import Facts
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.platform.accounts.models import Unit


def of_unit(refresh: Refresh, unit: Unit, year: int, part: Facts) -> Iterator[Figure]:
    """Every indicator of the unit, for firms above and below scale apart."""
    for above in (True, False):
        places = [place for place, scale in enumerate(part.columns["above_scale"]) if scale is above]
        for name, indicator in INDICATORS.items():
            tops, bottoms = part.columns[indicator.numerator], part.columns[indicator.denominator]
            known = [(tops[p], bottoms[p]) for p in places if tops[p] is not None and bottoms[p]]
            yield Figure(
                refresh=refresh,
                unit=unit,
                year=year,
                above_scale=above,
                name=name,
                numerator=sum(int(top) for top, _ in known),
                denominator=sum(int(bottom) for _, bottom in known),
                firms=len(known),
                left_out=len(places) - len(known),
            )
