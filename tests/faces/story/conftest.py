"""Who plays: accounts and nothing else; each enters with a browser context of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from story_files import FIRMS, NORTH, SOUTH
from story_stage import DESKTOP, PHONE, REFUSALS, Clock, Person

from people import PASSWORD

MONDAY = date(2023, 3, 6)


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
def enter(chromium: Any, live_server: Any, accounts: None, clock: Clock) -> Iterator[Callable[..., Person]]:
    """enter("jiaojiang"), enter("xiachen", phone=True); a script error on any page fails the story."""
    people: list[Person] = []

    def make(username: str, *, phone: bool = False, theme: str = "light") -> Person:
        size = PHONE if phone else DESKTOP
        context = chromium.new_context(viewport=size, color_scheme=theme, locale="zh-CN", base_url=live_server.url)
        context.set_default_timeout(15_000)
        one = Person(context.new_page(), username)
        people.append(one)
        one.page.on("console", lambda said: one.errors.append(said.text) if said.type == "error" else None)
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        return one.sits_down() if username else one

    yield make
    errors = [said for one in people for said in one.errors if not any(known in said for known in REFUSALS)]
    for one in people:
        one.page.context.close()
    assert not errors
