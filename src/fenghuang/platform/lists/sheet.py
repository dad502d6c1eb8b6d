"""A list as an XLSX file: a head that says what it is, then the rows, numbers as numbers, text as text."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone

from fenghuang.language.numbers import show_decimal
from fenghuang.platform.lists.registry import Listing, Scaled, Shown

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")  # at the start of a cell some program would run it as a formula
LONGEST = 32_767  # characters of a cell
DIGITS = 10**15  # more digits a spreadsheet does not keep: such a number is written as text
CHUNK = 2000
UNKNOWN = "空单元格表示未知（尚无数据），不是零"


class Made(NamedTuple):
    """A finished file."""

    content: bytes
    rows: int


def file_name(listing: Listing) -> str:
    """企业库-20240301-0930.xlsx"""
    return f"{listing.title}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"


def head(listing: Listing, shown: Shown, order: str, user: User) -> list[tuple[str, str]]:
    """The lines above the table."""
    lines = [
        ("筛选条件", "；".join(shown.words) or "全部"),
        ("排序", order),
        ("行数", f"{len(shown.table.data):,}"),
        ("导出时间", timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        ("导出人", f"{user}（{user.get_role_display()}{f' · {user.place}' if user.place else ''}）"),
        *shown.about,
    ]
    if not user.sees_all_units:
        lines.insert(1, ("数据范围", f"仅{user.place}"))
    if shown.is_demo:
        lines.append(("数据性质", "演示数据：企业、项目和金额均为虚构，不作为任何决定的依据"))
    return [*lines, ("说明", UNKNOWN)]


def write(
    listing: Listing,
    shown: Shown,
    columns: list[str],
    order: str,
    user: User,
    progress: Callable[[int], None] = lambda rows: None,
) -> Made:
    """The file; `progress` hears the number of rows written, every two thousand."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    book.set_properties({"title": listing.title, "author": str(user), "company": "凤凰"})
    paint = _Paint(book)
    page = book.add_worksheet(listing.title[:31])
    page.write_string(0, 0, listing.title, paint.title)
    line = 1
    for name, text in head(listing, shown, order, user):
        page.write_string(line, 0, name, paint.label)
        page.write_string(line, 1, text, paint.quoted if text.startswith(RISKY) else None)
        line += 1
    line += 1
    bound = [shown.table.columns[name] for name in columns]
    for place, column in enumerate(bound):
        page.write_string(line, place, str(column.header), paint.header)
        page.set_column(place, place, max(12, min(40, 2 * len(str(column.header)) + 2)))
    page.set_column(0, 0, 34)
    page.freeze_panes(line + 1, 1)
    count = 0
    readers = [_reader(shown.table, name) for name in columns]
    for record in _records(shown.table):
        count += 1
        for place, read in enumerate(readers):
            _cell(page, line + count, place, read(record), paint)
        if count % CHUNK == 0:
            progress(count)
    if count:
        page.autofilter(line, 0, line + count, len(columns) - 1)
    book.close()
    return Made(file.getvalue(), count)


class _Paint:
    """The formats of a workbook, made as they are asked for."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.label = book.add_format({"font_color": "#4b5563"})
        self.header = book.add_format({"bold": True, "bg_color": "#e6f0f9", "bottom": 1, "text_wrap": True})
        self.quoted = book.add_format({"quote_prefix": True})  # what ' before a text does in Excel
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._numbers: dict[int, Any] = {}

    def number(self, places: int) -> Any:
        if places not in self._numbers:
            self._numbers[places] = self.book.add_format({"num_format": "#,##0" + ("." + "0" * places) * bool(places)})
        return self._numbers[places]


def _records(table: Any) -> Iterator[Any]:
    """Every row, read in pieces."""
    data = table.data.data
    yield from data.iterator(chunk_size=CHUNK) if isinstance(data, QuerySet) else data


def _reader(table: Any, name: str) -> Callable[[Any], Any]:
    """What the table's own `get_cell_value` says, prepared once: that one looks at signatures in every cell."""
    column = table.columns[name]
    *path, last = str(column.accessor).split("__")
    empty = column.column.empty_values
    turn = getattr(table, f"value_{name}", None) or getattr(table, f"render_{name}", None)
    wanted = inspect.signature(turn).parameters if turn else {}

    def read(record: Any) -> Any:
        found = record
        for step in path:
            found = _step(found, step)
        if found is not None:
            said = getattr(found, f"get_{last}_display", None)
            found = said() if said else _step(found, last)
        if found in empty:
            return None
        if turn is None:
            return str(found)
        known = {"value": found, "record": record}
        return turn(**{key: known[key] for key in wanted})

    return read


def _step(value: Any, name: str) -> Any:
    if value is None:
        return None
    return value[int(name)] if name.isdigit() else getattr(value, name)


def _cell(page: Any, line: int, place: int, value: Any, paint: _Paint) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(line, place, "是" if value else "否")
    elif isinstance(value, int):
        _cell(page, line, place, Scaled(value, 0), paint)
    elif isinstance(value, Scaled):
        if abs(value.value) >= DIGITS:
            page.write_string(line, place, show_decimal(value.value, value.places))
        else:
            page.write_number(line, place, value.value / 10**value.places, paint.number(value.places))
    elif isinstance(value, datetime):
        page.write_datetime(line, place, timezone.localtime(value).replace(tzinfo=None), paint.moment)
    elif isinstance(value, date):
        page.write_datetime(line, place, value, paint.day)
    else:
        text = str(value)[:LONGEST]
        page.write_string(line, place, text, paint.quoted if text.startswith(RISKY) else None)
