"""`fenghuang calc` and `fenghuang batch`: the same answers, the same refusals, nothing half done."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fenghuang.cli import COMMANDS
from subjects import as_text, inputs, subjects

UPGRADE = {"equipment_investment": "48750000.00", "grade": "A", "local_contribution": "12600000"}
Run = Callable[..., tuple[int, str, str]]


def answers(fenghuang: Run, path: Path, *more: object, rule: str = "upgrade_subsidy") -> list[dict[str, Any]]:
    code, out, err = fenghuang("calc", rule, "--input", path, "--format", "json", *more)
    assert (code, err) == (0, "")
    found: list[dict[str, Any]] = json.loads(out)
    return found


def faults(fenghuang: Run, path: Path, rule: str = "upgrade_subsidy") -> list[str]:
    """What calc says; batch must say the very same and leave no file."""
    code, out, err = fenghuang("calc", rule, "--input", path)
    assert (code, out) == (2, "")
    before = sorted(path.parent.iterdir())
    batch = fenghuang("batch", rule, "--input", path, "--output", path.parent / "out.csv")
    assert batch == (2, "", err)
    assert sorted(path.parent.iterdir()) == before
    return err.splitlines()


def written(folder: Path, content: object, name: str = "in.json", encoding: str = "utf-8") -> Path:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, encoding, newline="")
    return path


def test_the_answer_has_the_shape_of_the_contract(fenghuang: Run, tmp_path: Path) -> None:
    (answer,) = answers(fenghuang, written(tmp_path, {"id": 7, "x_name": "甲厂", **UPGRADE}), "--on", "2022-12-31")
    assert list(answer) == [
        "id",
        "x_name",
        "rule",
        "policy",
        "on",
        "outputs",
        "conditions",
        "missing",
        "readings",
        "steps",
    ]
    assert (answer["id"], answer["x_name"], answer["policy"], answer["on"]) == (
        7,
        "甲厂",
        "taizhou-2021-27",
        "2022-12-31",
    )
    assert answer["outputs"] == {
        "eligible": True, "amount_by_bands": "5450000.00", "amount": "5450000.00", "bound_by": "none",
    }  # fmt: skip
    assert answer["conditions"] == {"investment_reaches_threshold": True, "graded_a_or_b": True, "in_force": True}
    assert answer["readings"] == {"first_band_from": "zero", "bands_apply_to": "slices"}
    for step in answer["steps"]:
        assert {"name", "title", "value", "unit", "clause", "formula", "inputs"} <= set(step)
        assert step["clause"] == "art.10"
        assert step["formula"]
    parts = {s["name"]: s["value"] for s in answer["steps"]}
    assert (parts["band_1"], parts["band_2"], parts["band_3"]) == ("20000000.00", "28750000.00", "0.00")
    assert parts["rate_2"] == "0.120000"


def test_numbers_are_taken_as_they_are_written(fenghuang: Run, tmp_path: Path) -> None:
    ways = [
        "6000000.00",
        "6000000",
        " 6000000.0 ",
        "６０００００0.００",
        "+6000000",
        "6e6",
        "6E+6",
        "6000000.000",
        "60_0",
    ]
    path = written(tmp_path, [{**UPGRADE, "equipment_investment": w} for w in ways[:-1]])
    assert {a["outputs"]["amount"] for a in answers(fenghuang, path)} == {"600000.00"}
    text = '[{"equipment_investment": 6000000.10, "grade": "A", "local_contribution": 6e6}]'
    assert answers(fenghuang, written(tmp_path, text))[0]["outputs"]["amount"] == "600000.01"
    (fault,) = faults(fenghuang, written(tmp_path, [{"equipment_investment": ways[-1]}]))
    assert fault.startswith("in.json，第 1 行，字段 equipment_investment：读到“60_0”，应为")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('"12.345"', "最多 2 位小数"), ("12.345", "最多 2 位小数"), ("NaN", "最多 2 位小数的数"), ("-Infinity", "的数"),
        ('"NaN"', "的数"), ('"１２．５６７"', "最多 2 位小数"), ('"一千万"', "的数"), ("true", "的数"), ("[1]", "的数"),
        ('"1,000"', "的数"), ("1e40", "介于 -1000000000000 与 1000000000000 之间"), ("1000000000000.01", "之间"),
        ("9" * 5000, "的数"), ('"1e-9999"', "的数"), ('"0x10"', "的数"),
    ],
)  # fmt: skip
def test_a_number_that_is_none_is_refused_by_name_and_row(
    fenghuang: Run, tmp_path: Path, raw: str, expected: str
) -> None:
    good = json.dumps(UPGRADE)
    path = written(tmp_path, f'[{good}, {{"grade": "A", "equipment_investment": {raw}}}]')
    (fault,) = faults(fenghuang, path)
    assert fault.startswith("in.json，第 2 行，字段 equipment_investment：读到“")
    assert fault.endswith(expected) or expected in fault
    assert len(fault) < 200


def test_every_fault_is_one_line_and_names_the_nearest_field(fenghuang: Run, tmp_path: Path) -> None:
    path = written(tmp_path, [{"grade": "E", "equipment_investmant": 1, "local_contribution": "a\nb"}])
    lines = faults_of_calc(fenghuang, path)
    assert lines == [
        "in.json，第 1 行，字段 equipment_investmant：没有这个字段，是否指 equipment_investment",
        "in.json，第 1 行，字段 grade：读到“E”，应为 A、B、C、D、ungraded 之一",
        "in.json，第 1 行，字段 local_contribution：读到“a b”，"
        "应为最多 2 位小数的数（元），介于 -1000000000000 与 1000000000000 之间",
    ]


def faults_of_calc(fenghuang: Run, path: Path) -> list[str]:
    code, out, err = fenghuang("calc", "upgrade_subsidy", "--input", path)
    assert (code, out) == (2, "")
    return err.splitlines()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("in.csv", "grade,x_\nA,1\nB\nC,1,2\n", "，第 3 行：有 1 列，表头有 2 列|，第 4 行：有 3 列，表头有 2 列"),
        ("in.csv", "grade,grade\nA,B\n", "，第 1 行，字段 grade：表头中出现了两次"),
        ("in.csv", "grade,\nA,\n", "，第 1 行：表头第 2 列没有名称"),
        ("in.csv", "\ngrade,x_\nA,\n", "，第 1 行：第一行应为表头"),
        ("in.csv", "grade,x_\nA,\n\n\nF,\n", "，第 5 行，字段 grade：读到“F”，应为 A、B、C、D、ungraded 之一"),
        ("in.csv", "", "：文件是空的"),
        ("in.json", '{"grade": "A", "grade": "B"}', "，字段 grade：同一对象中出现了两次"),
        ("in.json", '[{}, {"grade": "E"}]', "，第 2 行，字段 grade：读到“E”，应为 A、B、C、D、ungraded 之一"),
        ("in.json", '[{"grade": "A"}, 5]', "，第 2 行：读到“5”，应为 JSON 对象"),
        ("in.json", '{"grade": "A"', "，第 1 行：不是有效的 JSON：这里应有逗号或结尾的括号（第 14 个字符处）"),
        ("in.json", '{"grade": }', "，第 1 行：不是有效的 JSON：这里应有一个值（第 11 个字符处）"),
        ("in.json", "{grade: 1}", "，第 1 行：不是有效的 JSON：这里应有用双引号括起的字段名（第 2 个字符处）"),
        ("in.json", '{"grade" 1}', "，第 1 行：不是有效的 JSON：这里应有冒号（第 10 个字符处）"),
        ("in.json", '{"grade": "A}', "，第 1 行：不是有效的 JSON：文字缺少结尾的双引号（第 11 个字符处）"),
        ("in.json", '{}\n{}', "，第 2 行：不是有效的 JSON：结尾之后还有内容（第 1 个字符处）"),
        ("in.json", "[" * 100_000, "：不是有效的 JSON：嵌套过深"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read(fenghuang: Run, tmp_path: Path, name: str, text: str, said: str) -> None:
    assert faults(fenghuang, written(tmp_path, text, name)) == [f"{name}{s}" for s in said.split("|")]


def test_text_is_read_in_utf8_with_or_without_mark_and_in_gbk(fenghuang: Run, tmp_path: Path) -> None:
    text = "id,x_企业,equipment_investment,grade,local_contribution\r\n甲,台州某厂,48750000,A,12600000\r\n"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        path = written(tmp_path, text, "in.csv", encoding)
        (answer,) = answers(fenghuang, path)
        assert (answer["id"], answer["x_企业"], answer["outputs"]["amount"]) == ("甲", "台州某厂", "5450000.00")
        assert fenghuang("batch", "upgrade_subsidy", "--input", path, "--output", tmp_path / "o.csv")[0] == 0
        row = pl.read_csv(tmp_path / "o.csv").row(0, named=True)
        assert (row["id"], row["x_企业"], row["upgrade_subsidy.amount"]) == ("甲", "台州某厂", 5450000.00)


def test_an_absent_or_empty_value_is_unknown(fenghuang: Run, tmp_path: Path) -> None:
    nothing = {"grade": "A", "equipment_investment": None}
    path = written(tmp_path, [{"grade": "A"}, nothing, {**UPGRADE, "grade": " "}, {"grade": "C"}])
    first, second, third, fourth = answers(fenghuang, path)
    assert first == second
    assert (first["outputs"]["eligible"], first["outputs"]["amount"]) == (None, None)
    assert first["missing"] == ["equipment_investment", "local_contribution"]
    assert third["missing"] == ["grade"]
    assert (fourth["outputs"]["eligible"], fourth["outputs"]["amount"]) == (False, "0.00")


def test_out_of_force_decisions_are_false_and_amounts_nothing(fenghuang: Run, tmp_path: Path) -> None:
    path = written(tmp_path, UPGRADE)
    for day in ("2021-12-25", "2024-01-01"):
        (answer,) = answers(fenghuang, path, "--on", day)
        assert answer["conditions"]["in_force"] is False
        assert answer["outputs"] == {"eligible": False, "amount_by_bands": "0.00", "amount": "0.00", "bound_by": None}
    override = {"grade_by_score": "D", "key_project_investment": "3e8", "under_construction": "是"}
    path = written(tmp_path, override)
    assert answers(fenghuang, path, "--on", "2024-01-01", rule="evaluation_override")[0]["outputs"] == {"grade": "D"}
    assert answers(fenghuang, path, "--on", "2022-01-01", rule="evaluation_override")[0]["outputs"] == {"grade": "A"}


def test_without_a_day_the_policy_answers_for_its_last_day_or_today(fenghuang: Run, tmp_path: Path) -> None:
    assert answers(fenghuang, written(tmp_path, UPGRADE))[0]["on"] == "2023-12-31"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--set", "first_band=zero"],
            "--set first_band：upgrade_subsidy 没有这项口径；可用 first_band_from、bands_apply_to、in_force_from",
        ),
        (["--set", "first_band_from=one"], "--set first_band_from=one: 可选 zero、threshold"),
        (["--set", "first_band_from"], "--set：读到“first_band_from”，应为 名称=取值"),
        (["--on", "2022-13-01"], "--on：读到“2022-13-01”，应为日期，如 2022-12-31"),
        (["--on", "0001-01-01"], "--on：读到“0001-01-01”，年份应在 1900 与 2199 之间"),
    ],
)
def test_options_that_cannot_be_used(fenghuang: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    path = written(tmp_path, UPGRADE)
    assert fenghuang("calc", "upgrade_subsidy", "--input", path, *arguments) == (2, "", said + "\n")
    target = tmp_path / "out.csv"
    batch = fenghuang("batch", "upgrade_subsidy", "--input", path, "--output", target, *arguments)
    assert batch == (2, "", said + "\n")
    assert not target.exists()


def test_a_reading_changes_the_amount_and_is_named(fenghuang: Run, tmp_path: Path) -> None:
    (answer,) = answers(fenghuang, written(tmp_path, UPGRADE), "--set", "first_band_from=threshold")
    assert answer["readings"] == {"first_band_from": "threshold", "bands_apply_to": "slices"}
    assert answer["outputs"]["amount"] == "4950000.00"


def test_wrong_names_of_rules_and_files(fenghuang: Run, tmp_path: Path) -> None:
    code, _, err = fenghuang("calc", "upgrade_subsidies", "--input", "nowhere.csv")
    assert (code, err) == (
        2,
        "没有名为 upgrade_subsidies 的规则，是否指 upgrade_subsidy；用 fenghuang rules 查看全部规则\n",
    )
    assert fenghuang("calc", "upgrade_subsidy", "--input", "nowhere.csv") == (2, "", "nowhere.csv：找不到这个文件\n")
    for arguments in (["calc"], ["nonsense"], ["calc", "upgrade_subsidy", "--input", "x", "--format", "xml"], []):
        code, out, err = fenghuang(*arguments)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
    path = written(tmp_path, UPGRADE)
    for target, said in [("o.xlsx", "应为 .csv 或 .parquet 文件"), ("no/o.csv", "所在文件夹不存在")]:
        code, _, err = fenghuang("batch", "upgrade_subsidy", "--input", path, "--output", tmp_path / target)
        assert code == 2
        assert err == f"{tmp_path / target}：{said}\n"
    assert fenghuang("batch", ",", "--input", path, "--output", tmp_path / "o.csv")[0] == 2
    (tmp_path / "d.csv").mkdir()
    assert fenghuang("batch", "upgrade_subsidy", "--input", path, "--output", tmp_path / "d.csv")[0] == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.csv", "in.json"]


def test_a_rate_is_a_percentage_in_words_and_a_number_in_json(fenghuang: Run, tmp_path: Path) -> None:
    path = written(tmp_path, UPGRADE)
    assert "第 1 档比例：10%    " in fenghuang("calc", "upgrade_subsidy", "--input", path)[1]
    (answer,) = answers(fenghuang, path)
    assert next(step["value"] for step in answer["steps"] if step["name"] == "rate_1") == "0.100000"


def test_nothing_to_calculate_is_one_clear_line(fenghuang: Run, tmp_path: Path) -> None:
    said = fenghuang("calc", "upgrade_subsidy", "--input", tmp_path)
    assert said == (2, "", f"{tmp_path}：是一个文件夹，应为文件\n")
    for name, text in (("in.json", "[]"), ("in.csv", "grade\n")):
        said = fenghuang("calc", "upgrade_subsidy", "--input", written(tmp_path, text, name))
        assert said == (2, "", f"{name}：没有要计算的对象\n")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS if name != "manage")])
def test_help_and_refusals_are_in_chinese(fenghuang: Run, command: tuple[str, ...]) -> None:
    code, out, _ = fenghuang(*command, "--help")
    assert code == 0
    own = re.sub(
        r"--?[a-z]+|[{][^}]*[}]|fenghuang|verify|anchor|load|show|check|new|run|"
        r"YYYY-MM-DD|FILE|yaml|PATH|RULES?|AMOUNT|JSON|CSV|XLSX|Parquet|Django|huangyan|SHA",
        "",
        out,
    )
    assert not [word for word in re.findall("[A-Za-z]{3,}", own) if word not in COMMANDS]
    code, _, err = fenghuang(*command, "--no-such-option=1")
    assert (code, len(err.splitlines())) == (2, 1)
    assert not re.search("argument|required|expected|invalid|unrecognized", err)


def test_standard_input_and_a_start_without_web_or_column_engine() -> None:
    code = (
        "import sys; from fenghuang.cli import main; code = main(); "
        "heavy = {'django', 'polars', 'narwhals', 'numpy'} & set(sys.modules); "
        "print(sorted(heavy), file=sys.stderr); sys.exit(code)"
    )
    for text in (json.dumps(UPGRADE), "equipment_investment,grade,local_contribution\n48750000,A,12600000\n"):
        done = subprocess.run(
            [sys.executable, "-c", code, "calc", "upgrade_subsidy", "--input", "-", "--format", "json"],
            input=text.encode(), capture_output=True, check=False, env=os.environ | {"PYTHONPATH": _src()},
        )  # fmt: skip
        assert (done.returncode, done.stderr.decode().strip()) == (0, "[]")
        assert json.loads(done.stdout)[0]["outputs"]["amount"] == "5450000.00"


def _src() -> str:
    return str(Path(__file__).parents[2] / "src")


def outcome(answer: dict[str, Any]) -> dict[str, Any]:
    """A calc answer as batch prints it."""
    rule = answer["rule"]
    found = {f"{rule}.{n}": v for n, v in (answer["outputs"] | answer["conditions"]).items()}
    return found | {f"{rule}.missing": ";".join(answer["missing"])}


def texts(frame: pl.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    rows = []
    for row in frame.select(names).iter_rows(named=True):
        rows.append({n: format(v, "f") if isinstance(v, Decimal) else v for n, v in row.items()})
    return rows


@pytest.mark.parametrize("rule", ["evaluation_override", "rent_subsidy", "upgrade_subsidy", "vertical_subsidy"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_batch_equals_calc_for_every_kind_of_file(
    fenghuang: Run, tmp_path: Path, rule: str, data: st.DataObject
) -> None:
    rows = [as_text(rule, s) for s in data.draw(st.lists(subjects(rule), min_size=1, max_size=4))]
    schema = {n: pl.Boolean if kind == "bool" else pl.String for n, kind in inputs(rule).items()}
    frame = pl.DataFrame(rows, schema=schema)
    files = [written(tmp_path, rows), tmp_path / "in.csv", tmp_path / "in.parquet", tmp_path / "types.parquet"]
    frame.write_csv(files[1])
    frame.write_parquet(files[2])
    wide = {n: pl.Decimal(38, 6) for n, kind in inputs(rule).items() if kind not in ("bool", "grade")}
    frame.with_columns(pl.col(n).cast(t) for n, t in wide.items()).write_parquet(files[3])
    wanted = [outcome(a) for a in answers(fenghuang, files[0], "--on", "2023-06-30", rule=rule)]
    for path in files:
        found = answers(fenghuang, path, "--on", "2023-06-30", rule=rule)
        assert [outcome(a) for a in found] == wanted
        target = tmp_path / "out.parquet"
        done = fenghuang("batch", rule, "--input", path, "--output", target, "--on", "2023-06-30")
        assert (done[0], done[2]) == (0, "")
        result = pl.read_parquet(target)
        assert texts(result, list(wanted[0])) == wanted
        assert result.columns == [*inputs(rule), *wanted[0]]
