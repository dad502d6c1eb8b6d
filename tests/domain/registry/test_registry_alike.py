"""A valid code that nobody knows with a name that somebody bears: proposed for confirmation, never taken silently."""

import pytest
from deliveries import A, B, code, firm
from django.urls import reverse

from fenghuang.domain.feeds.models import Finding, RawRow
from fenghuang.domain.registry.alike import Alike, core
from fenghuang.domain.registry.models import FirmYear

STRANGER = code(99)  # of 椒江区, in no directory


def test_what_tells_a_firm_from_others() -> None:
    assert core("浙江省台州市椒江宏达机械有限公司") == core("台州宏达机械股份有限公司") == "宏达机械"
    assert core("宏达机械（台州）有限公司") == "宏达机械台州"


@pytest.mark.parametrize(
    ("name", "is_found"),
    [
        ("台州宏达机械有限公司", True),
        ("台州市宏达机械制造有限公司", True),
        ("宏达 机械厂", True),
        ("台州宏发机械有限公司", False),  # one character of four: another firm
        ("台州宏达塑料有限公司", False),
        ("", False),
    ],
)
def test_similar_names(name: str, is_found: bool) -> None:
    assert Alike.of({A: "台州宏达机械有限公司", B: "台州永固阀门有限公司"}).to(name) == [A] * is_found


@pytest.mark.django_db
def test_a_similar_name_is_proposed_and_taken_only_when_a_person_says_so(deliver, city, as_user) -> None:
    deliver(directory=[firm(A, "台州宏达机械有限公司"), firm(B, "台州永固阀门有限公司")])
    deliver(tax=[{"uscc": STRANGER, "name": "台州宏达机械制造有限公司", "tax": 7}])
    finding = Finding.objects.get(kind="unknown_firm")
    assert finding.proposals == [A]
    assert f"台州宏达机械有限公司（{A}），须经人工核对确认，未代为采用" in finding.sentence
    assert not FirmYear.objects.current().filter(tax__isnull=False).exists()
    row = RawRow.objects.get(status="quarantined")
    place = row.cells.index(STRANGER)
    client = as_user(city)
    assert f'value="{place}:{A}"' in client.get(reverse("registry:row", args=[row.pk])).content.decode()
    client.post(reverse("registry:correct", args=[row.pk]), {"propose": f"{place}:{A}"})
    assert FirmYear.objects.current().get(firm__uscc=A).tax == 700


@pytest.mark.django_db
def test_only_firms_of_the_unit_that_the_code_names(deliver) -> None:
    deliver(directory=[firm(A, "台州宏达机械有限公司", unit="黄岩区"), firm(B, "台州永固阀门有限公司")])
    deliver(tax=[{"uscc": STRANGER, "name": "台州宏达机械有限公司", "tax": 7}])
    assert Finding.objects.get(kind="unknown_firm").proposals == []


@pytest.mark.django_db
def test_a_code_that_other_years_know_is_nobody_elses(deliver) -> None:
    deliver(directory=[firm(A, "台州宏达机械有限公司")])
    deliver(directory=[firm(B, "台州宏达机械有限公司")], year=2021)
    deliver(tax=[{"uscc": B, "name": "台州宏达机械有限公司", "tax": 7}])
    finding = Finding.objects.get(kind="unknown_firm")
    assert finding.proposals == []
    assert "在其他年度的名录中" in finding.sentence
