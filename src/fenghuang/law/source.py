"""The document's own text, where an operator has loaded it: it is never shipped, only known by its SHA-256.

`home` is FENGHUANG_HOME. A stored text that is not the document's any more counts as not loaded.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from fenghuang.law.document import Document, documents

# A line that ends otherwise goes on after the page break.
SENTENCE_ENDS = ("。", "！", "？", "：", "；", "）", ")")


class NotTheSource(Exception):
    """A file that is the text of no document here; `found` is its SHA-256."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


def place(document: Document, home: Path) -> Path:
    """Where the text of a document is stored."""
    return home / "sources" / f"{document.pack.id}.txt"


def load(content: bytes, home: Path) -> tuple[Document, Path]:
    """Store the text of the document whose SHA-256 it has; NotTheSource when there is none."""
    found = hashlib.sha256(content).hexdigest()
    document = next((d for d in documents().values() if d.sha256 == found), None)
    if document is None:
        raise NotTheSource(found)
    path = place(document, home)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.part")
    half.write_bytes(content)
    half.replace(path)
    return document, path


def text(document: Document, home: Path) -> str | None:
    """The loaded text, or None."""
    try:
        content = place(document, home).read_bytes()
    except FileNotFoundError:
        return None
    return content.decode() if hashlib.sha256(content).hexdigest() == document.sha256 else None


def passage(document: Document, clause: str, home: Path) -> list[str] | None:
    """The paragraphs of a clause, page breaks healed; None without loaded text or for a clause without place."""
    said, lines = text(document, home), document.lines(clause)
    if said is None or lines is None:
        return None
    paragraphs: list[str] = []
    for line in filter(None, map(str.strip, said.splitlines()[lines[0] - 1 : lines[1]])):
        if paragraphs and not paragraphs[-1].endswith(SENTENCE_ENDS):
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
    return paragraphs
