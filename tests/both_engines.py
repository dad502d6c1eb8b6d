"""One batch through both engines, which must agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from fenghuang.engines import columns
from fenghuang.engines.python import Engine
from fenghuang.language.program import Program
from fenghuang.language.values import Flag, Text
from fenghuang.law.pack import Overlay, find


def program(rule: str, chosen: dict[str, str]) -> Program:
    pack = find(rule)
    assert pack is not None
    return pack.program(rule, Overlay(readings=chosen))


def frame(traced: Program, rows: Sequence[Sequence[Any]], on: Sequence[int]) -> pl.DataFrame:
    kinds = {Flag: pl.Boolean, Text: pl.String}
    schema = {n: kinds.get(type(v), pl.Int64) for n, v in traced.inputs.items()}
    made = pl.DataFrame(list(rows), schema=schema, orient="row")
    return made.with_columns(pl.Series("on", on, dtype=pl.Int64))


def agree(traced: Program, rows: Sequence[Sequence[Any]], on: Sequence[int]) -> pl.DataFrame:
    """Both engines on the same rows; what they agree on."""
    engine = Engine(traced)
    by_columns = columns.run(traced, frame(traced, rows, on), "on", engine.names)
    found = [tuple(map(_cell, engine.run(tuple(row), day).values())) for row, day in zip(rows, on, strict=True)]
    by_python = pl.DataFrame(found, schema=by_columns.schema, orient="row")
    assert_frame_equal(by_columns, by_python)
    return by_columns


def _cell(value: Any) -> Any:
    """A column holds no lists: names are joined."""
    return ";".join(value) if isinstance(value, list) else value
