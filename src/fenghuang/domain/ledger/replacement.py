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
    """A county's control line in 10⁻⁴ 亩; nothing is known of one without an entry."""

    unit: Unit
    changed: int | None = None
    replaced: int | None = None
    asked: Asked | None = None

    @property
    def balanced(self) -> bool | None:
        return self.asked.outputs["balanced"] if self.asked else None

    @property
    def owed(self) -> int | None:
        return self.asked.outputs["shortfall_mu"] if self.asked else None


def standings(units: Iterable[Unit]) -> list[Standing]:
    """Each county; the years' tallies are added, never the entries."""
    units = list(units)
    rows = (
        Tally.objects.filter(account__kind="replacement", account__unit__in=units)
        .values_list("account__unit", "label")
        .annotate(total=Sum("amount"))
    )
    told: dict[str, dict[str, int]] = {}
    for unit, label, total in rows:
        told.setdefault(unit, {})[label] = total
    return [_standing(one, told[one.pk]) if one.pk in told else Standing(one) for one in units]


def _standing(unit: Unit, told: dict[str, int]) -> Standing:
    changed, replaced = -told.get("changed", 0), told.get("replaced", 0)
    given = {"changed_use_mu": changed, "replacement_mu": replaced}
    return Standing(unit, changed, replaced, ask("control_line_replacement", given))
