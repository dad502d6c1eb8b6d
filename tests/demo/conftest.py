"""A small and a middling city, written once a session and read back the slow, independent way."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import yaml

from fenghuang.demo.city import write_city

TEMPLATES = Path(__file__).parents[2] / "src/fenghuang/domain/feeds/templates.yaml"


@dataclass
class Read:
    """A city as read from its files: rows by (year, template) as dicts of field and cell, in the sheet's order."""

    folder: Path
    truth: dict
    rows: dict[tuple[int, str], list[dict]]

    def fault_rows(self, *kinds: str) -> set[tuple[int, str, int]]:
        """Year, template and spreadsheet row of the faults (of all kinds without an argument)."""
        return {
            (fault["year"], fault["template"], fault["row"])
            for fault in self.truth["faults"]
            if fault["row"] and (not kinds or fault["kind"] in kinds)
        }

    def clean(self, year: int, template: str) -> list[dict]:
        """Rows that no fault names."""
        bad = self.fault_rows()
        rows = self.rows.get((year, template), [])
        return [row for place, row in enumerate(rows, 2) if (year, template, place) not in bad]


def sheets_of(path: Path) -> list[list[tuple]]:
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        return [list(sheet.iter_rows(values_only=True)) for sheet in book]
    encoding = "gbk" if "名录" in path.name else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as lines:
        return [[tuple(cell or None for cell in row) for row in csv.reader(lines)]]


def read_city(folder: Path) -> Read:
    by_headers = {
        tuple(column["header"] for column in entry["columns"]): entry
        for entry in yaml.safe_load(TEMPLATES.read_text(encoding="utf-8"))
    }
    rows = {}
    for path in sorted(folder.glob("*-*")):
        for header, *lines in sheets_of(path):
            entry = by_headers[header]
            fields = [column["field"] for column in entry["columns"]]
            rows[int(path.name[:4]), entry["template"]] = [dict(zip(fields, line, strict=True)) for line in lines]
    return Read(folder, json.loads((folder / "truth.json").read_text(encoding="utf-8")), rows)


@pytest.fixture(scope="session")
def city(tmp_path_factory) -> Read:
    folder = tmp_path_factory.mktemp("city3000")
    write_city(folder, firms=3000, seed=7)
    return read_city(folder)


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Read:
    folder = tmp_path_factory.mktemp("city500")
    write_city(folder, firms=500, seed=7)
    return read_city(folder)
