"""Files that prove something: sent as they were kept, or not at all."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from fenghuang.platform.evidence import MOST, Unfit, download, proof, taken


def kept(content: bytes, told: bytes) -> Any:
    about = SimpleNamespace(label_lower="a.kept")
    sha256 = proof("证.pdf", told).sha256
    file = ContentFile(content, name="x.pdf") if content else ContentFile(b"")
    return SimpleNamespace(pk=1, file=file, file_name='证"\r\n.pdf', sha256=sha256, _meta=about)


def test_a_file_comes_as_a_download_that_no_browser_shows_or_keeps() -> None:
    answer = download(kept(b"%PDF-1.7 a", b"%PDF-1.7 a"))
    assert answer.content == b"%PDF-1.7 a"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\n" not in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_file_that_somebody_changed_on_the_disk_is_not_sent() -> None:
    with pytest.raises(SuspiciousFileOperation):
        download(kept(b"%PDF-1.7 forged", b"%PDF-1.7 a"))
    with pytest.raises(Http404):
        download(SimpleNamespace(file=None))


def test_too_large_an_upload_is_not_even_read() -> None:
    class Unread(SimpleUploadedFile):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("read")

    file = Unread("证.pdf", b"")
    file.size = MOST + 1
    with pytest.raises(Unfit, match="最大 10 MB"):
        taken(file)
