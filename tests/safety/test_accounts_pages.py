"""A person's own account: password rules in words, two steps with a computed code, sessions elsewhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from people import PASSWORD

LOGIN = "/accounts/login/"


@pytest.mark.django_db
def test_password_rules_are_said_and_kept(as_user, city) -> None:
    client = as_user(city)
    text = client.get("/accounts/password/change/").content.decode()
    for words in ("12 个字符", "全都是数字", "常见密码", "个人信息"):
        assert words in text, words
    for bad in ("kurz", "123456789012", "password1234"):
        answer = client.post(
            "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": bad, "password2": bad}
        )
        assert answer.status_code == 200, bad
        assert "密码" in answer.content.decode()
    good = "Neues-Geheimnis-27"
    done = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": good, "password2": good})
    assert done.status_code == 302
    city.refresh_from_db()
    assert city.check_password(good)


@pytest.mark.django_db
def test_sessions_elsewhere_are_listed_and_ended(city) -> None:
    here, there = Client(HTTP_USER_AGENT="Firefox/here"), Client(HTTP_USER_AGENT="Chrome/there")
    for client in (here, there):
        assert client.post(LOGIN, {"login": "zhang", "password": PASSWORD}).status_code == 302
    text = here.get("/accounts/sessions/").content.decode()
    assert "Chrome/there" in text
    assert "Firefox/here" in text
    assert "让其他 1 处退出登录" in text
    assert here.post("/accounts/sessions/").status_code == 302
    assert here.get("/jobs/").status_code == 200
    assert there.get("/jobs/").headers["Location"].startswith(LOGIN)
    assert "没有其他地方登录" in here.get("/accounts/sessions/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_steps_from_set_up_to_login(browse, city) -> None:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    def code(secret: str) -> str:
        return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))

    def sign_in(page: object) -> None:
        page.fill("input[name=login]", city.username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")

    page = browse(LOGIN)
    sign_in(page)
    page.wait_for_selector(".shell-user")
    page.goto("/accounts/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/totp/activate/**")
    shown = page.content()
    secret = page.locator("input[readonly], input[disabled]").first.input_value()
    assert re.fullmatch(r"[A-Z2-7]{16,}", secret), shown[:200]
    page.fill("input[name=code]", code(secret))
    page.click("main button[type=submit]")
    page.wait_for_url("**/recovery-codes/**")
    assert "恢复" in page.inner_text("main")

    again = browse(LOGIN)
    sign_in(again)
    again.wait_for_url("**/2fa/authenticate/**")
    from django.core.cache import cache

    cache.clear()  # the same code within its half minute is refused as used
    again.fill("input[name=code]", code(secret))
    again.locator("main button[type=submit]").first.click()
    again.wait_for_selector(".shell-user")
