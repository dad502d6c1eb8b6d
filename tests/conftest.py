"""Fixtures for all tests: people of each role, a client that is one of them, a browser page.

This file also makes the helpers beside it importable from every test folder: `oracle`, `subjects`, `packs_made`.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from people import PASSWORD, session_of
from processes import migrated, stage  # noqa: F401 - fixtures for all tests
from small_city import small_city  # noqa: F401 - a fixture for all tests

CHROMIUM = Path("/usr/bin/chromium")
GUARDED = (
    "audit_event",
    *(f"ledger_{name}" for name in ("entry", "revenue", "account", "claim", "tally")),
    *(f"campaign_{name}" for name in ("content", "scoring", "grade", "campaign")),
    *(f"campaign_{name}" for name in ("objection", "regrade", "confirmation", "townshipcheck")),
    "campaign_controlfigure",
)
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path) -> None:
    """Files a test writes go to its own folder."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def _person(username: str, role: str, unit: str | None = None, **more: Any) -> Any:
    from fenghuang.platform.accounts.actions import create_user

    return create_user(username, PASSWORD, role=role, unit=unit, display_name=f"{username} 某", **more)


@pytest.fixture
def city(db: None) -> Any:
    """A city official."""
    return _person("zhang", "city_official")


@pytest.fixture
def county(db: None) -> Any:
    """A county official of 黄岩区."""
    return _person("wang", "county_official", "331003")


@pytest.fixture
def clerk(db: None) -> Any:
    """A clerk of the tax office."""
    return _person("zhou", "department_clerk", agency="tax")


@pytest.fixture
def township(db: None) -> Any:
    """An official of a township of 黄岩区: of the one where its first graded firm lies, if there are firms."""
    from fenghuang.domain.evaluation.models import Result
    from fenghuang.platform.accounts.models import Township

    graded = Result.objects.filter(unit="331003", firm__unit="331003", year=2022).exclude(grade="").first()
    place, _ = Township.objects.get_or_create(unit_id="331003", name=graded.firm.township if graded else "澹溪镇")
    return _person("wu", "township_official", "331003", township=place)


@pytest.fixture
def company(db: None) -> Any:
    """A person of a firm."""
    return _person("sun", "firm", uscc="91331003MA2AAAAAAA")


@pytest.fixture
def auditor(db: None) -> Any:
    """An auditor."""
    return _person("li", "auditor")


@pytest.fixture
def operator(db: None) -> Any:
    """Who runs the system."""
    return _person("zhao", "operator")


@pytest.fixture
def as_user(client: Any) -> Callable[[Any], Any]:
    """The test client, logged in: as_user(city).get("/")."""

    def log_in(user: Any) -> Any:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_log() -> Iterator[None]:
    """Tests with real transactions end with a flush: let it past the triggers, and seed the units again."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    plain = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "sqlite":
                triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for name, _ in triggers:
                    cursor.execute(f"DROP TRIGGER {name}")
                plain(self, sql_list)
                for _, sql in triggers:
                    cursor.execute(sql)
            else:
                for table in GUARDED:
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                plain(self, sql_list)
                for table in GUARDED:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for name in ("0002_units", "0005_departments"):
            seed = importlib.import_module(f"fenghuang.platform.accounts.migrations.{name}").seed
            seed(apps, SimpleNamespace(connection=self.connection))

    from django.apps import apps

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush
    yield
    BaseDatabaseOperations.execute_sql_flush = plain


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser a session; tests that ask for it are skipped where there is none (CI insists, tools/test.py)."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop of its own in this thread
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """browse("/path", user=city, size="phone", theme="dark") opens a page; a console error fails the test."""
    contexts: list[Any] = []
    errors: list[str] = []

    def open_page(path: str, user: Any = None, size: str = "desktop", theme: str = "light") -> Any:
        context = chromium.new_context(
            viewport=SIZES[size], color_scheme=theme, locale="zh-CN", base_url=live_server.url
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        page.wait_for_selector("html[data-scripts=ready]", state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
