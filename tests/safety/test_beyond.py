"""An official who reaches for what belongs to another county: 404, as if it were not there, and an event says so."""

from __future__ import annotations

from typing import Any

import pytest
from addresses import fill, people, places
from django.test import Client

from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db

GET, POST = ("GET",), ("POST",)
TABLE: dict[str, tuple[tuple[str, ...], str]] = {  # address: (methods, what was reached for)
    "campaigns/<int:pk>/": (GET, "campaign.campaign"),
    "campaigns/<int:pk>/go": (POST, "campaign.campaign"),
    "campaigns/<int:pk>/periods": (POST, "campaign.campaign"),
    "campaigns/<int:pk>/rescore": (POST, "campaign.campaign"),
    "campaigns/<int:pk>/method": (GET + POST, "campaign.campaign"),
    "campaigns/<int:pk>/grades": (GET, "campaign.campaign"),
    "campaigns/<int:pk>/firms/<str:uscc>/": (GET, "campaign.campaign"),
    "campaigns/<int:pk>/firms/<str:uscc>/object": (POST, "campaign.campaign"),
    "campaigns/<int:pk>/firms/<str:uscc>/regrade": (POST, "campaign.campaign"),
    "campaigns/objections/<int:objection>/answer": (POST, "campaign.objection"),
    "campaigns/objections/<int:objection>/file": (GET, "campaign.objection"),
    "campaigns/regrades/<int:regrade>/withdraw": (POST, "campaign.regrade"),
    "campaigns/regrades/<int:regrade>/file": (GET, "campaign.regrade"),
    "firms/<str:uscc>/": (GET, "registry.firm"),
    "firms/<str:uscc>/path": (GET, "registry.firm"),
    "firms/<str:uscc>/events/": (GET + POST, "registry.firm"),
    "firms/<str:uscc>/events/<int:pk>/counter": (POST, "registry.firm"),
    "firms/rows/<int:pk>/": (GET, "feeds.rawrow"),
    "firms/rows/<int:pk>/edit": (GET, "feeds.rawrow"),
    "firms/rows/<int:pk>/correct": (POST, "feeds.rawrow"),
    "firms/rows/<int:pk>/reject": (POST, "feeds.rawrow"),
    "firms/rows/<int:pk>/restore": (POST, "feeds.rawrow"),
    "data/uploads/<int:pk>/": (GET, "feeds.submission"),
    "data/uploads/<int:pk>/take": (POST, "feeds.submission"),
    "data/uploads/<int:pk>/discard": (POST, "feeds.submission"),
    "data/uploads/<int:pk>/check": (POST, "feeds.submission"),
    "jobs/<int:pk>/": (GET, "jobs.job"),
    "jobs/<int:pk>/file": (GET, "jobs.job"),
}


def test_another_countys_things_are_not_there_and_the_try_is_noted(request: Any, small_city: Any) -> None:
    who = people(request)
    given = places(who["county"])
    client = Client()
    client.force_login(who["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    wrong = []
    for route, (methods, kind) in TABLE.items():
        for method in methods:
            address = fill(route, given)
            status = client.generic(method, address).status_code
            noted = Event.objects.filter(actor=who["stranger"], action="accounts.reached_beyond").order_by("id").last()
            tried = {"address": address, "method": method}
            if status != 404 or noted is None or (noted.after, noted.subject_type) != (tried, kind):
                wrong.append(f"{method} {address}: {status}, noted {noted and (noted.subject_type, noted.after)}")
    assert not wrong, "\n".join(wrong)
    assert verify().ok


def test_what_is_nowhere_is_not_noted_and_the_same_try_once_a_day(request: Any, small_city: Any) -> None:
    who = people(request)
    address = fill("campaigns/<int:pk>/", places(who["county"]))
    client = Client()
    client.force_login(who["stranger"], backend="django.contrib.auth.backends.ModelBackend")
    noted = Event.objects.filter(action="accounts.reached_beyond")
    nowhere = client.get("/campaigns/999999/")
    assert client.get("/firms/91330000000000000X/").status_code == nowhere.status_code == 404
    assert not noted.exists()
    answers = [client.get(address) for _ in range(3)]
    assert noted.count() == 1
    plain = [one.content.replace(one.wsgi_request.path.encode(), b"") for one in (nowhere, *answers)]
    assert all(len(one) == len(plain[0]) for one in plain), "the answer does not tell which"
    client.force_login(who["county"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(address).status_code == 200
    assert noted.count() == 1
