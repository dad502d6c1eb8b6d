"""Three firms of 椒江 with little tax for their land two years running, and people of every office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A
from lowfirms import ELSEWHERE, HERE, delivered
from walking import REFUSALS, Files, Walk, Walker

from fenghuang.domain.registry.models import Recording
from fenghuang.platform.accounts.models import Department, Role, Township, Unit, User
from people import session_of

SIZE = {"width": 1440, "height": 900}


@pytest.fixture
def low(deliver: Callable[..., Any]) -> Recording:
    """A at 10 万元/亩 in both years (the bound is included), B one 万元 above in one year, C far above."""
    delivered(deliver, 2021, a=200, b=201, c=2000)
    delivered(deliver, 2022, a=200, b=200, c=2000)
    return Recording.objects.latest("id")


@pytest.fixture
def people(db: None) -> SimpleNamespace:
    here, there = Unit.objects.get(pk=HERE), Unit.objects.get(pk=ELSEWHERE)
    town, _ = Township.objects.get_or_create(unit=here, name="章安街道")
    other, _ = Township.objects.get_or_create(unit=here, name="洪家街道")

    def person(name: str, role: str, **more: Any) -> User:
        return User.objects.create(username=name, display_name=name, role=role, **more)

    clerks = {
        code: person(f"clerk-{code}", Role.CLERK, agency=Department.objects.get(pk=code))
        for code in (
            "emergency", "ecology", "development_reform", "market_regulation", "economy", "natural_resources", "tax",
            "construction", "investment_promotion", "science", "commerce", "finance",
        )
    }  # fmt: skip
    return SimpleNamespace(
        city=person("city", Role.CITY),
        county=person("county", Role.COUNTY, unit=here),
        neighbour=person("neighbour", Role.COUNTY, unit=there),
        township=person("township", Role.TOWNSHIP, unit=here, township=town),
        other_township=person("other-township", Role.TOWNSHIP, unit=here, township=other),
        auditor=person("auditor", Role.AUDITOR),
        operator=person("operator", Role.OPERATOR),
        firm=person("firm", Role.FIRM, uscc=A),
        clerks=clerks,
    )


@pytest.fixture
def walk(chromium: Any, live_server: Any) -> Iterator[Walk]:
    """walk(people.county): that person before a browser of their own; a script error on any page fails the test."""
    contexts: dict[int, tuple[Any, Walker]] = {}
    errors: list[str] = []

    def sits_down(user: Any) -> Walker:
        if user.pk not in contexts:
            context = chromium.new_context(viewport=SIZE, locale="zh-CN", base_url=live_server.url)
            context.set_default_timeout(20_000)
            context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_server.url}])
            page = context.new_page()
            page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: errors.append(str(error)))
            contexts[user.pk] = context, Walker(page)
        return contexts[user.pk][1]

    yield sits_down
    for context, _ in contexts.values():
        context.close()
    assert not [said for said in errors if not any(known in said for known in REFUSALS)]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """files(year=2022, tax=[{...}]): a workbook to upload."""
    return Files(tmp_path)
