"""The forms a document is given out in: PDF and Word, made at once or kept under the hash of what they say."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from fenghuang.platform.documents.document import Document

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def made(document: Document, form: str) -> bytes:
    """The document in a form of TYPES. The libraries are loaded here: pages that make none do not wait for them."""
    if form == "pdf":
        from fenghuang.platform.documents.pdf import pdf

        return pdf(document)
    from fenghuang.platform.documents.word import word

    return word(document)


def kept(document: Document, form: str) -> Path:
    """The file of a document that is open to all: made once, then served as it is. For what holds no secret."""
    path = Path(settings.HOME) / "documents" / f"{document.fingerprint}-{_look()}.{form}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}")
        aside.write_bytes(made(document, form))
        aside.replace(path)
    return path


@cache
def _look() -> str:
    """Of the templates: a changed one makes every file anew."""
    folder = Path(__file__).parent
    names = ("official.typ", "official.docx")
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()[:12]
