"""XLSX -> tables of text, and what the text alone would hide: formulas, error values, merged and hidden parts.

fastexcel reads the values; a cell that holds an error (#N/A) or a formula nobody has calculated comes from it as empty,
and empty means unknown. So the sheets' XML is looked through once for such cells; the same pass unpacks every member
within limits, which finds a bomb or a torn file before anything else touches it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import PurePosixPath

import fastexcel
import polars as pl

from fenghuang.domain.feeds.faults import Fault

LARGEST_UNPACKED = 2**30
MOST_CELLS = 20_000_000  # of the rectangle in use: the reader lays it out whole, however few cells are filled
DECIMALS = r"^-?\d+\.\d{1,9}$"
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
CHUNK = 4 * 2**20
TORN = ("不是完好的 XLSX 工作簿（可能未传完或已损坏）", "请重新导出或另存为 .xlsx 再导入")

_P = rb"(?:\w+:)?"  # some writers put a prefix before every element
_CELL = rb"<" + _P + rb'c r="([A-Z]{1,3})(\d+)"([^>]*)>'
_FORMULA = re.compile(
    _CELL + rb"<" + _P + rb"f(?:/>|[\s>].*?(?:</" + _P + rb"f>|/>))(<" + _P + rb"v>[^<]+<)?", re.DOTALL
)
_ERROR = re.compile(rb"<" + _P + rb'c r="([A-Z]{1,3})(\d+)"[^>]*\bt="e"[^>]*>.*?<' + _P + rb"v>([^<]*)<", re.DOTALL)
_MERGE = re.compile(rb"<" + _P + rb'mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_FILLED = re.compile(rb"<" + _P + rb'c r="([A-Z]{1,3})\d+"[^>/]*>(?!</)')
_WIDE = re.compile(rb'<(?:\w+:)?c r="([A-Z]{2,3})\d')
_ROW = re.compile(rb"<" + _P + rb'row\b[^>]*?\br="(\d+)"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")


@dataclass(slots=True)
class Marks:
    """Cells as (row, column), both counted from 1, that a reader of values does not tell apart from others."""

    formulas: dict[int, list[int]] = field(default_factory=dict)  # column -> rows, calculated
    uncalculated: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, column; last row, column
    first: int = 16384  # the sheet's column that is the frame's first
    rows: int = 0
    widest: int = 26


@dataclass(frozen=True, slots=True)
class Read:
    """A sheet of the workbook."""

    name: str
    frame: pl.DataFrame
    marks: Marks
    is_hidden: bool


def read_workbook(name: str, content: bytes) -> list[Read]:
    """Every sheet; Fault when the workbook cannot be used."""
    marks = _look_through(name, content)
    try:
        book = fastexcel.read_excel(content)
        return [_read(name, book, sheet, marks.get(sheet) or Marks()) for sheet in book.sheet_names]
    except fastexcel.FastExcelError as error:
        raise Fault(name, *TORN) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own fault, told by a damaged file
            raise Fault(name, *TORN) from error
        raise


def letters(column: int) -> str:
    """28 -> "AB"."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(column: bytes) -> int:
    """b"AB" -> 28."""
    value = 0
    for letter in column:
        value = value * 26 + letter - 64
    return value


# --- the XML ------------------------------------------------------------------------------------------------------


def _look_through(name: str, content: bytes) -> dict[str, Marks]:
    """Marks by sheet name."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            _check_members(name, members)
            sheets = _sheets(archive, members)
            marks = {sheet: Marks() for sheet in sheets.values()}
            for member in members.values():
                _unpack(name, archive, member, marks.get(sheets.get(member.filename, "")))
    except DAMAGED as error:
        if isinstance(error, Fault):
            raise
        raise Fault(name, *TORN) from error
    return marks


def _check_members(name: str, members: dict[str, zipfile.ZipInfo]) -> None:
    if not any(member.startswith("xl/") for member in members):
        if any(member.startswith("word/") for member in members):
            raise Fault(name, "是 Word 文档，不是表格", "请把其中的表格另存为 .xlsx 再导入")
        raise Fault(name, "是压缩包，不是 XLSX 工作簿", "请解压后导入其中的表格文件")
    if "xl/workbook.bin" in members:
        raise Fault(name, "是二进制工作簿（.xlsb）", "请在 Excel 或 WPS 中另存为 .xlsx 再导入")
    unpacked = sum(member.file_size for member in members.values())
    if unpacked > LARGEST_UNPACKED:
        raise Fault(
            name,
            f"解压后有 {unpacked / 2**20:.0f} MB，超过上限 {LARGEST_UNPACKED // 2**20} MB",
            "请按县（市、区）拆分后再导入",
        )


def _sheets(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Member -> the sheet it holds."""
    book = _text(archive, members, "xl/workbook.xml")
    relations = _text(archive, members, "xl/_rels/workbook.xml.rels")
    targets = {}
    for found in _RELATION.findall(relations):
        target = _attribute(found, "Target")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        targets[_attribute(found, "Id")] = path
    sheets = {}
    for found in _SHEET.findall(book):
        path = targets.get(_attribute(found, r"\w+:id"), "")
        if path in members:
            sheets[path] = _attribute(found, "name")
    return sheets


def _text(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], path: str) -> str:
    return archive.read(path).decode("utf-8", "replace") if path in members else ""


def _attribute(text: str, name: str) -> str:
    found = re.search(rf"""(?:^|\s){name}=(?:"([^"]*)"|'([^']*)')""", text)
    return unescape(found[1] or found[2] or "") if found else ""


def _unpack(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, marks: Marks | None) -> None:
    """Read the member to its end (its length and checksum are verified so), noting marks on the way."""
    rest = b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            if marks is None:
                continue
            rest += chunk
            whole, end, rest = rest.rpartition(b"</row>") if b"</row>" in rest else (b"", b"", rest)
            _note(marks, whole + end)
            if marks.rows * marks.widest > MOST_CELLS:
                break
    if marks is None:
        return
    _note(marks, rest)
    if marks.rows * marks.widest > MOST_CELLS:
        raise Fault(
            name,
            f"已用区域有 {marks.rows} 行 × {marks.widest} 列，远超数据所需",
            "请删除数据以外的空行空列（或把数据复制到新工作簿）后再导入",
        )


def _note(marks: Marks, xml: bytes) -> None:
    for found in _ROW.finditer(xml):
        marks.rows = max(marks.rows, int(found[1]))
    for column in set(_WIDE.findall(xml)):
        marks.widest = max(marks.widest, number(column))
    if b"f>" in xml or b"<f" in xml:
        for column, row, attributes, value in _FORMULA.findall(xml):
            if value or b't="str"' in attributes:
                marks.formulas.setdefault(number(column), []).append(int(row))
            else:
                marks.uncalculated.append((int(row), number(column)))
    if b't="e"' in xml:
        marks.errors += [(int(row), number(column), text.decode()) for column, row, text in _ERROR.findall(xml)]
    if b"mergeCell " in xml:
        for left, top, right, bottom in _MERGE.findall(xml):
            marks.merged.append((int(top), number(left), int(bottom), number(right)))
    if columns := set(_FILLED.findall(xml)):
        marks.first = min(marks.first, *map(number, columns))


# --- the values ---------------------------------------------------------------------------------------------------


def _read(name: str, book: fastexcel.ExcelReader, sheet: str, marks: Marks) -> Read:
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    frame = loaded.to_polars()
    frame.columns = [f"c{place}" for place in range(frame.width)]
    decimals = [place for place, column in enumerate(frame.iter_columns()) if column.str.contains(DECIMALS).any()]
    if decimals:
        doubles = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float", use_columns=decimals).to_polars()
        frame = frame.with_columns(
            _shortest(frame.to_series(place), doubles.to_series(order)) for order, place in enumerate(decimals)
        )
    return Read(sheet, _with_errors(name, sheet, frame, marks), marks, loaded.visible != "visible")


def _shortest(texts: pl.Series, doubles: pl.Series) -> pl.Series:
    """The texts, but the shortest form of the double where there is one. A longer text is a text cell: it stays."""
    short = texts.str.contains(DECIMALS) & doubles.is_not_null()
    return pl.Series(
        texts.name,
        [
            _repr(double) if is_short else text
            for text, double, is_short in zip(texts.to_list(), doubles.to_list(), short.to_list(), strict=True)
        ],
        dtype=pl.String,
    )


def _repr(double: float) -> str:
    text = repr(double)
    return text[:-2] if text.endswith(".0") else text


def _with_errors(name: str, sheet: str, frame: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    """Error values as the texts that Excel shows: they are faults, not blanks."""
    columns: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in marks.errors:
        columns.setdefault(column - marks.first, []).append((row - 1, text))
    for place, cells in columns.items():
        if not 0 <= place < frame.width or max(row for row, _ in cells) >= frame.height:
            raise Fault(name, "单元格中有错误值（如 #N/A）", "请改正公式或清空这些单元格后再导入", sheet)
        rows, texts = (list(values) for values in zip(*cells, strict=True))
        frame = frame.with_columns(frame.to_series(place).scatter(rows, texts))
    return frame


def cells(rows: list[int], column: int, most: int = 3) -> Iterator[str]:
    """Some cells by the names that spreadsheets give them."""
    return (f"{letters(column)}{row}" for row in rows[:most])
