"""What one process computed is there for the others, and nothing else is ever read."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from fenghuang.platform import kept as module
from fenghuang.platform.kept import keep, kept


def file() -> Path:
    (found,) = (settings.HOME / "kept").iterdir()
    return found


def never() -> str:
    raise AssertionError


def test_what_was_made_once_is_not_made_again() -> None:
    assert kept(("a", 1), lambda: "made") == "made"
    assert kept(("a", 1), never) == "made"
    assert kept(("a", 2), lambda: "other") == "other"


def test_a_damaged_or_foreign_file_is_made_again(settings: object) -> None:
    keep(("a",), "made")
    file().write_bytes(file().read_bytes()[:-1] + b"?")
    assert kept(("a",), lambda: "again") == "again"
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert kept(("a",), lambda: "signed anew") == "signed anew"
    file().write_bytes(b"")
    assert kept(("a",), lambda: "and again") == "and again"


def test_a_file_under_another_name_is_not_read() -> None:
    keep(("a",), "made")
    file().rename(module._path(("b",)))
    assert kept(("b",), lambda: "b") == "b"


def test_another_program_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(("a",), "made")
    monkeypatch.setattr(module, "program", lambda: "newer")
    assert kept(("a",), lambda: "again") == "again"


def test_only_so_many_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(5):
        keep((number,), number)
    assert len(list((settings.HOME / "kept").iterdir())) == 3


def test_without_a_place_to_write_everything_goes_on(settings: object) -> None:
    settings.HOME = Path("/dev/null")  # type: ignore[attr-defined]
    assert kept(("a",), lambda: "made") == "made"
