"""Files that prove what somebody says: looked at before they are taken, kept under their hash, sent as they came.

What is not taken is told in words. What was kept and is no longer what it was is not sent.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest

MOST = 10 * 2**20
# What a file of each ending begins with: an ending alone proves nothing.
BEGINS = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}
TYPES = "PDF、PNG、JPG、DOCX、XLSX"
HINT = f"{TYPES}，不超过 {MOST // 2**20} MB"  # beside the field of a form


class Unfit(Exception):
    """A file that is not taken; the sentence says why."""


class Proof(NamedTuple):
    """A file that was looked at."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def fields(self) -> dict[str, object]:
        """For the model: kept under its hash, so that no name of a person's machine becomes a path."""
        ending = PurePath(self.name).suffix.lower()
        file = ContentFile(self.content, name=f"{self.sha256[:32]}{ending}")
        return {"file": file, "file_name": self.name[-200:], "sha256": self.sha256}


def proof(name: str, content: bytes) -> Proof:
    """The file if it is fit: a known kind, which its first bytes bear out, not empty and not above 10 MB."""
    ending = PurePath(name).suffix.lower()
    if ending not in BEGINS:
        raise Unfit(f"“{name}”不能作为证明材料：请用 {TYPES}")
    if not content:
        raise Unfit(f"“{name}”是空文件")
    _not_too_large(name, len(content))
    if not content.startswith(BEGINS[ending]):
        raise Unfit(f"“{name}”的内容不是 {ending[1:].upper()} 文件，请核对后重新上传")
    return Proof(name, content)


def _not_too_large(name: str, size: int) -> None:
    if size > MOST:
        raise Unfit(f"“{name}”有 {size / 2**20:.1f} MB，最大 {MOST // 2**20} MB")


def taken(file: UploadedFile) -> Proof:
    """The proof that an upload is; one that is too large is not even read."""
    name = file.name or ""
    _not_too_large(name, file.size or 0)
    return proof(name, file.read())


def sent_with(request: HttpRequest, field: str = "evidence") -> Proof | None:
    """What came with a form; None when nothing did."""
    file = request.FILES.get(field)
    return taken(file) if file is not None else None


def download(kept: Any) -> HttpResponse:
    """The file of a model with the fields of `Proof.fields`, under the name it came with: never shown in the browser.

    Http404 when it came without one; SuspiciousFileOperation when what lies there is not what was kept.
    """
    if not kept.file:
        raise Http404
    with kept.file.open("rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise SuspiciousFileOperation(f"{kept._meta.label_lower} {kept.pk}: the file is not what was kept")
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, kept.file_name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
