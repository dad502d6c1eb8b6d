"""The text of a document is stored only when it is that document's, and a clause's passage is read from it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fenghuang.law import source
from fenghuang.law.document import Document
from fenghuang.law.pack import packs
from source_text import SOURCE, with_text

TEXT = "标题\n\n第一句话没有说\n\n完。\n（责任单位：某局）\n"


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch) -> Document:
    """A document whose text is four short lines."""
    made = Document(packs()["taizhou-2021-27"])
    made.sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    made._passages = {"art.1": [3, 6], "target": [1, 1]}
    monkeypatch.setattr(source, "documents", lambda: {made.pack.id: made})
    return made


def test_a_passage_has_its_paragraphs_with_page_breaks_healed(document: Document, tmp_path: Path) -> None:
    assert source.passage(document, "art.1", tmp_path) is None
    found, stored = source.load(TEXT.encode(), tmp_path)
    assert (found, stored) == (document, tmp_path / "sources/taizhou-2021-27.txt")
    assert source.passage(document, "art.1", tmp_path) == ["第一句话没有说完。", "（责任单位：某局）"]
    assert source.passage(document, "target.tax_per_mu", tmp_path) == ["标题"]
    assert source.passage(document, "art.99", tmp_path) is None
    assert [p.name for p in stored.parent.iterdir()] == [stored.name]


def test_another_text_is_not_stored_and_a_changed_one_counts_as_not_loaded(document: Document, tmp_path: Path) -> None:
    other = (TEXT + "多一行").encode()
    with pytest.raises(source.NotTheSource) as refused:
        source.load(other, tmp_path)
    assert refused.value.found == hashlib.sha256(other).hexdigest()
    assert not (tmp_path / "sources").exists()
    _, stored = source.load(TEXT.encode(), tmp_path)
    stored.write_bytes(other)
    assert source.text(document, tmp_path) is None
    assert source.passage(document, "art.1", tmp_path) is None


@with_text
def test_every_clause_of_the_document_has_its_passage(tmp_path: Path) -> None:
    document, _ = source.load(SOURCE.read_bytes(), tmp_path)
    for part in ("policy", "targets", "tasks", "work"):
        for clause in document.clauses[part]:
            found = source.passage(document, clause["id"], tmp_path)
            assert found, clause["id"]
            assert all(paragraph.endswith(source.SENTENCE_ENDS) for paragraph in found), clause["id"]
