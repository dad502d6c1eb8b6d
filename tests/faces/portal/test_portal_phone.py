"""A firm's clerk with a phone, who only taps: enters, confirms, contests with a file, objects, reads the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from campaign_asked import LATER, announced

from fenghuang.domain.campaign import checking, objecting
from fenghuang.domain.campaign.models import Confirmation, Objection
from people import PASSWORD

PAGES = ("/my/", "/my/data/", "/my/data/land_mu/contest", "/my/result/", "/my/objections/", "/my/account/", "/notices/")
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def fits(page: Any) -> None:
    """Nothing is wider than the phone."""
    assert not page.evaluate(WIDER), page.url


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_clerk_confirms_contests_and_objects_by_tapping(browse, asked, years, clerk_of, on, tmp_path: Path) -> None:
    year, who = years[0], clerk_of(years[0].firm)
    paper = tmp_path / "不动产证.pdf"
    paper.write_bytes(b"%PDF-1.7 land")
    page = browse("/accounts/login/", size="phone")
    page.fill("input[name=login]", who.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/my/")
    fits(page)
    page.click("text=去核对")
    page.wait_for_url("**/my/data/**")
    fits(page)
    page.click("#land_mu >> text=数据不对，提出异议")
    page.fill("#claimed", "1.5")
    page.fill("#note", "厂外道路算进来了")
    page.set_input_files("#proof", str(paper))
    fits(page)
    page.click("main button[type=submit]")
    page.wait_for_selector("text=已提出异议：用地面积")
    fits(page)
    one = Confirmation.objects.get()
    assert (one.item, one.claimed, one.value, one.file_name) == ("land_mu", 15_000, year.land_mu, "不动产证.pdf")
    if year.electricity_kwh is not None and page.locator("text=全部无误，确认以上").count():
        page.click("text=全部无误，确认以上")
        page.wait_for_selector("text=已确认 1 项")
        assert Confirmation.objects.get(state="confirmed").item == "electricity_kwh"
    checking.answer(None, one, "upheld", "红线内计入")
    on(LATER)
    announced(asked)
    page.click(".firm-tabs >> text=通知")
    page.wait_for_selector("text=结果已公示")
    fits(page)
    page.click("text=结果已公示")
    page.wait_for_url("**/my/result/**")
    fits(page)
    page.click("text=对结果有异议")
    page.select_option("#item", "grade")
    page.fill("#claim", "道路不应计入用地")
    page.set_input_files("#proof", str(paper))
    page.click("main button[type=submit]")
    page.wait_for_selector("text=待处理")
    fits(page)
    objecting.answer(None, Objection.objects.get(), "returned", "红线内计入")
    page.click(".firm-tabs >> text=异议")
    page.wait_for_selector("text=处理意见")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_firms_pages(browse, asked, years, clerk_of, on, theme: str) -> None:
    from test_axe import AXE, examined

    if not AXE.exists():
        pytest.skip("no axe-core: tools/setup.py fetches it")
    page = browse("/my/", user=clerk_of(years[0].firm), size="phone", theme=theme)
    faults: dict[str, list[str]] = {}
    for round_ in ("核对", "公示"):
        for address in PAGES:
            page.goto(address)
            page.wait_for_selector("html[data-scripts=ready]", state="attached")
            faults[f"{round_} {address}"] = examined(page)
            fits(page)
        if round_ == "核对":
            on(LATER)
            announced(asked)
    told = [f"{where} {fault}" for where, some in faults.items() for fault in some]
    assert not told, "\n".join(told)
