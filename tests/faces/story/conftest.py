"""Who plays: accounts and nothing else; each enters with a browser context of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from story_files import FIRMS, NORTH, SOUTH
from story_stage import DESKTOP, PHONE, REFUSALS, Clock, Person, Stage

from people import PASSWORD

MONDAY = date(2023, 3, 6)
PHONES, DARK = {"xiachen", "zhangan"}, {"zhangan", "beixin", "shenji"}
PATIENCE = 30_000  # milliseconds: machines that do other things at the same time


@pytest.fixture
def clock(monkeypatch: Any) -> Clock:
    """A Monday of March 2023."""
    return Clock(monkeypatch, MONDAY)


@pytest.fixture
def accounts(db: None) -> None:
    """As an operator opens them before a year begins."""
    from fenghuang.platform.accounts.actions import create_user
    from fenghuang.platform.accounts.models import Township

    def opened(username: str, name: str, role: str, **more: Any) -> None:
        create_user(username, PASSWORD, display_name=name, role=role, **more)

    opened("yunwei", "运维 赵", "operator")
    opened("gongdian", "供电 钱", "department_clerk", agency="power_supply")
    opened("jiaojiang", "椒江 孙", "county_official", unit="331002")
    opened("huangyan", "黄岩 李", "county_official", unit="331003")
    opened("shiji", "市级 周", "city_official")
    opened("shenji", "审计 吴", "auditor")
    for username, town in (("beixin", NORTH), ("nanshan", SOUTH)):
        place, _ = Township.objects.get_or_create(unit_id="331002", name=town)
        opened(username, f"{town} 郑", "township_official", unit="331002", township=place)
    opened("xiachen", "下陈水暖 王", "firm", uscc=FIRMS[8][0])
    opened("zhangan", "章安铸造 冯", "firm", uscc=FIRMS[6][0])


@pytest.fixture
def stage(chromium: Any, live_server: Any, accounts: None, clock: Clock, tmp_path: Path) -> Iterator[Stage]:
    """Everybody's place; a script error on any page fails the story."""
    pictures = count(1)

    def enter(username: str) -> Person:
        context = chromium.new_context(
            viewport=PHONE if username in PHONES else DESKTOP,
            color_scheme="dark" if username in DARK else "light",
            locale="zh-CN",
            base_url=live_server.url,
        )
        context.set_default_timeout(PATIENCE)
        one = Person(context.new_page(), username, pictures)
        one.page.on("console", lambda said: one.errors.append(said.text) if said.type == "error" else None)
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        return one.sits_down() if username else one

    expect.set_options(timeout=PATIENCE)
    play = Stage(enter, clock, tmp_path)
    yield play
    expect.set_options(timeout=None)
    errors = [said for one in play.people.values() for said in one.errors if not any(x in said for x in REFUSALS)]
    for one in play.people.values():
        one.page.context.close()
    assert not errors
