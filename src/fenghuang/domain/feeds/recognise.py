"""Which template a table is, told by its headers; never by the file's name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

import polars as pl

from fenghuang.domain.feeds.faults import Fault, Unrecognised
from fenghuang.domain.feeds.left_out import check_cells, leave_out
from fenghuang.domain.feeds.read import File, Table
from fenghuang.domain.feeds.templates import Template, plain_header, templates

DEEPEST = 10  # lines in which a title may stand above the headers


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose meaning is known. `places` maps a field to its column; `headers` are those of the file."""

    file: File
    name: str
    template: Template
    frame: pl.DataFrame  # `row` (as in the spreadsheet) and c0, c1, …: lines below the headers that are not empty
    headers: list[str]
    header_row: int
    places: dict[str, int]
    remarks: list[str]
    mapping: dict[str, int] = field(default_factory=dict)  # the places, where a person said them and not the headers


@dataclass(frozen=True, slots=True)
class Remembered:
    """Which column is which in files of these headers (mapping.py)."""

    template: str
    key: str
    columns: dict[str, str]  # field -> header
    by: str  # who said so, and when


def recognise(file: File, expected: str = "", remembered: Iterable[Remembered] = ()) -> list[Sheet]:
    """Every sheet of the file that a template knows, by its headers or as a person said of such headers before.

    With `expected`, no other template will do.
    Fault when there is none, or one that is nearly one.
    """
    sheets, strangers, hidden = [], [], []
    remembered = [one for one in remembered if expected in ("", one.template)]
    for table in file.tables:
        if table.frame.is_empty():
            continue
        if table.is_hidden and len(file.tables) > 1:
            hidden.append(table)
        elif sheet := _match(file, table, remembered):
            sheets.append(sheet)
        else:
            strangers.append(table)
    if expected:
        _refuse_others(file, sheets, expected)
    full = [sheet for sheet in sheets if not sheet.frame.is_empty()]
    if sheets and not full:
        raise Fault(file.name, "只有表头，没有数据行", "请重新导出后再导入", sheets[0].name)
    if not sheets:
        raise _stranger(file, (strangers or hidden or file.tables)[0])
    for sheet in sheets:
        if sheet.frame.is_empty():
            full[0].remarks.append(f"工作表“{sheet.name}”只有表头，没有数据行")
    for table in strangers:
        full[0].remarks.append(f"工作表“{table.sheet}”不是任何模板，已跳过")
    for table in hidden:
        full[0].remarks.append(f"工作表“{table.sheet}”是隐藏的，已跳过；如需导入请取消隐藏")
    return full


def _refuse_others(file: File, sheets: list[Sheet], expected: str) -> None:
    wanted = templates()[expected]
    for sheet in sheets:
        if sheet.template.name != expected:
            raise Fault(
                file.name,
                f"是{sheet.template.department}的《{sheet.template.title}》，"
                f"不是所选的{wanted.department}《{wanted.title}》",
                "请改选“按表头识别”，或换成所选部门的文件",
                sheet.name,
            )


def _match(file: File, table: Table, remembered: Iterable[Remembered]) -> Sheet | None:
    nearest: tuple[int, Template, list[str]] | None = None
    complete: list[tuple[int, int, int, Template, list[str]]] = []
    for headers, line, spread in _header_lines(table):
        for template in templates().values():
            matched = places(template, headers)
            missing = [column.header for column in template.needed if column.field not in matched]
            if not missing:
                complete.append((len(matched), -spread, -line, template, headers))
                continue
            share = len(matched) / len(template.columns)
            if share > 0.5 and (nearest is None or len(matched) > nearest[0]):
                nearest = (len(matched), template, _name_missing(missing, headers))
    if complete:  # the most columns; of two readings the simpler, of two lines the upper
        _, spread, line, found, headers = max(complete, key=lambda one: one[:3])
        return _sheet(file, table, found, headers, -line, -spread)
    if known := _by_memory(file, table, remembered):
        return known
    if nearest:
        _, template, missing = nearest
        raise Unrecognised(
            file.name,
            f"像是“{template.title}”（{template.department}），但缺少列：{'、'.join(missing)}",
            "请按模板补上这些列的表头再导入，或在上传页指定各列的对应关系",
            table.sheet,
        )
    return None


def _by_memory(file: File, table: Table, remembered: Iterable[Remembered]) -> Sheet | None:
    """The sheet as somebody read such headers before; not when two departments use the same headers differently."""
    for line in range(min(DEEPEST, table.frame.height)):
        headers = [text or "" for text in table.frame.row(line)]
        key = header_key(headers)
        known = [one for one in remembered if one.key == key]
        if len(known) == 1:
            plain = [plain_header(header) for header in headers]
            mapping = {name: plain.index(plain_header(header)) for name, header in known[0].columns.items()}
            sheet = _sheet(file, table, templates()[known[0].template], headers, line, 1, mapping)
            sheet.remarks.insert(0, f"按上次的对应关系读取（{known[0].by} 指定）")
            return sheet
    return None


def header_key(headers: list[str]) -> str:
    """The same for the same headers in any order."""
    plain = sorted(filter(None, map(plain_header, headers)))
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()


def _header_lines(table: Table) -> Iterator[tuple[list[str], int, int]]:
    """(headers, the last of their lines, how many lines): each line alone, then each with the next one.

    Headers in two lines have a heading above several columns; what stands below it is the column's own, what stands
    only above is too (merged downwards).
    """
    lines = [[text or "" for text in table.frame.row(line)] for line in range(min(DEEPEST, table.frame.height))]
    for line, headers in enumerate(lines):
        yield headers, line, 1
    known = {plain_header(column.header) for template in templates().values() for column in template.columns}
    for line, (upper, lower) in enumerate(pairwise(lines)):
        both = [
            above if plain_header(above) in known and not plain_header(below) else below or above
            for above, below in zip(upper, lower, strict=True)
        ]
        yield both, line + 1, 2


def places(template: Template, headers: list[str]) -> dict[str, int]:
    """Field -> position of its column."""
    wanted = {plain_header(column.header): column.field for column in template.columns}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        if name := wanted.get(plain_header(header)):
            found.setdefault(name, place)
    return found


def _name_missing(missing: list[str], headers: list[str]) -> list[str]:
    named = []
    for header in missing:
        close = get_close_matches(plain_header(header), [plain_header(text) for text in headers if text], 1, 0.5)
        named.append(f"“{header}”（最接近的是“{close[0]}”）" if close else f"“{header}”")
    return named


def _sheet(
    file: File,
    table: Table,
    template: Template,
    headers: list[str],
    line: int,
    spread: int,
    mapping: dict[str, int] | None = None,
) -> Sheet:
    matched = mapping or places(template, headers)
    plain = [plain_header(header) for header in headers]
    for name, place in matched.items():
        if plain.count(plain[place]) > 1:
            raise Fault(file.name, f"列“{template.column(name).header}”出现了两次", "请只保留一列再导入", table.sheet)
    remarks = [f"表头占两行（第 {line}、{line + 1} 行），已合并识别"] if spread == 2 else []
    used = set(matched.values())
    body = table.frame.with_row_index("row", offset=1).slice(line + 1)
    texts = [pl.col(c).str.strip_chars().fill_null("") for c in table.frame.columns]
    body = body.filter(pl.any_horizontal(text != "" for text in texts)).with_columns(pl.col("row").cast(pl.Int64))
    body, omitted = leave_out(template, matched, headers, body)
    remarks += omitted
    remarks += check_cells(table, template, matched, body)
    if unknown := [header for place, header in enumerate(headers) if place not in used and header.strip()]:
        remarks.append(f"多余的列未采用：{'、'.join(unknown)}")
    if absent := [column.header for column in template.columns if column.field not in matched]:
        remarks.append(f"缺少可选的列，按未知处理：{'、'.join(absent)}")
    return Sheet(file, table.sheet, template, body, headers, line + 1, matched, remarks, mapping or {})


def _stranger(file: File, table: Table) -> Fault:
    titles = "、".join(template.title for template in templates().values())
    todo = f"请按以下模板之一整理表头，或在上传页指定各列的对应关系：{titles}"
    return Unrecognised(file.name, "表头不属于任何模板", todo, table.sheet)
