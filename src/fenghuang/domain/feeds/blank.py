"""Empty forms for the departments: a workbook with a sheet a template, its units, what may be typed, and an example.

The example is marked 示例 where the name stands: such a line is left out whoever sends it back (left_out.py). Its
code has a wrong check digit, so that a line whose mark was removed goes to quarantine and not into the registry.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from fenghuang.domain.feeds.codes import ALPHABET, check_digit
from fenghuang.domain.feeds.templates import EXAMPLE, NAMES, Column, Template, templates
from fenghuang.domain.feeds.values import EARLIEST_YEAR

LINES = 20_000  # below the headers that are checked while typing
LATEST_YEAR = 2100
SHEET_NAME = 31  # characters that a spreadsheet allows
BODY = "91331000MA0000000"
TYPES = {
    "code": "18 位统一社会信用代码，按文本填写",
    "year": "四位年度，如 2023",
    "bool": "是 或 否；不清楚则留空",
    "date": "日期，如 2022-03-01",
    "int": "整数",
    "text": "文字",
}
NUMBER = "只填数字，单位见表头"


def departments() -> dict[str, list[Template]]:
    """Each department with its sheets, in the order of the templates."""
    found: dict[str, list[Template]] = {}
    for one in templates().values():
        found.setdefault(one.department, []).append(one)
    return found


def department(text: str) -> str | None:
    """The one department that the text means: its name or a part of it, or the name or title of one of its sheets."""
    text = text.strip()
    exact = {one.department for one in templates().values() if text in (one.department, one.name, one.title)}
    part = {one.department for one in templates().values() if text and text in one.department}
    found = exact or part
    return found.pop() if len(found) == 1 else None


def file_name(of: str) -> str:
    """市税务局-报送模板.xlsx"""
    return f"{of}-报送模板.xlsx"


def blank(of: str) -> bytes:
    """The department's workbook."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"title": f"{of}报送模板", "company": "凤凰"})
    for one in departments()[of]:
        _sheet(book, one)
    book.close()
    return file.getvalue()


def _sheet(book: Any, template: Template) -> None:
    page = book.add_worksheet(template.title[:SHEET_NAME])
    must = book.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1, "text_wrap": True, "valign": "vcenter"})
    may = book.add_format({"bg_color": "#F2F4F7", "border": 1, "text_wrap": True, "valign": "vcenter"})
    quiet = book.add_format({"italic": True, "font_color": "#667085"})
    texts = book.add_format({"num_format": "@"})
    for place, column in enumerate(template.columns):
        is_text = column.type in ("code", "text", "date")
        page.set_column(place, place, max(14, min(2 * len(column.header), 34)), texts if is_text else None)
        page.write_string(0, place, column.header, must if column.required else may)
        page.write_comment(0, place, explained(template, column), {"x_scale": 2, "y_scale": 1.4})
        value = example(column)
        if isinstance(value, str):
            page.write_string(1, place, value, quiet)
        else:
            page.write_number(1, place, value, quiet)
        if rule := _rule(column):
            page.data_validation(1, place, LINES, place, rule)
    page.set_row(0, 34)
    page.freeze_panes(1, 0)


def explained(template: Template, column: Column) -> str:
    """What the comment of a column says: whether it must be filled, how, and what an empty cell means."""
    if column.choices:
        how = f"可填：{'、'.join(column.choices)}；可填多项，用“、”隔开"
    else:
        how = TYPES.get(column.type, NUMBER)
    if column.is_number and column.min == 0:
        how += "，不小于 0"
    must = "必填" if column.required else "可留空，留空表示未知，不是零"
    mark = f"第 2 行为示例（名称以“{EXAMPLE}”开头），导入时自动略去" if column.field == "name" else ""
    key = "同一年度内不得重复" if column.field in template.key and len(template.key) == 1 else ""
    return "。".join(part for part in (must, how, key, mark) if part) + "。"


def example(column: Column) -> str | float:
    """What stands in the line of the example."""
    if column.field in NAMES:
        return f"{EXAMPLE} 台州某某有限公司"
    if column.choices:
        return next(iter(column.choices))
    known: dict[str, str | float] = {
        "uscc": _wrong_code(BODY),
        "tenant": _wrong_code(BODY[:-1] + "1"),
        "unit": "椒江区",
        "industry": "3411",
        "title": "某某技术改造项目",
        "reference": "示例编号",
        "code": "示例编号",
        "township": "某某街道",
        "building": "1 幢",
        "storeys": 5,
        "stars": 3,
        "park": "某某小微企业园",
        "use": "工业用地",
        "place": "1 幢 2 层",
        "far_max": 2.5,
    }
    if column.field in known:
        return known[column.field]
    by_type: dict[str, str | float] = {"bool": "是", "date": "2022-03-01", "percent": 50, "ratio": 1.5, "int": 120}
    if column.type == "year":
        return datetime.now(UTC).year - 1
    return by_type.get(column.type, 1234.5)


def _wrong_code(body: str) -> str:
    return body + ALPHABET[(ALPHABET.index(check_digit(body)) + 1) % len(ALPHABET)]


def _rule(column: Column) -> dict[str, Any] | None:
    """What the spreadsheet itself asks of a cell; departments paste too, so the import checks all of it again."""
    told = {"error_title": "请检查", "ignore_blank": True}
    match column.type:
        case "bool":
            return {**told, "validate": "list", "source": ["是", "否"], "error_message": "请选择“是”或“否”，或留空。"}
        case "choices":
            say = {"error_type": "information", "error_message": "可填多项，用“、”隔开。"}
            return {**told, **say, "validate": "list", "source": list(column.choices)}
        case "code":
            say = {"error_message": "应为 18 位统一社会信用代码。"}
            return {**told, **say, "validate": "length", "criteria": "==", "value": 18}
        case "year":
            span = {"criteria": "between", "minimum": EARLIEST_YEAR, "maximum": LATEST_YEAR}
            return {**told, **span, "validate": "integer", "error_message": "应为四位年度，如 2023。"}
        case "date":
            say = {"error_type": "information", "error_message": "请填日期，如 2022-03-01。"}
            return {**told, **say, "validate": "length", "criteria": "between", "minimum": 8, "maximum": 11}
        case "text":
            return None
    low = column.min if column.min is not None else -(10**15)
    message = f"只填数字{'，不小于 0' if column.min == 0 else ''}，单位见表头。"
    span = {"criteria": "between", "minimum": low, "maximum": 10**15}
    return {**told, **span, "validate": "integer" if column.type == "int" else "decimal", "error_message": message}
