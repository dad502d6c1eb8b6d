"""What an import makes of departments' rows: facts, what stays unknown, corrections, order."""

from itertools import permutations
from pathlib import Path

import pytest
from deliveries import A, B, C, D, code, firm, firms, workbook

from fenghuang.domain.feeds.models import Delivery, Finding, RawRow
from fenghuang.domain.registry.actions import import_files
from fenghuang.domain.registry.models import Firm, FirmName, FirmYear, Part, Project, Recording
from fenghuang.platform.audit.log import verify
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db


def year_of(uscc: str, year: int = 2022) -> FirmYear:
    return FirmYear.objects.current().get(firm__uscc=uscc, year=year)


def open_findings() -> set[tuple[str, str]]:
    return set(Finding.objects.filter(resolved_at__isnull=True).values_list("kind", "field"))


def statuses() -> list[str]:
    return list(RawRow.objects.order_by("id").values_list("status", flat=True))


def test_facts_units_and_pointers(deliver) -> None:
    deliver(
        directory=[firm(A, "台州甲有限公司", revenue=12.5, value_added=3, township="某镇", industry="C3411")],
        tax=[{"uscc": A, "tax": 171904347.88000003, "local_contribution": -3}],
        research=[{"uscc": A, "rnd_expense": 1.23}],
        emissions=[{"uscc": A, "emission_t": 0.0000005}],
        employees=[{"uscc": A, "employees": 12}],
    )
    found = year_of(A)
    assert (found.revenue, found.value_added, found.tax) == (1_250_000, 300_000, 17190434788)
    assert (found.local_contribution, found.rnd_expense, found.emission_t, found.employees) == (-300, 1_230_000, 1, 12)
    assert (found.unit_id, found.industry, found.above_scale, found.energy_tce) == ("331002", "3411", True, None)
    assert found.tax_row.cells[0] == A
    assert found.firm.initials == "tzjyxgs"


def test_sums_over_parcels_and_leases_meters_and_shares(deliver) -> None:
    deliver(
        directory=firms(A, B, C, D),
        parcels=[
            {"reference": "P1", "uscc": A, "amount": 10},
            {"reference": "P2", "uscc": A, "amount": 0.5},
            {"reference": "P3", "uscc": B, "amount": 4},
        ],
        leases=[
            {"reference": "P1", "uscc": A, "tenant": B, "amount": 3},
            {"reference": "P1", "uscc": A, "tenant": C, "amount": 2.5},
            {"reference": "P1", "uscc": B, "tenant": D, "amount": 1},  # B lets on what it rents
        ],
        meters=[{"reference": "M1", "uscc": A, "amount": 100}, {"reference": "M2", "uscc": A, "amount": 7}],
        meter_shares=[{"reference": "M1", "uscc": A, "share": 33.33}, {"reference": "M1", "uscc": C, "share": 66.67}],
    )
    assert [year_of(x).land_mu for x in (A, B, C, D)] == [50_000, 60_000, 25_000, 10_000]
    assert [year_of(x).electricity_kwh for x in (A, B, C)] == [40, None, 67]
    assert not open_findings()


def test_one_withheld_piece_makes_the_sum_unknown(deliver) -> None:
    deliver(
        directory=firms(A, B),
        parcels=[{"reference": "P1", "uscc": A, "amount": 10}, {"reference": "P2", "uscc": A, "amount": "约3"}],
        meters=[{"reference": "M1", "uscc": A, "amount": 5}, {"reference": "M2", "uscc": B, "amount": 1}],
    )
    assert (year_of(A).land_mu, year_of(A).electricity_kwh, year_of(B).electricity_kwh) == (None, 5, 1)
    withheld = Part.objects.get(kind="withheld")
    assert (withheld.fact, withheld.reference, withheld.raw_row.cells[0]) == ("land_mu", "P2", "P2")


@pytest.mark.parametrize("wrong", ["short", "lookalike", "digit"])
def test_a_faulty_code_withholds_from_whom_it_may_be(deliver, wrong: str) -> None:
    uscc = next(c for c in map(code, range(2000, 3000)) if "0" in c[8:17])
    spoilt = {
        "short": uscc[:12] + uscc[13:],
        "lookalike": uscc[:8] + uscc[8:].replace("0", "O", 1),
        "digit": uscc[:17] + ("0" if uscc[17] != "0" else "1"),
    }[wrong]
    deliver(
        directory=firms(uscc, B),
        parcels=[{"reference": "P1", "uscc": uscc, "amount": 1}, {"reference": "P2", "uscc": spoilt, "amount": 2}],
    )
    assert year_of(uscc).land_mu is None
    finding = Finding.objects.get()
    assert finding.proposals == [uscc]
    assert (finding.uscc, finding.unit_id) == (uscc, "331002")
    assert not Firm.objects.filter(uscc=spoilt).exists()


def test_a_code_nobody_can_guess_is_traced_by_name(deliver) -> None:
    deliver(
        directory=[firm(A, "甲公司")],
        parcels=[
            {"reference": "P1", "uscc": A, "amount": 1},
            {"reference": "P2", "uscc": "331002123456789", "name": "甲 公司", "amount": 2},
        ],
    )
    assert year_of(A).land_mu is None
    deliver(parcels=[{"reference": "P2", "uscc": A, "name": "甲公司", "amount": 2}])
    assert year_of(A).land_mu == 30_000
    assert not open_findings()


def test_leases_beyond_the_parcel(deliver) -> None:
    deliver(
        directory=firms(A, B, C),
        parcels=[{"reference": "P1", "uscc": A, "amount": 5}],
        leases=[{"reference": "P1", "uscc": A, "tenant": t, "amount": 2.5001} for t in (B, C)],
    )
    assert open_findings() == {("lease_exceeds_parcel", "amount")}
    assert [year_of(x).land_mu for x in (A, B, C)] == [None] * 3
    deliver(leases=[{"reference": "P1", "uscc": A, "tenant": B, "amount": 2.4999}])
    assert [year_of(x).land_mu for x in (A, B, C)] == [0, 24_999, 25_001]
    assert not open_findings()


def test_a_lessor_without_land_and_a_lease_on_an_unknown_parcel(deliver) -> None:
    deliver(
        directory=firms(A, B, C),
        parcels=[{"reference": "P1", "uscc": A, "amount": 5}],
        leases=[
            {"reference": "P1", "uscc": B, "tenant": C, "amount": 1},
            {"reference": "P9", "uscc": A, "tenant": C, "amount": 1},
        ],
    )
    assert open_findings() == {("lease_exceeds_parcel", "amount"), ("unknown_parcel", "reference")}


def test_shares_that_do_not_add_withhold_the_meter_until_corrected(deliver) -> None:
    deliver(
        directory=firms(A, B),
        meters=[{"reference": "M1", "uscc": A, "amount": 100}, {"reference": "M2", "uscc": B, "amount": 9}],
        meter_shares=[{"reference": "M1", "uscc": A, "share": 60}, {"reference": "M1", "uscc": B, "share": 39.99}],
    )
    assert [year_of(x).electricity_kwh for x in (A, B)] == [None, None]
    assert RawRow.objects.filter(status="quarantined").count() == 3
    deliver(meter_shares=[{"reference": "M1", "uscc": B, "share": 40}])
    assert [year_of(x).electricity_kwh for x in (A, B)] == [60, 49]
    assert not open_findings()
    assert sorted(statuses()).count("quarantined") == 0


def test_twins_and_conflicts(deliver) -> None:
    deliver(
        directory=firms(A, B, C),
        tax=[{"uscc": A, "tax": 1}, {"uscc": A, "tax": 1}, {"uscc": B, "tax": 1}, {"uscc": B, "tax": 2}],
        parcels=[{"reference": "P1", "uscc": x, "amount": 5} for x in (A, B)]
        + [{"reference": "P2", "uscc": C, "amount": n} for n in (1, 2)],
    )
    assert [year_of(x).tax for x in (A, B)] == [100, None]
    assert [year_of(x).land_mu for x in (A, B, C)] == [None] * 3
    kinds = list(Finding.objects.order_by("kind").values_list("kind", flat=True))
    assert kinds == ["duplicate_conflict"] * 4 + ["duplicate_same"] + ["land_counted_twice"] * 2


def test_a_firm_of_another_year_only_waits_for_its_directory(deliver) -> None:
    deliver(year=2021, directory=firms(A))
    deliver(directory=firms(B), tax=[{"uscc": A, "tax": 1}])
    assert open_findings() == {("unknown_firm", "uscc")}
    deliver(directory=firms(A))
    assert year_of(A).tax == 100
    assert not open_findings()


def test_renamed_firms(deliver) -> None:
    deliver(year=2021, directory=[firm(A, "旧名有限公司")])
    deliver(directory=[firm(A, "新名有限公司")], tax=[{"uscc": A, "name": "旧名有限公司", "tax": 1}])
    assert open_findings() == {("renamed_firm", "name")}
    assert year_of(A).tax == 100
    assert list(FirmName.objects.values_list("name", "first_year", "last_year")) == [
        ("旧名有限公司", 2021, 2021),
        ("新名有限公司", 2022, 2022),
    ]
    assert Firm.objects.get().name == "新名有限公司"


def test_an_unknown_unit_keeps_the_firm_but_not_the_facts(deliver) -> None:
    deliver(directory=[firm(A, unit="泰州市", revenue=1)], tax=[{"uscc": A, "tax": 1}])
    found = year_of(A)
    assert (found.unit, found.revenue, found.above_scale, found.tax) == (None, None, None, 100)
    assert open_findings() == {("unknown_unit", "unit")}


def test_projects(deliver) -> None:
    row = {"code": "X-1", "title": "技改", "uscc": A, "applies_for": "技改补助、租赁厂房补助", "far_before": 1.2}
    deliver(directory=firms(A), projects=[{**row, "equipment_investment": 500, "is_key_project": "是"}])
    deliver(projects=[{**row, "equipment_investment": 600.000001}])
    old, new = Project.objects.order_by("id")
    assert (new.applies_for, new.equipment_investment, new.far_before) == (
        ["upgrade_subsidy", "rent_subsidy"],
        600_000_001,
        1_200_000,
    )
    assert (old.superseded_id, new.recorded_id) == (new.recorded_id, Recording.latest().pk)
    assert (old.is_key_project, new.is_key_project) == (True, None)


def test_the_same_file_twice_and_the_same_rows_in_another_file(deliver, tmp_path: Path) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": 1}])
    again = import_files([tmp_path / "交付1.xlsx"])
    assert [file.status for file in again.files] == ["known", "known"]
    assert again.recording is None
    assert Delivery.objects.count() == 2
    third = deliver(tax=[{"uscc": A, "tax": 1.0, "name": ""}])
    assert (third.files[0].taken, third.files[0].unchanged) == (0, 1)
    assert FirmYear.objects.count() == 1


def test_a_corrected_file_supersedes_and_the_past_can_be_asked(deliver) -> None:
    deliver(directory=firms(A, B), tax=[{"uscc": A, "tax": 1}, {"uscc": B, "tax": "待核"}])
    first = Recording.latest()
    report = deliver(tax=[{"uscc": A, "tax": 2}, {"uscc": B, "tax": 5}])
    assert (report.files[0].taken, report.files[0].quarantined) == (2, 0)
    assert (year_of(A).tax, year_of(B).tax) == (200, 500)
    assert FirmYear.objects.as_of(first).get(firm__uscc=A).tax == 100
    assert FirmYear.objects.as_of(first).get(firm__uscc=B).tax is None
    assert statuses() == ["taken", "taken", "superseded", "resolved", "taken", "taken"]
    finding = Finding.objects.get()
    assert finding.resolved_by_id == report.files[0].delivery
    deliver(tax=[{"uscc": A, "tax": 1.0}])  # and back again
    assert year_of(A).tax == 100


def test_vanished_rows_stay_and_are_said(deliver) -> None:
    deliver(directory=firms(A, B), tax=[{"uscc": A, "tax": 1}, {"uscc": B, "tax": 1}])
    report = deliver(tax=[{"uscc": A, "tax": 2}])
    assert year_of(B).tax == 100
    assert any("1 行" in remark for remark in report.files[0].remarks)
    assert report.files[0].notices == 1


def test_a_fault_delivered_again_is_one_fault(deliver) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": "无"}])
    deliver(tax=[{"uscc": A, "tax": "见附件"}])
    assert Finding.objects.filter(resolved_at=None).count() == 1
    assert statuses()[1:] == ["superseded", "quarantined"]
    deliver(tax=[{"uscc": A, "tax": 3}])
    assert statuses()[1:] == ["superseded", "resolved", "taken"]
    assert not open_findings()


def test_a_bad_correction_leaves_the_known_fact_but_not_a_sum(deliver) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": 1}], parcels=[{"reference": "P1", "uscc": A, "amount": 1}])
    deliver(tax=[{"uscc": A, "tax": "无"}], parcels=[{"reference": "P1", "uscc": A, "amount": -1}])
    assert (year_of(A).tax, year_of(A).land_mu) == (100, None)


SHEETS = {
    "directory": [firm(A, "甲公司"), firm(B, "乙公司"), firm(C, "丙公司")],
    "parcels": [{"reference": "P1", "uscc": A, "amount": 5}, {"reference": "P2", "uscc": B, "amount": 5}],
    "leases": [
        {"reference": "P1", "uscc": A, "tenant": C, "amount": 2},
        {"reference": "P2", "uscc": B, "tenant": C, "amount": 9},
        {"reference": "P3", "uscc": B, "tenant": C, "amount": 9},
    ],
    "meters": [{"reference": "M1", "uscc": A, "amount": 101}, {"reference": "M2", "uscc": D, "amount": 1}],
    "meter_shares": [{"reference": "M1", "uscc": A, "share": 50}, {"reference": "M1", "uscc": C, "share": 50}],
}


@pytest.mark.parametrize("order", list(permutations(range(5)))[::11])
def test_the_order_of_the_files_does_not_matter(deliver, order: tuple[int, ...]) -> None:
    names = list(SHEETS)
    for place in order:
        deliver(**{names[place]: SHEETS[names[place]]})
    facts = (
        FirmYear.objects.current()
        .order_by("firm__uscc")
        .values_list("firm__uscc", "name", "land_mu", "electricity_kwh")
    )
    assert sorted(facts) == sorted([(A, "甲公司", 30_000, 51), (B, "乙公司", None, None), (C, "丙公司", None, 50)])
    waiting = RawRow.objects.filter(status="quarantined").values_list("delivery__template", "key")
    assert sorted(waiting) == sorted([("leases", f"P2|{C}"), ("leases", f"P3|{C}"), ("meters", "M2")])
    assert sorted(Finding.objects.filter(resolved_at=None).values_list("kind", flat=True)) == [
        "lease_exceeds_parcel", "unknown_firm", "unknown_parcel",
    ]  # fmt: skip


def test_missing_departments(deliver) -> None:
    report = deliver(directory=firms(A), tax=[])
    assert ("tax", 2022) in {(missing.template, missing.year) for missing in report.missing}
    assert "市税务局" in {missing.department for missing in report.missing}


def test_a_bad_file_is_left_out_and_the_others_are_taken(tmp_path: Path, db) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"PK\x03\x04 torn")
    report = import_files([bad, workbook(tmp_path / "好.xlsx", ("directory", firms(A)))])
    assert [file.status for file in report.files] == ["fault", "taken"]
    assert Firm.objects.count() == 1


def test_every_delivery_is_an_event_of_an_unbroken_chain(deliver) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": 1}])
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == [
        "feeds.delivered", "feeds.delivered", "registry.recorded",
    ]  # fmt: skip
    assert verify().ok


def test_the_file_is_kept_as_it_came(deliver, tmp_path: Path) -> None:
    deliver(directory=firms(A))
    assert Delivery.objects.get().path.read_bytes() == (tmp_path / "交付1.xlsx").read_bytes()
