"""The lists there are. An app writes its lists in its own `lists.py`, which is found by itself:

from fenghuang.platform.lists.registry import Shown, listing

@listing("firms", "企业库", "cockpit:firms")
def firms(user, query):
    return Shown(table, words=["2022 年度"], about=[("测算", "第 3 次测算")], is_demo=False)

The function answers as the page does: rows this person may see, filtered and ordered by the address's query. `None`
says that there is nothing yet. The page shows the same table: `on_page` (lists/page.py) hides columns and cuts pages.
What a cell is worth in a file is the table's `value_<column>` (django-tables2), else its `render_<column>`: text, a
whole number, `Scaled` for decimals, a date, or None for unknown. A list on the page of one thing names what stands in
that page's address (`path=("pk",)`): it comes with the query.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.urls import NoReverseMatch, reverse

from fenghuang.platform.accounts.rules import may

if TYPE_CHECKING:
    import django_tables2 as tables

    from fenghuang.platform.accounts.models import User

FILE_ONLY = "file-only"  # in a column's attrs: pages do not show it unless asked, files do
IDLE = ("page", "cols", "density", "csrfmiddlewaretoken")  # parameters that say nothing about the rows


@dataclass(frozen=True, slots=True)
class Scaled:
    """An integer of 10^-places: 12345 at 2 places is 123.45."""

    value: int
    places: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as asked for: its table ordered but not cut into pages."""

    table: tables.Table
    words: list[str]  # the filter as people say it
    about: list[tuple[str, str]] = field(default_factory=list)  # what the values stand on
    is_demo: bool = False
    reads: tuple[str, ...] = ()  # sensitive fields told in full: the event of an export names them


Open = Callable[["User", QueryDict], Shown | None]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list by its name, with the page that shows it and the right it takes."""

    name: str
    title: str
    pattern: str
    permission: str
    opener: Open
    path: tuple[str, ...] = ()  # parameters that stand in the page's address, not in its query

    def address(self, query: QueryDict | str = "") -> str:
        """The page that shows the list with a query; 404 when the query does not say which page."""
        left = query.copy() if isinstance(query, QueryDict) else QueryDict(query, mutable=True)
        try:
            page = reverse(self.pattern, kwargs={name: (left.pop(name, None) or [""])[-1] for name in self.path})
        except NoReverseMatch as error:
            raise Http404 from error
        return f"{page}?{left.urlencode()}" if left else page

    def open(self, user: User, query: QueryDict) -> Shown | None:
        """The list for this person; PermissionDenied when it is not for them."""
        if not self.is_for(user):
            raise PermissionDenied(self.permission)
        return self.opener(user, query)

    def is_for(self, user: User) -> bool:
        """Whether the person may see the list at all."""
        return not self.permission or may(user, self.permission)


_listings: dict[str, Listing] = {}


def listing(
    name: str, title: str, pattern: str, permission: str = "", path: tuple[str, ...] = ()
) -> Callable[[Open], Open]:
    """Register a list under a name that addresses and saved filters use."""

    def register(opener: Open) -> Open:
        known = _listings.setdefault(name, Listing(name, title, pattern, permission, opener, path))
        if known.opener is not opener:
            raise ValueError(f"two lists named {name}")
        return opener

    return register


def find(name: str) -> Listing | None:
    """The list of this name."""
    return _listings.get(name)


def names() -> list[str]:
    """Every list there is."""
    return list(_listings)


def without_idle(query: QueryDict, *also: str) -> QueryDict:
    """What of the address says which rows are shown and how they are ordered."""
    kept = query.copy()
    for name in list(kept):
        if name in (also or IDLE) or not any(kept.getlist(name)):
            del kept[name]
    return kept


def order(table: tables.Table, query: QueryDict) -> str:
    """Order the table as the address asks; how that is said in words."""
    asked = query.getlist(table.prefixed_order_by_field)
    if asked:
        table.order_by = asked
    said = []
    for alias in table.order_by or ():
        column = table.columns[alias.bare]
        said.append(f"{column.header}{'降序' if alias.is_descending else '升序'}")
    return "、".join(said) or "默认"


def in_words(filters: Any) -> list[str]:
    """A django-filter form as people say it: 地区：黄岩区."""
    form = filters.form
    if not form.is_bound or not form.is_valid():
        return []
    said = []
    for name, field_ in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, ""):
            continue
        title = dict(getattr(field_, "choices", ()) or ()).get(value, value) if isinstance(value, str) else value
        said.append(f"{field_.label}：{title}")
    return said
