"""The pages in a real browser: clicks, typing, themes, a phone; a console error (CSP included) fails a test."""

from __future__ import annotations

from typing import Any

import pytest

from fenghuang.domain.evaluation.models import Result

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def no_sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def drawn(page: Any) -> None:
    page.wait_for_selector("[data-source=map-data][data-ready=true] svg")


def test_a_click_on_a_unit_filters_the_page(browse, city, small_city) -> None:
    page = browse("/", user=city)
    drawn(page)
    page.locator("table a[data-unit='331003']").click()
    page.wait_for_url("**/?unit=331003")
    assert "黄岩区" in page.locator("h1").inner_text()
    page.get_by_text("返回全市").click()
    page.wait_for_selector("h1:has-text('全市')")
    page.locator("a.unit-box").click()
    page.wait_for_url("**/?unit=tzw")
    assert "台州湾新区" in page.locator("h1").inner_text()


def test_a_click_on_the_map_filters_the_page(browse, city, small_city) -> None:
    page = browse("/?by=share_of_a", user=city)
    drawn(page)
    page.locator("[data-chart=map] svg text", has_text="黄岩区").first.click(force=True)
    page.wait_for_url("**unit=331003**")
    assert "by=share_of_a" in page.url


def test_a_county_official_gains_nothing_by_clicking_elsewhere(browse, county, small_city) -> None:
    page = browse("/", user=county)
    drawn(page)
    page.locator("[data-chart=map] svg text", has_text="温岭市").first.click(force=True)
    assert "unit=" not in page.url
    assert "无查看权限" in page.locator(".unit-box").inner_text()


def test_the_table_follows_the_typing(browse, city, small_city) -> None:
    firm = Result.objects.filter(year=2022, unit="331003").select_related("firm").first().firm
    page = browse("/firms/", user=city)
    page.locator("#id_q").press_sequentially(firm.uscc)
    page.wait_for_selector("#found .found-line:has-text('企业 1 家')")
    assert firm.uscc in page.url
    assert "grade=" not in page.url
    page.select_option("#id_grade", "none")
    page.wait_for_selector("#found .state:has-text('没有符合条件的企业')")
    page.go_back()
    page.wait_for_selector("#found .found-line:has-text('企业 1 家')")


def test_the_explanation_and_a_source_open(browse, city, small_city) -> None:
    result = Result.objects.filter(year=2022, grade="B").select_related("firm").first()
    page = browse(f"/firms/{result.firm.uscc}/?year=2022", user=city)
    assert not page.locator("#why .explain").is_visible()
    page.locator("#why > summary").click()
    assert page.locator("#why .explain").is_visible()
    assert page.locator("#why .explain-main").inner_text().endswith("B 类")
    page.locator(".source summary").first.click()
    assert page.locator(".source li").first.is_visible()
    page.click("[data-set-theme=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/", "/?unit=tzw&by=value_added_per_tce", "/firms/", "/incentives/", "/evaluation/", "firm"]
)
def test_pages_fit_a_phone(browse, city, small_city, path: str, theme: str) -> None:
    if path == "firm":
        decided = Result.objects.filter(year=2022, firm__decisions__isnull=False).select_related("firm").first()
        path = f"/firms/{decided.firm.uscc}/"
    page = browse(path, user=city, size="phone", theme=theme)
    assert no_sideways(page)
    for summary in page.locator("details.more > summary").all():
        summary.click()
    for summary in page.locator(".source summary").all()[:3]:
        summary.click()
    assert no_sideways(page)
    assert page.locator("h1").count() == 1
