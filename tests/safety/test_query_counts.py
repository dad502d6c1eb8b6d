"""How many queries each page takes, pinned: an N+1 fails here, and the table says which page changed.

A list is asked for with three rows and with thirty: the number may not depend on them. Logging in, the shell and the
list's own tools are counted. A page that needs fewer than before is welcome: write the new number down.
"""

from __future__ import annotations

from typing import Any

import pytest
from addresses import fill, places
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fenghuang.platform.lists.registry import names

pytestmark = pytest.mark.django_db

FEW, MANY = 3, 30
LISTS = {  # list: (address, queries), as a city official
    "firms": ("/firms/", 13),
    "evaluation": ("/evaluation/", 10),
    "incentives": ("/incentives/", 14),
    "deliveries": ("/data/", 14),
    "delivery": ("/data/deliveries/<int:pk>/", 12),
    "findings": ("/data/findings/?show=notices", 11),
    "audit": ("/audit/", 8),
    "jobs": ("/jobs/", 8),
    "sessions": ("/accounts/sessions/", 6),
    "users": ("/accounts/users/", 8),  # as the operator
    "whatif": ("/whatif/", 9),
    "campaigns": ("/campaigns/", 10),
    "campaign-grades": ("/campaigns/<int:pk>/grades", 11),
    "campaign-check": ("/campaigns/<int:pk>/check/", 12),
    "campaign-totals": ("/campaigns/<int:pk>/totals", 7),
    "city-totals": ("/campaigns/totals", 9),
    "parcels": ("/land/", 11),
    "meters": ("/land/meters/", 11),
    "parks": ("/land/parks/", 13),
    "land-check": ("/land/check/", 16),
    "ledgers": ("/ledgers/", 14),
    "ledger-entries": ("/ledgers/entries/", 16),
    "ledger-claims": ("/ledgers/claims/", 16),
    "ledger-fund": ("/ledgers/fund/", 17),
    "ledger-replacement": ("/ledgers/replacement/", 13),
    "cases": ("/cases/", 9),
    "register-cases": ("/cases/registers/<slug:key>/", 11),
}
PAGES = {  # the main pages of one thing
    "/": 14,
    "/firms/<str:uscc>/": 27,
    "/firms/<str:uscc>/path": 8,
    "/firms/<str:uscc>/events/": 11,
    "/firms/rows/<int:pk>/": 8,
    "/data/uploads/<int:pk>/": 5,
    "/jobs/<int:pk>/": 4,
    "/whatif/<int:pk>/": 7,
    "/campaigns/<int:pk>/": 12,
    "/campaigns/<int:pk>/method": 5,
    "/campaigns/<int:pk>/firms/<str:uscc>/": 10,
    "/publication/": 5,
    "/publication/<slug:unit>/<int:year>/": 6,
    "/search/?q=tz": 8,
    "/lists/": 4,
}
WHOLE = ("evaluation", "campaigns", "sessions")  # never cut into pages: units by scopes, units, places of one person


@pytest.fixture
def known(county: Any, small_city: Any) -> dict[str, Any]:
    """Addresses' places, and thirty rows of what a city of some hundred firms has fewer of."""
    from fenghuang.domain.feeds.models import Finding
    from fenghuang.platform.accounts.models import User
    from fenghuang.platform.audit.log import record
    from fenghuang.platform.jobs.models import Job

    found = places(county)
    found["delivery"] = Finding.objects.first().raw_row.delivery_id
    Job.objects.bulk_create(Job(kind="incentives.refresh", title=f"测 {n}", created_by=county) for n in range(MANY))
    User.objects.bulk_create(
        User(username=f"u{n}", role="county_official", unit_id="331003", display_name=f"甲{n}") for n in range(MANY)
    )
    for _ in range(MANY):
        record("jobs.enqueue", actor=county, subject=county)
    return found


def queries(client: Any, address: str) -> int:
    """Of the second time: the first reading of a day is noted, and a unit's evaluation kept."""
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200, address
    return len(taken)


def test_every_list_has_its_number() -> None:
    assert set(LISTS) == set(names())


def test_lists_take_as_many_queries_for_three_rows_as_for_thirty(as_user, city, operator, known) -> None:
    found, wrong = {}, []
    for name, (route, _) in LISTS.items():
        client = as_user(operator if name == "users" else city)
        address = fill(route.removeprefix("/"), known)
        joint = "&" if "?" in address else "?"
        few, many = (queries(client, f"{address}{joint}per_page={rows}") for rows in (FEW, MANY))
        if few != many:
            wrong.append(f"{name}: {few} for {FEW} rows, {many} for {MANY}")
        found[name] = many
    assert not wrong, "\n".join(wrong)
    compare(found, {name: pinned for name, (_, pinned) in LISTS.items()})


def test_pages_take_the_pinned_number(as_user, city, known) -> None:
    client = as_user(city)
    compare({route: queries(client, fill(route.removeprefix("/"), known)) for route in PAGES}, PAGES)


def test_a_units_line_costs_nothing(as_user, city, small_city) -> None:
    """Lists that are never cut: more units, the same number."""
    from fenghuang.domain.campaign import actions
    from fenghuang.platform.accounts.models import Unit

    client = as_user(city)
    units = list(Unit.objects.all())
    for unit in units[:FEW]:
        actions.start(None, unit, 2022)
    few = queries(client, "/campaigns/")
    for unit in units[FEW:]:
        actions.start(None, unit, 2022)
    assert queries(client, "/campaigns/") == few


def compare(found: dict[str, int], pinned: dict[str, int]) -> None:
    """Say every page whose number is another than the table's."""
    changed = [f'    "{name}": {found[name]},  # was {pinned[name]}' for name in pinned if found[name] != pinned[name]]
    assert not changed, "queries changed:\n" + "\n".join(changed)
