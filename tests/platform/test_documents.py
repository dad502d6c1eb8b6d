"""Documents printed from data: both forms say the same, the page is the standard's, nothing of the moment enters."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from pypdf import PdfReader

from fenghuang.platform.documents import forms
from fenghuang.platform.documents.document import Anchor, Document, Heading, Paragraph, Table
from fenghuang.platform.documents.pdf import pdf
from fenghuang.platform.documents.word import word

MM = 72 / 25.4  # points
ROWS = tuple((f"企业{n}", f"{n}.50") for n in range(120))
MADE = Document(
    title="测试结果通知书",
    number="测政发〔2023〕5号",
    addressee="甲<乙>&丙有限公司",
    body=(
        Heading("一、结果"),
        Paragraph("税收 {{ 7 * 7 }} #link 为 $x$，“A”类。"),
        Table(("企业", "数值"), ROWS, (3, 1), right=(1,), note="注"),
    ),
    signature="测试单位",
    day=date(2023, 3, 6),
    stands_on=(("评价工作", "测试"),),
    anchor=Anchor(12, "ab" * 32),
    verify="照此核验",
    mark="演示",
)


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")


def word_text(content: bytes) -> str:
    found = Word(BytesIO(content))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "".join([*(one.text for one in found.paragraphs), *cells])


@pytest.mark.parametrize("text", [pdf_text(pdf(MADE)), word_text(word(MADE))], ids=["pdf", "word"])
def test_both_say_everything(text: str) -> None:
    text = text.replace(" ", "")
    for said in (MADE.title, MADE.number, "甲<乙>&丙有限公司：", "一、结果", "测试单位", "2023年3月6日", "ab" * 32):
        assert said in text
    assert "税收{{7*7}}#link为$x$，“A”类。" in text  # data are data, for both templates
    assert all(f"企业{n}" in text and f"{n}.50" in text for n in (0, 60, 119))
    assert MADE.fingerprint in text
    assert "审计日志第12条" in text
    assert "照此核验" in text


def test_the_fingerprint_is_of_all_that_is_said() -> None:
    changed = [
        replace(MADE, title="别的"),
        replace(MADE, anchor=Anchor(13, "ab" * 32)),
        replace(MADE, body=(*MADE.body, Paragraph("再说一句"))),
        replace(MADE, mark=""),
    ]
    assert len({one.fingerprint for one in (MADE, *changed)}) == 5


def test_the_same_bytes_later() -> None:
    before = pdf(MADE), word(MADE)
    time.sleep(2.1)  # a zip counts in two seconds
    assert (pdf(MADE), word(MADE)) == before


def test_the_page_is_that_of_the_standard() -> None:
    """A4 with 版心 156 x 225 mm, 22 lines of 28 characters, text 三号, folio 四号."""
    page = PdfReader(BytesIO(pdf(MADE))).pages[0]
    assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]
    section = Word(BytesIO(word(MADE))).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert round(int(grid.get(qn("w:linePitch"))) / 20 * 22 / MM) == 225
    assert round((16 + int(grid.get(qn("w:charSpace"))) / 4096) * 28 / MM) == 156
    styles = Word(BytesIO(word(MADE))).styles
    sizes = {name: styles[name].font.size.pt for name in ("公文标题", "公文段落", "公文页码")}
    assert sizes == {"公文标题": 22, "公文段落": 16, "公文页码": 14}


def test_a_line_holds_28_characters_and_a_page_22_lines() -> None:
    long = replace(MADE, number="", addressee="", body=(Paragraph("亩" * 28 * 60),), mark="")
    text = PdfReader(BytesIO(pdf(long))).pages[1].extract_text()
    assert [len(line) for line in text.splitlines() if set(line) == {"亩"}] == [28] * 22


def test_every_page_bears_the_mark_and_its_number() -> None:
    pages = PdfReader(BytesIO(pdf(MADE))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert "演示" in text
        assert f"— {number} —" in text


def test_the_head_of_a_long_table_comes_again_and_no_font_is_missing() -> None:
    pages = PdfReader(BytesIO(pdf(MADE))).pages
    assert all("企业数值" in page.extract_text().replace(" ", "").replace("\n", "") for page in pages[:2])
    assert b"w:tblHeader" in ZipFile(BytesIO(word(MADE))).read("word/document.xml")
    fonts = ZipFile(BytesIO(word(MADE))).read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName' in fonts


def test_pages_do_not_load_the_printers() -> None:
    script = (
        "import django, os, sys\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'fenghuang.config.settings'\n"
        "django.setup()\n"
        "from django.urls import get_resolver\n"
        "get_resolver().url_patterns\n"
        "print([name for name in ('typst', 'docxtpl', 'docx', 'lxml', 'pylopdf_fonts_zh_cn') if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "[]", ran.stderr


def test_an_open_document_is_made_once(settings, monkeypatch) -> None:
    first = forms.kept(MADE, "pdf")
    monkeypatch.setattr(forms, "made", None)
    assert forms.kept(MADE, "pdf") == first
    assert first.read_bytes() == pdf(MADE)
    assert not list(first.parent.glob(".*"))
