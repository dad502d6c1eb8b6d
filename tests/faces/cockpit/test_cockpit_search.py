"""Search everywhere: firms, projects, clauses, pages; within what the person may see; `/` in the browser."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.registry.models import Firm, FirmName, Project
from fenghuang.domain.registry.words import gather


def found(client: Any, text: str) -> dict[str, list[Any]]:
    answer = client.get(f"/search/?q={quote(text)}")
    assert answer.status_code == 200
    return {group.title: group.hits for group in answer.context["groups"]}


def addresses(client: Any, text: str, group: str = "企业") -> list[str]:
    return [hit.address for hit in found(client, text).get(group, [])]


def test_a_firm_by_name_code_pinyin_and_former_name(as_user, city, small_city) -> None:
    client = as_user(city)
    firm = Firm.objects.exclude(initials="").first()
    address = f"/firms/{firm.uscc}/"
    for text in (
        firm.name,
        firm.uscc,
        firm.uscc[:16].lower(),
        firm.initials,
        firm.pinyin,
        f"{firm.name[:2]} {firm.uscc}",
    ):
        assert address in addresses(client, text), text
    FirmName.objects.filter(firm=firm).update(last_year=2030)
    FirmName.objects.create(firm=firm, name="从前叫做某某厂", first_year=2010, last_year=2012)
    gather()
    hit = found(client, "从前叫做")["企业"][0]
    assert hit.address == address
    assert "曾用名 从前叫做某某厂" in hit.about


def test_a_project_by_code_and_title(as_user, city, small_city) -> None:
    client = as_user(city)
    project = Project.objects.current().select_related("firm").first()
    address = f"/firms/{project.firm.uscc}/?year={project.year}"
    assert address in addresses(client, project.code, "项目")
    assert address in addresses(client, f"{project.title} {project.code}", "项目")
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("text", ["第十条", "第10条", "10条", "技术改造", "台政发"])
def test_a_clause(as_user, city, small_city, text: str) -> None:
    client = as_user(city)
    links = addresses(client, text, "条款与政策")
    assert links
    assert all(client.get(link).status_code == 200 for link in links)


def test_pages_by_right(as_user, city, county, small_city) -> None:
    assert addresses(as_user(city), "审计日志", "页面") == ["/audit/"]
    assert addresses(as_user(county), "审计日志", "页面") == []
    assert addresses(as_user(county), "企业库", "页面") == ["/firms/"]


def test_a_county_official_finds_the_own_county_only(as_user, county, small_city) -> None:
    client = as_user(county)
    other = Firm.objects.filter(unit="331081").first()
    assert addresses(client, other.uscc) == []
    assert addresses(client, other.name) == []
    foreign = Project.objects.current().exclude(firm__unit="331003").first()
    assert addresses(client, foreign.code, "项目") == []
    own = Firm.objects.filter(unit="331003").first()
    assert addresses(client, own.uscc) == [f"/firms/{own.uscc}/"]


def test_many_hits_lead_to_the_list(as_user, city, small_city) -> None:
    groups = {group.title: group for group in as_user(city).get("/search/?q=9133").context["groups"]}
    assert len(groups["企业"].hits) == 12
    assert groups["企业"].more == "/firms/?q=9133"


@pytest.mark.parametrize(
    "text", ["", " ", "没有这样的东西", "%", "_", "'\"<script>", "a" * 500, "\x00", "一 二 三 四 五 六 七"]
)
def test_nonsense_is_no_error(as_user, city, small_city, text: str) -> None:
    answer = as_user(city).get("/search/", {"q": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_nobody_searches_without_logging_in(client, db) -> None:
    assert client.get("/search/?q=x")["Location"].startswith("/accounts/login/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_slash_search_open_and_export(browse, city, small_city, tmp_path: Path) -> None:
    firm = Result.objects.filter(year=2022, unit="331003").select_related("firm").first().firm
    page = browse("/incentives/", user=city)
    page.keyboard.press("/")
    page.keyboard.type(firm.uscc)
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits a")
    page.locator(".hits a", has_text=firm.name).click()
    page.wait_for_selector(f"h1:has-text('{firm.name}')")
    page.goto(f"/firms/?unit=331003&q={firm.uscc}")
    page.wait_for_selector("#found .found-line:has-text('企业 1 家')")
    page.locator("summary", has_text="列").click()
    page.locator(".list-sheet label", has_text="综合得分").click()
    page.locator(".list-sheet button", has_text="应用").click()
    page.wait_for_selector("#found .found-line:has-text('企业 1 家')")
    assert page.locator("th", has_text="综合得分").count() == 0
    with page.expect_download() as waiting:
        page.locator(".list-tools a", has_text="导出").click()
    content = Path(waiting.value.path()).read_bytes()
    texts = [
        cell for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True) for cell in row
    ]
    assert firm.uscc in texts
    assert "综合得分" not in texts
    assert waiting.value.suggested_filename.startswith("企业库-")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menus_fit_a_phone(browse, city, small_city, theme: str) -> None:
    page = browse("/firms/", user=city, size="phone", theme=theme)
    for title in ("列", "筛选方案"):
        page.locator("summary", has_text=title).click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
