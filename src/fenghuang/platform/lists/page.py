"""A list on its page: the person's columns, in their order, one page of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django_tables2 import RequestConfig

from fenghuang.platform.lists.columns import arrange, chosen

if TYPE_CHECKING:
    import django_tables2 as tables

    from fenghuang.platform.accounts.http import Request

T = TypeVar("T", bound="tables.Table")
PER_PAGE = 50


def on_page(request: Request, name: str, table: T, per_page: int | None = PER_PAGE) -> T:
    """The table as its page shows it; `per_page` None: all rows on one page."""
    asked = table.chosen = chosen(request.user, name, request.GET)  # type: ignore[attr-defined] # for the tools above
    arrange(table, asked.columns)
    RequestConfig(request, paginate={"per_page": per_page} if per_page else False).configure(table)
    return table
