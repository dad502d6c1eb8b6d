"""Reading the subjects of a command: JSON, CSV or Parquet, every value as it was written."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

from fenghuang.commands.common import Unusable, existing

Row = tuple[int, dict[str, Any]]  # row number as the file's reader counts, values by name


def read(source: str) -> tuple[list[Row], str]:
    """Subjects with their row numbers, and the file's name for faults. `-` is standard input (JSON or CSV)."""
    if source == "-":
        return _text(sys.stdin.buffer.read(), "标准输入", None), "标准输入"
    path = existing(source)
    if path.suffix.lower() == ".parquet":
        return _parquet(path), path.name
    return _text(path.read_bytes(), path.name, path.suffix.lower()), path.name


def decode(data: bytes, name: str) -> str:
    """UTF-8 (with or without mark) or GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable([f"{name}：无法识别文字编码，请另存为 UTF-8 或 GBK"])


def _text(data: bytes, name: str, suffix: str | None) -> list[Row]:
    text = decode(data, name)
    if not text.strip():
        raise Unusable([f"{name}：文件是空的"])
    if suffix == ".json" or (suffix != ".csv" and text.lstrip()[0] in "[{"):
        return _json(text, name)
    return _csv(text, name)


def _json(text: str, name: str) -> list[Row]:
    try:
        found = json.loads(text, parse_float=str, object_pairs_hook=_once)
    except (json.JSONDecodeError, KeyError) as fault:
        line = f"第 {fault.lineno} 行，" if isinstance(fault, json.JSONDecodeError) else ""
        raise Unusable([f"{name}：{line}不是有效的 JSON：{fault.args[0]}"]) from fault
    subjects = found if isinstance(found, list) else [found]
    for place, subject in enumerate(subjects, 1):
        if not isinstance(subject, dict):
            raise Unusable([f"{name}，第 {place} 行：应为 JSON 对象，读到 {type(subject).__name__}"])
    return list(enumerate(subjects, 1))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise KeyError(f"字段 {next(n for n in names if names.count(n) > 1)} 出现了两次")
    return found


def _csv(text: str, name: str) -> list[Row]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [cell.strip() for cell in rows[0]]
    if twice := next((h for h in header if h and header.count(h) > 1), None):
        raise Unusable([f"{name}，第 1 行：列 {twice} 出现了两次"])
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise Unusable([f"{name}，第 {number} 行：有 {len(row)} 列，表头有 {len(header)} 列"])
        found.append((number, dict(zip(header, row, strict=True))))
    return found


def _parquet(path: Path) -> list[Row]:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError as fault:
        raise Unusable([f"{path.name}：不是可读的 Parquet 文件（{fault}）"]) from fault
    return list(enumerate(frame.iter_rows(named=True), 1))
