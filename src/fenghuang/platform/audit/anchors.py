"""The head of the event log, signed and kept outside the database: one file a day under $FENGHUANG_HOME/anchors.

Who can write to the database can rewrite every event and every hash, and the chain holds again. An anchor says what the
chain's head was on its day; the events up to it can then no longer change unseen. The key (Ed25519) is made at first
use: $FENGHUANG_HOME/keys/anchor.pem, 0600; its public half stands beside it. Copies of anchors and of the public key
belong on another machine: whoever holds the key and the folder can sign a new past (docs/adr/0010).
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils import timezone

from fenghuang.platform.audit.log import Fault, Verdict, verify
from fenghuang.platform.audit.models import Event

_FIELDS = ("day", "written_at", "events", "head", "previous")


class Broken(ValueError):
    """The log does not hold: nothing is signed. The message says where."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one file says: the log had `events` events, the last of them with the hash `head`."""

    day: date
    events: int
    head: str
    previous: str  # SHA-256 of the anchor before, so that none is taken away unseen; "" of the first
    sha256: str  # of this file


# --- the key --------------------------------------------------------------------------------------------------------


def private_key() -> Ed25519PrivateKey:
    """The key of this installation, made (0600) when there is none. Written aside and linked: two may start at once."""
    path = _keys() / "anchor.pem"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = Ed25519PrivateKey.generate()
        content = fresh.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        aside = path.with_name(f".anchor.{os.getpid()}")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path}: no Ed25519 key")
    public = _keys() / "anchor.pub"
    if not public.exists():
        public.write_text(_hex(key.public_key()) + "\n")
    return key


def public_key() -> Ed25519PublicKey | None:
    """The public half; None before the first anchor."""
    path = _keys() / "anchor.pub"
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(path.read_text().strip())) if path.exists() else None


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()


def _keys() -> Path:
    return Path(settings.HOME) / "keys"


def folder() -> Path:
    """Where the anchors are."""
    return Path(settings.HOME) / "anchors"


def files() -> list[Path]:
    """The anchors, oldest first."""
    return sorted(folder().glob("????-??-??.json"))


# --- writing --------------------------------------------------------------------------------------------------------


def write(day: date | None = None) -> Path | None:
    """Sign today's head; the day's earlier file is replaced, for the chain has only grown. None while the log is empty.

    Broken: the log does not hold, by itself or by an earlier anchor. A broken log is never signed.
    """
    day = day or timezone.localdate()
    key = private_key()
    verdict = check()
    if not verdict.ok:
        raise Broken(verdict.faults[0].sentence)
    if not verdict.events:
        return None
    path = folder() / f"{day.isoformat()}.json"
    before = [file for file in files() if file.name < path.name]
    said: dict[str, Any] = {
        "day": day.isoformat(),
        "written_at": timezone.localtime().isoformat(timespec="seconds"),
        "events": verdict.events,
        "head": verdict.head,
        "previous": _sha256(before[-1]) if before else "",
    }
    signed = {**said, "key": _hex(key.public_key()), "signature": key.sign(_text(said)).hex()}
    folder().mkdir(mode=0o750, parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.new")
    aside.write_text(json.dumps(signed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(path)
    return path


def write_once_a_day() -> Path | None:
    """For the worker: today's anchor, if there is none yet."""
    return None if (folder() / f"{timezone.localdate().isoformat()}.json").exists() else write()


def _text(said: dict[str, Any]) -> bytes:
    return json.dumps({name: said[name] for name in _FIELDS}, sort_keys=True, separators=(",", ":")).encode()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- checking -------------------------------------------------------------------------------------------------------


def check() -> Verdict:
    """The chain by itself, then against every anchor, oldest first; the faults in the order of their events."""
    verdict = verify()
    faults = list(verdict.faults)
    was_unreadable = False
    stood, before = 0, ""  # up to which event the log agrees with an anchor; the hash of the anchor before
    for path in files():
        found = _read(path)
        if isinstance(found, Fault):
            faults.append(found)
            was_unreadable = True
            continue
        if found.previous != before and not was_unreadable:
            faults.append(Fault(0, "anchor", f"锚点 {path.name} 之前的锚点文件被删除或替换"))
        before, was_unreadable = found.sha256, False
        fault = _compare(found, stood, verdict)
        if fault:
            faults.append(fault)
        else:
            stood = found.events
    return Verdict(verdict.events, verdict.head, tuple(faults))


def _read(path: Path) -> Anchor | Fault:
    key = public_key()
    if key is None:
        return Fault(0, "anchor", f"锚点 {path.name} 无法核对：缺少公钥 {_keys() / 'anchor.pub'}")
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        key.verify(bytes.fromhex(said["signature"]), _text(said))
        day = date.fromisoformat(said["day"])
        if day.isoformat() != path.stem:
            raise ValueError(path.stem)
        return Anchor(day, int(said["events"]), str(said["head"]), str(said["previous"]), _sha256(path))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return Fault(0, "anchor", f"锚点 {path.name} 的签名不符：文件被改动，或不是用本系统的密钥签的")


def _compare(anchor: Anchor, stood: int, verdict: Verdict) -> Fault | None:
    """What the log has lost or changed since the anchor."""
    here = Event.objects.filter(pk=anchor.events).values_list("hash", flat=True).first()
    if here == anchor.head:
        return None
    day = anchor.day.isoformat()
    if here is None:
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        sentence = f"{day} 的锚点记着 {anchor.events} 条事件，现在只到第 {last} 条：第 {last + 1} 条起被删除"
        return Fault(last + 1, "cut", sentence)
    sentence = f"{day} 的锚点与现在的日志不符：第 {stood + 1} 条至第 {anchor.events} 条之间有事件在事后被改写" + (
        "（哈希链已重新算过，链本身看不出来）" if verdict.ok else ""
    )
    return Fault(stood + 1, "rewritten", sentence)
