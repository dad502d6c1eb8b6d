"""A list of accounts as a file: read row by row with its faults, and given back with the invitations, once."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

import fastexcel
import xlsxwriter

from fenghuang.platform.accounts.forms import place_faults
from fenghuang.platform.accounts.models import Department, Role, Township, Unit, User

COLUMNS = {  # header: what of the account
    "登录名": "username",
    "姓名": "display_name",
    "角色": "role",
    "县（市、区）": "unit",
    "乡镇（街道）": "township",
    "所属部门": "agency",
    "统一社会信用代码": "uscc",
    "工作单位": "department",
}
NEEDED = ("登录名", "姓名", "角色")
HEADERS = {name: header for header, name in COLUMNS.items()}
MOST = 2000  # accounts of a file
LARGEST = 5 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: file, line, column, what was found and what is expected."""

    file: str
    row: int  # 0: the file as a whole
    header: str
    found: str
    expected: str

    def __str__(self) -> str:
        place = f"第 {self.row} 行 " if self.row else ""
        said = f"读到“{self.found}”，" if self.found else ""
        return f"{self.file}：{place}{self.header}：{said}{self.expected}"


class Unreadable(ValueError):
    """No table at all; the message is the sentence."""


def people(name: str, content: bytes) -> tuple[list[dict[str, Any]], list[Fault]]:
    """What `actions.create_user` takes, a dict an account; and every fault. With a fault nothing is to be opened."""
    lines = _lines(name, content)
    head = [_plain(cell) for cell in lines[0]] if lines else []
    wanted = {_plain(header): header for header in COLUMNS}
    if absent := [header for header in NEEDED if _plain(header) not in head]:
        return [], [Fault(name, 1, "表头", "、".join(filter(None, head))[:100], f"缺少“{'”“'.join(absent)}”列")]
    known = _Known()
    found, faults = [], []
    for number, line in enumerate(lines[1:], start=2):
        cells = dict(zip(head, (cell.strip() for cell in line), strict=False))
        if not any(cells.values()):
            continue
        said = {COLUMNS[header]: cells.get(plain, "") for plain, header in wanted.items()}
        about, wrong = known.account(said)
        faults += [Fault(name, number, HEADERS[field], said[field], expected) for field, expected in wrong]
        found.append(about)
    if not found:
        faults.append(Fault(name, 0, "账号", "", "表里没有账号，请从第 2 行起每行填写一个"))
    if len(found) > MOST:
        faults.append(Fault(name, 0, "账号", f"{len(found)} 行", f"一次最多 {MOST} 个，请拆分"))
    return found, faults


class _Known:
    """What rows are held against: units, townships, departments, and names already taken, in the file or before."""

    def __init__(self) -> None:
        self.roles: dict[str, str] = {
            **{label: value for value, label in Role.choices},
            **dict(zip(Role.values, Role.values, strict=True)),
        }
        self.units = {key: unit for unit in Unit.objects.all() for key in (unit.pk, unit.name)}
        self.townships = {(one.unit_id, one.name): one for one in Township.objects.select_related("unit")}
        self.agencies = {key: one for one in Department.objects.all() for key in (one.pk, one.name)}
        self.taken = {name.lower() for name in User.objects.values_list("username", flat=True)}

    def account(self, said: dict[str, str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        about: dict[str, Any] = {**said, "uscc": said["uscc"].upper()}
        wrong: list[tuple[str, str]] = []
        name = said["username"]
        try:
            User.username_validator(name)
        except Exception:
            wrong.append(("username", "登录名只能用字母、数字和 @ . + - _"))
        if len(name) > 150:
            wrong.append(("username", "登录名最长 150 个字符"))
        if name.lower() in self.taken:
            wrong.append(("username", "已有人使用，或在本表中重复，请换一个"))
        self.taken.add(name.lower())
        for field, most in (("display_name", 60), ("department", 60)):
            if len(said[field]) > most:
                wrong.append((field, f"最长 {most} 个字"))
        if not said["display_name"]:
            wrong.append(("display_name", "请填写姓名"))
        about["role"] = self.roles.get(said["role"])
        if about["role"] is None:
            wrong.append(("role", f"应为 {'、'.join(str(label) for label in Role.labels)} 之一"))
        about["unit"] = self.units.get(said["unit"])
        if said["unit"] and about["unit"] is None:
            wrong.append(("unit", "没有这个县（市、区），请写全称，如 黄岩区"))
        about["township"] = self.townships.get((about["unit"].pk if about["unit"] else "", said["township"]))
        if said["township"] and about["township"] is None:
            wrong.append(("township", "所填县（市、区）没有这个乡镇（街道）；名称以统计局名录为准"))
        about["agency"] = self.agencies.get(said["agency"])
        if said["agency"] and about["agency"] is None:
            wrong.append(("agency", "没有这个部门，请写全称，如 市税务局"))
        told = {field for field, _ in wrong}
        wrong += [(field, sentence) for field, sentence in place_faults(about) if field not in told]
        return about, wrong


def _plain(text: str) -> str:
    return "".join(text.split()).replace("(", "（").replace(")", "）").replace("*", "")


def _lines(name: str, content: bytes) -> list[list[str]]:
    """The first sheet, or the CSV, as text."""
    if len(content) > LARGEST:
        raise Unreadable(f"{name}：文件超过 {LARGEST // 2**20} MB，请拆分")
    if content.startswith(b"PK"):
        try:
            sheet = fastexcel.read_excel(content).load_sheet(0, header_row=None, dtypes="string")
            return [[cell or "" for cell in row] for row in sheet.to_polars().iter_rows()]
        except Exception as error:
            raise Unreadable(f"{name}：工作簿无法读取，请在 Excel 或 WPS 中另存为 .xlsx 再试") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(f"{name}：不是 XLSX，也不是 UTF-8 或 GBK 编码的 CSV")
    if "\0" in text:
        raise Unreadable(f"{name}：不是表格文件（XLSX 或 CSV）")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Unreadable(f"{name}：CSV 的引号不成对或格式错误") from error


def invitations(opened: list[tuple[User, str]]) -> bytes:
    """The workbook to hand on: who, and the link with which the first password is chosen."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    page = book.add_worksheet("邀请链接")
    page.write_row(
        0, 0, ["登录名", "姓名", "角色", "范围", "邀请链接（7 天内有效，只能用一次）"], book.add_format({"bold": True})
    )
    for line, (user, link) in enumerate(opened, start=1):
        for place, text in enumerate((user.username, user.display_name, user.get_role_display(), user.place, link)):
            page.write_string(line, place, text)
    page.set_column(0, 3, 18)
    page.set_column(4, 4, 90)
    book.close()
    return file.getvalue()
