"""Make the Word template of official documents anew: `python tools/word_template.py`.

Its looks may also be changed in Word; what stands in {{ }} and {% %} must stay. Fonts are named as the standard asks
for them, with a free or common one beside each (altName) for machines that lack it; no font is embedded.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from fenghuang.platform.documents import layout as it

TARGET = Path(__file__).parents[1] / "src/fenghuang/platform/documents/official.docx"
TEXT_FONT, TITLE_FONT, HEAD_FONT, FOLIO_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体", "宋体"
INSTEAD = {
    TEXT_FONT: "仿宋,FangSong,Noto Serif SC",
    TITLE_FONT: "小标宋体,STZhongsong,Noto Serif SC",
    HEAD_FONT: "SimHei,Noto Sans SC",
    FOLIO_FONT: "SimSun,Noto Serif SC",
}
LINE = it.BODY[1] / it.LINES * 72 / 25.4  # points
BLOCKS = """{%p for block in body %}
{%p if block.kind == "heading" %}
H{{ block.text }}
{%p endif %}
{%p if block.kind == "paragraph" %}
P{{ block.text }}
{%p endif %}
{%p if block.kind == "table" %}
{%p if block.title %}
C{{ block.title }}
{%p endif %}
TABLE
S{{ block.note }}
{%p endif %}
{%p endfor %}"""


def main() -> None:
    made = Document()
    page(made)
    styles(made)
    mark(made)
    folio(made)
    add(made, "公文标题", "{{ title }}")
    for text in ("{%p if number %}", "N{{ number }}", "{%p endif %}"):
        line(made, text)
    add(made, "公文正文", "")
    for text in ("{%p if addressee %}", "A{{ addressee }}：", "{%p endif %}"):
        line(made, text)
    for text in BLOCKS.splitlines():
        if text == "TABLE":
            table(made)
        else:
            line(made, text)
    add(made, "公文正文", "")
    add(made, "公文落款", "{{ signature }}")
    add(made, "公文落款", "{{ day }}")
    add(made, "公文正文", "")
    for text in (
        "{%p for name, said in stands_on %}",
        "S{{ name }}：{{ said }}",
        "{%p endfor %}",
        "S核验：{{ verify }}",
    ):
        line(made, text)
    fonts(made)
    made.save(TARGET)


def line(made: Any, text: str) -> None:
    """A line of the template: a first letter names its style."""
    named = {"H": "公文小标题", "P": "公文段落", "C": "公文表题", "S": "公文小字", "N": "公文文号", "A": "公文正文"}
    style = "公文正文" if text.startswith("{") else named[text[0]]
    add(made, style, text if text.startswith("{") else text[1:])


def add(made: Any, style: str, text: str) -> Any:
    return made.add_paragraph(text, style=style)


def page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(it.PAGE[0]), Mm(it.PAGE[1])
    section.top_margin, section.bottom_margin = Mm(it.TOP), Mm(it.BOTTOM)
    section.left_margin, section.right_margin = Mm(it.LEFT), Mm(it.RIGHT)
    section.header_distance, section.footer_distance = Mm(15), Mm(it.BOTTOM - it.FOLIO_BELOW - 5)
    made.settings.odd_and_even_pages_header_footer = True
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = it.BODY[0] / it.CHARACTERS * 72 / 25.4 - it.TEXT  # points more (or less) than the size of a character
    for name, value in (("type", "linesAndChars"), ("linePitch", round(LINE * 20)), ("charSpace", round(pitch * 4096))):
        grid.set(qn(f"w:{name}"), str(value))


def styles(made: Any) -> None:
    normal = made.styles["Normal"]
    looks(normal, TEXT_FONT, it.TEXT)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(LINE)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    style(made, "公文标题", TITLE_FONT, it.TITLE, ALIGN.CENTER, spacing=33)
    style(made, "公文文号", TEXT_FONT, it.TEXT, ALIGN.CENTER)
    style(made, "公文正文", TEXT_FONT, it.TEXT)
    style(made, "公文段落", TEXT_FONT, it.TEXT, indent=2 * it.TEXT)
    style(made, "公文小标题", HEAD_FONT, it.TEXT, indent=2 * it.TEXT)
    style(made, "公文落款", TEXT_FONT, it.TEXT, ALIGN.RIGHT).paragraph_format.right_indent = Pt(4 * it.TEXT)
    for name, font, align in (("公文表题", HEAD_FONT, ALIGN.CENTER), ("公文小字", TEXT_FONT, ALIGN.LEFT)):
        style(made, name, font, it.TABLE, align, spacing=16)
    style(made, "公文表格", TEXT_FONT, it.TABLE, spacing=16)
    style(made, "公文页码", FOLIO_FONT, it.FOLIO)


def style(
    made: Any, name: str, font: str, size: float, align: Any = None, indent: float = 0, spacing: float = 0
) -> Any:
    one = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    one.base_style = made.styles["Normal"]
    looks(one, font, size)
    if align is not None:
        one.paragraph_format.alignment = align
    if indent:
        one.paragraph_format.first_line_indent = Pt(indent)
    if spacing:
        one.paragraph_format.line_spacing = Pt(spacing)
    return one


def looks(one: Any, font: str, size: float) -> None:
    one.font.name, one.font.size = font, Pt(size)
    one.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def mark(made: Any) -> None:
    section = made.sections[0]
    for header in (section.header, section.even_page_header):
        paragraph = header.paragraphs[0]
        paragraph.style, paragraph.alignment = made.styles["公文小字"], ALIGN.CENTER
        paragraph.add_run("{{ mark }}").font.color.rgb = RGBColor(0xA6, 0x1B, 0x1B)


def folio(made: Any) -> None:
    """— 1 —: at the right of odd pages, at the left of even ones, one character in."""
    section = made.sections[0]
    for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = made.styles["公文页码"], align
        paragraph.paragraph_format.right_indent = paragraph.paragraph_format.left_indent = Pt(it.FOLIO)
        paragraph.add_run("— ")
        field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        paragraph._p.append(field)
        paragraph.add_run(" —")


def table(made: Any) -> None:
    """A head that is repeated on every page, then the rows."""
    one = made.add_table(rows=4, cols=3, style="Table Grid")
    head = ("{%tc for head in block.headers %}", "{{ head }}", "{%tc endfor %}")
    cells = ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}")
    every = (head, ("{%tr for row in block.rows %}", "", ""), cells, ("{%tr endfor %}", "", ""))
    for row, texts in zip(one.rows, every, strict=True):
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].style = made.styles["公文表格"]
            cell.paragraphs[0].add_run(text)
    one.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for cell in one.rows[0].cells:
        cell.paragraphs[0].alignment = ALIGN.CENTER
    one._tbl.tblPr.append(parse_xml(f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>'))


def fonts(made: Any) -> None:
    """What stands in for a font that is not there."""
    part = next(one for one in made.part.package.iter_parts() if str(one.partname) == "/word/fontTable.xml")
    named = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(alt)}/></w:font>"
        for name, alt in INSTEAD.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", named.encode() + b"</w:fonts>")


if __name__ == "__main__":
    main()
