"""How often one address may ask: a limit for what is public, shared by all processes of this machine.

Each address has a bucket that holds a minute's worth and fills again steadily (GCRA: one number, the moment at which
the bucket will be full). It is kept in a small SQLite file under FENGHUANG_HOME and changed by one statement, so that
two workers cannot both take the last place. Not in the main database: a public request must neither wait for
an import that holds its write lock, nor hold it itself. Where counting fails, the request is let through.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import random
import sqlite3
import threading
import time
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

MINUTE = 60.0
_TABLE = "CREATE TABLE IF NOT EXISTS rate (key TEXT PRIMARY KEY, full REAL NOT NULL) WITHOUT ROWID"
_TAKE = (
    "INSERT INTO rate VALUES (:key, :now + :step) ON CONFLICT (key) DO UPDATE SET full = max(full, :now) + :step"
    " WHERE max(full, :now) + :step <= :now + :room RETURNING full"
)
_local = threading.local()
_log = logging.getLogger(__name__)


def wait(request: HttpRequest, what: str) -> int:
    """Seconds to wait before asking again; 0 when this request may pass (and is counted)."""
    per_minute: int = settings.PUBLIC_RATE
    if per_minute <= 0:
        return 0
    now, step = time.time(), MINUTE / per_minute
    key = f"{what} {network(request.META.get('REMOTE_ADDR', ''))}"
    try:
        database = _database(Path(settings.HOME) / "rates.sqlite3")
        said = {"key": key, "now": now, "step": step, "room": MINUTE + step / 2}
        if database.execute(_TAKE, said).fetchall():
            if random.random() < 0.001:  # noqa: S311 - now and then the full buckets are forgotten
                database.execute("DELETE FROM rate WHERE full < ?", [now])
            return 0
        ((full,),) = database.execute("SELECT full FROM rate WHERE key = ?", [key])
        return max(1, math.ceil(full + step - MINUTE - now))
    except (sqlite3.Error, ValueError):
        _log.exception("the rate of %s is not counted", what)
        return 0


def network(address: str) -> str:
    """Whose limit it is: an IPv4 address, or the /64 an IPv6 subscriber can choose from."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _database(path: Path) -> sqlite3.Connection:
    """This thread's connection. Losing the counts in a crash costs nothing: nothing waits for the disk."""
    found: dict[Path, sqlite3.Connection] = _local.__dict__.setdefault("found", {})
    if path not in found:
        made = sqlite3.connect(path, timeout=0.25, isolation_level=None)
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = OFF")
        made.execute(_TABLE)
        found[path] = made
    return found[path]
