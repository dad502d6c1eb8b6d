"""A person at the counter: types a case, sees the amount, switches a reading, copies the link, prints."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULE = "/rules/upgrade_subsidy/"
AMOUNT = ".explain-main .figure-text"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_case_is_typed_and_its_link_taken_away(browse: Any, size: str) -> None:
    page = browse(RULE, size=size)
    assert page.locator(".case-submit").is_hidden()
    page.locator("#f-equipment_investment").press_sequentially("4875万元")
    page.get_by_text("读作 48,750,000.00 元，即 4,875 万元").wait_for()
    assert page.locator(".explain-main").inner_text().split() == ["补助金额", "未知"]
    assert page.locator("#f-equipment_investment").evaluate("field => field === document.activeElement")
    page.select_option("#f-grade", "A")
    page.fill("#f-local_contribution", "1260万")
    page.wait_for_selector(f"{AMOUNT}:text('5,450,000.00')")
    assert page.url.endswith("?equipment_investment=48750000&grade=A&local_contribution=12600000&on=2023-12-31")
    page.get_by_label("仅就超过 500 万元的部分计算").check()
    page.wait_for_selector(f"{AMOUNT}:text('4,950,000.00')")
    page.get_by_text("非默认口径").first.wait_for()
    page.fill("#f-local_contribution", "12x")
    page.locator(".field-errors").wait_for()
    page.fill("#f-local_contribution", "1260万")
    page.wait_for_selector(f"{AMOUNT}:text('4,950,000.00')")
    assert page.locator(".field-errors").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("#case-bar").is_visible() == (size == "phone")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制链接").click()
    page.get_by_text("已复制").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    again = browse(link)
    assert again.locator(AMOUNT).inner_text() == "4,950,000.00"
    assert again.get_by_label("仅就超过 500 万元的部分计算").is_checked()


def test_on_paper(browse: Any) -> None:
    case = f"{RULE}?equipment_investment=48750000&grade=A&local_contribution=12600000&on=2022-12-31"
    page = browse(case, theme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.get_attribute("html", "data-bs-theme") == "light"  # paper is white
    page.emulate_media(media="print")
    for hidden in (".case-form", ".public-top", ".case-tools", ".page-actions"):
        assert page.locator(hidden).is_hidden(), hidden
    for shown in (".case-sheet", ".explain", ".case-version", ".case-link"):
        assert page.locator(shown).is_visible(), shown
    assert "48,750,000.00 元" in page.locator(".case-sheet").inner_text()


def test_a_result_that_could_not_be_renewed_says_so(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(base_url=live_server.url)  # not `browse`: the console says the network is gone
    page = context.new_page()
    page.goto(RULE)
    page.wait_for_selector("html[data-scripts=ready]", state="attached")
    page.route("**/rules/upgrade_subsidy/?*", lambda route: route.abort("internetdisconnected"))
    page.select_option("#f-grade", "A")
    page.get_by_text("结果未能更新").wait_for()
    page.unroute("**/rules/upgrade_subsidy/?*")
    page.select_option("#f-grade", "B")
    page.get_by_text("结果未能更新").wait_for(state="hidden")
    context.close()


def test_without_script(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(RULE)
    page.fill("#f-equipment_investment", "4875万元")
    page.select_option("#f-grade", "A")
    page.click(".case-submit")
    assert page.url.endswith("?equipment_investment=48750000&grade=A&on=2023-12-31")
    assert page.locator("[data-copy]").is_hidden()
    page.fill("#f-local_contribution", "1260万")
    page.click(".case-submit")
    assert page.locator(AMOUNT).inner_text() == "5,450,000.00"
    context.close()
