"""`fenghuang clauses` and `fenghuang source`: coverage, numbers and the text on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fenghuang.commands import clauses as command
from fenghuang.law.document import Document, documents
from source_text import SOURCE, with_text

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("FENGHUANG_HOME", str(tmp_path))
    return tmp_path


def test_clauses_are_listed_with_what_does_them_and_what_is_open(fenghuang: Run) -> None:
    code, out, _ = fenghuang("clauses", "--format", "json")
    found = {clause["clause"]: clause for clause in json.loads(out)}
    assert code == 0
    assert len(found) == 53
    assert found["art.10"]["status"] == "done"
    assert [duty["by"] for duty in found["art.10"]["done"]] == [["upgrade_subsidy"], ["rent_subsidy"]]
    assert {"differential_prices", "green_finance"} <= {duty["key"] for duty in found["art.15"]["todo"]}
    assert found["task.14"]["agencies"] == ["市市场监管局", "市公安局", "台州海关"]
    assert found["art.10"]["superseded"] is None
    code, out, _ = fenghuang("clauses")
    lines = out.splitlines()
    assert re.split(r"\s{2,}", lines[0]) == ["条款", "状态", "实现", "待办"]
    assert re.split(r"\s{2,}", lines[10])[:2] == ["第十条 技术改造支持", "已实现"]
    assert lines[-1].startswith("已实现 ")


def test_a_superseded_clause_says_so(fenghuang: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"by": "浙政发〔2023〕1号", "from": "2023-03-01", "source": "省政府公报"}
    document = documents()["taizhou-2021-27"]

    def superseded(clause: str, on: Any) -> Any:
        known = {"by": said["by"], "since": said["from"], "source": said["source"]}
        return type("Newer", (), known) if clause == "art.10" and str(on) >= "2023-03-01" else None

    monkeypatch.setattr(document, "superseded", superseded)
    _, out, _ = fenghuang("clauses", "--format", "json", "--on", "2023-03-01")
    assert {c["clause"]: c["superseded"] for c in json.loads(out)}["art.10"] == said
    assert "已被 浙政发〔2023〕1号 取代" in fenghuang("clauses", "--on", "2023-03-01")[1]
    assert "取代" not in fenghuang("clauses", "--on", "2023-02-28")[1]
    code, out, err = fenghuang("clauses", "--on", "2023-13-01")
    assert (code, out) == (2, "")
    assert "2023-13-01" in err


def test_numbers_are_listed_with_place_and_home(fenghuang: Run) -> None:
    code, out, err = fenghuang("clauses", "--numbers")
    rows = [re.split(r"\s{2,}", line) for line in out.splitlines()]
    assert code == 0
    assert rows[0] == ["数字", "位置", "类别", "所在"]
    assert ["三分之一", "134:70", "目标", "manufacturing_share"] in rows
    assert ["连续两年", "96:69", "目标", "target.low_tax_firms"] in rows
    assert ["500", "49:31", "参数", "art.10/upgrade_subsidy/threshold"] in rows
    assert "原文未载入" in err
    _, out, _ = fenghuang("clauses", "--numbers", "--format", "json")
    assert {"token", "line", "column", "where", "policy"} == set(json.loads(out)[0])


@with_text
def test_a_loaded_text_is_compared_and_shown(fenghuang: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, _ = fenghuang("source", "load", SOURCE)
    stored = home / "sources/taizhou-2021-27.txt"
    assert code == 0
    assert str(stored) in out
    assert stored.read_bytes() == SOURCE.read_bytes()
    assert "全部有归属" in fenghuang("clauses", "--numbers")[2]
    lines = SOURCE.read_text("utf-8").splitlines()
    assert fenghuang("source", "show", "art.8") == (0, lines[44] + "\n", "")
    assert fenghuang("source", "show", "45") == (0, lines[44] + "\n", "")
    assert fenghuang("source", "show", "art.77")[0] == 2
    short = Document(documents()["taizhou-2021-27"].pack)
    gone = short.numbers.pop()
    monkeypatch.setattr(command, "documents", lambda: {"taizhou-2021-27": short})
    code, _, err = fenghuang("clauses", "--numbers")
    assert (code, err) == (1, f"第 {gone.line} 行第 {gone.column} 列的“{gone.token}”没有归属\n")


def test_another_file_is_refused_in_one_line(fenghuang: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "别的.txt"
    wrong.write_text("别的文件", "utf-8")
    code, out, err = fenghuang("source", "load", wrong)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert documents()["taizhou-2021-27"].sha256 in err
    assert "别的.txt" in err
    assert fenghuang("source", "load", tmp_path / "none.txt")[2].strip().endswith("找不到这个文件")
    assert "原文未载入" in fenghuang("source", "show", "art.8")[2]
