"""What each department delivers, from templates.yaml: columns, types, units, and what a row means."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

# decimals of the smallest unit a type is kept in; a percent becomes a ratio of 10^-6, hence 6 - 2 (language/numbers.py)
DECIMALS = {"money": 2, "mu": 4, "m2": 2, "ratio": 6, "percent": 4, "tce": 4, "t": 6, "int": 0}
NAMES = ("name", "tenant_name")  # say who it is for people; the code identifies
EXAMPLE = "示例"  # a line whose name begins so is an example, not data


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    header: str
    field: str
    type: str
    required: bool = False
    scale: int = 1
    min: int | None = None
    max: int | None = None
    longest: int = 200
    choices: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        return self.type in DECIMALS

    @property
    def shift(self) -> int:
        """The power of ten that takes the cell into the fact's smallest unit."""
        return DECIMALS[self.type] + len(str(self.scale)) - 1


@dataclass(frozen=True, slots=True)
class Template:
    """A sheet of a department."""

    name: str
    title: str
    department: str
    role: str  # firms | fact | part | share | project | object
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    fact: str = ""
    kind: str = ""
    of: str = ""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.field == name)

    @property
    def needed(self) -> list[Column]:
        """Columns without which a table is not this sheet: what a row must say, and the facts it is about."""
        return [column for column in self.columns if column.required or (self.role == "fact" and column.is_number)]

    @property
    def fields(self) -> list[str]:
        return [column.field for column in self.columns]

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Columns that name a firm by its code, each with the column that gives its name ("" if none)."""
        names = {"uscc": "name", "tenant": "tenant_name"}
        return [
            (column.field, names[column.field] if names[column.field] in self.fields else "")
            for column in self.columns
            if column.type == "code"
        ]

    @property
    def values(self) -> list[str]:
        """What makes two rows of one key the same: all they say but names (the directory is about names)."""
        return [name for name in self.fields if self.role == "firms" or name not in NAMES]

    @property
    def facts(self) -> list[str]:
        """The facts of a firm and year that a row of this sheet decides."""
        if self.role in ("part", "share"):
            return [self.fact or template(self.of).fact]
        if self.role == "project":
            return ["projects"]
        if self.role == "object":
            return []
        return [name for name in self.fields if name not in ("uscc", "year", "name")]


@cache
def templates() -> dict[str, Template]:
    """All templates by name, in the order of the file."""
    entries = yaml.safe_load(files(__package__).joinpath("templates.yaml").read_text(encoding="utf-8"))
    return {entry["template"]: _template(entry) for entry in entries}


def template(name: str) -> Template:
    return templates()[name]


def _template(entry: dict[str, Any]) -> Template:
    columns = tuple(Column(**column) for column in entry["columns"])
    for column in columns:
        if str(column.scale).strip("0") != "1":
            raise ValueError(f"{entry['template']}.{column.field}: scale is no power of ten")
    rest = {name: value for name, value in entry.items() if name not in ("template", "key", "columns")}
    return Template(name=entry["template"], key=tuple(entry["key"]), columns=columns, **rest)


def plain_header(text: str) -> str:
    """A header without what typists change: width, blanks, line breaks, the star of a required column."""
    return re.sub(r"[\s*]", "", unicodedata.normalize("NFKC", text))
