"""Empty forms: a workbook a department whose sheets are recognised and whose example is never taken."""

from io import BytesIO
from pathlib import Path

import pytest
from deliveries import A, firms
from openpyxl import load_workbook

from fenghuang.cli import main
from fenghuang.domain.feeds.blank import blank, department, departments, explained
from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.models import RawRow
from fenghuang.domain.feeds.read import read
from fenghuang.domain.feeds.recognise import recognise
from fenghuang.domain.feeds.templates import template
from fenghuang.domain.registry.actions import import_files
from fenghuang.domain.registry.models import Firm, FirmYear

EACH = pytest.mark.parametrize("of", list(departments()))


@EACH
def test_every_form_has_headers_comments_checks_and_an_example(of: str) -> None:
    book = load_workbook(BytesIO(blank(of)))
    assert [sheet.title for sheet in book] == [one.title for one in departments()[of]]
    for sheet, one in zip(book, departments()[of], strict=True):
        assert [cell.value for cell in sheet[1]] == [column.header for column in one.columns]
        assert [cell.comment.text for cell in sheet[1]] == [explained(one, column) for column in one.columns]
        assert all(cell.value is not None for cell in sheet[2])
        checked = {str(rule.sqref).partition("2")[0] for rule in sheet.data_validations.dataValidation}
        both = zip(sheet[1], one.columns, strict=True)
        assert checked == {cell.column_letter for cell, column in both if column.type != "text"}


@EACH
def test_a_form_sent_back_empty_has_no_data(of: str, tmp_path: Path) -> None:
    path = tmp_path / "空表.xlsx"
    path.write_bytes(blank(of))
    with pytest.raises(Fault, match="没有数据行"):
        recognise(read(path))


@pytest.mark.django_db
def test_a_filled_form_is_taken_without_its_example(deliver, tmp_path: Path) -> None:
    deliver(directory=firms(A))
    book = load_workbook(BytesIO(blank("市税务局")))
    book.active.append([A, "台州甲有限公司", 2022, 120, 30])
    book.save(tmp_path / "税.xlsx")
    (file,) = import_files([tmp_path / "税.xlsx"]).files
    assert (file.rows, file.taken, file.quarantined) == (1, 1, 0)
    assert "第 2 行是示例，未作为数据" in file.remarks
    assert FirmYear.objects.current().get(firm__uscc=A).tax == 12000


@pytest.mark.django_db
def test_an_example_whose_mark_was_removed_never_becomes_a_firm(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(blank("市统计局")))
    book.active["B2"] = "台州某某有限公司"
    book.save(tmp_path / "名录.xlsx")
    (file,) = import_files([tmp_path / "名录.xlsx"]).files
    assert (file.taken, file.quarantined) == (0, 1)
    assert RawRow.objects.get().findings.get().kind == "wrong_check_digit"
    assert not Firm.objects.exists()


def test_a_department_is_found_by_its_name_a_part_of_it_or_its_sheet() -> None:
    assert department("市税务局") == department("税务") == department("tax") == "市税务局"
    assert department(template("meter_shares").title) == "台州供电公司"
    assert department("局") is None
    assert department("") is None


def test_the_command_writes_a_form_once(tmp_path: Path, capsys) -> None:
    assert main(["import", "--template", "供电", str(tmp_path)]) == 0
    target = tmp_path / "台州供电公司-报送模板.xlsx"
    assert capsys.readouterr().out.strip() == str(target)
    before = target.read_bytes()
    assert main(["import", "--template", "供电", str(tmp_path)]) == 2
    assert "已经存在，没有覆盖" in capsys.readouterr().err
    assert target.read_bytes() == before
    assert main(["import", "--template", "财政", str(tmp_path)]) == 2
    assert "没有唯一对应“财政”的部门；可用：市统计局、市税务局" in capsys.readouterr().err
    assert main(["import"]) == 2
    assert "请给出要导入的文件夹或文件" in capsys.readouterr().err
