"""Corrections, refusals and undo: the same checks, new versions, nothing lost, and facts exactly as they were."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from deliveries import A, B, C, code, firm, firms
from django.core.exceptions import PermissionDenied
from django.db import connection

from fenghuang.domain.feeds.models import Delivery, Finding, RawRow
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.registry import actions
from fenghuang.domain.registry.columns import FIRM_YEAR
from fenghuang.domain.registry.models import FirmName, FirmYear, Part, Project, Recording
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db
WHY = "与企业核对"


def held(template: str, number: int = 0) -> RawRow:
    return RawRow.objects.filter(delivery__template=template, status="quarantined").order_by("id")[number]


def put(row: RawRow, user: User | None = None, **cells: str) -> RawRow:
    from fenghuang.domain.feeds.intake import layout

    places = dict(layout(row.delivery))
    texts = list(row.cells)
    for name, text in cells.items():
        texts[places[name]] = text
    return actions.correct(row, texts, user=user, reason=WHY)


def state() -> dict[str, Any]:
    """Everything that is true today, and the outcome of every row that counts."""
    years = FirmYear.objects.current().order_by("firm__uscc", "year")
    parts = Part.objects.current().values_list("firm__uscc", "fact", "kind", "reference", "amount", "raw_row")
    return {
        "facts": list(years.values_list("firm__uscc", "year", *FIRM_YEAR)),
        "parts": sorted(parts, key=str),
        "projects": sorted(Project.objects.current().values_list("code", "year", "title", "raw_row")),
        "names": sorted(FirmName.objects.values_list("firm__uscc", "name", "first_year", "last_year")),
        "rows": sorted(RawRow.objects.exclude(status="withdrawn").values_list("id", "status", "resolved_by")),
        "open": sorted(
            Finding.objects.filter(resolved_at=None).values_list("raw_row", "field", "kind", "sentence", "uscc", "unit")
        ),
    }


def year_of(uscc: str) -> FirmYear:
    return FirmYear.objects.current().get(firm__uscc=uscc, year=2022)


# --- corrections --------------------------------------------------------------------------------------------------


def test_a_correction_is_a_new_row_and_the_old_one_stays(deliver, city, home: Path) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": "12O0"}])
    before = Recording.latest()
    row = held("tax")
    new = put(row, city, tax="1200")
    assert (new.status, new.corrects_id, new.row) == ("taken", row.pk, row.row)
    row.refresh_from_db()
    assert (row.status, row.cells[3], row.resolved_by_id) == ("resolved", "12O0", new.delivery_id)
    assert (year_of(A).tax, year_of(A).tax_row_id) == (120_000, new.pk)
    assert FirmYear.objects.as_of(before).get().tax is None
    assert not Finding.objects.filter(resolved_at=None).exists()
    event = Event.objects.get(action="feeds.corrected")
    assert (event.reason, event.actor, event.subject_id) == (WHY, city, str(row.pk))
    assert (event.before, event.after) == (
        {"评价税收（元）": "***"},  # who may read the log need not know taxes; the two rows hold them
        {"评价税收（元）": "***", "结果": "已采用"},
    )
    delivery = new.delivery
    assert (delivery.kind, delivery.reason, delivery.received_by) == ("correction", WHY, city)
    assert delivery.path.exists()
    assert verify().ok


def test_a_correction_that_is_still_wrong_waits_with_new_findings(deliver, city) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": "无"}])
    new = put(held("tax"), city, tax="1,23")
    assert new.status == "quarantined"
    assert RawRow.objects.filter(status="quarantined").count() == 1
    assert "千分位" in Finding.objects.get(resolved_at=None).sentence
    again = put(new, city, tax="1,234")
    assert (again.status, year_of(A).tax) == ("taken", 123_400)


def test_the_very_same_checks(deliver, city) -> None:
    """A lease beyond its parcel, a share that does not add, a firm not listed: no way around by hand."""
    deliver(
        directory=firms(A, B),
        parcels=[{"reference": "P1", "uscc": A, "amount": 5}],
        leases=[{"reference": "P1", "uscc": A, "tenant": B, "amount": "约2"}],
    )
    wrong = put(held("leases"), city, amount="6")
    assert wrong.status == "quarantined"
    assert Finding.objects.get(resolved_at=None).kind == "lease_exceeds_parcel"
    stranger = put(held("leases"), city, amount="2", tenant=C)
    assert Finding.objects.get(resolved_at=None).kind == "unknown_firm"
    assert put(stranger, city, tenant=B).status == "taken"
    assert (year_of(A).land_mu, year_of(B).land_mu) == (30_000, 20_000)


def test_a_code_and_a_year_put_right(deliver, city) -> None:
    spoilt = A[:17] + ("0" if A[17] != "0" else "1")
    deliver(
        directory=firms(A, B),
        tax=[
            {"uscc": spoilt, "tax": 1},
            {"uscc": B, "year": "二〇二二", "tax": 2},
            {"uscc": A, "year": 2021, "tax": 9},
        ],
    )
    assert A in Finding.objects.get(kind="wrong_check_digit").proposals
    assert put(RawRow.objects.get(key=spoilt), city, uscc=A).status == "taken"
    row = held("tax")
    assert row.findings.get().kind == "bad_year"
    assert put(row, city, year="2022").status == "taken"
    assert (year_of(A).tax, year_of(B).tax) == (100, 200)
    assert not RawRow.objects.filter(status="quarantined", year=2022).exists()


def test_a_row_moves_to_another_year(deliver, city) -> None:
    deliver(year=2021, directory=firms(A))
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": "x"}])
    new = put(held("tax"), city, tax="5", year="2021")
    assert (new.status, new.year) == ("taken", 2021)
    assert year_of(A).tax is None
    assert not RawRow.objects.filter(status="quarantined").exists()
    actions.undo(new.delivery, user=city, reason=WHY)
    assert held("tax").year == 2022
    assert Finding.objects.filter(resolved_at=None).count() == 1


def test_of_two_rows_in_conflict_one_is_corrected_or_refused(deliver, city) -> None:
    rows = [{"uscc": A, "tax": 1}, {"uscc": A, "tax": 2}]
    deliver(directory=firms(A, B), tax=rows)
    put(held("tax", 1), city, uscc=B)
    assert (year_of(A).tax, year_of(B).tax) == (100, 200)
    deliver(year=2021, directory=firms(A), tax=rows)
    actions.reject(held("tax", 1), user=city, reason=WHY)
    assert FirmYear.objects.current().get(firm__uscc=A, year=2021).tax == 100
    assert not Finding.objects.filter(resolved_at=None).exists()


def test_a_correction_needs_a_reason_and_a_change(deliver, city) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": "x"}])
    row = held("tax")
    with pytest.raises(Stale, match="没有改动"):
        put(row, city)
    with pytest.raises(Stale, match="理由"):
        actions.correct(row, ["", *row.cells[1:]], user=city, reason=" ")
    with pytest.raises(Stale, match="格数"):
        actions.correct(row, row.cells[1:], user=city, reason=WHY)
    with pytest.raises(Stale, match="理由"):
        actions.reject(row, user=city, reason="")
    assert Delivery.objects.count() == 2


def test_who_may_correct(deliver, city, county, auditor, operator) -> None:
    deliver(
        directory=[firm(A), firm(B, unit="黄岩区"), firm(C, unit="黄岩区")],
        tax=[{"uscc": A, "tax": "x"}, {"uscc": B, "tax": "y"}, {"uscc": code(77), "tax": 1}],
    )
    other, own, nobody = (RawRow.objects.get(delivery__template="tax", key=uscc) for uscc in (A, B, code(77)))
    for who, row in ((auditor, own), (operator, own), (county, other), (county, nobody)):
        for deed in (
            lambda who=who, row=row: put(row, who, tax="1"),
            lambda who=who, row=row: actions.reject(row, user=who, reason=WHY),
        ):
            with pytest.raises(PermissionDenied):
                deed()
    with pytest.raises(Stale, match="不属于本单位"):
        put(own, county, tax="1", uscc=A)
    assert put(own, county, tax="1", uscc=C).status == "taken"
    assert (year_of(B).tax, year_of(C).tax) == (None, 100)
    assert put(other, city, tax="3").status == "taken"


def test_a_county_may_not_move_a_firm_to_another_unit(deliver, county) -> None:
    deliver(directory=[firm(B, unit="黄岩区", revenue="x")])
    with pytest.raises(Stale, match="不属于本单位"):
        put(held("directory"), county, revenue="1", unit="椒江区")
    assert put(held("directory"), county, revenue="1").status == "taken"


# --- refused and looked at again ----------------------------------------------------------------------------------


def test_a_refused_row_withholds_nothing_and_can_come_back(deliver, city) -> None:
    deliver(
        directory=firms(A),
        parcels=[{"reference": "P1", "uscc": A, "amount": 10}, {"reference": "P2", "uscc": A, "amount": "约3"}],
    )
    before = state()
    assert year_of(A).land_mu is None
    row = held("parcels")
    actions.reject(row, user=city, reason="该宗地已注销")
    assert year_of(A).land_mu == 100_000
    row.refresh_from_db()
    assert row.status == "rejected"
    assert not Finding.objects.filter(resolved_at=None).exists()
    deliver(parcels=[{"reference": "P1", "uscc": A, "amount": 11}])
    assert year_of(A).land_mu == 110_000
    assert actions.restore(row, user=city, reason="注销有误").status == "quarantined"
    assert year_of(A).land_mu is None
    actions.undo(Delivery.objects.filter(template="parcels").latest("id"), user=city, reason=WHY)
    assert state() == before
    assert [
        *Event.objects.filter(action__in=["feeds.rejected", "feeds.restored"])
        .order_by("id")
        .values_list("reason", flat=True)
    ] == [
        "该宗地已注销",
        "注销有误",
    ]


def test_a_refused_row_gives_back_what_it_had_replaced(deliver, city) -> None:
    deliver(
        directory=firms(A, B),
        parcels=[{"reference": "P1", "uscc": A, "amount": 5}],
        leases=[{"reference": "P1", "uscc": A, "tenant": B, "amount": 2}],
    )
    deliver(leases=[{"reference": "P1", "uscc": A, "tenant": B, "amount": 9}])
    assert year_of(B).land_mu is None
    actions.reject(held("leases"), user=city, reason=WHY)
    assert (year_of(A).land_mu, year_of(B).land_mu) == (30_000, 20_000)


# --- two at once --------------------------------------------------------------------------------------------------


def test_the_second_hears_who_was_first(deliver, city, county) -> None:
    deliver(directory=[firm(A, unit="黄岩区")], tax=[{"uscc": A, "tax": "x"}])
    row = held("tax")
    put(row, county, tax="1")
    with pytest.raises(Stale, match=r"第 2 行已由wang 某于 .* 更正（.*现为“1”，您填的是“2”），您的修改没有保存"):
        put(row, city, tax="2")
    with pytest.raises(Stale, match="已由wang 某"):
        actions.reject(row, user=city, reason=WHY)
    assert year_of(A).tax == 100


def test_between_reading_and_writing(deliver, city, county, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another correction takes effect after the first was worked out: it is worked out again, or comes too late."""
    deliver(directory=[firm(A, unit="黄岩区"), firm(B)], tax=[{"uscc": A, "tax": "x"}, {"uscc": B, "tax": "y"}])
    first, other = held("tax"), held("tax", 1)
    deeds = [lambda: put(other, city, tax="3"), lambda: put(first, county, tax="1")]
    real = actions.make_plan

    def slow(*args: Any, **kwargs: Any) -> Any:
        plan = real(*args, **kwargs)
        if deeds:
            deeds.pop(0)()
        return plan

    monkeypatch.setattr(actions, "make_plan", slow)
    with pytest.raises(Stale, match="已由wang 某"):
        put(first, city, tax="2")
    assert (year_of(A).tax, year_of(B).tax) == (100, 300)
    assert verify().ok


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="SQLite's database in memory knows no two writers")
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment(deliver, city) -> None:
    deliver(directory=firms(A, B), tax=[{"uscc": A, "tax": "x"}, {"uscc": B, "tax": "y"}])
    row, other = held("tax"), held("tax", 1)
    said: list[str] = []
    ready = threading.Barrier(3)

    def deed(which: RawRow, tax: str) -> None:
        ready.wait()
        try:
            said.append(put(which, city, tax=tax).status)
        except Stale as stale:
            said.append(str(stale))
        finally:
            connection.close()

    work = [(row, "1"), (row, "2"), (other, "3")]
    threads = [threading.Thread(target=deed, args=args) for args in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said)[:2] == ["taken", "taken"]
    assert "已由zhang 某" in sorted(said)[2]
    assert year_of(A).tax in (100, 200)
    assert year_of(B).tax == 300
    assert RawRow.objects.filter(corrects=row).count() == 1
    assert verify().ok


# --- undo ---------------------------------------------------------------------------------------------------------

LAND = [{"reference": "P1", "uscc": A, "amount": 5}, {"reference": "P2", "uscc": B, "amount": "x"}]
FIRST = {
    "directory": [firm(A, "甲公司"), firm(B, "乙公司", revenue=3)],
    "tax": [{"uscc": A, "tax": 1}, {"uscc": B, "tax": "待核"}],
    "parcels": LAND,
    "leases": [{"reference": "P1", "uscc": A, "tenant": B, "amount": 2}],
    "meters": [{"reference": "M1", "uscc": A, "amount": 100}],
    "meter_shares": [{"reference": "M1", "uscc": A, "share": 60}, {"reference": "M1", "uscc": B, "share": 40}],
    "projects": [{"code": "X", "title": "技改", "uscc": A}],
}
LATER: dict[str, list[dict[str, Any]]] = {
    "directory": [firm(A, "甲新公司"), firm(C, "丙公司")],
    "tax": [{"uscc": A, "tax": 7}, {"uscc": B, "tax": 8}, {"uscc": C, "tax": 9}],
    "parcels": [{"reference": "P1", "uscc": A, "amount": 1}, {"reference": "P2", "uscc": B, "amount": 4}],
    "leases": [{"reference": "P1", "uscc": A, "tenant": B, "amount": 3}],
    "meters": [{"reference": "M1", "uscc": A, "amount": "x"}],
    "meter_shares": [{"reference": "M1", "uscc": B, "share": 41}],
    "projects": [{"code": "X", "title": "技改二", "uscc": A}, {"code": "Y", "title": "新", "uscc": A}],
}


@pytest.mark.parametrize("sheet", LATER)
def test_undo_gives_back_what_was(deliver, city, sheet: str) -> None:
    deliver(**FIRST)
    before, recording = state(), Recording.latest()
    report = deliver(**{sheet: LATER[sheet]})
    after = state()
    assert after != before
    delivery = Delivery.objects.get(pk=report.files[0].delivery)
    actions.undo(delivery, user=city, reason="报错了年度")
    assert state() == before
    assert FirmYear.objects.as_of(recording + 0 if isinstance(recording, int) else recording).count() >= 2
    delivery.refresh_from_db()
    assert (delivery.withdrawn_by, delivery.withdrawn_reason) == (city, "报错了年度")
    assert RawRow.objects.filter(delivery=delivery).exclude(status="withdrawn").count() == 0
    assert Event.objects.get(action="feeds.withdrawn").reason == "报错了年度"
    again = deliver(**{sheet: LATER[sheet]})  # and the same once more
    assert again.files[0].status == "taken"
    known = {key: value for key, value in state().items() if key in ("facts", "names")}
    pointers = {name for name in FIRM_YEAR if name.endswith("_row_id")}
    assert [values(row, pointers) for row in known["facts"]] == [values(row, pointers) for row in after["facts"]]
    assert known["names"] == after["names"]
    assert verify().ok


def values(row: tuple[Any, ...], without: set[str]) -> list[Any]:
    return [cell for name, cell in zip(("uscc", "year", *FIRM_YEAR), row, strict=True) if name not in without]


@pytest.mark.parametrize("sheet", FIRST)
def test_undo_of_the_first_is_as_if_it_had_never_come(deliver, city, sheet: str) -> None:
    report = deliver(**FIRST)
    actions.undo(Delivery.objects.get(template=sheet), user=city, reason=WHY)
    left = state()
    for delivery in Delivery.objects.filter(withdrawn_at=None).order_by("-id"):
        actions.undo(delivery, user=city, reason=WHY)
    empty = state()
    assert not any(empty[name] for name in ("facts", "parts", "projects", "names", "rows", "open"))
    deliver(**{name: rows for name, rows in FIRST.items() if name != sheet})
    facts = {row[0]: values(row, {n for n in FIRM_YEAR if n.endswith("_row_id")}) for row in state()["facts"]}
    assert facts == {row[0]: values(row, {n for n in FIRM_YEAR if n.endswith("_row_id")}) for row in left["facts"]}
    assert report.recording


def test_undo_takes_its_corrections_along_and_keeps_later_rows(deliver, city) -> None:
    deliver(directory=firms(A, B), tax=[{"uscc": A, "tax": 1}])
    before = state()
    deliver(tax=[{"uscc": A, "tax": 2}, {"uscc": B, "tax": "x"}])
    wrong = put(held("tax"), city, tax="y")
    put(wrong, city, tax="4")
    later = deliver(tax=[{"uscc": B, "tax": 5}])
    assert (year_of(A).tax, year_of(B).tax) == (200, 500)
    second = Delivery.objects.filter(template="tax", kind="file").order_by("id")[1]
    actions.undo(second, user=city, reason=WHY)
    assert (year_of(A).tax, year_of(B).tax) == (100, 500)
    assert Delivery.objects.filter(withdrawn_at__isnull=False).count() == 3
    actions.undo(Delivery.objects.get(pk=later.files[0].delivery), user=city, reason=WHY)
    assert state() == before
    with pytest.raises(Stale, match="已由zhang 某于"):
        actions.undo(second, user=city, reason=WHY)


def test_who_may_undo(deliver, county, auditor) -> None:
    deliver(directory=firms(A))
    for who in (county, auditor):
        with pytest.raises(PermissionDenied):
            actions.undo(Delivery.objects.get(), user=who, reason=WHY)
    with pytest.raises(Stale, match="理由"):
        actions.undo(Delivery.objects.get(), user=None, reason="")


@pytest.mark.parametrize("place", ["_record_year", "record"])
def test_a_break_in_an_undo_leaves_all_as_it_was(deliver, city, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    deliver(**FIRST)
    before = state()

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(actions, place, broken)
    for deed in (
        lambda: actions.undo(Delivery.objects.get(template="tax"), user=city, reason=WHY),
        lambda: actions.reject(held("tax"), user=city, reason=WHY),
        lambda: put(held("tax"), city, tax="1"),
    ):
        with pytest.raises(RuntimeError):
            deed()
        assert state() == before
    assert not Delivery.objects.exclude(withdrawn_at=None).exists()
