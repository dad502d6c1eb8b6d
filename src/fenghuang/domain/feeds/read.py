"""Files as they came -> tables of text. Doubles of a spreadsheet come in their shortest decimal form.

fastexcel writes numbers with nine decimals when asked for text (100000000.005 becomes 100000000.004999995, which rounds
to the wrong fen), so columns with decimals are read again as doubles and their cells replaced by `repr` (workbook.py).
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from django.conf import settings

from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.workbook import Marks, read_workbook
from fenghuang.language.words import system_fault

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NO_TABLE = {  # how files begin that are no tables, whatever their name says
    b"%PDF": "PDF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
    b"{\\rtf": "RTF 文档",
}
WIDEST = 500  # columns of a CSV


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as text: columns c0, c1, …; line 1 of the spreadsheet is the frame's first line."""

    file: str
    sheet: str
    frame: pl.DataFrame
    marks: Marks = field(default_factory=Marks)
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A received file and its sheets."""

    path: Path
    name: str
    sha256: str
    size: int
    encoding: str
    tables: tuple[Table, ...]


def too_large(size: int) -> tuple[str, str] | None:
    """What is wrong with a file of so many bytes, and what to do; the one limit is UPLOAD_MAX_BYTES."""
    if size <= settings.UPLOAD_MAX_BYTES:
        return None
    limit = settings.UPLOAD_MAX_BYTES
    return f"文件有 {size / 2**20:.0f} MB，超过上限 {limit / 2**20:.0f} MB", "请按县（市、区）拆分后再导入"


def read(path: Path, name: str = "") -> File:
    """Read a file whatever its ending says; Fault when it cannot be used."""
    name = name or path.name
    try:
        size = path.stat().st_size
        if wrong := too_large(size):
            raise Fault(name, *wrong)
        content = path.read_bytes()
    except OSError as error:
        raise Fault(name, f"无法打开（{system_fault(error)}）", "请检查路径和读取权限") from error
    if not content.strip():
        raise Fault(name, "文件是空的", "请重新导出后再导入")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise Fault(name, "文件设有打开密码", "请取消密码后另存再导入")
        raise Fault(name, "是旧版 .xls（或 .et）格式", "请在 Excel 或 WPS 中另存为 .xlsx 再导入")
    for beginning, kind in NO_TABLE.items():
        if content.startswith(beginning):
            raise Fault(name, f"是{kind}，不是表格", "请导出为 .xlsx 或 .csv 再导入")
    if content.startswith(b"PK"):
        encoding, tables = "xlsx", _workbook(name, content)
    else:
        encoding, tables = _text(name, content)
    return File(path, name, hashlib.sha256(content).hexdigest(), size, encoding, tables)


def _workbook(name: str, content: bytes) -> tuple[Table, ...]:
    tables = tuple(Table(name, one.name, one.frame, one.marks, one.is_hidden) for one in read_workbook(name, content))
    if all(table.frame.is_empty() for table in tables):
        raise Fault(name, "工作簿里没有数据", "请重新导出后再导入")
    return tables


# --- CSV ----------------------------------------------------------------------------------------------------------


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
    width = max(map(len, rows), default=0)
    if width > WIDEST:
        raise Fault(name, f"有一行多达 {width} 列，远超数据所需", "请检查引号和分隔符后重新导出")
    if width == 0:
        raise Fault(name, "文件里没有数据", "请重新导出后再导入")
    columns = {
        f"c{place}": pl.Series([row[place] if place < len(row) else None for row in rows], dtype=pl.String)
        for place in range(width)
    }
    return encoding, (Table(name, "", pl.DataFrame(columns)),)


def _encoding(name: str, content: bytes) -> str:
    codecs = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in codecs:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Fault(name, "文字编码无法识别（不是 UTF-8，也不是 GBK/GB18030），或不是表格文件", "请另存为 .xlsx 再导入")
