"""A home of its own for delivered files, and an import of sheets given as rows; `deliveries` for every domain app."""

import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from deliveries import Rows, workbook
from hypothesis import settings as hypothesis

from fenghuang.domain.feeds.report import Report
from fenghuang.domain.registry.actions import import_files

sys.path.insert(0, str(Path(__file__).parent / "feeds"))  # `ugly` for every domain app
hypothesis.register_profile("calm", deadline=None)  # machines that do other things at the same time
hypothesis.load_profile("calm")
Deliver = Callable[..., Report]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.HOME = tmp_path / "home"
    return settings.HOME


@pytest.fixture
def deliver(db, tmp_path: Path) -> Deliver:
    """deliver(tax=[{...}], energy=[...], year=2022): one workbook, imported."""
    numbers = count(1)

    def run(year: int = 2022, **sheets: Rows) -> Report:
        path = workbook(tmp_path / f"交付{next(numbers)}.xlsx", *sheets.items(), year=year)
        return import_files([path])

    return run
