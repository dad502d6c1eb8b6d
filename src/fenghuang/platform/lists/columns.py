"""Which columns of a list are shown, and how dense: what the address says, else what the person chose before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import QueryDict

from fenghuang.platform.lists.models import Choice
from fenghuang.platform.lists.registry import FILE_ONLY

if TYPE_CHECKING:
    import django_tables2 as tables

    from fenghuang.platform.accounts.models import User


class Chosen(NamedTuple):
    """Columns asked for (empty: the list's own) and the density."""

    columns: list[str]
    density: str

    @property
    def is_compact(self) -> bool:
        return self.density == Choice.Density.COMPACT


def chosen(user: User, listing: str, query: QueryDict) -> Chosen:
    """`cols=name,unit` and `density=compact` of the address, else the remembered choice."""
    kept = Choice.objects.filter(user=user, listing=listing).first()
    columns = kept.columns if kept else []
    density = str(kept.density if kept else Choice.Density.ROOMY)
    if asked := [name for part in query.getlist("cols") for name in part.split(",") if name]:
        columns = asked
    if query.get("density") in Choice.Density.values:
        density = str(query["density"])
    return Chosen(columns, density)


def shown_columns(table: tables.Table, asked: list[str], *, in_file: bool = False) -> list[str]:
    """Names in the table's order. The first column always stays: it says what the row is about."""
    every = [str(name) for name in table.columns.names()]
    if known := [name for name in every if name in asked]:
        return known if every[0] in known else [every[0], *known]
    return [name for name in every if in_file or not table.columns[name].column.attrs.get(FILE_ONLY)]


def arrange(table: tables.Table, asked: list[str]) -> tables.Table:
    """Hide what is not to be shown on the page."""
    kept = set(shown_columns(table, asked))
    for name in list(table.columns.names()):
        if name not in kept:
            table.columns.hide(name)
    return table


def offers(table: tables.Table) -> list[dict[str, Any]]:
    """The columns for the menu: after `arrange`, the hidden ones unmarked."""
    return [
        {"name": column.name, "title": str(column.header), "shown": column.visible, "fixed": place == 0}
        for place, column in enumerate(table.columns.all())
    ]
