"""`fenghuang lists` says every register in words."""

from __future__ import annotations

from typing import Any

from fenghuang.cli import main
from fenghuang.law.registers import registers


def test_every_register_is_said(capsys: Any) -> None:
    assert main(["lists"]) == 0
    said = capsys.readouterr().out
    for one in registers().values():
        assert one.title in said
        assert all(step.title in said for step in one.steps.values())


def test_a_name_that_is_none_is_told(capsys: Any) -> None:
    assert main(["lists", "nothing"]) == 2
    assert "没有清单“nothing”" in capsys.readouterr().err
