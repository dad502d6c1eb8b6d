"""A list on its page: the person's columns, in their order, one page of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.sql.where import WhereNode
from django_tables2 import RequestConfig
from django_tables2.rows import BoundRows

from fenghuang.platform.lists.columns import arrange, chosen

if TYPE_CHECKING:
    import django_tables2 as tables

    from fenghuang.platform.accounts.http import Request

T = TypeVar("T", bound="tables.Table")
PER_PAGE = 50


class KeysFirst(Paginator):  # type: ignore[type-arg]
    """Finds a page's rows by number alone, which an index may answer however deep the page, and reads only these."""

    def page(self, number: Any) -> Page:  # type: ignore[type-arg]
        page = super().page(number)
        cut: Any = page.object_list
        found = cut.data
        if isinstance(found, QuerySet):
            place = {key: n for n, key in enumerate(found.values_list("pk", flat=True))}
            query: QuerySet[Any] = self.object_list.data.data.order_by()  # type: ignore[attr-defined]
            query.query.where = WhereNode()  # the numbers have passed every filter: none is asked again
            rows = sorted(query.filter(pk__in=list(place)), key=lambda row: place[row.pk]) if place else []
            table = self.object_list.table  # type: ignore[attr-defined]
            page.object_list = BoundRows(data=rows, table=table, pinned_data=cut.pinned_data)
        return page


def on_page(request: Request, name: str, table: T, per_page: int | None = PER_PAGE) -> T:
    """The table as its page shows it; `per_page` None: all rows on one page."""
    asked = table.chosen = chosen(request.user, name, request.GET)  # type: ignore[attr-defined] # for the tools above
    arrange(table, asked.columns)
    cut = {"per_page": per_page, "paginator_class": KeysFirst} if per_page else False
    RequestConfig(request, paginate=cut).configure(table)
    return table
