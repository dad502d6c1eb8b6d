"""Files as they really come, made anew each time: `python tests/domain/feeds/ugly.py DIR` writes them all.

REFUSED: name -> (make, what the sentence says). READ: name -> (make, what is remarked); these hold the rows of GOOD.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[3] / "src"))

from deliveries import A, B, C, cells

from fenghuang.domain.feeds.templates import template

GOOD = [
    {"uscc": A, "name": "台州甲机械有限公司", "tax": 1234.5, "local_contribution": 300},
    {"uscc": B, "name": "台州乙模具有限公司", "tax": 20000, "local_contribution": 4000},
    {"uscc": C, "name": "台州丙电机有限公司", "tax": 0.01, "local_contribution": -5},
]
TAX = cells("tax", GOOD, 2022)
HEADERS = TAX[0]
Make = Callable[[Path], None]


def book(*sheets: tuple[str, list[list[Any]]], change: Callable[[Any], None] | None = None) -> Make:
    """A workbook as openpyxl writes it."""

    def make(path: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets:
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if change:
            change(made)
        made.save(path)

    return make


def text(content: str, encoding: str = "utf-8") -> Make:
    return lambda path: path.write_bytes(content.encode(encoding)) and None


def raw(content: bytes) -> Make:
    return lambda path: path.write_bytes(content) and None


def comma(rows: list[list[Any]]) -> str:
    return "\n".join(",".join("" if cell is None else f'"{cell}"' for cell in row) for row in rows)


def torn(path: Path) -> None:
    book(("税", TAX))(path)
    path.write_bytes(path.read_bytes()[:3000])


def lying(path: Path) -> None:
    """A member longer than its directory says."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 2**20)
    content = buffer.getvalue().replace((2**20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(content)


def bomb(path: Path) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(1100):
            member.write(b"\0" * 2**20)


def large(path: Path) -> None:
    """200 MB of nothing, as a file with a hole."""
    with path.open("wb") as file:
        file.truncate(200 * 2**20)


def cell(place: str, value: Any, form: str = "") -> Callable[[Any], None]:
    def change(made: Any) -> None:
        made.worksheets[0][place] = value
        if form:
            made.worksheets[0][place].number_format = form

    return change


def error_cell(made: Any) -> None:
    made.worksheets[0]["D3"] = "#N/A"
    made.worksheets[0]["D3"].data_type = "e"


def hidden(made: Any) -> None:
    made.worksheets[1].sheet_state = "hidden"


def calculated(path: Path) -> None:
    """A formula with the value that Excel keeps beside it."""
    book(("税", TAX), change=cell("D2", "=1000+234.5"))(path)
    empty = r"(<f>1000\+234\.5</f>)<v\s*(/>|></v>)"  # as openpyxl writes it with or without lxml
    rewrite(path, lambda xml: re.sub(empty, r"\1<v>1234.5</v>", xml))


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = change(members[sheet].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)


def other(field: str, header: str) -> list[list[Any]]:
    place = template("tax").fields.index(field)
    return [[*HEADERS[:place], header, *HEADERS[place + 1 :]], *TAX[1:]]


TWO = [["统一社会信用代码", "纳税人名称", "年度", "税收与贡献", ""], ["", "", "", "评价税收（元）", "地方贡献（元）"]]
DATED = [[*row[:2], date(2022, 12, 31), *row[3:]] for row in TAX[1:]]
WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


def full_width(rows: list[list[Any]]) -> list[list[Any]]:
    return [[str(value).translate(WIDE) if not isinstance(value, str) else value for value in row] for row in rows]


def separated(rows: list[list[Any]]) -> list[list[Any]]:
    return [[f"{value:,}" if place > 2 else value for place, value in enumerate(row)] for row in rows]


REFUSED: dict[str, tuple[Make, str]] = {
    "空文件.xlsx": (raw(b""), "文件是空的"),
    "只有空格.csv": (text(" \n \n"), "文件是空的"),
    "空工作簿.xlsx": (book(("税", [])), "没有数据"),
    "只有表头.xlsx": (book(("税", TAX[:1])), "只有表头"),
    "其实是PDF.xlsx": (raw(b"%PDF-1.7 ..."), "是PDF"),
    "其实是图片.csv": (raw(b"\x89PNG\r\n\x1a\n"), "是图片"),
    "其实是网页.xls": (text("<html><table></table></html>"), "网页"),
    "旧格式.xls": (raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "旧版"),
    "有密码.xlsx": (raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")), "密码"),
    "未传完.xlsx": (torn, "损坏"),
    "说谎的压缩.xlsx": (lying, "损坏"),
    "炸弹.xlsx": (bomb, "解压后有 1100 MB"),
    "过大.csv": (large, "超过上限 100 MB"),
    "编码不明.csv": (raw(b"\x81\xff\xff\xff"), "编码"),
    "别的表.xlsx": (book(("表", [["菜名", "价格"], ["炒面", 8]])), "不属于任何模板"),
    "单位写在表头.xlsx": (book(("税", other("tax", "评价税收（万元）"))), "最接近的是“评价税收(万元)”"),
    "缺一列.xlsx": (book(("税", [row[:4] for row in TAX])), "缺少列：“地方贡献（元）”"),
    "同名两列.xlsx": (book(("税", [[*row, row[3]] for row in TAX])), "出现了两次"),
    "数据有合并.xlsx": (book(("税", TAX), change=lambda made: made.worksheets[0].merge_cells("D2:D3")), "D2:D3"),
    "公式未计算.xlsx": (book(("税", TAX), change=cell("D3", "=D2*2")), "D3（评价税收（元））是公式"),
    "漫无边际.xlsx": (book(("税", TAX), change=cell("XFD1048576", 1)), "已用区域"),
    "年度全是日期.xlsx": (book(("税", [HEADERS, *DATED])), "没有一行有可用的年度"),
}
READ: dict[str, tuple[Make, str]] = {
    "好的.xlsx": (book(("税", TAX)), ""),
    "有标题和空行.xlsx": (book(("税", [["2022 年评价税收"], [], *TAX])), ""),
    "国标码.csv": (text(comma(TAX), "gb18030"), ""),
    "双字节.csv": (text(comma(TAX), "utf-16"), ""),
    "制表符.csv": (text("\n".join("\t".join(map(str, row)) for row in TAX)), ""),
    "两行表头.xlsx": (book(("税", [*TWO, *TAX[1:]])), "表头占两行（第 1、2 行）"),
    "表头重复.xlsx": (book(("税", [*TAX[:2], HEADERS, *TAX[2:]])), "第 3 行是重复的表头"),
    "表头合并.xlsx": (
        book(("税", [["2022 年"], *TAX]), change=lambda made: made.worksheets[0].merge_cells("A1:E1")),
        "",
    ),
    "有合计.xlsx": (book(("税", [*TAX, ["合 计", None, None, 21234.51, 4295]])), "第 5 行是合计"),
    "有附注.xlsx": (book(("税", [*TAX, [], ["填表人：张某"], ["注：数据截至 12 月"]])), "第 6、7 行是表下附注"),
    "有公式.xlsx": (calculated, "“评价税收（元）”有 1 格是公式（如 D2）"),
    "多一列.xlsx": (book(("税", [[*row, "x"] for row in TAX])), "多余的列未采用"),
    "另有说明表.xlsx": (book(("税", TAX), ("填表说明", [["说明"], ["略"]])), "“填表说明”不是任何模板"),
    "另有隐藏表.xlsx": (book(("税", TAX), ("旧", TAX), change=hidden), "“旧”是隐藏的"),
    "全角数字.xlsx": (book(("税", [HEADERS, *full_width(TAX[1:])])), ""),
    "千分位.csv": (text(comma([HEADERS, *separated(TAX[1:])])), ""),
    "列序不同.xlsx": (book(("税", [[row[4], row[2], row[0], row[3], row[1]] for row in TAX])), ""),
}


def write(folder: Path) -> list[Path]:
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, _) in {**REFUSED, **READ}.items():
        make(folder / name)
    return sorted(folder.iterdir())


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.configure()
    django.setup()
    print(*write(Path(sys.argv[1])), sep="\n")
