"""The list of firms, for files and saved filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import QueryDict

from fenghuang.domain.evaluation import queries as evaluation
from fenghuang.domain.evaluation.lists import shown
from fenghuang.faces.cockpit.firms import page, told
from fenghuang.platform.lists.registry import Shown, in_words, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User


@listing("firms", "企业库", "cockpit:firms")
def firms(user: User, query: QueryDict) -> Shown | None:
    """The firms of a year with their grades."""
    refresh = evaluation.latest()
    if refresh is None:
        return None
    year, _ = evaluation.chosen_year(refresh, query.get("year", ""))
    filters, table = page(user, query, evaluation.results(user, refresh, year))
    return replace(shown(refresh, table, [f"{year} 年度", *in_words(filters)]), reads=told(table))
