"""The departments' sheets: headers, types and units as the feed templates say, cells made from exact integers.

The generator never spells a header: it names fields, and the templates (domain/feeds) give header and unit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

YEARS = (2021, 2022)
MARK = "演示数据"

# decimals of the smallest unit of a type: 分, 0.01 m², 0.0001 亩, 0.0001 tce, 1 g (language/numbers.py)
DECIMALS = {"money": 2, "mu": 4, "m2": 2, "tce": 4, "t": 6, "ratio": 6, "percent": 4, "int": 0, "year": 0}

Row = list[Any]


@cache
def templates() -> dict[str, dict[str, Any]]:
    """The feed templates by name, exactly as the importer reads them."""
    text = files("fenghuang.domain.feeds").joinpath("templates.yaml").read_text(encoding="utf-8")
    return {entry["template"]: entry for entry in yaml.safe_load(text)}


def cell(column: dict[str, Any], value: Any) -> Any:
    """A fact in its smallest unit as the department's cell: a double in the header's unit, 是/否, or text.

    A percent is kept as a ratio of 10^6, so its cell has four decimals. One true division of integers gives the nearest
    double, which is what a spreadsheet holds.
    """
    kind = column["type"]
    if value is None:
        return None
    if kind == "bool":
        return "是" if value else "否"
    if kind == "choices":
        label = {code: text for text, code in column["choices"].items()}
        return "、".join(label[code] for code in value) or None
    if kind in ("text", "code", "grade", "date"):
        return value
    unit = 10 ** DECIMALS[kind] * column.get("scale", 1)
    return value if unit == 1 else value / unit


@dataclass
class Sheet:
    """One sheet of a department's file while it is being made; rows are lists of cells in the template's order."""

    template: str
    year: int
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = templates()[self.template]["columns"]
        self.at = {column["field"]: place for place, column in enumerate(self.columns)}

    @property
    def headers(self) -> list[str]:
        return [column["header"] for column in self.columns]

    @property
    def title(self) -> str:
        short = {"parcels": "宗地", "leases": "租赁", "meters": "电表", "meter_shares": "分摊"}
        short |= {"contracts": "合同", "buildings": "建筑物", "parks": "园区", "milestones": "节点"}
        return short.get(self.template) or str(templates()[self.template]["title"])

    def add(self, **values: Any) -> Row:
        """Append a row of facts in smallest units; the year is the sheet's, a field that is not given stays empty."""
        row: Row = [None] * len(self.columns)
        for name, value in values.items():
            place = self.at[name]
            row[place] = cell(self.columns[place], value)
        row[self.at["year"]] = self.year
        self.rows.append(row)
        return row


# template(s) of one file -> the subject in the file's name, and how the department saves it
DELIVERIES: list[tuple[tuple[str, ...], str, str]] = [
    (("directory",), "工业企业名录", "csv-gbk"),
    (("tax",), "企业评价税收", "xlsx"),
    (("parcels", "leases"), "工业用地", "xlsx"),
    (("meters", "meter_shares"), "企业用电量", "xlsx"),
    (("energy",), "企业综合能耗", "xlsx"),
    (("emissions",), "主要污染物排放量", "csv-utf8"),
    (("employees",), "年平均职工人数", "xlsx"),
    (("research",), "企业研发经费", "xlsx"),
    (("projects",), "技术改造与重点产业项目", "xlsx"),
    (("contracts", "buildings"), "宗地合同与建筑物", "xlsx"),
    (("parks", "milestones"), "园区与项目节点", "xlsx"),
]


def file_name(template: str, year: int) -> str:
    """The name of the file that carries the template's sheet, e.g. 2022-市统计局-工业企业名录-演示数据.csv."""
    for names, subject, form in DELIVERIES:
        if template in names:
            return f"{year}-{templates()[template]['department']}-{subject}-{MARK}.{form.split('-')[0]}"
    raise KeyError(template)


def dump(value: Any) -> str:
    """JSON as the truth file holds it: Chinese readable, one entry a line at the second level would be noise."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
