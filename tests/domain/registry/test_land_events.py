"""Land and figures around mergers and splits: registered, shown as the predecessor's, moved by nobody."""

from __future__ import annotations

from typing import Any

import pytest
from deliveries import A, B, C, firm
from django.urls import reverse

from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.registry import events
from fenghuang.domain.registry.events import Said
from fenghuang.domain.registry.history import around
from fenghuang.domain.registry.land_checks import Checks
from fenghuang.domain.registry.land_models import ParcelGoes
from fenghuang.domain.registry.models import Firm, FirmYear
from fenghuang.domain.registry.predecessors import predecessors
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db
SOURCE = "台市监变字〔2023〕1号"


@pytest.fixture(autouse=True)
def unbuilt_assets(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def three(deliver: Any) -> list[Firm]:
    here = [firm(code, f"台州{name}有限公司", unit="黄岩区") for code, name in ((A, "甲甲"), (B, "乙乙"), (C, "丙丙"))]
    deliver(
        directory=here,
        parcels=[{"reference": "P1", "uscc": A, "amount": 10}, {"reference": "P2", "uscc": A, "amount": 5}],
        meters=[{"reference": "M1", "uscc": A, "amount": 700}],
        tax=[{"uscc": A, "tax": 987654}],
    )
    return [Firm.objects.get(uscc=code) for code in (A, B, C)]


def facts(uscc: str) -> list[tuple[Any, ...]]:
    return list(
        FirmYear.objects.current().filter(firm__uscc=uscc).values_list("year", "land_mu", "electricity_kwh", "tax")
    )


def test_a_merger_moves_no_figure_and_the_successor_shows_them(three, as_user, city, operator) -> None:
    one, two, _ = three
    before = facts(A), facts(B)
    event = events.register(one, Said("merged", 2022, SOURCE, others=[two]), user=city)
    assert (facts(A), facts(B)) == before
    (held,) = predecessors(city, two, around(two))
    assert (held.firm, [year for year, _ in held.years], held.land.year) == (one, [2022], 2022)
    page = as_user(city).get(reverse("cockpit:firm", args=[B])).content.decode()
    assert "前身企业" in page
    assert "没有计入本企业" in page
    assert "987,654.00" in page
    assert "987,654" not in as_user(operator).get(reverse("cockpit:firm", args=[B])).content.decode()
    kinds = [(found.kind, found.reference) for found in Checks(2022).run()]
    assert kinds == [("holder_ended", "P1"), ("holder_ended", "P2")]
    events.counter(event, user=city, reason="登记错了")
    assert predecessors(city, two, around(two)) == []
    assert Checks(2022).run() == []


def test_a_split_names_which_parcel_goes_to_whom(three, as_user, city) -> None:
    two = three[1]
    client = as_user(city)
    url = reverse("registry:events", args=[A])
    page = client.get(url).content.decode()
    assert 'name="to-P1"' in page
    assert "987,654.00" in page
    form = {"kind": "split", "year": "2023", "source": SOURCE, "others": f"{B} {C}", "to-P1": B}
    assert client.post(url, {**form, "to-P2": A}).status_code == 422
    assert not ParcelGoes.objects.exists()
    assert client.post(url, form).status_code == 302
    goes = ParcelGoes.objects.get()
    assert (goes.reference, goes.to) == ("P1", two)
    assert Event.objects.get(action="registry.firm_event").after["宗地"] == {"P1": B}
    text = client.get(reverse("land:parcel", args=["P1"])).content.decode()
    assert "承接" in text
    assert "台州乙乙有限公司" in text
    assert "承接" not in client.get(reverse("land:parcel", args=["P2"])).content.decode()
    assert facts(A)[0][1] == 150_000


def test_what_is_not_the_firms_cannot_be_given(three, city) -> None:
    one, two, other = three
    for parcels, words in (({"P9": two}, "不在该企业名下"), ({"P1": other}, "不在分立后的企业之列")):
        with pytest.raises(Stale, match=words):
            events.register(one, Said("split", 2023, SOURCE, others=[two], parcels=parcels), user=city)


def test_another_countys_predecessor_is_not_told(deliver, county, city) -> None:
    deliver(directory=[firm(A), firm(B, unit="黄岩区")], tax=[{"uscc": A, "tax": 5}])
    one, two = Firm.objects.get(uscc=A), Firm.objects.get(uscc=B)
    events.register(one, Said("merged", 2023, SOURCE, others=[two]), user=city)
    assert predecessors(county, two, around(two)) == []
    assert len(predecessors(city, two, around(two))) == 1
