"""Small deliveries for tests: a sheet is a template and rows by field; files are written as departments write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import xlsxwriter

from fenghuang.domain.feeds.codes import ALPHABET, check_digit
from fenghuang.domain.feeds.templates import template


def code(number: int, region: str = "331002") -> str:
    """A valid 统一社会信用代码, different for every number."""
    digits = ""
    for _ in range(9):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    body = "91" + region + digits
    return body + check_digit(body)


A, B, C, D = (code(1000 + 37 * number) for number in range(4))
Rows = list[dict[str, Any]]


def firm(uscc: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {
        "uscc": uscc,
        "name": name or f"企业{uscc[-4:]}",
        "unit": "椒江区",
        "industry": "3411",
        "above_scale": "是",
        **more,
    }


def firms(*codes: str, **more: Any) -> Rows:
    return [firm(uscc, **more) for uscc in codes]


def cells(name: str, rows: Rows, year: int) -> list[list[Any]]:
    columns = template(name).columns
    table: list[list[Any]] = [[column.header for column in columns]]
    for row in rows:
        given = {"year": year, **row}
        table.append([given.get(column.field) for column in columns])
    return table


def workbook(path: Path, *sheets: tuple[str, Rows], year: int = 2022) -> Path:
    """An XLSX with a sheet a template."""
    book = xlsxwriter.Workbook(path)
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        for line, values in enumerate(cells(name, rows, year)):
            for place, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(line, place, value)
                elif value is not None:
                    sheet.write(line, place, value)
    book.close()
    return path


def comma_separated(path: Path, name: str, rows: Rows, year: int = 2022, encoding: str = "utf-8-sig") -> Path:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(cells(name, rows, year))
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path
