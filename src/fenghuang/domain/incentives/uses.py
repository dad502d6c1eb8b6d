"""Which rules of the policy decide in 政策直兑."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Count

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.models import Refresh
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.incentives.queries import BY_OUTCOME, OUTCOMES
from fenghuang.platform.uses import Total, use


@use("upgrade_subsidy rent_subsidy vertical_subsidy", "政策直兑", "incentives:index", "个项目")
def subsidies(rule: str) -> Total | None:
    """The projects of the latest data year that the rule decided."""
    refresh = evaluation.latest()
    if refresh is None or not (years := evaluation.years(refresh)):
        return None
    return _subsidies(refresh.pk, refresh.at).get(rule, Total(years[0], 0, "", refresh.is_demo))


@lru_cache(maxsize=4)
def _subsidies(refresh: int, _at: object) -> Mapping[str, Total]:
    """Counted once a refresh: its decisions never change."""
    made = Refresh.objects.get(pk=refresh)
    year = evaluation.years(made)[0]
    each = {name: Count("id", filter=condition) for name, condition in BY_OUTCOME.items()}
    rows = Decision.objects.filter(refresh=made, year=year).values("rule").annotate(decided=Count("id"), **each)
    return {
        row["rule"]: Total(
            year,
            row["decided"],
            "，".join(f"{title} {row[name]:,} 个" for name, title in OUTCOMES.items() if row[name]),
            made.is_demo,
        )
        for row in rows.order_by()
    }
