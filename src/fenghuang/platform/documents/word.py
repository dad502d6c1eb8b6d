"""A document as Word: docxtpl fills official.docx, whose looks anybody may change in Word (tools/word_template.py)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fenghuang.platform.documents.layout import BODY, TWIPS_A_MM

if TYPE_CHECKING:
    from fenghuang.platform.documents.document import Document

TEMPLATE = Path(__file__).with_name("official.docx")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the time of every part: a zip must name one, and now would change the bytes


def word(document: Document) -> bytes:
    """The same bytes for the same document."""
    from docxtpl import DocxTemplate

    filled = DocxTemplate(BytesIO(_template()))
    filled.render(document.data, autoescape=True)
    shapes = [block for block in document.data["body"] if block["kind"] == "table"]
    for table, shape in zip(filled.docx.tables, shapes, strict=True):
        _shape(table, shape)
    about = filled.docx.core_properties
    about.title, about.author, about.last_modified_by = document.title, document.signature, document.signature
    about.created = about.modified = datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC)
    out = BytesIO()
    filled.save(out)
    return _timeless(out)


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _shape(table: Any, shape: dict[str, Any]) -> None:
    """Widths of the columns, and figures at the right."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    whole = sum(shape["widths"])
    widths = [str(round(BODY[0] * TWIPS_A_MM * part / whole)) for part in shape["widths"]]
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), width)
    for number, row in enumerate(table._tbl.tr_lst):
        for place, cell in enumerate(row.tc_lst):
            cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), widths[place])
            if number and place in shape["right"]:
                side = OxmlElement("w:jc")
                side.set(qn("w:val"), "right")
                cell.p_lst[0].get_or_add_pPr().append(side)


def _timeless(packed: BytesIO) -> bytes:
    """The same parts without the moment they were packed at."""
    out = BytesIO()
    with ZipFile(packed) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(ZipInfo(name, EPOCH), before.read(name), ZIP_DEFLATED)
    return out.getvalue()
