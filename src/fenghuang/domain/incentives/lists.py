"""The list of decisions: for its page, for files and saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import QueryDict

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.lists import shown
from fenghuang.domain.incentives import queries
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.incentives.tables import DecisionFilter, DecisionTable
from fenghuang.platform.lists.registry import Shown, in_words, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


def page(user: User, query: QueryDict, found: QuerySet[Decision]) -> tuple[DecisionFilter, DecisionTable]:
    """The filter form and the table of the decisions asked for."""
    rules = list(found.order_by("rule").values_list("rule", flat=True).distinct())
    chosen = DecisionFilter(query, queryset=found, user=user, rules=rules)
    listed = chosen.qs.select_related("firm", "unit", "project").only(
        "firm__name", "firm__uscc", "unit__name", "project__title", "project__code", "rule", "clause", "amount",
        "missing", "is_provisional", "graded_by_id", "graded_before_by_id",
    )  # fmt: skip
    return chosen, DecisionTable(listed.order_by("unit__order", "firm__uscc", "project__code", "rule"))


@listing("incentives", "政策直兑", "incentives:index")
def decisions(user: User, query: QueryDict) -> Shown | None:
    """The decisions of a year."""
    refresh = evaluation.latest()
    if refresh is None:
        return None
    year, _ = evaluation.chosen_year(refresh, query.get("year", ""))
    filters, table = page(user, query, queries.decisions(user, refresh, year))
    return shown(refresh, table, [f"{year} 年度", *in_words(filters)])
