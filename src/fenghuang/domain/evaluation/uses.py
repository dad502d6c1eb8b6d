"""Which rules of the policy decide in 亩均评价."""

from __future__ import annotations

from functools import lru_cache

from fenghuang.domain.evaluation import queries
from fenghuang.domain.evaluation.models import Refresh, Result
from fenghuang.platform.uses import Total, use


@use("evaluation_override", "亩均评价", "evaluation:index", "家企业")
def overrides(_rule: str) -> Total | None:
    """The firms whose grade art.8 changed in the latest data year."""
    refresh = queries.latest()
    return _overrides(refresh.pk, refresh.at) if refresh else None


@lru_cache(maxsize=4)
def _overrides(refresh: int, _at: object) -> Total | None:
    """Counted once a refresh: its results never change."""
    made = Refresh.objects.get(pk=refresh)
    years = queries.years(made)
    if not years:
        return None
    found = Result.objects.filter(refresh=made, year=years[0])
    changed = found.filter(regrades__contains="（art.8）").count()
    graded = found.filter(status=Result.Status.EVALUATED).count()
    return Total(years[0], changed, f"因此调整等级，当年参评 {graded:,} 家", made.is_demo)
