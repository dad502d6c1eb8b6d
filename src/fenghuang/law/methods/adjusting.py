"""Adjustments of a score: points, and percent of the sum of items, by conditions and counts. Exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fenghuang.law.methods.expressions import evaluate_columns
from fenghuang.law.methods.facts import Table
from fenghuang.law.methods.method import Adjustment


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjustment that applies to a firm. `amount`: points, or percent of the sum of items; `count`: of `per`."""

    adjustment: Adjustment
    amount: Fraction
    count: Fraction | None = None

    def points(self, items: Fraction) -> Fraction:
        """What it adds to a firm whose items sum to that."""
        return self.amount if self.adjustment.kind == "points" else items * self.amount / 100


def find_adjustments(
    adjustments: Sequence[Adjustment], table: Table
) -> tuple[dict[int, list[Adjusted]], dict[int, list[str]]]:
    """By position: the adjustments that apply, and why one cannot be told for firms where a fact is unknown."""
    applied: dict[int, list[Adjusted]] = {}
    unknown: dict[int, list[str]] = {}
    for adjustment in adjustments:
        holds: list[bool | None] = [True] * table.size
        if adjustment.only_if:
            holds = evaluate_columns(adjustment.only_if, table.column, table.size)
        per = table.column(adjustment.per) if adjustment.per else None
        for p, held in enumerate(holds):
            if held is None:
                unknown.setdefault(p, []).append(f"加减分条件“{adjustment.name}”所需事实未知")
            if not held:
                continue
            count = None
            if per:
                cell = per.values[p]
                if cell is None:
                    unknown.setdefault(p, []).append(f"加减分“{adjustment.name}”的数量 {adjustment.per} 未知")
                    continue
                count = max(Fraction(0), Fraction(cell) / 10**per.decimals - adjustment.first)
            amount = adjustment.value if count is None else adjustment.value * count
            if amount:
                applied.setdefault(p, []).append(Adjusted(adjustment, amount, count))
    return applied, unknown
