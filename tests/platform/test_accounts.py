"""Who may do what, the units they see, and the door."""

from __future__ import annotations

import json

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import override_settings

from fenghuang.platform.accounts import actions
from fenghuang.platform.accounts.forms import DEMO_CLOSED, LOCKED
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.accounts.rules import PERMISSIONS, require
from fenghuang.platform.audit.models import Event
from people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def test_units_are_those_of_the_document_and_of_the_map() -> None:
    document = yaml.safe_load((settings.SPEC / "clauses.yaml").read_text())["document"]
    assert list(Unit.objects.values_list("name", flat=True)) == document["counties"]
    outlines = json.loads((settings.DATA / "taizhou.geojson").read_text())["features"]
    drawn = {f["properties"]["adcode"]: f["properties"]["name"] for f in outlines}
    assert dict(Unit.objects.filter(has_polygon=True).values_list("code", "name")) == drawn
    assert Unit.objects.get(code="tzw").has_polygon is False


# permission -> who may; "own" and "other" are the unit of the county official and another one
TABLE = {
    ("accounts.see_unit", "own"): {"city", "county", "auditor", "operator", "clerk", "township"},
    ("accounts.see_unit", "other"): {"city", "auditor", "operator", "clerk"},
    ("accounts.see_sensitive", "own"): {"city", "county", "auditor"},
    ("accounts.see_sensitive", "other"): {"city", "auditor"},
    ("accounts.see_sensitive", None): {"city", "auditor"},
    ("accounts.change", "own"): {"city", "county"},
    ("accounts.change", "other"): {"city"},
    ("accounts.change", None): {"city"},
    ("accounts.import_data", None): {"city", "operator", "clerk"},
    ("accounts.refresh", None): {"city", "operator"},
    ("accounts.see_whatif", None): {"city", "auditor", "operator"},
    ("accounts.make_whatif", None): {"city"},
    ("accounts.read_audit", None): {"city", "auditor", "operator"},
    ("accounts.see_staff", None): {"city", "county", "auditor", "operator", "clerk", "township"},
    ("accounts.see_home", None): {"city", "county", "auditor", "operator", "clerk"},
    ("accounts.see_worktop", None): {"township"},
    ("accounts.manage_users", None): {"operator"},
    ("accounts.confirm_township", "township"): {"township"},
    ("accounts.confirm_township", "elsewhere"): set(),
    ("accounts.speak_for", "firm"): {"company"},
    ("accounts.speak_for", None): set(),
}


def test_rights(request, county) -> None:
    names = ("city", "county", "auditor", "operator", "clerk", "township", "company")
    people = {name: request.getfixturevalue(name) for name in names}
    units = {"own": county.unit, "other": Unit.objects.get(code="331002"), None: None}
    units |= {"township": ("331003", people["township"].township.name), "elsewhere": ("331003", "别处")}
    units |= {"firm": people["company"].uscc}
    for (permission, unit), allowed in TABLE.items():
        for name, user in people.items():
            assert user.has_perm(permission, units[unit]) == (name in allowed), (permission, unit, name)
    assert {permission for permission, _ in TABLE} == set(PERMISSIONS)


def test_nobody_inactive_may_anything(city) -> None:
    city.is_active = False
    assert not any(city.has_perm(p) for p in PERMISSIONS)
    assert not city.units().exists()


def test_units_scope(city, county, auditor) -> None:
    assert [u.code for u in county.units()] == ["331003"]
    assert city.units().count() == auditor.units().count() == 10


def test_auditor_changes_nothing(auditor, city) -> None:
    with pytest.raises(PermissionDenied):
        actions.create_user("neu", PASSWORD, role="auditor", actor=auditor)
    with pytest.raises(PermissionDenied):
        actions.set_active(city, False, reason="x", actor=auditor)
    with pytest.raises(PermissionDenied):
        require(auditor, "accounts.change", "331003")


def test_accounts_leave_events_without_passwords(operator) -> None:
    user = actions.create_user("neu", PASSWORD, role="county_official", unit="tzw", actor=operator)
    actions.set_active(user, False, reason="调离", actor=operator)
    assert list(Event.objects.order_by("id").values_list("action", flat=True))[-2:] == [
        "accounts.create_user",
        "accounts.set_active",
    ]
    assert PASSWORD not in json.dumps(list(Event.objects.values("before", "after", "reason")))


def test_a_county_official_needs_a_unit_and_a_password_must_be_good() -> None:
    with pytest.raises(ValidationError):
        actions.create_user("neu", PASSWORD, role="county_official")
    with pytest.raises(ValidationError):
        actions.create_user("neu", "12345", role="auditor")


def test_demo_accounts_only_where_the_demonstration_is_on(client) -> None:
    with pytest.raises(PermissionDenied):
        actions.create_demo_accounts()
    with override_settings(FENGHUANG_DEMO=True):
        accounts = actions.create_demo_accounts()
        assert actions.create_demo_accounts() == accounts
        assert {"city", "huangyan", "auditor"} <= {name for name, _, _ in accounts}
        name, password, _ = accounts[0]
        assert client.post(LOGIN, {"login": name, "password": password}).status_code == 302
    client.logout()
    assert DEMO_CLOSED in client.post(LOGIN, {"login": name, "password": password}).content.decode()
    assert User.objects.filter(is_demo=False).count() == 0


def test_the_lock_is_shown_on_every_attempt(client, city) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert LOCKED not in client.post(LOGIN, {"login": "zhang", "password": "wrong"}).content.decode()
    for password in ("wrong", "wrong", PASSWORD, PASSWORD):
        page = client.post(LOGIN, {"login": "zhang", "password": password})
        assert page.status_code == 200
        assert LOCKED in page.content.decode()
    assert client.get("/jobs/").status_code == 302


def test_a_lock_is_of_one_name_however_it_is_written(client, city, operator) -> None:
    for name in ("zhang", "Zhang", "ZHANG", " zhang", "zhang"):
        client.post(LOGIN, {"login": name, "password": "wrong"})
    assert LOCKED in client.post(LOGIN, {"login": "zhang", "password": PASSWORD}).content.decode()
    assert client.post(LOGIN, {"login": "zhao", "password": PASSWORD}).status_code == 302  # at the same address


def test_login_and_logout(client, city) -> None:
    assert client.post(LOGIN, {"login": "zhang", "password": PASSWORD}).status_code == 302
    assert client.get("/jobs/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/jobs/").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"])
def test_account_pages_are_in_our_shell(as_user, city, path: str) -> None:
    text = as_user(city).get(path, follow=True).content.decode()
    assert text.count("<h1") == 1
    assert 'id="menu"' in text or "entrance" in text


def test_no_sign_up_and_no_reset_by_mail(client) -> None:
    assert client.get("/accounts/signup/").status_code == 302
    assert client.get("/accounts/password/reset/").status_code == 302
