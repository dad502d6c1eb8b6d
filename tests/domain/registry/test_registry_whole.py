"""All or nothing, who may what, the command, and a whole city against its truth."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from deliveries import A, B, code, comma_separated, firm, firms, workbook
from django.core.exceptions import PermissionDenied

from fenghuang.commands import import_
from fenghuang.demo.city import write_city
from fenghuang.domain.feeds.models import Delivery, Finding, RawRow
from fenghuang.domain.feeds.queries import findings_for
from fenghuang.domain.registry import actions, queries
from fenghuang.domain.registry.models import Firm, FirmYear, Part, Recording
from fenghuang.domain.registry.snapshot import facts
from fenghuang.platform.accounts.models import Role, Unit, User
from fenghuang.platform.audit.models import Event

pytestmark = pytest.mark.django_db


def person(role: str, unit: str | None = None) -> User:
    return User.objects.create(username=f"{role}{unit}", role=role, unit_id=unit)


def nothing() -> bool:
    return not any(model.objects.exists() for model in (Delivery, RawRow, Finding, Firm, FirmYear, Recording, Event))


@pytest.mark.parametrize("place", ["_record_year", "refresh_firms", "record"])
def test_a_break_anywhere_leaves_nothing(deliver, home: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(actions, place, broken)
    with pytest.raises(RuntimeError):
        deliver(directory=firms(A), tax=[{"uscc": A, "tax": 1}])
    assert nothing()
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="kills a process that writes a database of its own")
def test_a_killed_process_leaves_nothing_and_the_next_import_takes_all(tmp_path: Path) -> None:
    environment = {**os.environ, "FENGHUANG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "fenghuang.config.settings"}
    environment.pop("FENGHUANG_SQLITE", None)
    path = comma_separated(tmp_path / "t.csv", "directory", [firm(code(n)) for n in range(3000)])
    migrate = "import django; django.setup(); from django.core.management import call_command as c; "
    migrate += "c('migrate', verbosity=0, skip_checks=True)"
    subprocess.run([sys.executable, "-c", migrate], env=environment, check=True, capture_output=True)
    slow = (
        "import django, time, sys; django.setup(); from fenghuang.domain.registry import actions as a;"
        "real = a.refresh_firms; a.refresh_firms = lambda: (real(), print('in', flush=True), time.sleep(60));"
        f"a.import_files([a.Path({str(path)!r})])"
    )
    process = subprocess.Popen([sys.executable, "-c", slow], env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"in\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    count = (
        "import django, json; django.setup(); from fenghuang.domain.registry import actions as a, models as m;"
        "before = [m.Firm.objects.count(), m.Recording.objects.count()];"
        f"a.import_files([a.Path({str(path)!r})]); print(json.dumps([before, m.Firm.objects.count()]))"
    )
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", count], env=environment, check=True, capture_output=True)
    assert json.loads(done.stdout) == [[0, 0], 3000]
    assert time.monotonic() - begun < 30


def test_who_may_import(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", ("directory", firms(A)))
    for who in (person(Role.COUNTY, "331002"), person(Role.AUDITOR)):
        with pytest.raises(PermissionDenied):
            actions.import_files([path], user=who)
    assert not Delivery.objects.exists()
    city = person(Role.CITY)
    actions.import_files([path], user=city)
    assert Delivery.objects.get().received_by == city
    assert Recording.latest().by == city


def test_a_county_sees_its_own_firms_and_findings(deliver) -> None:
    deliver(
        directory=[firm(A), firm(B, unit="黄岩区")],
        tax=[{"uscc": A, "tax": "x"}, {"uscc": B, "tax": "y"}],
        projects=[{"code": f"X{n}", "title": "t", "uscc": uscc} for n, uscc in enumerate((A, B))],
    )
    own, city, auditor = person(Role.COUNTY, "331003"), person(Role.CITY), person(Role.AUDITOR)
    for who, seen in ((own, {B}), (city, {A, B}), (auditor, {A, B})):
        assert {one.uscc for one in queries.firms_for(who)} == seen
        assert {one.firm.uscc for one in queries.firm_years(who)} == seen
        assert {one.firm.uscc for one in queries.projects(who)} == seen
        assert {one.firm.uscc for one in queries.parts_of(who)} == seen
        assert {one.uscc for one in findings_for(who)} == seen
    assert not queries.findings(own, Firm.objects.get(uscc=A)).exists()
    own.is_active = False
    assert not queries.firms_for(own).exists()


def test_sources_name_the_cell(deliver) -> None:
    deliver(
        directory=firms(A, B),
        tax=[{"uscc": A, "tax": 1}],
        parcels=[{"reference": "P1", "uscc": A, "amount": 5}, {"reference": "P2", "uscc": A, "amount": "?"}],
        leases=[{"reference": "P1", "uscc": A, "tenant": B, "amount": 2}],
    )
    found = FirmYear.objects.current().get(firm__uscc=A)
    sources = queries.sources(found)
    (tax,) = sources["tax"]
    assert (tax.file, tax.sheet, tax.row, tax.field, tax.department) == (
        "交付1.xlsx", "tax", 2, "评价税收（元）", "市税务局",
    )  # fmt: skip
    land = sorted((one.sheet, one.row, one.field) for one in sources["land_mu"])
    assert land == [
        ("leases", 2, "租赁面积（亩） · P1 · 租出 -2 亩"),
        ("parcels", 2, "宗地面积（亩） · P1 · 自有 5 亩"),
        ("parcels", 3, "在隔离区，待更正"),
    ]
    deliver(parcels=[{"reference": "P2", "uscc": A, "amount": 1}])
    old = FirmYear.objects.as_of(found.recorded_id).filter(firm__uscc=A).exclude(superseded=None).get()
    assert sorted(one.row for one in queries.sources(old)["land_mu"]) == [2, 2, 3]
    new = FirmYear.objects.current().get(firm__uscc=A)
    assert {one.file for one in queries.sources(new)["land_mu"]} == {"交付1.xlsx", "交付2.xlsx"}


def test_a_shared_meter_is_told_with_its_share_and_its_whole(deliver) -> None:
    shares = [{"reference": "M1", "uscc": A, "share": 33.33}, {"reference": "M1", "uscc": B, "share": 66.67}]
    meters = [{"reference": "M1", "uscc": A, "amount": 1000}, {"reference": "M2", "uscc": A, "amount": 7}]
    deliver(directory=firms(A, B), meters=meters, meter_shares=shares)
    found = FirmYear.objects.current().get(firm__uscc=A)
    assert found.electricity_kwh == 340
    told = [(one.sheet, one.row, one.field) for one in queries.sources(found)["electricity_kwh"]]
    assert told == [
        ("meters", 3, "用电量（千瓦时） · M2 · 电表 7 千瓦时"),
        ("meter_shares", 2, "分摊比例（%） · M1 · 33.33%，分摊 333 千瓦时"),
        ("meters", 2, "用电量（千瓦时） · M1 · 全表 1000 千瓦时"),
    ]
    deliver(meters=[{"reference": "M1", "uscc": A, "amount": 2000}])
    now = FirmYear.objects.current().get(firm__uscc=A)
    assert queries.sources(now)["electricity_kwh"][-1].field.endswith("全表 2000 千瓦时")
    then = FirmYear.objects.as_of(found.recorded_id).get(firm__uscc=A)
    assert queries.sources(then)["electricity_kwh"][-1].field.endswith("全表 1000 千瓦时")


def test_snapshot_of_key_projects_and_tenants(deliver) -> None:
    c, d, e = (code(n) for n in (7, 8, 9))
    key = {"title": "t", "is_key_project": "是", "under_construction": "是"}
    deliver(
        directory=firms(A, B, c, d, e),
        parcels=[{"reference": "P1", "uscc": A, "amount": 5}],
        leases=[{"reference": "P1", "uscc": A, "tenant": t, "amount": 1} for t in (B, c)],
        projects=[
            {"code": "1", "uscc": A, **key, "total_investment": 3000},
            {"code": "2", "uscc": A, **key, "total_investment": 10000},
            {"code": "3", "uscc": A, **key, "total_investment": 20000, "under_construction": "否"},
            {"code": "4", "uscc": B, **key, "total_investment": 10000, "under_construction": None},
            {"code": "5", "uscc": c, **key},
            {"code": "6", "uscc": d, **key, "total_investment": 1, "is_key_project": "否"},
        ],
    )
    recorded = Recording.latest()
    known = facts(2022, recorded.pk)
    cell = {name: dict(zip(known.columns["uscc"], known.columns[name], strict=True)) for name in known.columns}
    amounts, flags = cell["key_project_investment"], cell["under_construction"]
    assert [amounts[u] for u in (A, B, c, d, e)] == [10_000_000_000, 10_000_000_000, None, None, None]
    assert [flags[u] for u in (A, B, c, d, e)] == [True, None, True, False, False]
    assert [cell["tenants"][u] for u in (A, B)] == [2, 0]
    first = known.sha256
    deliver(projects=[{"code": "1", "uscc": A, **key, "total_investment": 99999}])
    assert facts(2022, recorded.pk).sha256 == first
    assert facts(2022, Recording.latest().pk).sha256 != first


def test_deliveries_and_rows_are_immutable(deliver) -> None:
    deliver(directory=firms(A))
    row = RawRow.objects.get()
    for change in (
        lambda: RawRow.objects.update(cells=[]),
        lambda: RawRow.objects.all().delete(),
        row.delete,
        row.save,
        Delivery.objects.get().save,
        lambda: Delivery.objects.update(rows=0),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    import_.register(parser.add_subparsers())
    workbook(tmp_path / "名录.xlsx", ("directory", firms(A)))
    (tmp_path / "旧.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert import_.run(parser.parse_args(["import", str(tmp_path)])) == 2
    shown = capsys.readouterr()
    assert "工业企业名录与主要经济指标（市统计局，2022 年） 1 行：采用 1" in shown.out
    assert "市税务局 《企业评价税收与地方贡献》尚未收到" in shown.out
    assert shown.err.count("\n") == 1
    assert "旧版 .xls" in shown.err
    assert import_.run(parser.parse_args(["import", str(tmp_path / "名录.xlsx"), "--format", "json"])) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["status"] == "known"
    assert import_.run(parser.parse_args(["import", str(tmp_path / "没有")])) == 2
    assert "没有这个文件" in capsys.readouterr().err


# --- a whole city ---------------------------------------------------------------------------------------------------

SEVERITY = {"quarantine": "quarantined", "unchanged": "unchanged"}


def test_every_seeded_fault_of_a_city_is_found_no_other_and_the_facts_are_true(tmp_path: Path) -> None:
    write_city(tmp_path, 1500, 20)
    paths, _ = import_.collect([tmp_path])
    report = actions.import_files(paths, is_demo=True)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))

    found = Counter(
        (f.raw_row.delivery.file_name, f.raw_row.delivery.sheet, f.raw_row.row, f.kind)
        for f in Finding.objects.select_related("raw_row__delivery")
    )
    seeded = [fault for fault in truth["faults"] if fault["kind"] not in ("renamed_in_directory", "missing_department")]
    wanted = Counter(
        (f["file"], f["sheet"] if f["file"].endswith(".xlsx") else "", f["row"], f["kind"]) for f in seeded
    )
    assert found == wanted
    quarantined = {place[:3] for place, fault in zip(wanted, seeded, strict=True) if fault["effect"] == "quarantine"}
    rows = RawRow.objects.filter(status="quarantined").select_related("delivery")
    assert {(row.delivery.file_name, row.delivery.sheet, row.row) for row in rows} == quarantined
    missing = [(m.year, m.template) for m in report.missing]
    assert missing == [(f["year"], "employees") for f in truth["faults"] if f["kind"] == "missing_department"]

    units = dict(Unit.objects.values_list("code", "name"))
    compared = 0
    for sample in truth["samples"]:
        for year, true in sample["years"].items():
            known = FirmYear.objects.current().get(firm__uscc=sample["uscc"], year=year)
            assert (known.name, known.above_scale) == (true["name"], true["above_scale"])
            assert (units[known.unit_id], known.township) == (sample["county"], sample["township"])
            for name, value in true["facts"].items():
                if name == "electricity_kwh" and value is None:
                    continue  # the truth leaves out shares that do not come out whole
                assert getattr(known, name) == value, (sample["uscc"], year, name)
                compared += 1
    assert compared > 500

    for fault in seeded:  # nothing of a parcel or meter in doubt is counted, and no part of a sum stands for it
        if fault["effect"] == "quarantine" and fault["template"] in ("parcels", "leases"):
            uscc = fault["uscc_true"]
            years = FirmYear.objects.current().filter(firm__uscc=uscc, year=fault["year"])
            assert all(one.land_mu is None for one in years), fault
    for one in FirmYear.objects.current().exclude(land_mu=None)[:300]:
        pieces = Part.objects.current().filter(firm=one.firm_id, year=one.year, fact="land_mu")
        assert sum(pieces.values_list("amount", flat=True)) == one.land_mu
