"""Reading the subjects of `calc`: JSON, CSV or Parquet, every value as it was written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fenghuang.commands.common import Unusable, existing, sentences
from fenghuang.engines import texts
from fenghuang.engines.door import Faulty
from fenghuang.language.words import system_fault

Row = tuple[int, dict[str, Any]]  # row number as the file's reader counts, values by name


def read(source: str) -> tuple[list[Row], str]:
    """Subjects with their row numbers, and the file's name for faults. `-` is standard input (JSON or CSV)."""
    path = None if source == "-" else existing(source)
    name = path.name if path else "标准输入"
    suffix = path.suffix.lower() if path else ""
    if path and suffix == ".parquet":
        return _parquet(path), name
    try:
        return _text(texts.decode(path.read_bytes() if path else sys.stdin.buffer.read()), suffix), name
    except Faulty as fault:
        raise sentences(fault.faults, name) from fault
    except OSError as fault:
        raise Unusable([f"{name}：无法读取（{system_fault(fault)}）"]) from fault


def _text(text: str, suffix: str) -> list[Row]:
    if suffix == ".json" or (suffix != ".csv" and texts.looks_like_json(text)):
        return list(enumerate(texts.json_subjects(text), 1))
    lines = texts.csv_rows(text)
    _, header = next(lines)
    return [(number, dict(zip(header, row, strict=True))) for number, row in lines]


def _parquet(path: Path) -> list[Row]:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise Unusable([f"{path.name}：不是可读的 Parquet 文件"]) from fault
    return list(enumerate(frame.iter_rows(named=True), 1))
