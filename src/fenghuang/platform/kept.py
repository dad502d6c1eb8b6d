"""What one process computed, for the others: files under $FENGHUANG_HOME/kept. None of them is needed.

A file is signed with the secret key and named by what it was made of and by the program that made it: one that is
missing, damaged, another's or an older program's is as good as none, and is made again.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import pickle
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")
MOST = 60  # files; the oldest go first
SIGNED = hashlib.sha256().digest_size
PROGRAM = ("language", "law", "engines")  # floors whose objects are kept


def kept(made_of: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What `make` gives, made only if no process has kept it before."""
    path = _path(made_of)
    found: T | None = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def keep(made_of: tuple[Any, ...], value: object) -> None:
    """For those who will ask `kept`."""
    _write(_path(made_of), value)


@cache
def program() -> str:
    """The fingerprint of the floors whose objects are kept."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for path in sorted(path for floor in PROGRAM for path in (root / floor).rglob("*") if path.suffix != ".pyc"):
        if path.is_file():
            digest.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _path(made_of: tuple[Any, ...]) -> Path:
    name = hashlib.sha256(repr((program(), *made_of)).encode()).hexdigest()
    return settings.HOME / "kept" / name


def _signature(path: Path, data: bytes) -> bytes:
    """Over name and content, so that one file cannot stand in for another."""
    return hmac.digest(f"kept {settings.SECRET_KEY}".encode(), path.name.encode() + data, "sha256")


def _read(path: Path) -> Any:
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    signature, data = whole[:SIGNED], whole[SIGNED:]
    if not hmac.compare_digest(signature, _signature(path, data)):
        return None
    return pickle.loads(data)  # noqa: S301 - signed by ourselves, just checked


def _write(path: Path, value: object) -> None:
    """All of it or nothing. A full disk is no reason to fail: the next one makes it again."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        number, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(number, "wb") as file:
            file.write(_signature(path, data) + data)
        os.replace(draft, path)
        for old in sorted(path.parent.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        return
