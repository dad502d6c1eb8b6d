"""Processes that end together: when one ends, or we are told to stop, all are stopped, and their own children too."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 8.0  # seconds between asking and killing


def die_with_parent() -> Callable[[], None] | None:
    """On Linux the kernel ends a child whose parent was killed outright."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, signal.SIGTERM)


class Family:
    """with Family() as family: family.start(...); family.wait()"""

    def __init__(self) -> None:
        self._members: dict[str, subprocess.Popen[bytes]] = {}
        self._asked = False

    def __enter__(self) -> Family:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, words: list[object], env: dict[str, str], folder: Path) -> None:
        """Start a process in a session of its own: a Ctrl-C reaches us alone, and we stop it in order."""
        self._members[name] = subprocess.Popen(
            [str(word) for word in words], cwd=folder, env=env, start_new_session=True, preexec_fn=die_with_parent()
        )

    def wait(self) -> int:
        """Until told to stop (0), or until a member ends by itself (1)."""
        while not self._asked:
            for name, member in self._members.items():
                if member.poll() is not None:
                    print(f"凤凰：{name} 已退出（{member.returncode}） / {name} ended", file=sys.stderr)
                    return 1
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """Ask, ask again (a worker breaks off its task then), kill."""
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            for member in self._members.values():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    if number == signal.SIGKILL:
                        os.killpg(member.pid, number)
                    elif member.poll() is None:
                        member.send_signal(number)
            until = time.monotonic() + PATIENCE / 2
            while time.monotonic() < until and any(m.poll() is None for m in self._members.values()):
                time.sleep(0.05)

    def _ask(self, *_: object) -> None:
        self._asked = True
