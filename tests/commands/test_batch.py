"""`fenghuang batch`: order, carried columns, types of Parquet, steps, several rules, and a whole file or none."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

Run = Callable[..., tuple[int, str, str]]
UPGRADE = "equipment_investment,grade,local_contribution"


def batch(fenghuang: Run, rules: str, source: Path, target: Path, *more: object) -> None:
    code, out, err = fenghuang("batch", rules, "--input", source, "--output", target, *more)
    assert (code, err) == (0, "")
    assert str(target) in out


def test_order_columns_and_cells_of_a_csv(fenghuang: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        f"id,{UPGRADE},x_note\nz,5000000,A,99999999,\ny,4999999.99,B,1,b\nx,,A,,c\nw,3e7,A,0,d\n", "utf-8"
    )
    batch(fenghuang, "upgrade_subsidy", source, target, "--on", "2022-01-01")
    assert target.read_text("utf-8").splitlines() == [
        f"id,{UPGRADE},x_note,upgrade_subsidy.eligible,upgrade_subsidy.amount_by_bands,upgrade_subsidy.amount,"
        "upgrade_subsidy.bound_by,upgrade_subsidy.investment_reaches_threshold,upgrade_subsidy.graded_a_or_b,"
        "upgrade_subsidy.in_force,upgrade_subsidy.missing",
        "z,5000000,A,99999999,,true,500000.00,500000.00,none,true,true,true,",
        "y,4999999.99,B,1,b,false,400000.00,0.00,local_contribution,false,true,true,",
        "x,,A,,c,,,,,,true,true,equipment_investment;local_contribution",
        "w,3e7,A,0,d,true,3200000.00,0.00,local_contribution,true,true,true,",
    ]


def test_parquet_keeps_types_and_takes_every_numeric_type(fenghuang: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    whole = [6000000, 30000000, None]
    for kind in (pl.Float64, pl.Int64, pl.UInt32, pl.Decimal(12, 2), pl.Decimal(30, 8), pl.String, pl.Int128):
        frame = pl.DataFrame(
            {
                "id": [3, 1, 2],
                "equipment_investment": pl.Series(whole, dtype=pl.Int64).cast(kind),
                "grade": pl.Series(["A", "B", "B"], dtype=pl.Categorical),
                "local_contribution": pl.Series([0.1 + 0.2 - 0.2, 1e7, 5.0]).round(2),
                "x_day": pl.Series(["2022-01-01"] * 3).str.to_date(),
            }
        )
        frame.write_parquet(source)
        batch(fenghuang, "upgrade_subsidy", source, target)
        result = pl.read_parquet(target)
        assert result.columns[:5] == frame.columns
        assert result["id"].to_list() == [3, 1, 2]
        assert result["x_day"].dtype == pl.Date
        assert result["upgrade_subsidy.amount"].dtype == pl.Decimal(38, 2)
        assert result["upgrade_subsidy.amount"].to_list() == [Decimal("0.10"), Decimal("2500000.00"), None]
        assert result["upgrade_subsidy.eligible"].to_list() == [True, True, None]
        assert result["upgrade_subsidy.bound_by"].to_list() == ["local_contribution", "none", None]
        assert result["upgrade_subsidy.missing"].to_list() == ["", "", "equipment_investment"]


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pl.Series([1.0, 0.1 + 0.2]), "0.30000000000000004”，最多 2 位小数"),
        (pl.Series([1.0, float("nan")]), "nan”，应为最多 2 位小数的数"),
        (pl.Series([1.0, float("inf")]), "inf”，应为最多 2 位小数的数"),
        (pl.Series([None, True]), "true”，应为最多 2 位小数的数"),
        (pl.Series(["1", "12.５５５"]), "12.５５５”，最多 2 位小数"),
        (pl.Series([Decimal("1.000"), Decimal("1.005")]), "1.005”，最多 2 位小数"),
        (pl.Series([1, 2**64 - 1], dtype=pl.UInt64), "18446744073709551615”，应为最多 2 位小数的数"),
        (pl.Series([10**12, 10**12 + 1]), "1000000000001”，应为最多 2 位小数的数"),
        (pl.Series([-(10**12), -(2**63)]), "-9223372036854775808”，应为最多 2 位小数的数"),
        (pl.Series([[1], [2, 3]]), "[2, 3]”，应为"),
        (pl.Series([b"1", b"\xff"]), "应为"),
    ],
)
def test_columns_that_are_no_amounts_are_refused_alike(
    fenghuang: Run, tmp_path: Path, column: pl.Series, found: str
) -> None:
    source = tmp_path / "in.parquet"
    pl.DataFrame({"equipment_investment": column}).write_parquet(source)
    one = fenghuang("calc", "upgrade_subsidy", "--input", source)
    many = fenghuang("batch", "upgrade_subsidy", "--input", source, "--output", tmp_path / "o.csv")
    assert (one[0], many[0]) == (2, 2)
    assert one[2].splitlines()[-1] == many[2].splitlines()[-1]
    assert "in.parquet，第 2 行，字段 equipment_investment" in many[2]
    assert found in many[2]
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]


def test_full_width_decimals_are_read_not_lost(fenghuang: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text(f"{UPGRADE}\n6000000.５0,A,９９９９９９９\n", "utf-8")
    batch(fenghuang, "upgrade_subsidy", source, target)
    assert pl.read_parquet(target)["upgrade_subsidy.amount"].to_list() == [Decimal("600000.05")]


def test_several_rules_share_the_columns_they_share(fenghuang: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"{UPGRADE},self_owned_and_used\n6000000,A,9999999,否\n", "utf-8")
    batch(fenghuang, "upgrade_subsidy, vertical_subsidy,upgrade_subsidy", source, target)
    (row,) = pl.read_csv(target, infer_schema=False).to_dicts()
    assert (row["upgrade_subsidy.amount"], row["vertical_subsidy.amount"]) == ("600000.00", "0.00")
    assert row["vertical_subsidy.route"] is None
    assert row["vertical_subsidy.missing"].startswith("land_area_m2;far_before;far_after;")
    code, _, err = fenghuang("batch", "upgrade_subsidy", "--input", source, "--output", target)
    assert (code, err) == (2, "in.csv，字段 self_owned_and_used：没有这个字段\n")


def test_steps_are_the_steps_of_calc(fenghuang: Run, tmp_path: Path) -> None:
    import json

    source, target = tmp_path / "in.json", tmp_path / "out.parquet"
    subject = {"equipment_investment": "48750000", "grade": "B", "local_contribution": 12600000}
    source.write_text(json.dumps(subject), "utf-8")
    batch(fenghuang, "upgrade_subsidy", source, target, "--steps")
    (row,) = pl.read_parquet(target).to_dicts()
    (answer,) = json.loads(fenghuang("calc", "upgrade_subsidy", "--input", source, "--format", "json")[1])
    for step in answer["steps"]:
        found = row[f"upgrade_subsidy.{step['name']}"]
        assert (format(found, "f") if isinstance(found, Decimal) else found) == step["value"]


def test_a_fault_leaves_the_former_file_as_it_was(fenghuang: Run, tmp_path: Path, monkeypatch: Any) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    target.write_text("former", "utf-8")
    source.write_text(f"{UPGRADE}\n1.234,A,1\n", "utf-8")
    assert fenghuang("batch", "upgrade_subsidy", "--input", source, "--output", target)[0] == 2
    assert target.read_text("utf-8") == "former"

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    source.write_text(f"{UPGRADE}\n1.23,A,1\n", "utf-8")
    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    code, _, err = fenghuang("batch", "upgrade_subsidy", "--input", source, "--output", target)
    assert code == 2
    assert err == f"{target}：无法写入（磁盘已满）\n"
    assert target.read_text("utf-8") == "former"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_many_faults_are_cut_after_fifty(fenghuang: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("grade\n" + "E\n" * 70, "utf-8")
    code, _, err = fenghuang("batch", "upgrade_subsidy", "--input", source, "--output", tmp_path / "o.csv")
    lines = err.splitlines()
    assert (code, len(lines), lines[-1]) == (2, 51, "……另有 20 处问题未列出")


def test_a_table_without_rows_gives_one(fenghuang: Run, tmp_path: Path) -> None:
    for name, text in [("in.csv", f"{UPGRADE}\n"), ("in.json", "[]")]:
        source = tmp_path / name
        source.write_text(text, "utf-8")
        batch(fenghuang, "upgrade_subsidy", source, tmp_path / "out.parquet")
        assert pl.read_parquet(tmp_path / "out.parquet").height == 0
