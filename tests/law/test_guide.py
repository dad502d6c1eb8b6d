"""docs/write-a-policy.md: its example, written out block by block, is a pack without fault that calculates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fenghuang.engines.check import everything
from fenghuang.engines.explain import explainer
from fenghuang.language.numbers import days
from fenghuang.law.cases import USUAL_DAY
from fenghuang.law.pack import Pack, packs
from subjects import ROOT

BLOCK = re.compile(r"```(?:yaml|python)\n# (\S+)\n(.*?)```", re.S)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    for name, text in BLOCK.findall((ROOT / "docs/write-a-policy.md").read_text("utf-8")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_the_example_of_the_guide_has_no_fault_and_calculates(written: Path) -> None:
    assert [str(fault) for fault in everything(written)] == []
    pack = Pack(written)
    record = explainer(pack, "testing_equipment_subsidy").record((True, 300_000_000, 1), days(pack.valid[0]))
    assert record.outputs == {"eligible": True, "amount": "240000.00"}


def test_what_is_not_known_of_a_document_is_said_with_every_result() -> None:
    pack = packs()["huzhou-2021-sandi"]
    assert not pack.in_force(USUAL_DAY)
    record = explainer(pack, "three_low_firm").record((True, 5_999_999, 1), days(pack.valid[0]))
    assert record.outputs == {"is_three_low": True}
    assert [note.split("：")[0] for note in record.notes] == [
        "政策的文号待核实",
        "政策的有效期待核实",
        "政策的数值待核实",
    ]
