"""What the departments send of ten firms of 椒江区, small ones, alike but for their taxes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from fenghuang.domain.feeds.codes import check_digit

NORTH, SOUTH = "北新街道", "南山镇"
NAMES = "永宁阀门、海门泵业、葭沚缝纫、枫山电机、白云塑模、前所轴承、章安铸造、三甲线缆、下陈水暖、栅浦五金".split("、")  # noqa: SIM905
YEAR = 2022


def _code(number: int) -> str:
    body = f"91331002MA2{number:06d}"
    return body + check_digit(body)


FIRMS = [(_code(100001 + 37 * place), f"台州{name}有限公司") for place, name in enumerate(NAMES)]
HEADERS = {
    "名录": "统一社会信用代码 企业名称 年度 县（市、区） 乡镇（街道） 行业代码 是否规上 "
    "营业收入（千元） 工业增加值（千元）",
    "税收": "统一社会信用代码 纳税人名称 年度 评价税收（元） 地方贡献（元）",
    "宗地": "不动产单元号 使用权人代码 使用权人 年度 宗地面积（亩）",
    "用电": "户号 统一社会信用代码 用户名称 年度 用电量（千瓦时）",
}
KWH, TRUE_KWH = 8_000_000, 6_000_000  # what was read of each meter; what 下陈水暖's says after the second reading


def rows(sheet: str) -> list[list[Any]]:
    """A row a firm; taxes fall from firm to firm."""
    found: list[list[Any]] = []
    for place, (code, name) in enumerate(FIRMS):
        tax = 1_000_000 - 50_000 * place
        town = NORTH if place < 6 else SOUTH
        found.append(
            {
                "名录": [code, name, YEAR, "椒江区", town, "3411", "否", 100_000, 30_000],
                "税收": [code, name, YEAR, tax, tax // 4],
                "宗地": [f"331002001001GB{place:05d}", code, name, YEAR, 10],
                "用电": [f"33100200{place:02d}", code, name, YEAR, KWH],
            }[sheet]
        )
    return found


def workbook(folder: Path, name: str, **sheets: list[list[Any]]) -> Path:
    """name.xlsx with a sheet each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in (HEADERS[title].split(), *lines):
            sheet.append(line)
    path = folder / f"{name}.xlsx"
    book.save(path)
    return path


def paper(folder: Path, name: str) -> Path:
    """A scanned page that proves something."""
    path = folder / f"{name}.pdf"
    path.write_bytes(b"%PDF-1.7 " + name.encode())
    return path
