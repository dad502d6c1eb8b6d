"""What settings.py reads from the environment and from the home folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """Where everything of this installation lives: FENGHUANG_HOME, else <repository>/var."""
    return Path(os.environ.get("FENGHUANG_HOME") or Path(__file__).resolve().parents[3] / "var").resolve()


def flag(name: str) -> bool:
    """Whether an environment variable says yes."""
    return os.environ.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def names(name: str) -> list[str]:
    """A comma-separated environment variable as a list."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def number(name: str, default: int) -> int:
    """A whole number of the environment, never below 0."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal():
        raise ValueError(f"{name}={text}: a whole number is expected")
    return int(text)


def secret_key(home: Path) -> str:
    """FENGHUANG_SECRET_KEY, or the key in <home>/secret_key, made (0600) at the first start.

    Two processes may start at once: the key is written aside and linked into place, and whoever comes second reads
    what the first one wrote.
    """
    if given := os.environ.get("FENGHUANG_SECRET_KEY"):
        return given
    path = home / "secret_key"
    if not path.exists():
        aside = home / f".secret_key.{os.getpid()}"
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_text().strip()
