"""Rules over a table: cells in, columns of integers through the engine, text or decimals out.

Values leave as they are shown: money with 2 decimals, label names, true / false; empty is unknown. Input order is kept.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from fenghuang.engines import columns, door, texts
from fenghuang.engines.door import Fault, Faulty
from fenghuang.language import numbers, types, units
from fenghuang.language.program import Program
from fenghuang.language.values import Choice, Flag, Names, Number, Value
from fenghuang.language.words import system_fault
from fenghuang.law.pack import STANDING, Overlay, Pack

_PLAIN_NUMBER = r"^-?[0-9]{1,17}(\.[0-9]*)?$"  # \d would take full-width digits, which the fast way cannot read


class Table(NamedTuple):
    """Cells as they were written, and the number a reader gives to each row."""

    frame: pl.DataFrame
    rows: Sequence[int]


def read(path: Path) -> Table:
    """A file of subjects: CSV and JSON as text, Parquet with its own types."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            frame = pl.read_parquet(path)
            return Table(frame, range(1, len(frame) + 1))
        text = texts.decode(path.read_bytes())
        if suffix == ".json" or (suffix != ".csv" and texts.looks_like_json(text)):
            return _json(text)
        return _csv(text)
    except (pl.exceptions.PolarsError, OSError) as fault:
        why = system_fault(fault) if isinstance(fault, OSError) else str(fault).splitlines()[0]
        raise Faulty([Fault("", "", f"无法读取这个文件（{why}）")]) from fault


def _json(text: str) -> Table:
    return of_subjects(texts.json_subjects(text))


def of_subjects(subjects: Sequence[Mapping[str, Any]]) -> Table:
    """Subjects as JSON has them; rows count from 1."""
    names = list(dict.fromkeys(name for subject in subjects for name in subject)) or ["id"]  # no columns: no rows
    cells = {n: [_cell(subject.get(n)) for subject in subjects] for n in names}
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), height=len(subjects))
    return Table(frame, range(1, len(subjects) + 1))


def _cell(value: str | bool | None) -> str | None:
    return door.written(value, None) if isinstance(value, bool) else value


def _csv(text: str) -> Table:
    """Parsed by Polars; which rows there are is decided by the same reader as for `calc`."""
    lines = texts.csv_rows(text)
    _, header = next(lines)
    rows = [number for number, _ in lines]
    frame = pl.read_csv(text.encode(), infer_schema=False, new_columns=header)
    whole = range(2, len(frame) + 2)
    if len(rows) < len(frame):  # blank lines
        frame = frame[[number - 2 for number in rows]]
    elif len(rows) > len(frame):
        raise Faulty([Fault("", "", "无法读取这个文件：换行或引号不规则")])
    return Table(frame, rows if len(rows) < len(whole) else whole)


_SMALL_INTEGERS = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)


def _text(column: pl.Series) -> pl.Series:
    """A column as decimal text; doubles in their shortest form."""
    if column.dtype.is_float():
        return pl.Series(column.name, [None if v is None else repr(v) for v in column], dtype=pl.String)
    if column.dtype.is_nested() or column.dtype in (pl.Binary, pl.Object):
        return pl.Series(column.name, [None if v is None else str(v) for v in column.to_list()], dtype=pl.String)
    return column.cast(pl.String)


def numeric(column: pl.Series, kind: types.NumberType) -> tuple[pl.Series, list[Fault]]:
    """The column as integers of the smallest unit. Plain decimals go fast, anything else cell by cell."""
    size = 10**kind.decimals
    if column.dtype in _SMALL_INTEGERS:  # whole units: judged before they are multiplied, which could wrap
        whole = column.cast(pl.Int64)
        wrong = ((whole < -(-kind.lo // size)) | (whole > kind.hi // size)).fill_null(False).arg_true()
        return whole.scatter(wrong, None) * size, _outside(wrong, column, kind)
    text = _text(column).str.strip_chars().replace("", None)
    plain = text.str.contains(_PLAIN_NUMBER)
    parts = pl.DataFrame({"t": text}).select(
        negative=pl.col("t").str.starts_with("-"),
        whole=pl.col("t").str.extract(r"^-?([0-9]+)", 1).cast(pl.Int64, strict=False),
        rest=pl.col("t").str.extract(r"\.([0-9]*)$", 1).fill_null("").str.strip_chars_end("0"),
    )
    small = parts["whole"] <= numbers.INT64_MAX // size - 1
    easy = (plain & (parts["rest"].str.len_chars() <= kind.decimals) & small).fill_null(False)
    fraction = parts["rest"].str.slice(0, kind.decimals).str.pad_end(kind.decimals, "0")
    value = parts.select(
        v=(pl.col("whole") * size + (pl.Series(fraction).cast(pl.Int64, strict=False) if kind.decimals else 0))
        * pl.when(pl.col("negative")).then(-1).otherwise(1)
    )["v"]
    value = value.set(~easy, None)
    hard = (~easy & text.is_not_null()).arg_true()
    faults: list[Fault] = []
    found: list[int | None] = []
    for place in hard:
        try:
            found.append(door.number(kind, text[place]))
        except door.Refused as fault:
            found.append(None)
            faults.append(Fault(column.name, door.written(text[place]), str(fault), place))
    if len(hard):
        value = value.scatter(hard, pl.Series(found, dtype=pl.Int64))
    wrong = ((value < kind.lo) | (value > kind.hi)).fill_null(False).arg_true()
    return value.cast(pl.Int64), faults + _outside(wrong, column, kind)


def _outside(places: pl.Series, column: pl.Series, kind: types.NumberType) -> list[Fault]:
    return [Fault(column.name, door.written(column[place]), door.expected(kind), place) for place in places]


def dtype_of(kind: types.Type) -> type[pl.DataType]:
    """How a column of inputs is carried: Boolean, String, or Int64 (smallest units, labels' places, days)."""
    return {"bool": pl.Boolean, "text": pl.String}.get(kind.name, pl.Int64)


def _other(column: pl.Series, kind: types.Type) -> tuple[pl.Series, list[Fault]]:
    """Booleans and labels: every distinct cell is judged once."""
    dtype = dtype_of(kind)
    if column.dtype == pl.Boolean and dtype == pl.Boolean:
        return column, []
    text = _text(column)
    known: dict[str, int | bool | str | None] = {}
    wrong: dict[str, str] = {}
    for cell in text.drop_nulls().unique():
        try:
            known[cell] = door.value(kind, cell)
        except door.Refused as fault:
            wrong[cell] = str(fault)
    faults = [
        Fault(column.name, door.written(cell), wrong[cell], place)
        for place, cell in (enumerate(text) if wrong else ())
        if cell in wrong
    ]
    good = {cell: v for cell, v in known.items() if v is not None}
    if not good:
        return pl.Series(column.name, [None] * len(column), dtype=dtype), faults
    return text.replace_strict(good, default=None, return_dtype=dtype), faults


def cells(table: Table, inputs: Mapping[str, types.Type]) -> pl.DataFrame:
    """The rule's input columns from the table's cells; Faulty lists what cannot be used, with rows as a reader counts.

    An absent column is unknown throughout.
    """
    frame = table.frame
    faults: list[Fault] = []
    found: dict[str, pl.Series] = {}
    for name, kind in inputs.items():
        if name not in frame.columns or frame[name].dtype == pl.Null:
            found[name] = pl.Series(name, [None] * len(frame), dtype=dtype_of(kind))
            continue
        convert = numeric if isinstance(kind, types.NumberType) else _other
        column, wrong = convert(frame[name], kind)  # type: ignore[arg-type]
        found[name] = column.alias(name)
        faults += wrong
    if faults:
        raise Faulty([f._replace(row=table.rows[f.row or 0]) for f in sorted(faults, key=lambda f: f.row or 0)])
    return pl.DataFrame(found)


def shown(column: pl.Series, node: Value) -> pl.Series:
    """A result column as it leaves: decimals, label names, booleans."""
    if isinstance(node, Flag):
        return column
    if isinstance(node, Choice):
        return column.replace_strict(dict(enumerate(node.labels)), default=None, return_dtype=pl.String)
    if isinstance(node, Names):
        return column
    assert isinstance(node, Number)
    if node.dimension == units.DATE:
        return column.cast(pl.Int32).cast(pl.Date)
    decimals = types.shown_decimals(node.unit)
    if not decimals:
        return column
    return decimal(column, decimals)


def decimal(column: pl.Series, decimals: int) -> pl.Series:
    """Integers of 10^-decimals as a decimal column, digit by digit (a division would go through doubles)."""
    size = 10**decimals
    text = pl.DataFrame({"v": column}).select(
        pl.concat_str(
            pl.when(pl.col("v") < 0).then(pl.lit("-")).otherwise(pl.lit("")),
            (pl.col("v").abs() // size).cast(pl.String),
            pl.lit("."),
            (pl.col("v").abs() % size).cast(pl.String).str.zfill(decimals),
        )
    )
    return text.to_series().cast(pl.Decimal(38, decimals))


def calculate(
    pack: Pack, rules: Sequence[str], table: Table, on: date, overlay: Overlay = STANDING, *, steps: bool = False
) -> pl.DataFrame:
    """The table with `<rule>.<output>`, `<rule>.<condition>`, `<rule>.missing` (and steps) behind its columns."""
    frame = table.frame
    programs = [pack.program(rule, overlay) for rule in rules]
    known = {name for p in programs for name in p.inputs}
    strangers = [c for c in frame.columns if c not in known and not door.carried(c)]
    if strangers:
        raise Faulty([Fault(name, "", door.stranger(name, known)) for name in strangers])
    results = [frame]
    for program in programs:
        results.append(_one(program, cells(table, program.rule.inputs), on, steps))
    return pl.concat(results, how="horizontal")


def _one(program: Program, inputs: pl.DataFrame, on: date, steps: bool) -> pl.DataFrame:
    names = [*program.outputs, *program.conditions]
    if steps:
        names += [name for name in program.shown if name not in names]
    computed = columns.run(program, inputs, on, names)
    found = {f"{program.name}.{name}": shown(computed[name], program.shown[name]) for name in names}
    missing = columns.missing(program, inputs, on)
    place = len(program.outputs) + len(program.conditions)
    ordered = list(found.items())
    ordered.insert(place, (f"{program.name}.missing", missing))
    return pl.DataFrame(dict(ordered))


def target(text: str) -> Path:
    """The output file; Faulty when it cannot be one, before anything is computed."""
    path = Path(text)
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise Faulty([Fault("--output", text, "应为 .csv 或 .parquet 文件")])
    if not path.parent.is_dir():
        raise Faulty([Fault("--output", text, "所在文件夹不存在")])
    if path.is_dir():
        raise Faulty([Fault("--output", text, "是一个文件夹，应为文件")])
    return path


def write(frame: pl.DataFrame, path: Path) -> None:
    """The whole file or none: written beside the target, then renamed."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as fault:
        raise Faulty([Fault("--output", str(path), f"无法写入（{system_fault(fault)}）")]) from fault
    os.close(handle)
    try:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(name)
        else:
            frame.with_columns(pl.col(pl.String).replace("", None)).write_csv(name)  # empty, not ""
        os.chmod(name, 0o644)
        os.replace(name, path)
    except (OSError, pl.exceptions.PolarsError) as fault:
        os.unlink(name)
        why = system_fault(fault) if isinstance(fault, OSError) else str(fault).splitlines()[0]
        raise Faulty([Fault("--output", str(path), f"无法写入（{why}）")]) from fault
    except BaseException:
        os.unlink(name)
        raise
