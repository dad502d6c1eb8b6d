"""The files: same bytes, headers of the templates, codes as text, encodings, the one delivery that never came."""

import argparse
import zipfile

import pytest

from fenghuang.commands import demo
from fenghuang.demo.city import write_city

GONE = "2021-市人力社保局-年平均职工人数-演示数据.xlsx"


def test_the_same_city_has_the_same_bytes(small, tmp_path):
    write_city(tmp_path, firms=500, seed=7)
    names = sorted(path.name for path in small.folder.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    for name in names:
        assert (tmp_path / name).read_bytes() == (small.folder / name).read_bytes(), name


def test_another_seed_is_another_city(small, tmp_path):
    truth = write_city(tmp_path, firms=500, seed=8)
    assert {sample["uscc"] for sample in truth.samples}.isdisjoint(s["uscc"] for s in small.truth["samples"])


def test_one_file_a_department_and_year(city):
    names = {path.name for path in city.folder.glob("*-*")}
    assert len(names) == 19
    assert names == set(city.truth["files"])
    assert GONE not in names
    assert all("演示数据" in name for name in names)


def test_row_counts_are_told(city):
    assert city.truth["rows"] == {f"{year}/{name}": len(rows) for (year, name), rows in city.rows.items()}


def test_csv_encodings(city):
    directory = (city.folder / "2022-市统计局-工业企业名录-演示数据.csv").read_bytes()
    emissions = (city.folder / "2022-市生态环境局-主要污染物排放量-演示数据.csv").read_bytes()
    assert "企业名称" in directory.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        directory.decode("utf-8")
    assert emissions.startswith(b"\xef\xbb\xbf")


def test_workbooks_say_that_they_are_a_demonstration_and_carry_no_clock(city):
    for path in city.folder.glob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert book.testzip() is None
            core = book.read("docProps/core.xml").decode()
            assert "演示数据" in core
            assert "2023-01-01T00:00:00Z" in core
            assert {member.date_time[0] for member in book.infolist()} == {1980}


def test_codes_are_text_and_numbers_are_numbers(city):
    for (_, template), rows in city.rows.items():
        if template in ("directory", "emissions", "parks"):
            continue  # CSV knows text only; a park needs no code
        assert all(isinstance(row["uscc"], str) for row in rows)
        assert all(row["year"] in (2021, 2022) for row in rows)
    assert any(isinstance(row["tax"], float) for row in city.rows[2022, "tax"])
    assert all(isinstance(row["reference"], str) for row in city.rows[2022, "meters"])


def parsed(*words):
    parser = argparse.ArgumentParser()
    demo.register(parser.add_subparsers())
    return parser.parse_args(["demo", *words])


def test_the_command_writes_a_city(tmp_path, capsys):
    args = parsed("--firms", "400", "--seed", "3", "--out", str(tmp_path / "city"))
    assert args.run(args) == 0
    assert len(list((tmp_path / "city").iterdir())) == 21
    assert "19 个文件" in capsys.readouterr().out


def test_the_command_refuses_a_city_too_small(tmp_path, capsys):
    args = parsed("--firms", "10", "--out", str(tmp_path / "city"))
    assert args.run(args) == 2
    assert "300" in capsys.readouterr().err
    assert not (tmp_path / "city").exists()
