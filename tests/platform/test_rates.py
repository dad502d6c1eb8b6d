"""The shared rate limit: a minute's worth at once, then steadily; one limit an address, whichever process counts."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from fenghuang.platform import rates
from fenghuang.platform.ui.middleware import ForwardedAddress


def request(address: str = "192.0.2.1", **more: str) -> Any:
    return RequestFactory().get("/", REMOTE_ADDR=address, **more)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    class Clock:
        now = 1_000_000.0

        def time(self) -> float:
            return self.now

    made = Clock()
    monkeypatch.setattr(rates, "time", made)
    return made


def test_a_minutes_worth_then_steadily(settings: Any, clock: Any) -> None:
    settings.PUBLIC_RATE = 60
    assert [rates.wait(request(), "t") for _ in range(60)] == [0] * 60
    assert rates.wait(request(), "t") == 1
    clock.now += 0.4
    assert rates.wait(request(), "t") == 1
    clock.now += 0.6
    assert rates.wait(request(), "t") == 0
    assert rates.wait(request(), "t") == 1
    assert rates.wait(request(), "other") == 0
    clock.now += 60
    assert [rates.wait(request(), "t") for _ in range(61)].count(0) == 60


def test_zero_is_no_limit(settings: Any) -> None:
    settings.PUBLIC_RATE = 0
    assert rates.wait(request(), "t") == 0
    assert not (Path(settings.HOME) / "rates.sqlite3").exists()


def test_whose_limit_it_is() -> None:
    assert rates.network("192.0.2.1") == "192.0.2.1"
    assert rates.network("::ffff:192.0.2.1") == "192.0.2.1"
    assert rates.network("2001:db8::1") == rates.network("2001:db8::ffff:1") == "2001:db8::/64"
    assert rates.network("unix:") == "?"


def test_processes_count_together(settings: Any, tmp_path: Path) -> None:
    """Four processes of 50 requests each against a limit of 100: exactly 100 pass."""
    code = (
        "import sys, django\n"
        "from django.conf import settings\n"
        "settings.configure(HOME=sys.argv[1], PUBLIC_RATE=100)\n"
        "from fenghuang.platform import rates\n"
        "import time; rates.time = type('T', (), {'time': staticmethod(lambda: 5e8)})\n"
        "ask = type('R', (), {'META': {'REMOTE_ADDR': '192.0.2.1'}})()\n"
        "print(sum(rates.wait(ask, 't') == 0 for _ in range(50)))\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert sum(int(process.communicate(timeout=60)[0]) for process in running) == 100


def test_where_counting_fails_nobody_is_turned_away(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(rates, "_database", broken)
    assert rates.wait(request(), "t") == 0


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "10.0.0.1, 198.51.100.9", "198.51.100.9"),  # the left one was written by whoever asks
        (2, "198.51.100.9, 10.1.1.1", "198.51.100.9"),
        (2, "10.1.1.1", "192.0.2.1"),
        (1, "evil", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_address_behind_proxies(settings: Any, proxies: int, header: str, address: str) -> None:
    settings.PROXIES = proxies
    asked = request(HTTP_X_FORWARDED_FOR=header)
    ForwardedAddress(lambda _: HttpResponse())(asked)
    assert asked.META["REMOTE_ADDR"] == address
