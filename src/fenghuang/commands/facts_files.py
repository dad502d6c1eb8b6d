"""Tables at the command line: CSV, XLSX and Parquet as columns of text, as the cells say; and results written whole.

CSV needs only the standard library. Spreadsheets and Parquet have libraries that are imported when such a file comes.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from fenghuang.language.numbers import plain
from fenghuang.law.methods.faults import FactsError, Fault


class TextTable(NamedTuple):
    """A table as its cells say, with the row numbers that a reader of the file counts (blank rows are left out)."""

    columns: dict[str, list[str | None]]
    rows: list[int]


FORMATS = (".csv", ".xlsx", ".parquet")


def _fault(path: Path, place: str, found: str, expected: str) -> FactsError:
    return FactsError([Fault(str(path), place, found, expected)])


def check_format(path: Path) -> str:
    """The file's suffix, lower case; FactsError for a format that is not served."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise _fault(path, "", f"不支持的文件类型“{path.suffix}”", "CSV、XLSX 或 Parquet 文件")
    return suffix


def read_table(path: Path) -> TextTable:
    """The first sheet of the file, every cell as text; empty cells are ""."""
    suffix = check_format(path)
    if not path.is_file():
        raise _fault(path, "", "没有这个文件", "可读的事实文件")
    try:
        header, numbered = {".csv": _read_csv, ".xlsx": _read_xlsx, ".parquet": _read_parquet}[suffix](path)
    except OSError as error:
        raise _fault(path, "", "无法读取", "可读的事实文件") from error
    names = [plain(name) for name in header]
    rows = [row for _, row in numbered]
    while names and not names[-1] and all(len(row) < len(names) or not row[len(names) - 1] for row in rows):
        names.pop()  # a trailing empty column, as spreadsheets leave it
    for place, name in enumerate(names, 1):
        if not name:
            raise _fault(path, f"表头第 {place} 列", "列名为空", "列名")
        if names.index(name) != place - 1:
            raise _fault(path, f"表头第 {place} 列", f"{name} 出现两次", "不重复的列名")
    if not names:
        raise _fault(path, "表头", "空文件", "含表头的表")
    for number, row in numbered:
        if len(row) < len(names) or any(row[len(names) :]):
            raise _fault(path, f"第 {number} 行", f"{len(row)} 个单元格", f"与表头相同的 {len(names)} 个")
    columns = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    return TextTable(columns, [number for number, _ in numbered])


Rows = tuple[Sequence[str], list[tuple[int, Sequence[Any]]]]


def _numbered(rows: Sequence[Sequence[Any]]) -> Rows:
    """The first row that is not blank is the header; the others with their numbers."""
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    return (filled[0][1], filled[1:]) if filled else ([], [])


def _read_csv(path: Path) -> Rows:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what Chinese Excel saves
        except UnicodeDecodeError as error:
            raise _fault(path, "", "文字编码无法识别", "UTF-8 或 GB18030 编码的 CSV") from error
    try:
        return _numbered(list(csv.reader(io.StringIO(text, newline=""), strict=True)))
    except csv.Error as error:
        raise _fault(path, "", f"不是合法的 CSV（{error}）", "逗号分隔的 CSV") from error


def _read_xlsx(path: Path) -> Rows:
    import fastexcel

    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
        frame = sheet.to_polars()
    except (fastexcel.FastExcelError, ValueError) as error:
        raise _fault(path, "", "不是可读的 XLSX", "Excel 工作簿") from error
    return _numbered([["" if cell is None else cell for cell in row] for row in frame.rows()])


def _read_parquet(path: Path) -> Rows:
    import polars as pl

    try:
        frame = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise _fault(path, "", "不是可读的 Parquet", "Parquet 文件") from error
    return frame.columns, [(n, [_text(cell) for cell in row]) for n, row in enumerate(frame.rows(), 2)]


def _text(cell: Any) -> str:
    """A typed cell as text; a double by its shortest decimal form."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


# --- writing ---------------------------------------------------------------------------------------------------------


def write_columns(path: Path, columns: Mapping[str, Sequence[str]], kinds: Mapping[str, int | None]) -> None:
    """Write the columns; the file appears only when it is complete.

    `kinds` gives the decimals of numeric columns (0: whole numbers); other columns are text. In Parquet they are
    decimals and integers with nulls, in CSV and XLSX the texts themselves (Excel's doubles would lose digits).
    """
    suffix = check_format(path)
    write = {".csv": _write_csv, ".xlsx": _write_xlsx, ".parquet": _write_parquet}[suffix]
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=suffix)
    except OSError as error:
        raise _fault(path, "", "无法写入", "可写的文件夹") from error
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary, columns, kinds)
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)  # mkstemp is private; a result is as public as any file of its owner
        temporary.replace(path)
    except OSError as error:
        raise _fault(path, "", "无法写入", "可写的文件") from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_csv(path: Path, columns: Mapping[str, Sequence[str]], kinds: Mapping[str, int | None]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def _write_xlsx(path: Path, columns: Mapping[str, Sequence[str]], kinds: Mapping[str, int | None]) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("results")
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, list(columns))
        whole = [kinds.get(name) == 0 for name in columns]
        for number, row in enumerate(zip(*columns.values(), strict=True), 1):
            for k, cell in enumerate(row):
                if cell and whole[k]:
                    sheet.write_number(number, k, int(cell))
                elif cell:
                    sheet.write_string(number, k, cell)


def _write_parquet(path: Path, columns: Mapping[str, Sequence[str]], kinds: Mapping[str, int | None]) -> None:
    import polars as pl

    series = []
    for name, cells in columns.items():
        decimals = kinds.get(name)
        texts = pl.Series(name, [cell or None for cell in cells], dtype=pl.String)
        if decimals is not None:
            texts = texts.cast(pl.Int64 if decimals == 0 else pl.Decimal(38, decimals))
        series.append(texts)
    pl.DataFrame(series).write_parquet(path)
