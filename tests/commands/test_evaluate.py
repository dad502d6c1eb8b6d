"""`fenghuang evaluate`: files in, one row a firm out, faults on standard error and no file left behind."""

from __future__ import annotations

import argparse
import csv
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from fenghuang.commands import evaluate as command
from fenghuang.law.methods.regrading import NoEngineError

CODES = ["91330381145618741G", "91330381145626397T", "11331002002673575G", "113310210026874082"]
HEADER = ["uscc", "name", "above_scale", "land_mu", "tax", "electricity_kwh", "phone"]
ROWS = [
    [CODES[0], "甲（黄岩）有限公司", "否", "10", "1159320", "4929082", "0576"],
    [CODES[1], "乙", "否", "1,000.5", "1000000", "", ""],
    [CODES[2], "丙", "否", "", "", "", ""],
]
METHOD = """\
method: small
scopes:
- scope: below_scale
  indicators:
    tax_per_mu: {weight: 50, benchmark: 11.5932, missing: zero}
    tax_per_kwh: {weight: 50, benchmark: 0.2352, missing: zero}
  grades: {A: 40, B: 80, C: 95, D: 100}
"""


def call(method: str | Path, source: Path, target: Path) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers())
    args = parser.parse_args(["evaluate", "--method", str(method), "--input", str(source), "--output", str(target)])
    return int(args.run(args))


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def method(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(METHOD, encoding="utf-8")
    return path


def test_csv(tmp_path: Path, method: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    assert call(method, write(tmp_path / "in.csv", ROWS), target) == 0
    rows = read(target)
    assert list(rows[0]) == [
        *("uscc", "tax_per_mu", "tax_per_kwh", "score_tax_per_mu", "score_tax_per_kwh", "score", "group", "group_size"),
        *("rank", "percentile", "initial_grade", "grade", "adjustments", "regrades", "not_graded", "missing"),
        *("name", "phone"),
    ]
    assert [row["uscc"] for row in rows] == CODES[:3]
    assert rows[0]["tax_per_mu"] == "11.5932"
    assert rows[0]["score_tax_per_mu"] == "50.000000000000000000"
    assert rows[0]["score_tax_per_kwh"].startswith("49.9999")
    assert rows[1]["tax_per_mu"] == "0.1000"
    assert rows[1]["missing"] == "缺单位电耗税收（用电量未知），按 0 分计"
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert [row["grade"] for row in rows] == ["A", "B", "D"]
    assert (rows[1]["group"], rows[1]["group_size"], rows[1]["percentile"]) == ("below_scale", "3", "66.6667")
    assert rows[0]["name"] == "甲（黄岩）有限公司"
    shown = capsys.readouterr()
    assert shown.err == "提示：本方法未用到的列原样带出：name、phone\n"
    assert "A 类 1、B 类 1、C 类 0、D 类 1，不参评 0，待定 0" in shown.out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv", "small.yaml"]


def test_a_packaged_method_by_its_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.csv"
    assert call("huangyan-2022", write(tmp_path / "in.csv", ROWS), target) == 0
    assert "score_rnd_share" in read(target)[0]
    assert "第八条" in capsys.readouterr().err


def test_every_format_gives_the_same(tmp_path: Path, method: Path) -> None:
    source = write(tmp_path / "in.csv", ROWS)
    assert call(method, source, tmp_path / "out.csv") == 0
    expected = (tmp_path / "out.csv").read_bytes()
    frame = pl.DataFrame(
        {name: [row[k] or None for row in ROWS] for k, name in enumerate(HEADER)},
        schema=dict.fromkeys(HEADER, pl.String),
    )
    frame = frame.with_columns(
        pl.col("above_scale") == "是",
        pl.col("tax").cast(pl.Float64),
        pl.col("electricity_kwh").cast(pl.Int64),
        pl.Series("land_mu", [Decimal("10"), Decimal("1000.5"), None]),
    )
    frame.write_parquet(tmp_path / "in.parquet")
    with xlsxwriter.Workbook(str(tmp_path / "in.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(ROWS, 1):
            for k, cell in enumerate(row):
                if HEADER[k] in ("tax", "electricity_kwh") and cell:
                    sheet.write_number(number, k, float(cell))
                elif cell:
                    sheet.write_string(number, k, cell)
    write(tmp_path / "gb.csv", ROWS, encoding="gb18030")
    write(tmp_path / "bom.csv", ROWS, encoding="utf-8-sig")
    for name in ("in.parquet", "in.xlsx", "gb.csv", "bom.csv"):
        assert call(method, tmp_path / name, tmp_path / "again.csv") == 0
        assert (tmp_path / "again.csv").read_bytes() == expected, name


def test_parquet_and_xlsx_results(tmp_path: Path, method: Path) -> None:
    source = write(tmp_path / "in.csv", ROWS)
    assert call(method, source, tmp_path / "out.parquet") == 0
    frame = pl.read_parquet(tmp_path / "out.parquet")
    assert frame.schema["score"] == pl.Decimal(38, 4)
    assert frame.schema["score_tax_per_mu"] == pl.Decimal(38, 18)
    assert frame["rank"].to_list() == [1, 2, 3]
    assert frame["missing"].to_list()[0] is None
    assert frame["score_tax_per_mu"][0] == Decimal(50)
    assert call(method, source, tmp_path / "out.xlsx") == 0
    sheet = pl.read_excel(tmp_path / "out.xlsx", infer_schema_length=0)
    assert sheet["uscc"].to_list() == CODES[:3]
    assert sheet["score"].to_list()[0] == "100.0000"


def test_facts_of_other_subjects_have_an_id(tmp_path: Path, method: Path) -> None:
    rows = [["黄岩区", "否", "11.5932", "0.2352", "x"], ["椒江区", "否", "1", "", "y"]]
    header = ["id", "above_scale", "tax_per_mu", "tax_per_kwh", "grade"]
    target = tmp_path / "out.csv"
    assert call(method, write(tmp_path / "in.csv", rows, header), target) == 0
    found = read(target)
    assert [(row["id"], row["score"], row["grade"], row["x_grade"]) for row in found] == [
        ("黄岩区", "100.0000", "B", "x"),
        ("椒江区", "4.3129", "D", "y"),
    ]


@pytest.mark.parametrize(
    ("row", "column", "text", "fault"),
    [
        (0, 0, "9133038114561841G", "第 2 行 uscc：“9133038114561841G”；应为校验位正确的 18 位统一社会信用代码"),
        (1, 0, CODES[0], f"第 3 行 uscc：“{CODES[0]}”与第 2 行相同；应为不重复的代码"),
        (1, 0, "", "第 3 行 uscc：空；应为非空的代码"),
        (2, 3, "三亩", "第 4 行 land_mu：“三亩”；应为数字（亩）"),
        (2, 2, "2", "第 4 行 above_scale：“2”；应为是、否、true 或 false，未知留空"),
    ],
)
def test_faults(
    tmp_path: Path, method: Path, capsys: pytest.CaptureFixture[str], row: int, column: int, text: str, fault: str
) -> None:
    rows = [list(r) for r in ROWS]
    rows[row][column] = text
    source, target = write(tmp_path / "in.csv", rows), tmp_path / "out.csv"
    target.write_text("older")
    assert call(method, source, target) == 2
    assert capsys.readouterr().err == f"{source}：{fault}\n"
    assert target.read_text() == "older"


def test_rows_are_counted_as_in_the_file(tmp_path: Path, method: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in.csv", [ROWS[0], [], ["", ""], [*ROWS[1][:3], "x", *ROWS[1][4:]]])
    assert call(method, source, tmp_path / "out.csv") == 2
    assert "第 5 行 land_mu：“x”" in capsys.readouterr().err


def test_faults_of_files(tmp_path: Path, method: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(source: Path, expected: str, target: str = "out.csv", used: str | Path = method) -> None:
        assert call(used, source, tmp_path / target) == 2
        error = capsys.readouterr().err
        assert expected in error
        assert len(error.splitlines()) == 1
        assert not (tmp_path / target).exists()

    good = write(tmp_path / "in.csv", ROWS)
    refused(tmp_path / "none.csv", "没有这个文件")
    refused(good, "没有方法", used="nothing-1999")
    refused(write(tmp_path / "k.csv", ROWS, ["code", *HEADER[1:]]), "没有 uscc 列，也没有 id 列")
    refused(good, "不支持的文件类型", target="out.pdf")
    refused(good, "无法写入", target="no/such/folder/out.csv")
    refused(write(tmp_path / "w.csv", ROWS, [*HEADER[:3], "land", *HEADER[4:]]), "缺少 tax 和 land_mu，或 tax_per_mu")
    refused(write(tmp_path / "d.csv", ROWS, [*HEADER[:6], "tax"]), "tax 出现两次")
    refused(write(tmp_path / "l.csv", [*ROWS, ["a", "b"]]), "第 5 行：2 个单元格；应为与表头相同的 7 个")
    (tmp_path / "bad.xlsx").write_text("no workbook")
    refused(tmp_path / "bad.xlsx", "不是可读的 XLSX")
    (tmp_path / "bad.parquet").write_text("no parquet")
    refused(tmp_path / "bad.parquet", "不是可读的 Parquet")
    (tmp_path / "empty.csv").write_text("")
    refused(tmp_path / "empty.csv", "空文件")
    (tmp_path / "bytes.csv").write_bytes(b"uscc\n\xff\xff\xff")
    refused(tmp_path / "bytes.csv", "文字编码")
    broken = tmp_path / "broken.yaml"
    broken.write_text(METHOD.replace("D: 100", "D: 90"), encoding="utf-8")
    refused(good, "broken.yaml：scopes[0].grades（第 7 行）", used=broken)


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, method: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("fenghuang.commands.facts_files._write_csv", fail)
    assert call(method, write(tmp_path / "in.csv", ROWS), tmp_path / "out.csv") == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "small.yaml"]


def test_article_8_needs_an_engine_only_for_firms_with_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    header = [*HEADER, "key_project_investment", "under_construction"]
    rows = [[*ROWS[0], "", ""], [*ROWS[1], "100000000", "是"]]
    source = write(tmp_path / "in.csv", rows, header)

    def none(rule: str, inputs: object) -> list[str | None]:
        raise NoEngineError(rule)

    monkeypatch.setattr(command, "decide_with_engine", none)
    assert call("huangyan-2022", source, tmp_path / "out.csv") == 2
    assert "evaluation_override 无法运行" in capsys.readouterr().err
    monkeypatch.setattr(command, "decide_with_engine", lambda rule, inputs: ["A"] * len(inputs["grade_by_score"]))
    assert call("huangyan-2022", source, tmp_path / "out.csv") == 0
    assert [(row["initial_grade"], row["grade"]) for row in read(tmp_path / "out.csv")] == [("B", "B"), ("D", "A")]


def test_article_8_by_the_engine(tmp_path: Path) -> None:
    header = [*HEADER, "key_project_investment", "under_construction"]
    rows = [
        [*ROWS[0], "99999999.99", "是"],
        [*ROWS[1], "100000000", "是"],
        [CODES[2], "丙", "否", "1", "500", "", "", "", "是"],
        [CODES[3], "丁", "否", "", "", "", "", "30000000", "是"],
    ]
    assert call("huangyan-2022", write(tmp_path / "in.csv", rows, header), tmp_path / "out.csv") == 0
    found = read(tmp_path / "out.csv")
    assert [(row["initial_grade"], row["grade"]) for row in found] == [("B", "B"), ("B", "A"), ("B", ""), ("D", "C")]
    assert found[1]["regrades"] == "重点产业项目在建（第八条） B→A"
    wanted = "所需的重点产业项目总投资、重点产业项目在建不全，无法判断"
    assert found[2]["not_graded"] == f"待定：第八条（重点产业项目在建）{wanted}"
