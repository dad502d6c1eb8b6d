"""The files: XLSX and CSV with the same bytes for the same city."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rustpy_xlsxwriter import FastExcel

from fenghuang.demo.shape import MARK, Sheet

_CORE = "docProps/core.xml"
# The writer stamps the current time: our own properties are fixed, and say that the file is a demonstration.
_PROPERTIES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>{MARK}</dc:title><dc:creator>凤凰</dc:creator><cp:keywords>{MARK}</cp:keywords>\
<dcterms:created xsi:type="dcterms:W3CDTF">2023-01-01T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">2023-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>
"""


def write_file(path: Path, sheets: list[Sheet], form: str) -> None:
    """One department's file: form is xlsx (a sheet each), csv-gbk or csv-utf8 (with byte order mark)."""
    if form == "xlsx":
        path.write_bytes(workbook(sheets))
    else:
        text = comma_separated(sheets[0])
        path.write_bytes(text.encode("gbk" if form == "csv-gbk" else "utf-8-sig"))


def workbook(sheets: list[Sheet]) -> bytes:
    """The sheets as XLSX: texts as inline strings, numbers as doubles, nothing that depends on the clock."""
    buffer = io.BytesIO()
    book = FastExcel(buffer)
    for sheet in sheets:
        headers = sheet.headers
        # An empty sheet would lose its headers with its rows: the generator makes none.
        book = book.sheet(sheet.title, [dict(zip(headers, row, strict=True)) for row in sheet.rows])
    book.save()
    return timeless(buffer.getvalue())


def timeless(book: bytes) -> bytes:
    """The workbook with our document properties; all other members keep their compressed bytes and 1980 time stamps."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(book)) as source, ZipFile(target, "w") as result:
        members = sorted(source.infolist(), key=lambda member: member.header_offset)
        ends = [member.header_offset for member in members[1:]] + [source.start_dir]
        for member, end in zip(members, ends, strict=True):
            if member.filename == _CORE:
                result.writestr(ZipInfo(_CORE, (1980, 1, 1, 0, 0, 0)), _PROPERTIES, ZIP_DEFLATED)
                continue
            raw = book[member.header_offset : end]
            member.header_offset = target.tell()
            target.write(raw)
            result.filelist.append(member)
            result.NameToInfo[member.filename] = member
            result.start_dir = target.tell()
    return target.getvalue()


def comma_separated(sheet: Sheet) -> str:
    """The sheet as CSV text with Windows line ends; whole numbers without a decimal point."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(sheet.headers)
    writer.writerows([[plain(value) for value in row] for row in sheet.rows])
    return buffer.getvalue()


def plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
