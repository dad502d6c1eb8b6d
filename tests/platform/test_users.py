"""The operator's page of accounts: what is shown, what can be done, by whom, and that the log knows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client

from fenghuang.platform.accounts import actions
from fenghuang.platform.accounts.forms import LOCKED
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.models import Event
from people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN, USERS, CHOOSE = "/accounts/login/", "/accounts/users/", "/accounts/password/change/"
NEW = {
    "username": "zhou.min",
    "display_name": "周敏",
    "role": "county_official",
    "unit": "331003",
    "department": "经信局",
}
GOOD = "Neues-Geheimnis-27"


def opened(client: Any, **more: str) -> tuple[User, str]:
    """A new account and the password the page told."""
    text = client.post(f"{USERS}new", {**NEW, **more}).content.decode()
    return User.objects.get(username="zhou.min"), re.search(r"user-select-all\">([^<]+)<", text)[1]


def last() -> Event:
    return Event.objects.order_by("-id").first()


def test_a_new_account_must_choose_its_own_password(as_user, operator) -> None:
    user, temporary = opened(as_user(operator))
    assert (user.role, user.unit_id, user.department) == ("county_official", "331003", "经信局")
    assert last().action == "accounts.create_user"
    assert last().actor == operator
    person = Client()
    assert person.post(LOGIN, {"login": "zhou.min", "password": temporary}).status_code == 302
    for address in ("/", "/firms/", "/jobs/", "/accounts/2fa/", "/lists/firms/export"):
        assert person.get(address)["Location"] == CHOOSE, address
    assert person.post("/incentives/refresh")["Location"] == CHOOSE
    assert "临时密码" in person.get(CHOOSE).content.decode()
    assert person.get("/rules/").status_code == 200  # open to all, also to them
    same = {"oldpassword": temporary, "password1": temporary, "password2": temporary}
    assert "不能与当前密码相同" in person.post(CHOOSE, same).content.decode()
    assert person.post(CHOOSE, {**same, "password1": GOOD, "password2": GOOD}).status_code == 302
    assert person.get("/jobs/").status_code == 200
    assert last().action == "accounts.change_password"
    assert last().actor == user
    assert not (
        {temporary, GOOD} & set(re.findall(r"[\w-]+", json.dumps(list(Event.objects.values("before", "after")))))
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "zhao"}, "已有人使用"),
        ({"username": "ZHAO"}, "已有人使用"),
        ({"username": "周 敏"}, "登录名"),
        ({"unit": ""}, "县级经办必须属于一个县级单位"),
        ({"role": "auditor"}, "部门经办属于一个县级单位，其他角色请选"),
        ({"role": "king"}, "角色"),
        ({"display_name": ""}, "姓名"),
    ],
)
def test_what_is_wrong_is_said_and_opens_nothing(as_user, operator, wrong: dict[str, str], said: str) -> None:
    page = as_user(operator).post(f"{USERS}new", {**NEW, **wrong})
    assert said in page.content.decode()
    assert 'class="field-errors"' in page.content.decode()
    assert User.objects.count() == 1


def test_the_list_says_who_is_locked_and_the_lock_can_be_taken_off(as_user, operator, city) -> None:
    person = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        person.post(LOGIN, {"login": "Zhang", "password": "wrong"})
    assert LOCKED in person.post(LOGIN, {"login": "zhang", "password": PASSWORD}).content.decode()
    client = as_user(operator)
    assert [row.username for row in client.get(f"{USERS}?state=locked").context["table"].data] == ["zhang"]
    assert client.post(f"{USERS}{city.pk}/unlock", follow=True).status_code == 200
    assert (last().action, last().subject_id) == ("accounts.unlock", str(city.pk))
    assert not client.get(f"{USERS}?state=locked").context["table"].data
    assert Client().post(LOGIN, {"login": "zhang", "password": PASSWORD}).status_code == 302


def test_role_and_unit_change_at_once(as_user, operator, county) -> None:
    client = as_user(operator)
    sent = {"role": "city_official", "unit": "", "department": "市经信局", "reason": "调任"}
    assert client.post(f"{USERS}{county.pk}/role", sent).status_code == 302
    county.refresh_from_db()
    assert county.sees_all_units
    assert last().before["role"] == "county_official"
    assert last().after["role"] == "city_official"
    assert last().reason == "调任"
    refused = client.post(f"{USERS}{county.pk}/role", {**sent, "role": "county_official"})
    assert "请选择单位" in refused.content.decode()


def test_a_closed_account_is_out_and_stays_out(as_user, operator, city) -> None:
    person = Client()
    person.post(LOGIN, {"login": "zhang", "password": PASSWORD})
    assert person.get("/jobs/").status_code == 200
    client = as_user(operator)
    assert "请填写理由" in client.post(f"{USERS}{city.pk}/active", {"active": "0"}, follow=True).content.decode()
    client.post(f"{USERS}{city.pk}/active", {"active": "0", "reason": "退休"})
    assert person.get("/jobs/")["Location"].startswith(LOGIN)
    assert not User.objects.get(pk=city.pk).is_active
    assert Client().post(LOGIN, {"login": "zhang", "password": PASSWORD}).headers.get("Location", "") != "/"
    client.post(f"{USERS}{city.pk}/active", {"active": "1", "reason": "返聘"})
    assert Client().post(LOGIN, {"login": "zhang", "password": PASSWORD})["Location"] == "/"


def test_a_lost_password_and_a_lost_device(as_user, operator, city) -> None:
    person = Client()
    person.post(LOGIN, {"login": "zhang", "password": PASSWORD})
    Authenticator.objects.create(user=city, type="totp", data={})
    Authenticator.objects.create(user=city, type="recovery_codes", data={})
    client = as_user(operator)
    assert "已启用" in client.get(f"{USERS}{city.pk}/").content.decode()
    client.post(f"{USERS}{city.pk}/second-factor", {"reason": "手机遗失"})
    assert not Authenticator.objects.filter(user=city).exists()
    assert sorted(last().before["factors"]) == ["recovery_codes", "totp"]
    text = client.post(f"{USERS}{city.pk}/password").content.decode()
    temporary = re.search(r"user-select-all\">([^<]+)<", text)[1]
    assert temporary not in client.get(f"{USERS}{city.pk}/").content.decode()
    assert person.get("/jobs/")["Location"].startswith(LOGIN)
    again = Client()
    again.post(LOGIN, {"login": "zhang", "password": temporary})
    assert again.get("/")["Location"] == CHOOSE


def test_sessions_are_ended(as_user, operator, city) -> None:
    person = Client()
    person.post(LOGIN, {"login": "zhang", "password": PASSWORD})
    person.get("/jobs/")
    client = as_user(operator)
    assert client.get(f"{USERS}{city.pk}/").context["person"].sessions == 1
    client.post(f"{USERS}{city.pk}/sessions")
    assert last().after == {"sessions": 1}
    assert person.get("/jobs/")["Location"].startswith(LOGIN)


DEEDS: list[tuple[str, dict[str, str]]] = [
    ("role", {"role": "auditor", "reason": "试"}),
    ("active", {"active": "0", "reason": "试试"}),
    ("password", {}),
    ("unlock", {}),
    ("second-factor", {"reason": "试试"}),
    ("sessions", {}),
]


@pytest.mark.parametrize(("deed", "sent"), DEEDS)
def test_nobody_changes_the_own_account_or_one_above(as_user, operator, deed: str, sent: dict[str, str]) -> None:
    above = User.objects.create_superuser("root", password=PASSWORD)
    events = Event.objects.count()
    client = as_user(operator)
    for user in (operator, above):
        assert client.post(f"{USERS}{user.pk}/{deed}", sent).status_code == 403
        user.refresh_from_db()
        assert (user.role, user.is_active, user.check_password(PASSWORD)) == ("operator", True, True)
        assert f'action="{USERS}{user.pk}/' not in client.get(f"{USERS}{user.pk}/").content.decode()
    assert Event.objects.count() == events


@pytest.mark.parametrize("role", ["city", "county", "auditor"])
def test_others_do_nothing_of_it(request, operator, role: str) -> None:
    actor = request.getfixturevalue(role)
    deeds = [
        lambda: actions.open_account("x.y", actor=actor, role="auditor"),
        lambda: actions.change_role(operator, role="auditor", unit=None, department="", reason="x", actor=actor),
        lambda: actions.set_active(operator, False, reason="x", actor=actor),
        lambda: actions.reset_password(operator, actor=actor),
        lambda: actions.unlock(operator, actor=actor),
        lambda: actions.reset_second_factor(operator, reason="x", actor=actor),
        lambda: actions.end_sessions(operator, actor=actor),
    ]
    for deed in deeds:
        with pytest.raises(PermissionDenied):
            deed()
    client = Client()
    client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    assert USERS not in client.get("/jobs/").content.decode()
    assert client.get("/lists/users/export").status_code == 404


def test_temporary_passwords_pass_the_rules_and_differ() -> None:
    from django.contrib.auth.password_validation import validate_password

    made = {actions.temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)
        assert not set(password) & set("0O1lI")


@pytest.mark.parametrize("query", ["q=%00", "q=" + "a" * 500, "role=x", "state=x", "sort=x", "page=x", "cols=state"])
def test_nonsense_is_no_error(as_user, operator, query: str) -> None:
    assert as_user(operator).get(f"{USERS}?{query}").status_code == 200
