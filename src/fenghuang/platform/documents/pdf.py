"""A document as PDF: typst with the fonts of pylopdf-fonts-zh-cn (Noto Serif SC and Noto Sans SC, SIL OFL 1.1)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fenghuang.platform.documents.document import Document

TEMPLATE = Path(__file__).with_name("official.typ")
_one_at_a_time = Lock()  # a compiler serves one caller


def pdf(document: Document) -> bytes:
    """The same bytes for the same document. No font of the machine is used, so that every machine gives the same."""
    told = {"document": json.dumps(document.data, ensure_ascii=False)}
    with _one_at_a_time:
        return bytes(_compiler().compile(format="pdf", sys_inputs=told))


@cache
def _compiler() -> Any:
    """Made at first use: the fonts are 20 MB, and pages need none."""
    import pylopdf_fonts_zh_cn as fonts
    import typst

    folder = fonts.serif_path().parent
    return typst.Compiler(str(TEMPLATE), font_paths=[str(folder)], ignore_system_fonts=True)
