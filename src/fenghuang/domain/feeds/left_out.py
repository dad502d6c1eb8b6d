"""Lines of a sheet that are not data, and cells that cannot be taken as they stand.

A line is left out only when it names no firm: a total, a remark below the table, the headers once more, the example of
an empty form (blank.py). What is left out is said with its line number, and the file itself is kept.
"""

from __future__ import annotations

import polars as pl

from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.read import Table
from fenghuang.domain.feeds.templates import EXAMPLE, NAMES, Template, plain_header
from fenghuang.domain.feeds.workbook import cells, letters

TOTAL = r"^(合计|总计|小计|共计|累计|总和|全市合计|全市总计|本页合计|本表合计)[（(:：]?"
FOOT = (
    r"^(注|备注|说明|填表说明|填表人|制表人|审核人|复核人|填报人|填报单位|单位负责人|负责人|联系人|联系电话|"
    r"填报日期|制表日期)[:：]"
)
LEFT_OUT = {
    "total": "是合计，未作为数据",
    "foot": "是表下附注，未作为数据",
    "again": "是重复的表头，已略去",
    "example": "是示例，未作为数据",
}
MOST = 5  # line numbers that a sentence names


def leave_out(
    template: Template, places: dict[str, int], headers: list[str], body: pl.DataFrame
) -> tuple[pl.DataFrame, list[str]]:
    """The lines that are data, and what to say of the others."""
    columns = [name for name in body.columns if name != "row"]
    squeezed = {name: pl.col(name).fill_null("").str.normalize("NFKC").str.replace_all(r"\s", "") for name in columns}
    naming = [code for code, _ in template.codes] or template.key  # a park is named by no code of a firm
    named = [squeezed[f"c{places[name]}"] for name in naming if name in places]
    # a total may say 合计 where the code belongs
    nameless = pl.all_horizontal((code == "") | code.str.contains(TOTAL) | code.str.contains(FOOT) for code in named)
    again = pl.all_horizontal(
        squeezed[f"c{place}"].str.replace_all(r"\*", "") == plain_header(headers[place]) for place in places.values()
    )
    names = [squeezed[f"c{places[name]}"] for name in NAMES if name in places]
    kinds = body.select(
        "row",
        total=nameless & pl.any_horizontal(text.str.contains(TOTAL) for text in squeezed.values()),
        foot=nameless & pl.any_horizontal(text.str.contains(FOOT) for text in squeezed.values()),
        again=again,
        example=pl.any_horizontal(pl.lit(value=False), *(name.str.starts_with(EXAMPLE) for name in names)),
    )
    remarks = []
    for kind, words in LEFT_OUT.items():
        if rows := kinds.filter(kind)["row"].to_list():
            remarks.append(f"第 {lines(rows)} 行{words}")
    keep = ~(kinds["total"] | kinds["foot"] | kinds["again"] | kinds["example"])
    return body.filter(keep), remarks


def lines(rows: list[int]) -> str:
    """Line numbers, the first few."""
    more = f" 等 {len(rows)} " if len(rows) > MOST else ""
    return "、".join(map(str, rows[:MOST])) + more


def check_cells(table: Table, template: Template, places: dict[str, int], body: pl.DataFrame) -> list[str]:
    """Refuse merged cells and formulas nobody has calculated; say which formulas were taken by their value."""
    marks = table.marks
    used = {marks.first + place: name for name, place in places.items()}
    data = set(body["row"].to_list())
    for top, left, bottom, right in marks.merged:
        hit = [column for column in used if left <= column <= right]
        if hit and any(row in data for row in range(top, min(bottom, table.frame.height) + 1)):
            raise Fault(
                table.file,
                f"数据中有合并单元格（{letters(left)}{top}:{letters(right)}{bottom}），只有第一格有值",
                "请取消合并，逐行填写后再导入",
                table.sheet,
            )
    for row, column in marks.uncalculated:
        if column in used and row in data:
            raise Fault(
                table.file,
                f"{letters(column)}{row}（{template.column(used[column]).header}）是公式，但没有保存计算结果",
                "请在 Excel 或 WPS 中打开并保存一次，或粘贴为数值后再导入",
                table.sheet,
            )
    remarks = []
    for column, rows in sorted(marks.formulas.items()):
        if column in used and (here := [row for row in rows if row in data]):
            header = template.column(used[column]).header
            remarks.append(f"“{header}”有 {len(here)} 格是公式（如 {next(cells(here, column))}），按保存的计算结果采用")
    return remarks
