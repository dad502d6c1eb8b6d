"""Bad files: each is refused with a sentence that names it, or read as what it says; never another value."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
import ugly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fenghuang.domain.feeds.faults import Fault
from fenghuang.domain.feeds.models import Delivery, RawRow
from fenghuang.domain.feeds.read import read
from fenghuang.domain.feeds.recognise import recognise
from fenghuang.domain.feeds.values import THOUSANDS, numbers, parse
from fenghuang.domain.registry.actions import import_files

READ_AS = [(123_450, 30_000), (2_000_000, 400_000), (1, -500)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ugly.REFUSED)
def test_refused_with_a_sentence_and_nothing_taken(tmp_path: Path, name: str) -> None:
    make, said = ugly.REFUSED[name]
    make(tmp_path / name)
    report = import_files([tmp_path / name])
    (fault,) = report.faults
    assert said in fault.sentence
    assert fault.sentence.startswith(name)
    assert re.search(r"。(请|.*后).*。$", fault.sentence), fault.sentence  # what is wrong, then what to do
    assert "\n" not in fault.sentence
    assert report.recording is None
    assert not Delivery.objects.exists()
    assert not RawRow.objects.exists()


@pytest.mark.parametrize("name", ugly.READ)
def test_read_as_it_is_meant(tmp_path: Path, name: str) -> None:
    make, remark = ugly.READ[name]
    make(tmp_path / name)
    (sheet,) = recognise(read(tmp_path / name))
    assert sheet.template.name == "tax"
    assert any(remark in one for one in sheet.remarks) if remark else not sheet.remarks
    texts = sheet.frame.select(
        sheet.frame["row"].cast(int).alias("id"), **{f: f"c{sheet.places[f]}" for f in sheet.places}
    )
    parsed = parse(sheet.template, texts)
    assert list(parsed.frame.select("tax", "local_contribution").iter_rows()) == READ_AS
    assert parsed.frame["uscc"].to_list() == [ugly.A, ugly.B, ugly.C]
    assert parsed.frame["year"].to_list() == [2022] * 3
    assert not parsed.problems


@pytest.mark.django_db
def test_error_values_and_dates_are_faults_of_their_row(tmp_path: Path, deliver) -> None:
    deliver(directory=[{"uscc": c, "name": c, "unit": "椒江区", "industry": "3411", "above_scale": "是"} for c in
                       (ugly.A, ugly.B, ugly.C)])  # fmt: skip

    def spoil(made) -> None:
        ugly.error_cell(made)
        ugly.cell("D2", ugly.date(2022, 12, 31))(made)
        ugly.cell("C4", 44926)(made)

    ugly.book(("税", ugly.TAX), change=spoil)(tmp_path / "坏格.xlsx")
    report = import_files([tmp_path / "坏格.xlsx"])
    assert report.files[0].quarantined == 3
    said = {row.row: row.findings.get().sentence for row in RawRow.objects.filter(delivery__template="tax")}
    assert "是日期" in said[2]
    assert "“#N/A”是错误值" in said[3]
    assert "日期序号" in said[4]


# --- whatever comes -------------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.sampled_from(["", ugly.A, "合计", "2022", "1,234.50", "1,23", "是", "１２", "-0", "1e5", "#N/A", *ugly.HEADERS]),
    st.text(max_size=12),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
)
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@OFTEN
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
@pytest.mark.parametrize("head", [b"", b"PK\x03\x04", ugly.comma(ugly.TAX[:2]).encode() + b"\n"])
def test_no_file_raises_anything_but_a_fault(tmp_path: Path, content: bytes, head: bytes) -> None:
    (tmp_path / "甲.csv").write_bytes(head + content)
    with suppress(Fault):
        recognise(read(tmp_path / "甲.csv"))


@OFTEN
@given(place=st.integers(0, 4000), byte=st.integers(0, 255), length=st.integers(0, 40))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, place: int, byte: int, length: int) -> None:
    path = tmp_path / "甲.xlsx"
    if not path.exists():
        ugly.book(("税", ugly.TAX))(path)
        (tmp_path / "whole").write_bytes(path.read_bytes())
    content = bytearray((tmp_path / "whole").read_bytes())
    content[place : place + length] = bytes([byte]) * length
    path.write_bytes(content)
    try:
        (sheet,) = recognise(read(path))
    except Fault:
        return
    shown = sheet.frame.drop("row").rows()
    assert shown == [tuple(str(cell) for cell in row) for row in ugly.TAX[1:]]


@OFTEN
@given(rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=6))
def test_cells_are_read_exactly_or_named(tmp_path: Path, rows: list[list[str]]) -> None:
    """No value but that of the text, no line that is dropped without a word."""
    quoted = [['"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in row] for row in [ugly.HEADERS, *rows]]
    (tmp_path / "甲.csv").write_bytes("\n".join(map(",".join, quoted)).encode("utf-8", "replace"))
    try:
        (sheet,) = recognise(read(tmp_path / "甲.csv"))
    except Fault:
        return
    column = sheet.template.column("tax")
    texts = sheet.frame[f"c{sheet.places['tax']}"].str.strip_chars()
    values, bad = numbers(texts, column)
    for text, value in zip(texts.to_list(), values.to_list(), strict=True):
        if value is not None:
            exact = Fraction(unicodedata.normalize("NFKC", text).strip().replace(",", ""))
            assert abs(exact * 100 - value) <= Fraction(1, 2)
            assert "," not in text or THOUSANDS.fullmatch(unicodedata.normalize("NFKC", text).strip())
        else:
            assert not text or text in bad
