"""改一补一 (art.13): industrial land inside the control line that changed its use, and what was put in its place.

The balance is what was replaced less what was changed. The clause asks for a balance of both and does not say which
comes first; so neither is refused, and what is below zero is owed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Sum

from fenghuang.domain.evaluation.asking import Asked, ask
from fenghuang.domain.ledger.models import Tally
from fenghuang.platform.accounts.models import Unit


class Standing(NamedTuple):
    """A county's control line in 10⁻⁴ 亩."""

    unit: Unit
    changed: int
    replaced: int
    asked: Asked

    @property
    def balanced(self) -> bool:
        said: bool = self.asked.outputs["balanced"]
        return said

    @property
    def owed(self) -> int:
        found: int = self.asked.outputs["shortfall_mu"]
        return found


def standings(units: Iterable[Unit]) -> list[Standing]:
    """Each county; the years' tallies are added, never the entries."""
    units = list(units)
    rows = (
        Tally.objects.filter(account__kind="replacement", account__unit__in=units)
        .values_list("account__unit", "label")
        .annotate(total=Sum("amount"))
    )
    told = {(unit, label): total for unit, label, total in rows}
    return [_standing(one, -told.get((one.pk, "changed"), 0), told.get((one.pk, "replaced"), 0)) for one in units]


def _standing(unit: Unit, changed: int, replaced: int) -> Standing:
    given = {"changed_use_mu": changed, "replacement_mu": replaced}
    return Standing(unit, changed, replaced, ask("control_line_replacement", given))
