"""The pages of land and power on a city with seeded discrepancies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fenghuang.demo.city import make_city
from fenghuang.domain.registry.land_checks import Checks
from fenghuang.domain.registry.land_models import Contract, Lease, Meter, Parcel
from small_city import FIRMS, SEED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unbuilt_assets(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def text(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_seeded_discrepancy_is_found_and_nothing_else(small_city) -> None:
    """The new kinds, and those that faults of rows bring along; json has no tuples."""
    _, truth = make_city(FIRMS, SEED)
    seeded = json.loads(json.dumps(truth.discrepancies))
    found = {(one.kind, one.reference) for one in Checks(2022).run()}
    wanted = {(one["kind"], one["reference"]) for one in seeded}
    assert {kind for kind, _ in wanted} >= {"far_below", "far_above", "far_unfilled", "area_differs", "unknown_tenant"}
    assert wanted <= found
    faults = [one for one in truth.faults if one["year"] == 2022]
    rows = {
        "overlet": {one["reference"] for one in faults if one["kind"] == "lease_exceeds_parcel"},
        "shares_gap": {one["reference"] for one in faults if one["kind"] == "meter_shares_do_not_add"},
    }
    for kind, references in rows.items():
        assert {reference for one, reference in found if one == kind} == references
    ours = ("far_below", "far_above", "far_unfilled", "area_differs", "leases_overlap")
    assert {one for one in found if one[0] in ours} == {one for one in wanted if one[0] in ours}


def test_lists_are_filtered_by_place_and_by_what_is_missing(as_user, city, small_city) -> None:
    client = as_user(city)
    every = client.get(reverse("land:parcels")).context["table"]
    lacking = client.get(reverse("land:parcels") + "?lacks=contract").context["table"]
    assert 0 < lacking.page.paginator.count < every.page.paginator.count
    assert all("合同" in row.get_cell("lacks") for row in lacking.paginated_rows)
    here = client.get(reverse("land:parcels") + "?unit=331003").context["table"]
    assert {row.record.firm.unit_id for row in here.paginated_rows} == {"331003"}
    assert "没有符合条件的记录" in text(client, reverse("land:parcels") + "?q=没有这样的宗地")
    shares = client.get(reverse("land:meters") + "?lacks=shares").context["table"]
    assert all(row.get_cell("shared") != "100" for row in shares.paginated_rows)
    check = client.get(reverse("land:check") + "?lacks=overlet").context["table"]
    assert {row.record.one.kind for row in check.paginated_rows} == {"overlet"}


def test_a_park_tells_its_parcels_and_leads_to_them(as_user, city, county, small_city) -> None:
    table = as_user(city).get(reverse("land:parks")).context["table"]
    rows = [row.record for row in table.paginated_rows]
    one = next(row for row in rows if row.park in table.known)
    inside = Contract.objects.current().filter(counts=True, year=one.year, park=one.park).values("reference")
    own = Parcel.objects.current().filter(counts=True, year=one.year, reference__in=inside)
    assert table.known[one.park] == (inside.count(), sum(parcel.area for parcel in own))
    found = as_user(city).get(reverse("land:parcels"), {"park": one.park, "year": one.year}).context["table"]
    assert {row.record.reference for row in found.paginated_rows} <= {parcel.reference for parcel in own}
    assert found.page.paginator.count >= own.count() > 0
    assert {row.unit_id for row in rows} > {"331003"}
    mine = as_user(county).get(reverse("land:parks")).context["table"]
    assert {row.record.unit_id for row in mine.paginated_rows} == {"331003"}
    lacking = as_user(city).get(reverse("land:parks"), {"lacks": "parcels"}).context["table"]
    assert not {row.record.park for row in lacking.paginated_rows} & set(table.known)


def test_a_county_opens_its_own_parcels_alone(as_user, county, small_city) -> None:
    client = as_user(county)
    tenants = Lease.objects.filter(tenant_firm__unit="331003").values("reference")
    other = Parcel.objects.current().exclude(firm__unit="331003").exclude(reference__in=tenants).first()
    own = Parcel.objects.current().filter(firm__unit="331003", counts=True).first()
    assert client.get(reverse("land:parcel", args=[other.reference])).status_code == 404
    assert own.firm.name in text(client, reverse("land:parcel", args=[own.reference]))
    told = client.get(reverse("land:check")).context["table"]
    assert all(row.record.firm.unit_id == "331003" for row in told.paginated_rows)


def test_a_parcel_says_who_uses_how_much_and_what_is_not_known(as_user, city, small_city) -> None:
    client = as_user(city)
    lease = Lease.objects.current().filter(year=2022, counts=True).first()
    page = client.get(reverse("land:parcel", args=[lease.reference])).context["page"]
    assert sum(use.amount for use in page.uses) == page.parcel.area
    bare = Parcel.objects.current().filter(year=2021, counts=True).first()
    shown = text(client, reverse("land:parcel", args=[bare.reference]) + "?year=2021")
    assert "没有报送建筑物" in shown
    assert "权利性质、使用期、容积率约定和标准地协议未知" in shown


def test_known_on_a_day_before_anything_was_recorded(as_user, city, small_city) -> None:
    client = as_user(city)
    for pattern, model in (("land:parcel", Parcel), ("land:meter", Meter)):
        address = reverse(pattern, args=[model.objects.current().first().reference])
        assert "当时还没有记录任何数据" in text(client, address + "?known=2020-01-01")
        assert "不是已经过去的日期" in text(client, address + "?known=2999-01-01")


def test_a_firm_leads_to_its_parcels_and_meters(as_user, city, small_city) -> None:
    one = Parcel.objects.current().filter(year=2022, counts=True).first()
    page = text(as_user(city), reverse("cockpit:firm", args=[one.firm.uscc]))
    assert reverse("land:parcel", args=[one.reference]) in page


@pytest.mark.parametrize(("pattern", "most"), [("land:parcels", 16), ("land:meters", 16), ("land:check", 26)])
def test_lists_take_few_queries(as_user, city, small_city, pattern: str, most: int) -> None:
    client = as_user(city)
    client.get(reverse(pattern))
    with CaptureQueriesContext(connection) as taken:
        client.get(reverse(pattern))
    assert len(taken) <= most
