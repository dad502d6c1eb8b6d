"""Commands are run in this process, as a user types them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fenghuang.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fenghuang(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; exit code, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
