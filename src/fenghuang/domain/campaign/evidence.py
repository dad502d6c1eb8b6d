"""Files that prove an objection or a regrade: what is taken, told in words when it is not."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import NamedTuple

from django.core.files.base import ContentFile

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
    if len(content) > MOST:
        raise Unfit(f"“{name}”有 {len(content) / 2**20:.1f} MB，最大 {MOST // 2**20} MB")
    if not content.startswith(BEGINS[ending]):
        raise Unfit(f"“{name}”的内容不是 {ending[1:].upper()} 文件，请核对后重新上传")
    return Proof(name, content)
