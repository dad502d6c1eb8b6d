"""Without a mouse: the skip link, a visible focus, the menu of the person, tables that scroll."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const around = one.getBoundingClientRect();
  return {
    text: (one.innerText || one.getAttribute("aria-label") || one.name || one.id || one.tagName).trim().split("\\n")[0],
    ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
    seen: around.width > 0 && around.height > 0,
  };
}"""


def walk(page: Any, steps: int) -> list[dict[str, Any]]:
    """What Tab reaches, in order."""
    found = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        found.append(page.evaluate(FOCUSED))
    return found


@pytest.mark.parametrize("path", ["/firms/", "/data/"])
def test_tab_reaches_everything_and_shows_where_it_is(browse, city, small_city, path: str) -> None:
    page = browse(path, user=city)
    reached = walk(page, 24)
    assert reached[0]["text"] == "跳到正文"
    assert not [one for one in reached if not (one["ring"] and one["seen"])]
    names = [one["text"] for one in reached]
    for entry in ("驾驶舱", "企业库", "数据接入"):
        assert entry in names, names
    assert any(city.display_name in name for name in names), names


@pytest.mark.parametrize("path", ["/firms/", "/data/"])
def test_the_skip_link_leads_past_the_navigation(browse, city, small_city, path: str) -> None:
    page = browse(path, user=city)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_of_the_person_opens_and_closes(browse, city, small_city) -> None:
    page = browse("/firms/", user=city)
    page.locator(".shell-user summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".shell-user[open]")
    assert "修改密码" in [one["text"] for one in walk(page, 4)]
    page.keyboard.press("Escape")
    page.wait_for_selector(".shell-user:not([open])", state="attached")
