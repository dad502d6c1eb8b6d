"""What stood under a firm, and under those that went into it: shown as theirs, added to nobody's.

A firm that was merged keeps its years. The successor's page shows them beside its own, under the predecessor's name:
adding them up would make a firm that never was, and the departments' rows of the next year say what was taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fenghuang.domain.feeds.sensitive import hidden_from
from fenghuang.domain.registry import land_queries as land
from fenghuang.domain.registry.history import stands
from fenghuang.domain.registry.models import Firm, FirmEvent, FirmYear
from fenghuang.domain.registry.queries import firm_years, firms_for
from fenghuang.language.record import MASK

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

MOST = 50
FACTS = [  # (fact, title, how the number filter reads it, unit)
    ("tax", "评价税收", "2>2", "元"),
    ("revenue", "营业收入", "2>2", "元"),
    ("land_mu", "用地面积", "4>4", "亩"),
    ("electricity_kwh", "用电量", "0", "千瓦时"),
    ("energy_tce", "综合能耗", "4>4", "吨标准煤"),
    ("employees", "职工人数", "0", "人"),
]


@dataclass(frozen=True)
class Figure:
    """A fact of a year."""

    title: str
    value: int | str | None
    how: str
    unit: str


@dataclass(frozen=True)
class Held:
    """What stands under a firm: its years' figures and its land and power."""

    firm: Firm
    years: list[tuple[int, list[Figure]]]
    land: land.Held
    event: FirmEvent | None = None


def held_by(user: User, firm: Firm, event: FirmEvent | None = None) -> Held:
    """Figures of every year that is known, newest first; masked as on the firm's own page."""
    years = firm_years(user, firm).order_by("-year")
    told = [(one.year, _figures(one, hidden_from(user, one.unit_id))) for one in years]
    return Held(firm, told, land.held(firm), event)


def _figures(year: FirmYear, hidden: frozenset[str]) -> list[Figure]:
    found = []
    for name, title, how, unit in FACTS:
        value = getattr(year, name)
        found.append(Figure(title, MASK if value is not None and name in hidden else value, how, unit))
    return found


def predecessors(user: User, firm: Firm, events: Iterable[FirmEvent]) -> list[Held]:
    """The firms that were merged into this one, or of which it is a part, as far as the person may see them: of the
    events around it (history.py) those of others that stand."""
    went = (FirmEvent.Kind.MERGED, FirmEvent.Kind.SPLIT)
    before = [one for one in events if one.kind in went and one.firm_id != firm.pk and stands(one)][:MOST]
    if not before:
        return []
    seen = set(firms_for(user).filter(pk__in=[one.firm_id for one in before]).order_by().values_list("pk", flat=True))
    return [held_by(user, one.firm, one) for one in before if one.firm_id in seen]
