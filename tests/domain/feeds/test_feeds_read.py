"""Files as they come: doubles, dates and codes in XLSX; encodings of CSV; files that cannot be used."""

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from deliveries import A, cells, comma_separated, firms, workbook

from fenghuang.domain.feeds import read as reading
from fenghuang.domain.feeds import workbook as workbooks
from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.read import read
from fenghuang.domain.feeds.recognise import recognise


def column(tmp_path: Path, values: list[object]) -> list[str | None]:
    book = openpyxl.Workbook()
    for value in values:
        book.active.append(["x", value])
    book.save(tmp_path / "t.xlsx")
    return read(tmp_path / "t.xlsx").tables[0].frame["c1"].to_list()


def test_doubles_come_in_their_shortest_form(tmp_path: Path) -> None:
    values = [171904347.879999995, 0.1 + 0.2, 171904347.88000003, 100000000.005, 0.0049999999999, 12.4999999999999]
    values += [1.005, 3.0, 12345678901234.0]
    path = workbook(tmp_path / "t.xlsx", ("tax", [{"uscc": A, "tax": 10.0 + place} for place in range(len(values))]))
    # writers cut doubles at 16 digits, Excel writes 17
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "u.xlsx", "w") as new:
        for member in old.namelist():
            text = old.read(member).decode()
            for place, value in enumerate(values):
                text = text.replace(f"<v>{10 + place}</v>", f"<v>{value!r}</v>")
            new.writestr(member, text)
    (sheet,) = recognise(read(tmp_path / "u.xlsx"))
    assert sheet.frame[f"c{sheet.places['tax']}"].to_list() == [repr(v).removesuffix(".0") for v in values]


def test_other_cells_keep_their_text(tmp_path: Path) -> None:
    values = [
        "1.0050",
        "007",
        "约1.5",
        True,
        datetime(2022, 3, 4),  # noqa: DTZ001 (a spreadsheet has no zone)
        2022,
        "913310000000000001",
        None,
        "1.12345678901234567890",
    ]
    read_back = column(tmp_path, values)
    assert read_back[0] in ("1.0050", "1.005")  # a text cell among numbers: the same number
    assert read_back[1:] == [
        "007",
        "约1.5",
        "true",
        "2022-03-04 00:00:00",
        "2022",
        "913310000000000001",
        None,
        values[-1],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = comma_separated(tmp_path / "名录.csv", "directory", firms(A, name="台州甲有限公司"), encoding=encoding)
    (sheet,) = recognise(read(path))
    assert sheet.template.name == "directory"
    assert sheet.frame.row(0)[2] == "台州甲有限公司"


def test_row_numbers_are_those_of_the_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "名录.csv"
    header, first = cells("directory", firms(A), 2022)
    lines = ["2022 年名录,,", "", ",".join(header), "", ",".join(map(str, (v or "" for v in first)))]
    path.write_text("\n".join(lines), encoding="utf-8")
    (sheet,) = recognise(read(path))
    assert (sheet.header_row, sheet.frame["row"].to_list()) == (3, [5])


def test_row_numbers_in_a_workbook_with_a_title_and_gaps(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    header, first = cells("directory", firms(A), 2022)
    sheet = book.active
    sheet.cell(2, 3, "名录")
    for place, (title, value) in enumerate(zip(header, first, strict=True), 3):
        sheet.cell(4, place, title)
        sheet.cell(7, place, value)
    book.save(tmp_path / "t.xlsx")
    (found,) = recognise(read(tmp_path / "t.xlsx"))
    assert (found.header_row, found.frame["row"].to_list()) == (4, [7])


def test_headers_with_blanks_and_half_width_brackets_and_extra_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f" 统一社会信用代码 ,年度,评价税收(元),地方贡献（ 元 ）,,备注\n{A},2022,1,2,,x\n", encoding="utf-8")
    (sheet,) = recognise(read(path))
    assert sheet.template.name == "tax"
    assert any("备注" in remark for remark in sheet.remarks)
    assert any("纳税人名称" in remark for remark in sheet.remarks)


def fault(path: Path) -> str:
    with pytest.raises(Fault) as caught:
        recognise(read(path))
    assert path.name in str(caught.value)
    return str(caught.value)


def test_missing_columns_are_named_with_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        f"统一社会信用代码,纳税人名称,年度,评价税收（万元）,地方贡献（元）\n{A},x,2022,1,2\n", encoding="utf-8"
    )
    said = fault(path)
    assert "评价税收（元）" in said
    assert "评价税收(万元)" in said


def test_unusable_files(tmp_path: Path) -> None:
    made = {
        "空.xlsx": (b"", "空"),
        "旧.xls": (reading.OLE + b"\0" * 600, "旧版"),
        "密.xlsx": (reading.OLE + b"\0" * 600 + reading.ENCRYPTED, "密码"),
        "断.xlsx": (workbook(tmp_path / "ok.xlsx", ("directory", firms(A))).read_bytes()[:3000], "损坏"),
        "包.xlsx": (b"PK\x05\x06" + b"\0" * 18, "压缩包"),
        "图.csv": (b"\x89PNG\r\n\x1a\n\xff\xff\0\0", "是图片"),
        "码.csv": (b"\x81\xff\xff\xff", "编码"),
        "零.csv": (b"a\0b,c\n", "不是表格"),
        "页.xls": (b"<html><table></table></html>", "网页"),
        "引.csv": (b'a,"b\n', "引号"),
        "别.csv": ("甲,乙\n1,2\n".encode(), "不属于任何模板"),
        "头.csv": (",".join(cells("directory", [], 2022)[0]).encode(), "没有数据行"),
    }
    for name, (content, said) in made.items():
        (tmp_path / name).write_bytes(content)
        assert said in fault(tmp_path / name), name
    assert "无法打开" in fault(tmp_path / "不存在.csv")


def test_sizes_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> None:
    path = workbook(tmp_path / "t.xlsx", ("directory", firms(A)))
    monkeypatch.setattr(workbooks, "LARGEST_UNPACKED", 1000)
    assert "解压后" in fault(path)
    settings.UPLOAD_MAX_BYTES = 1000
    assert "超过上限" in fault(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as member,
    ):
        for _ in range(1100):
            member.write(b"\0" * 2**20)
    assert "解压后" in fault(path)


def test_other_sheets_are_skipped_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["填表说明"])
    sheet = book.create_sheet("名录")
    for line in cells("directory", firms(A), 2022):
        sheet.append(line)
    book.save(tmp_path / "t.xlsx")
    (found,) = recognise(read(tmp_path / "t.xlsx"))
    assert any("Sheet" in remark for remark in found.remarks)
