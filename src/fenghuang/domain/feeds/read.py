"""Files as they came -> tables of text. Doubles of a spreadsheet come in their shortest decimal form.

fastexcel writes numbers with nine decimals when asked for text (100000000.005 becomes 100000000.004999995, which rounds
to the wrong fen), so columns with decimals are read again as doubles and their cells replaced by `repr`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from fenghuang.domain.feeds.faults import Fault

LARGEST = 200 * 2**20
LARGEST_UNPACKED = 2**30
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DECIMALS = r"^-?\d+\.\d{1,9}$"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as text: columns c0, c1, …; line 1 of the spreadsheet is the frame's first line."""

    file: str
    sheet: str
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class File:
    """A received file and its sheets."""

    path: Path
    name: str
    sha256: str
    size: int
    encoding: str
    tables: tuple[Table, ...]


def read(path: Path, name: str = "") -> File:
    """Read a file whatever its ending says; Fault when it cannot be used."""
    name = name or path.name
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Fault(
                name, f"文件有 {size / 2**20:.0f} MB，超过上限 {LARGEST // 2**20} MB", "请按县（市、区）拆分后再导入"
            )
        content = path.read_bytes()
    except OSError as error:
        raise Fault(name, f"无法打开（{error.strerror or error}）", "请检查路径和读取权限") from error
    if not content.strip():
        raise Fault(name, "文件是空的", "请重新导出后再导入")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Fault(name, "文件设有打开密码", "请取消密码后另存再导入")
        raise Fault(name, "是旧版 .xls（或 .et）格式", "请在 Excel 或 WPS 中另存为 .xlsx 再导入")
    if content.startswith(b"PK"):
        encoding, tables = "xlsx", _workbook(path, name, content)
    else:
        encoding, tables = _text(name, content)
    return File(path, name, hashlib.sha256(content).hexdigest(), size, encoding, tables)


# --- XLSX -----------------------------------------------------------------------------------------------------------


def _workbook(path: Path, name: str, content: bytes) -> tuple[Table, ...]:
    _refuse_bomb(name, content)
    try:
        book = fastexcel.read_excel(content)
        tables = tuple(Table(name, sheet, _sheet(book, sheet)) for sheet in book.sheet_names)
    except fastexcel.FastExcelError as error:
        raise Fault(name, "不是完好的 XLSX 工作簿（可能未传完或已损坏）", "请重新导出或另存为 .xlsx 再导入") from error
    if all(table.frame.is_empty() for table in tables):
        raise Fault(name, "工作簿里没有数据", "请重新导出后再导入")
    return tables


def _refuse_bomb(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise Fault(name, "不是完好的 XLSX 工作簿（可能未传完或已损坏）", "请重新导出或另存为 .xlsx 再导入") from error
    if not any(member.startswith("xl/") for member in names):
        raise Fault(name, "是压缩包，不是 XLSX 工作簿", "请解压后导入其中的表格文件")
    if unpacked > LARGEST_UNPACKED:
        raise Fault(
            name,
            f"解压后有 {unpacked / 2**20:.0f} MB，超过上限 {LARGEST_UNPACKED // 2**20} MB",
            "请按县（市、区）拆分后再导入",
        )


def _sheet(book: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    frame = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
    frame.columns = [f"c{place}" for place in range(frame.width)]
    decimals = [place for place, column in enumerate(frame.iter_columns()) if column.str.contains(DECIMALS).any()]
    if not decimals:
        return frame
    doubles = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float", use_columns=decimals).to_polars()
    return frame.with_columns(
        _shortest(frame.to_series(place), doubles.to_series(order)) for order, place in enumerate(decimals)
    )


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


# --- CSV ------------------------------------------------------------------------------------------------------------


def _text(name: str, content: bytes) -> tuple[str, tuple[Table, ...]]:
    encoding = _encoding(name, content)
    text = content.decode(encoding)
    if "\0" in text:
        raise Fault(name, "不是表格文件（XLSX 或 CSV）", "请导出为 .xlsx 或 .csv 再导入")
    if text.lstrip()[:1] == "<":
        raise Fault(name, "是网页或 XML 格式，不是真正的表格", "请在 Excel 或 WPS 中另存为 .xlsx 再导入")
    head = text.lstrip().partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Fault(name, f"CSV 的引号不成对或格式错误（{error}）", "请重新导出为 .xlsx 或 .csv 再导入") from error
    width = max(map(len, rows))
    columns = {
        f"c{place}": pl.Series([row[place] if place < len(row) else None for row in rows], dtype=pl.String)
        for place in range(width)
    }
    return encoding, (Table(name, "", pl.DataFrame(columns)),)


def _encoding(name: str, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Fault(name, "文字编码无法识别（不是 UTF-8，也不是 GBK/GB18030），或不是表格文件", "请另存为 .xlsx 再导入")
