"""The columns of FirmYear, by the sheet that decides them, and the shapes in which versions are compared."""

from __future__ import annotations

from typing import Any

import polars as pl

from fenghuang.domain.feeds.templates import template

SHEET_COLUMNS: dict[str, dict[str, str]] = {  # sheet -> column of FirmYear: column of the sheet
    "directory": {
        "name": "name",
        "unit_id": "unit_id",
        "township": "township",
        "industry": "industry",
        "above_scale": "above_scale",
        "revenue": "revenue",
        "value_added": "value_added",
        "directory_row_id": "id",
    },
    "tax": {"tax": "tax", "local_contribution": "local_contribution", "tax_row_id": "id"},
    "energy": {"energy_tce": "energy_tce", "energy_row_id": "id"},
    "emissions": {"emission_t": "emission_t", "emissions_row_id": "id"},
    "employees": {"employees": "employees", "employees_row_id": "id"},
    "research": {"rnd_expense": "rnd_expense", "research_row_id": "id"},
}
SUMS = ("land_mu", "electricity_kwh")
TEXTS = {"name", "unit_id", "township", "industry"}
FIRM_YEAR = [*(column for columns in SHEET_COLUMNS.values() for column in columns), *SUMS]
FIRM_YEAR_SCHEMA: dict[str, Any] = {
    "firm_id": pl.Int64,
    **{name: pl.String if name in TEXTS else pl.Boolean if name == "above_scale" else pl.Int64 for name in FIRM_YEAR},
}
BLANK = ("name", "township", "industry")  # texts that are "" in the database, not null

_PROJECT = [c for c in template("projects").columns if c.field not in ("uscc", "name", "year")]
PROJECT = [column.field for column in _PROJECT]
PROJECT_SCHEMA: dict[str, Any] = {
    "firm_id": pl.Int64,
    **{c.field: pl.Int64 if c.is_number else pl.Boolean if c.type == "bool" else pl.String for c in _PROJECT},
    "raw_row_id": pl.Int64,
}
