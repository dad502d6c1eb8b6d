"""Parcels, leases, buildings and meters that do not fit are named with what is missing; nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from deliveries import A, B, C, D, firm
from django.utils import timezone

from fenghuang.domain.feeds.models import Delivery, Finding
from fenghuang.domain.registry import land_queries as queries
from fenghuang.domain.registry.actions import undo
from fenghuang.domain.registry.land_checks import Checks, built_far
from fenghuang.domain.registry.land_models import Building, Contract, Lease, Milestone, Parcel, Park
from fenghuang.domain.registry.models import FirmYear, Recording
from fenghuang.domain.registry.past import Past

pytestmark = pytest.mark.django_db
FIRMS = [firm(A), firm(B), firm(C, unit="黄岩区", township="澹溪镇")]


def parcel(reference: str = "P1", uscc: str = A, amount: float = 10) -> dict[str, Any]:
    return {"reference": reference, "uscc": uscc, "amount": amount}


def lease(tenant: str, amount: float, reference: str = "P1", **more: Any) -> dict[str, Any]:
    return {"reference": reference, "uscc": A, "tenant": tenant, "amount": amount, **more}


def contract(reference: str = "P1", **more: Any) -> dict[str, Any]:
    return {"reference": reference, "uscc": A, "right": "出让", **more}


def building(floor: float, number: str = "1 幢", **more: Any) -> dict[str, Any]:
    return {"reference": "P1", "uscc": A, "building": number, "floor_area": floor, **more}


def found(year: int = 2022) -> list[tuple[str, str, int | None]]:
    return [(one.kind, one.reference, one.amount) for one in Checks(year).run()]


# --- parcels and leases -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("areas", "expected"),
    [((4, 5.9999), []), ((4, 6), []), ((4, 6.0001), [("overlet", "P1", 1)])],
)
def test_leases_below_at_and_above_the_parcels_area(deliver, areas, expected) -> None:
    deliver(directory=FIRMS, parcels=[parcel()], leases=[lease(B, areas[0]), lease(C, areas[1])])
    assert found() == expected


def test_a_tenant_that_nobody_knows_leaves_a_gap(deliver) -> None:
    deliver(directory=FIRMS, parcels=[parcel()], leases=[lease(B, 2), lease(D, 3.5, tenant_name="没听说过")])
    assert found() == [("area_gap", "P1", 35_000), ("unknown_tenant", "P1", 35_000)]
    deliver(directory=[firm(D)])
    assert found() == []
    assert FirmYear.objects.current().get(firm__uscc=A).land_mu == 45_000


def test_a_parcel_with_two_owners(deliver) -> None:
    deliver(directory=FIRMS, parcels=[parcel(), parcel(uscc=B), parcel("P2")])
    assert found() == [("two_owners", "P1", 100_000)]
    assert "一宗两主" in [one.title for one in Checks(2022).run()]


def test_the_same_rooms_let_twice_and_one_after_the_other(deliver) -> None:
    one = lease(B, 1, place="1 幢 2 层", start="2022-01-01", end="2022-06-30")
    after = lease(C, 1, place="1 幢 2 层", start="2022-07-01", end="2023-06-30")
    deliver(directory=FIRMS, parcels=[parcel()], leases=[one, after])
    assert found() == []
    deliver(leases=[{**after, "start": "2022/6/30"}])
    assert found() == [("leases_overlap", "P1", 10_000)]
    assert "重叠 2022-06-30 至 2022-06-30" in Checks(2022).run()[0].words
    deliver(leases=[{**after, "start": None}])
    assert found() == []  # without a day nothing is known


# --- contracts and buildings ------------------------------------------------------------------------------------------


def test_one_mu_is_two_thirds_of_a_thousand_square_metres() -> None:
    assert built_far(66_666 * 100 + 67, 10 * 10_000 * 10) == 1_000_000
    assert built_far(1, 0) is None


@pytest.mark.parametrize(
    ("floor", "expected"),
    [
        (5999.99, [("far_below", "P1", 1)]),  # 6 亩 are 4000 m²; 1.5 asks for 6000
        (6000, []),
        (8000, []),
        (8000.01, [("far_above", "P1", 1)]),
    ],
)
def test_the_built_ratio_against_the_contracts(deliver, floor, expected) -> None:
    agreed = contract(far_agreed="是", far_min=1.5, far_max=2)
    two = [building(floor - 1000), building(1000, "2 幢")]
    deliver(directory=FIRMS, parcels=[parcel(amount=6)], contracts=[agreed], buildings=two)
    assert found() == expected


def test_no_ratio_agreed_is_not_a_ratio_unknown(deliver) -> None:
    deliver(
        directory=FIRMS,
        parcels=[parcel("P1"), parcel("P2"), parcel("P3")],
        contracts=[contract("P1", far_agreed="否"), contract("P2"), contract("P3", far_agreed="是")],
        buildings=[building(1)],
    )
    assert found() == [("far_unfilled", "P3", None)]
    agreed = dict(Contract.objects.current().values_list("reference", "far_agreed"))
    assert agreed == {"P1": False, "P2": None, "P3": True}


def test_the_contracts_area_is_compared(deliver) -> None:
    deliver(directory=FIRMS, parcels=[parcel()], contracts=[contract(area=9.5)])
    assert found() == [("area_differs", "P1", 5_000)]


# --- power ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "expected"),
    [((40, 60), []), ((40, 59.99), [("shares_gap", "M1", 1)]), ((40, 70), [("shares_gap", "M1", 1000)])],
)
def test_shares_of_a_meter_below_at_and_above_the_whole(deliver, shares, expected) -> None:
    given = [{"reference": "M1", "uscc": uscc, "share": share} for uscc, share in zip((A, B), shares, strict=True)]
    deliver(directory=FIRMS, meters=[{"reference": "M1", "uscc": A, "amount": 10_000}], meter_shares=given)
    assert found() == expected


def test_a_sharer_that_nobody_knows(deliver) -> None:
    given = [{"reference": "M1", "uscc": A, "share": 75}, {"reference": "M1", "uscc": D, "share": 25}]
    deliver(directory=FIRMS, meters=[{"reference": "M1", "uscc": A, "amount": 10_000}], meter_shares=given)
    assert found() == [("unknown_sharer", "M1", 2_500)]


# --- rows, versions, undo ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "says"),
    [
        (contract(end="长期"), "bad_date", "使用期止“长期”不是日期，应为：日期，如 2022-03-01"),
        (contract(start="2022-02-30"), "bad_date", "不是日期"),
        (contract(start="2022-02-01", end="2022-01-31"), "ends_before_start", "早于起始日期 2022-02-01"),
        (contract(far_agreed="否", far_min=1), "far_contradicts", "合同未约定容积率，却填了约定的数值"),
        (contract(far_agreed="是", far_min=2, far_max=1.5), "far_contradicts", "下限 2 高于上限 1.5"),
        (contract("P9"), "unknown_parcel", "“P9”不在当年宗地表中"),
        (contract(right="赠与"), "not_a_choice", "不在选项内"),
        (contract(uscc=D), "unknown_firm", "不在 2022 年名录中"),
    ],
)
def test_bad_rows_are_put_aside_with_a_sentence_and_do_not_count(deliver, given, kind, says) -> None:
    deliver(directory=FIRMS, parcels=[parcel()], contracts=[given])
    finding = Finding.objects.get()
    assert finding.kind == kind
    assert says in finding.sentence
    assert not Contract.objects.current().filter(counts=True).exists()
    assert FirmYear.objects.current().get(firm__uscc=A).land_mu == 100_000  # no fact waits for a contract


def test_days_as_people_write_them(deliver) -> None:
    days = ["2022-03-01", "2022/3/1", "2022年3月1日", "20220301", "2022-03-01 00:00:00"]
    references = [f"P{number}" for number in range(len(days))]
    deliver(
        directory=FIRMS,
        parcels=[parcel(reference) for reference in references],
        contracts=[contract(reference, granted=day) for reference, day in zip(references, days, strict=True)],
    )
    assert {f"{one:%Y-%m-%d}" for one in Contract.objects.values_list("granted", flat=True)} == {"2022-03-01"}


def test_parks_and_milestones(deliver) -> None:
    deliver(
        directory=FIRMS,
        parks=[{"park": "云岫小微企业园", "unit": "黄岩区", "category": "小微企业园", "stars": 0}],
        milestones=[{"code": "X1", "uscc": A, "milestone": "开工", "planned": "2022-05-01"}],
    )
    park, step = Park.objects.current().get(), Milestone.objects.current().get()
    assert (park.unit_id, park.stars, park.counts) == ("331003", 0, True)
    assert (step.milestone, step.actual, step.firm.uscc) == ("开工", None, A)
    deliver(parks=[{"park": "乙园", "unit": "火星", "category": "小微企业园"}])
    assert Finding.objects.get().kind == "unknown_unit"


def test_a_delivery_is_undone_and_what_it_replaced_stands_again(deliver, city) -> None:
    deliver(directory=FIRMS, parcels=[parcel()], contracts=[contract(far_agreed="是", far_min=1)])
    deliver(contracts=[contract(far_agreed="是", far_min=2)], buildings=[building(1)])
    assert Contract.objects.current().get().far_min == 2_000_000
    for name in ("contracts", "buildings"):
        undo(Delivery.objects.filter(template=name).latest("id"), user=city, reason="报错了")
    assert Contract.objects.current().get().far_min == 1_000_000
    assert not Building.objects.current().exists()
    assert Building.objects.count() == 1  # nothing is deleted


def test_a_parcel_that_is_taken_back_takes_its_contract_along(deliver, city) -> None:
    deliver(directory=FIRMS, parcels=[parcel()])
    deliver(contracts=[contract()], leases=[lease(B, 1)])
    undo(Delivery.objects.get(template="parcels"), user=city, reason="报错了")
    assert not Parcel.objects.current().exists()
    assert not Contract.objects.current().get().counts
    assert not Lease.objects.current().get().counts


def test_the_same_again_changes_nothing(deliver) -> None:
    deliver(directory=FIRMS, parcels=[parcel()], contracts=[contract(end="2050-01-01", park="甲园")])
    deliver(directory=FIRMS, parcels=[parcel()], contracts=[contract(end="2050-01-01", park="甲园")], year=2022)
    assert Contract.objects.count() == 1


def test_a_past_day_is_known_as_it_was(deliver, city) -> None:
    deliver(directory=FIRMS, parcels=[parcel()])
    Recording.objects.update(at=timezone.now() - timedelta(days=3))
    deliver(parcels=[parcel(amount=12)], contracts=[contract()], leases=[lease(B, 13)])
    yesterday = Past.of(f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}")
    page = queries.parcel_page(city, "P1", 2022, yesterday)
    assert (page.parcel.area, page.contract, page.leases, page.found) == (100_000, None, [], [])
    page = queries.parcel_page(city, "P1", 2022, Past())
    assert (page.parcel.area, [one.kind for one in page.found]) == (120_000, ["overlet"])
    before = Past.of(f"{timezone.localdate() - timedelta(days=9):%Y-%m-%d}")
    assert queries.parcel_page(city, "P1", 2022, before) is None


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_a_county_sees_what_its_firms_hold_or_rent(deliver, county, city) -> None:
    deliver(
        directory=FIRMS,
        parcels=[parcel("P1"), parcel("P2"), parcel("P3", C)],
        leases=[lease(C, 11, "P1"), lease(B, 11, "P2")],
        meters=[{"reference": f"M{n}", "uscc": uscc, "amount": 10} for n, uscc in enumerate((A, A, C))],
        meter_shares=[
            {"reference": "M0", "uscc": A, "share": 50},
            {"reference": "M0", "uscc": C, "share": 40},
            {"reference": "M1", "uscc": A, "share": 90},
        ],
    )
    assert {one.reference for one in queries.parcels(city)} == {"P1", "P2", "P3"}
    assert {one.reference for one in queries.parcels(county)} == {"P1", "P3"}
    assert {one.reference for one in queries.meters(county)} == {"M0", "M2"}
    assert [(one.kind, one.reference) for one in queries.discrepancies(county, 2022)] == [
        ("overlet", "P1"),
        ("shares_gap", "M0"),
    ]
    assert len(queries.discrepancies(city, 2022)) == 4
    assert queries.parcel_page(county, "P2", 2022, Past()) is None
