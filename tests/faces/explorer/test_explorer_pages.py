"""The calculators: open to all, no database, forms from the contract, links that reproduce a case."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client, override_settings

from fenghuang.engines.case import pack_of
from fenghuang.law.pack import packs
from subjects import contract

RULE = "/rules/upgrade_subsidy/"
CASE = {"equipment_investment": "4875万元", "grade": "A", "local_contribution": "12600000", "on": "2022-12-31"}
EVIL = '"><script>alert(1)</script>'
pytestmark = pytest.mark.django_db


def page(query: Any = None, path: str = RULE, **more: Any) -> str:
    response = Client().get(path, query, follow=True, **more)
    assert response.status_code == 200
    return response.content.decode()


class _Words(HTMLParser):
    """The words of a page by the classes of what they stand in."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("input", "meta", "link", "img", "br", "path", "circle", "rect", "ellipse"):
            self.stack.append((tag, dict(attrs).get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """<path/> encloses nothing."""

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((" ".join(f"{tag}.{names}" for tag, names in self.stack), data.strip()))


def typing(query: dict[str, str], path: str = RULE) -> str:
    """What comes back while somebody types."""
    return page(query, path, headers={"HX-Request": "true"})


def words(text: str, where: str) -> list[str]:
    parser = _Words()
    parser.feed(text)
    return [said for path, said in parser.found if where in path]


def test_all_rules_are_listed_for_everybody(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        text = page(path="/rules/")
    for pack in packs().values():
        for rule in pack.rules:
            assert f'href="/rules/{rule}/"' in text
            assert pack.words.rule_title(rule) in text
    assert text.index("第八条") < text.index("第十条") < text.index("第十一条")


@pytest.mark.parametrize("rule", [rule for pack in packs().values() for rule in pack.rules if rule in contract()])
def test_the_form_is_the_contract(rule: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        text = page(path=f"/rules/{rule}/")
    names = dict.fromkeys(re.findall(r'name="([\w.]+)"', text.partition("<form")[2].partition("</form>")[0]))
    asked = contract()[rule]
    own = [reading.name for reading in pack_of(rule).readings.get(rule, ())]
    assert set(asked.get("interpretations", {})) <= set(own)
    assert list(names) == [*asked["inputs"], "on", *(f"set.{name}" for name in own)]
    assert "未知" in text
    assert text.count("<h1") == 1


def test_an_example_is_a_link_to_a_calculated_case() -> None:
    (link,) = re.findall(r'href="\?([^"]+)"', page())
    assert "5,450,000.00" in page(dict(parse_qsl(unescape(link))))


def test_the_address_says_the_case_and_nothing_else() -> None:
    response = Client().get(RULE, {**CASE, "local_contribution": "", "set.first_band_from": "zero"})
    assert response.status_code == 302
    said = dict(parse_qsl(urlsplit(response.headers["Location"]).query))
    assert said == {"equipment_investment": "48750000", "grade": "A", "on": "2022-12-31"}
    assert Client().get(response.headers["Location"]).status_code == 200


def test_a_link_reproduces_the_case() -> None:
    first = page({**CASE, "set.first_band_from": "threshold"})
    (link,) = re.findall(r'class="case-link" href="([^"]+)"', first)
    target = urlsplit(unescape(link))
    assert _main(page(path=f"{target.path}?{target.query}")) == _main(first)
    assert words(first, "explain-main")[:2] == ["补助金额", "4,950,000.00"]


def _main(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def test_a_link_without_a_day_gets_one() -> None:
    """Else it would answer for another day tomorrow."""
    assert "on=2023-12-31" in Client().get(RULE, {"grade": "A"}).headers["Location"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("4875万元", "48,750,000.00 元，即 4,875 万元"),
        ("4875 万", "48,750,000.00 元，即 4,875 万元"),
        ("1.2亿", "120,000,000.00 元，即 1.2 亿元"),
        ("48,750,000", "48,750,000.00 元，即 4,875 万元"),
        ("４８７５万元", "48,750,000.00 元，即 4,875 万元"),
        ("4.875e7 元", "48,750,000.00 元，即 4,875 万元"),
        ("-3万元", "-30,000.00 元，即 -3 万元"),
        ("0.000001 万元", "0.01 元"),
    ],
)
def test_money_as_people_write_it(typed: str, read: str) -> None:
    assert f"读作 {read}" in typing({"equipment_investment": typed})


@pytest.mark.parametrize("typed", ["4875千元", "1,23", "万元", "4875美元", "1/2", "9" * 150, "1e99", "48 75万"])
def test_what_cannot_be_read_is_said_beside_its_field(typed: str) -> None:
    text = page({"equipment_investment": typed, "grade": "A"})
    assert "读到“" in words(text, "field-errors")[0]
    assert 'value="A" selected' in text  # the rest is kept
    assert "有 1 处填写无法使用" in text
    assert words(text, "explain-main") == ["补助金额", "未知"]


def test_too_many_decimals_and_other_faults() -> None:
    assert "最多 2 位小数" in page({"equipment_investment": "0.0000001亿元"})
    text = page({"grade": "E", "on": "2022-13-01", "set.first_band_from": "one"})
    said = words(text, "field-errors")
    assert any("所列选项" in s for s in said)
    assert any("应为日期" in s for s in said)
    assert any("没有“one”这一选择" in s for s in said)


def test_days_and_shares_as_people_write_them() -> None:
    assert "依据日期 2022-03-01" in page({"grade": "A", "on": "2022年3月1日"})
    assert "读作 1.2" in typing({"far_before": "120%"}, "/rules/vertical_subsidy/")


def test_unknown_is_named_and_never_zero() -> None:
    text = page({"equipment_investment": "4875万元"})
    assert words(text, "explain-main") == ["补助金额", "未知"]
    assert words(text, "explain-missing")[2:] == ["亩均评价等级", "、", "企业当年地方贡献"]


def test_what_the_rule_does_not_have_is_said() -> None:
    text = page({"equipment_investmnt": "1", "grade": "A"})
    assert "equipment_investmnt：没有这个字段，是否指 equipment_investment" in text


@pytest.mark.parametrize("name", ["equipment_investment", "grade", "on", "set.first_band_from", EVIL])
def test_nothing_of_the_address_becomes_markup(name: str) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        text = page({name: EVIL, "local_contribution": "1"}, headers=headers)
        assert "<script>alert" not in text
        assert not re.findall(r'="[^"]*"><script', text)


def test_a_rule_that_is_not_there() -> None:
    response = Client().get("/rules/upgrade_subsidi/")
    assert response.status_code == 404
    assert "技术改造设备投资补助（upgrade_subsidy）" in response.content.decode()
    response = Client().get("/rules/%22%3E%3Cscript%3Erent_subsidy/")
    assert response.status_code == 404
    assert "<script>rent" not in response.content.decode()
    assert Client().get("/rules/xyzxyzxyz/").status_code == 404


def test_typing_gets_the_result_alone() -> None:
    response = Client().get(RULE, {**CASE, "grade": ""}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<form" not in text
    assert "<html" not in text
    assert response.headers["HX-Replace-Url"].endswith(
        "equipment_investment=48750000&local_contribution=12600000&on=2022-12-31"
    )
    assert 'id="n-equipment_investment" hx-swap-oob' in text
    assert "HX-Request" in response.headers["Vary"]


def test_what_is_printed_says_case_version_and_link() -> None:
    text = page(CASE)
    pack = packs()["taizhou-2021-27"]
    assert pack.sha256[:12] in text
    assert "http://testserver/rules/upgrade_subsidy/?equipment_investment=48750000" in unescape(text)
    assert words(text, "case-sheet")[:2] == ["当年生产设备（含软件）实际投资额", "48,750,000.00 元，即 4,875 万元"]


def test_staff_keep_their_navigation(as_user: Any, city: Any) -> None:
    text = as_user(city).get(RULE).content.decode()
    assert 'href="/rules/" aria-current="page"' in text
    assert "shell-nav" in text
    assert "shell-nav" not in page()
    assert 'href="/rules/"' in page(path="/accounts/login/")


def test_the_public_is_limited_and_staff_are_not(as_user: Any, city: Any) -> None:
    with override_settings(PUBLIC_RATE=2):
        answers = [Client().get(RULE, REMOTE_ADDR="203.0.113.9") for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert int(answers[2].headers["Retry-After"]) > 0
        client = as_user(city)
        assert [client.get(RULE).status_code for _ in range(4)] == [200] * 4


def test_the_policy_of_the_page() -> None:
    policy = Client().get(RULE).headers["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"


def test_a_pack_of_another_city_has_its_calculator_and_says_what_is_not_known_of_it() -> None:
    text = page(path="/rules/")
    assert "湖州市“三低”企业认定标准（2021 年）" in text
    assert "文号待核实：未取得原文" in text
    text = page({"above_scale": "false", "tax_per_mu": "4.2", "land_mu": "12"}, "/rules/three_low_firm/")
    assert words(text, "explain-main")[:2] == ["属于“三低”企业", "是"]
    assert "政策的数值待核实" in text
