"""The shell of the pages: who gets in, what the headers promise, what the components make of a record."""

from __future__ import annotations

import io
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory, override_settings

from fenghuang.language.record import Input, Record, Source, Step
from fenghuang.language.words import clause_title
from fenghuang.platform.ui import samples, views
from fenghuang.platform.ui.explanation import figure, view

EVIL = "<script>alert(1)</script>"


def render(record: Record) -> str:
    return Template("{% explanation r %}").render(Context({"r": record}))


@pytest.mark.django_db
def test_everything_needs_a_login(client) -> None:
    from django.urls import get_resolver

    open_to_all = {"/healthz", "/accounts/login/"}
    patterns = [p for p in get_resolver().url_patterns if not hasattr(p, "url_patterns")]
    for pattern in patterns:
        path = "/" + str(pattern.pattern)
        if path not in open_to_all and "<" not in path:
            assert client.get(path).status_code == 302, path
    for path in ("/jobs/", "/audit/", "/jobs/1/", "/style/", "/taizhou.geojson", "/accounts/2fa/"):
        assert client.get(path).headers["Location"].startswith("/accounts/login/"), path
    for path in open_to_all:
        assert client.get(path).status_code == 200, path


@pytest.mark.django_db
def test_policy_of_the_page(client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    rules = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert rules["script-src"] == ["'self'"]
    assert rules["style-src"] == ["'self'"]
    assert rules["style-src-attr"] == ["'unsafe-inline'"]
    assert "unsafe-eval" not in policy


@pytest.mark.django_db
def test_no_page_has_a_script_of_its_own(as_user, city) -> None:
    text = as_user(city).get("/style/").content.decode()
    assert not re.findall(r"<script(?![^>]*(src=|application/json))", text)
    assert not re.findall(r"\son\w+=", text)
    assert text.count("<h1") == 1
    assert 'lang="zh-Hans"' in text


@pytest.mark.django_db
def test_demonstration_is_marked(as_user, city) -> None:
    client = as_user(city)
    assert "演示数据" not in client.get("/jobs/").content.decode()
    with override_settings(FENGHUANG_DEMO=True):
        assert "演示数据" in client.get("/jobs/").content.decode()


@pytest.mark.django_db
def test_errors_speak_chinese(as_user, city) -> None:
    page = as_user(city).get("/nowhere/")
    assert page.status_code == 404
    assert "没有找到" in page.content.decode()
    request = RequestFactory().get("/")
    request.user = city
    assert "没有权限" in views.forbidden(request).content.decode()
    assert "页面已过期" in views.csrf_failure(request).content.decode()
    assert "系统出错" in views.server_error(request).content.decode()


def test_a_record_is_read_as_a_calculation() -> None:
    text = render(samples.granted())
    for words in ("5,000,000.00", "（500 万元）", "高出 6,600 万元", "第十条", "技改投资2022.xlsx", "第 128 行"):
        assert words in text
    assert "非默认口径" in text
    assert text.index("补助金额") < text.index("符合补助条件")  # the amount first
    assert "0.100000" not in text


def test_unknown_is_said_and_named() -> None:
    text = render(samples.unknown())
    assert "缺少 1 项资料" in text
    assert "企业当年地方贡献" in text
    assert "差 10 万元" in text
    assert "原则上" in text
    assert "None" not in text
    made = view(samples.unknown())
    assert made.verdict == "no"
    assert [line.state for line in made.conditions] == ["no", "unknown"]


def test_everything_is_escaped() -> None:
    source = Source(file=EVIL, department=EVIL)
    item = Input("x", EVIL, EVIL, EVIL, sources=(source,))
    step = Step("a", EVIL, EVIL, EVIL, EVIL, EVIL, (item,), distance=EVIL, note=EVIL)
    record = Record(EVIL, EVIL, EVIL, EVIL, EVIL, {"a": EVIL}, {EVIL: None}, (EVIL,), (), (step,), (EVIL,))
    assert "<script" not in render(record)


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("art.10", "第十条"),
        ("art.8", "第八条"),
        ("art.21", "第二十一条"),
        ("art.20", "第二十条"),
        ("task.16", "附件任务16"),
        ("art", "art"),
        ("", ""),
    ],
)
def test_clauses(clause: str, words: str) -> None:
    assert clause_title(clause) == words


def test_figures() -> None:
    assert figure("1234500.00", "元").hint == "123.45 万元"
    assert figure("1234567.89", "元").hint == "约 123.4568 万元"
    assert figure("9999.99", "元").hint == ""
    assert figure("12.5000", "亩").text == "12.5"
    assert figure(None, "元").known is False


def test_json_for_scripts_cannot_leave_its_tag() -> None:
    text = Template("{% json_script d 'x' %}").render(Context({"d": {"名": "</script>&"}}))
    assert text == '<script id="x" type="application/json">{"名":"\\u003C/script\\u003E\\u0026"}</script>'


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_components_in_the_browser(browse, city, size: str, theme: str) -> None:
    page = browse("/style/", user=city, size=size, theme=theme)
    for chart in ("d-map", "d-bar", "d-hist", "d-line"):
        page.wait_for_selector(f"[data-source={chart}][data-ready=true] svg")
    assert page.get_attribute("html", "data-bs-theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.locator(".inputs summary").first.click()
    assert page.locator(".inputs-source").first.is_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_theme_menu_and_login_in_the_browser(browse, city) -> None:
    page = browse("/jobs/", user=city, size="phone")
    page.click("[data-set-theme=dark]")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.click("[aria-label=打开菜单]")
    page.wait_for_selector("#menu.show")
    page.locator("#menu a", has_text="后台任务").click()
    page.locator(".shell-user summary").click()
    page.get_by_text("退出登录").click()
    page.wait_for_url("**/accounts/login/**")


def test_a_refusal_is_one_line_of_the_log(as_user, county, capfd) -> None:
    """Nobody has to read a traceback because somebody opened a page that is not theirs."""
    import logging

    stream = io.StringIO()
    console = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    before, console.stream = console.stream, stream  # the one before may be closed: setStream would flush it
    try:
        assert as_user(county).get("/audit/").status_code == 403
    finally:
        console.stream = before
    assert "Forbidden" in stream.getvalue()
    assert len(stream.getvalue().splitlines()) == 1
