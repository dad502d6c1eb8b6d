"""An upload from the check to the decision, and the pages around it: who may what, what is shown, what is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import ugly
from deliveries import A, B, C, code, firm, firms, workbook
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fenghuang.commands import import_
from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.models import Delivery, RawRow, Submission
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.registry import actions
from fenghuang.domain.registry.actions import import_files
from fenghuang.domain.registry.models import Firm, FirmYear, Recording
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.actions import cancel
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.tasks import run_job

pytestmark = pytest.mark.django_db
Upload = Callable[..., Submission]


BUILT = {"BACKEND": "fenghuang.platform.ui.storage.Static"}


@pytest.fixture(autouse=True)
def unbuilt_assets(settings) -> None:
    """These pages are looked at without the built stylesheet."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


def work(one: Submission) -> Submission:
    run_job.call(one.job_id)
    one.refresh_from_db()
    return one


@pytest.fixture
def upload(city, tmp_path: Path) -> Upload:
    """upload(tax=[...]): submitted and checked."""

    def run(expected: str = "", check: bool = True, **sheets: list[dict[str, Any]]) -> Submission:
        path = workbook(tmp_path / "上传.xlsx", *sheets.items())
        file = SimpleUploadedFile("上传.xlsx", path.read_bytes())
        one = uploads.submit([file], user=city, expected=expected)
        return work(one) if check else one

    return run


def counts(one: Submission, sheet: int = 0) -> dict[str, int]:
    return {name: n for name, n in one.summary["sheets"][sheet]["counts"].items() if n}


def test_a_difference_is_shown_before_anything_changes(deliver, upload: Upload, as_user, city) -> None:
    c, d = code(7), code(8)
    deliver(
        directory=firms(A, B, C, c, d),
        tax=[{"uscc": x, "tax": n} for x, n in ((A, 100), (B, 100), (C, 100), (c, "x"), (d, 5))],
    )
    before = Recording.latest(), Delivery.objects.count(), Event.objects.count()
    one = upload(tax=[{"uscc": A, "tax": 100}, {"uscc": B, "tax": 150}, {"uscc": C, "tax": "y"}, {"uscc": c, "tax": 9}])
    assert one.state == "waiting"
    assert counts(one) == {"changed": 1, "new": 1, "quarantined": 1, "vanished": 1, "answered": 1, "unchanged": 1}
    assert (Recording.latest(), Delivery.objects.count()) == before[:2]
    assert one.summary["firm_years"]["2022"]["changed"] == 2
    client = as_user(city)
    address = reverse("feeds:submission", args=[one.pk])
    page = client.get(address).content.decode()
    assert "+50.0%" in page
    assert "100" in page
    for kind, said in (
        ("quarantined", "不是数字"),
        ("vanished", "仍然保留"),
        ("new", "评价税收（元） 9"),
        ("answered", "x"),
    ):
        part = client.get(address, {"sheet": 0, "kind": kind}, headers={"hx-request": "true"}).content.decode()
        assert said in part, kind
        assert "<html" not in part
    assert client.post(reverse("feeds:take", args=[one.pk])).url == address
    work(Submission.objects.get(pk=one.pk))
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.recording) == ("taken", city, Recording.latest().pk)
    facts = dict(FirmYear.objects.current().values_list("firm__uscc", "tax"))
    assert facts == {A: 10_000, B: 15_000, C: 10_000, c: 900, d: 500}
    assert "已生效" in client.get(address).content.decode()
    actions_done = Event.objects.filter(subject_type="feeds.submission").order_by("id").values_list("action", flat=True)
    assert list(actions_done) == ["feeds.submitted", "feeds.read_upload", "feeds.accepted", "feeds.took_effect"]


def test_a_preview_is_exactly_what_takes_effect(deliver, upload: Upload, city) -> None:
    deliver(directory=firms(A, B), parcels=[{"reference": "P1", "uscc": A, "amount": 5}])
    one = upload(
        directory=[firm(A, revenue=7), firm(C, "丙")],
        leases=[{"reference": "P1", "uscc": A, "tenant": C, "amount": 2}, {"reference": "P1", "uscc": B, "tenant": C}],
        tax=[{"uscc": C, "tax": 1}, {"uscc": code(99), "tax": 1}],
    )
    said = [(sheet["template"], sheet["rows"], sheet["counts"]["quarantined"]) for sheet in one.summary["sheets"]]
    assert one.summary["firms_added"] == 1
    uploads.take(one, user=city, confirmed=[])
    work(Submission.objects.get(pk=one.pk))
    kept = Delivery.objects.order_by("id").values_list("template", "rows", "quarantined")[2:]
    assert sorted(kept) == sorted(said)


def test_what_vanished_is_told_once_and_of_its_own_year(deliver, city, tmp_path: Path) -> None:
    deliver(year=2021, directory=firms(A, B, C), tax=[{"uscc": A, "tax": 1}])
    deliver(directory=firms(A, B, C), tax=[{"uscc": x, "tax": 1} for x in (A, B, C)])
    first = workbook(tmp_path / "1.xlsx", ("tax", [{"uscc": A, "tax": 1}])).read_bytes()
    second = workbook(tmp_path / "2.xlsx", ("tax", [{"uscc": B, "tax": 1}])).read_bytes()
    third = workbook(tmp_path / "3.xlsx", ("tax", [{"uscc": B, "tax": 1}]), year=2021).read_bytes()
    files = [SimpleUploadedFile(f"{n}.xlsx", content) for n, content in enumerate((first, second, third))]
    one = work(uploads.submit(files, user=city))
    assert [counts(one, n).get("vanished", 0) for n in range(3)] == [1, 0, 1]


def test_discarding_leaves_everything(deliver, upload: Upload, city, django_capture_on_commit_callbacks) -> None:
    deliver(directory=firms(A))
    one = upload(tax=[{"uscc": A, "tax": 1}])
    assert one.path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        uploads.discard(one, user=city)
    assert not one.path.exists()
    assert Delivery.objects.count() == 1
    with pytest.raises(Stale, match=r"已由zhang 某于 .* 处理为“已放弃”"):
        uploads.take(one, user=city, confirmed=[])
    with pytest.raises(Stale, match="已放弃"):
        uploads.check_again(one, user=city)


def test_when_other_data_took_effect_it_is_checked_again(deliver, upload: Upload, city) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": 1}])
    one = upload(tax=[{"uscc": A, "tax": 2}])
    deliver(tax=[{"uscc": A, "tax": 3}])
    uploads.take(one, user=city, confirmed=[])
    one = work(Submission.objects.get(pk=one.pk))
    assert one.state == "waiting"
    assert "其他数据生效" in one.said
    assert FirmYear.objects.current().get().tax == 300
    uploads.take(one, user=city, confirmed=[])
    assert work(Submission.objects.get(pk=one.pk)).state == "taken"
    assert FirmYear.objects.current().get().tax == 200


def test_the_second_decision_hears_of_the_first(deliver, upload: Upload, city, operator) -> None:
    deliver(directory=firms(A))
    one = upload(tax=[{"uscc": A, "tax": 1}])
    uploads.take(one, user=city, confirmed=[])
    with pytest.raises(Stale, match="已由zhang 某于"):
        uploads.discard(one, user=operator)
    work(Submission.objects.get(pk=one.pk))
    assert FirmYear.objects.current().get().tax == 100


def test_cancelled_or_killed_it_can_be_checked_again(deliver, upload: Upload, city, as_user) -> None:
    deliver(directory=firms(A))
    one = upload(check=False, tax=[{"uscc": A, "tax": 1}])
    cancel(one.job, actor=city)
    one.refresh_from_db()
    assert one.is_broken_off
    page = as_user(city).get(reverse("feeds:submission", args=[one.pk])).content.decode()
    assert "任务已取消" in page
    assert "重新核对" in page
    one = work(uploads.check_again(one, user=city))
    assert one.state == "waiting"
    uploads.take(one, user=city, confirmed=[])
    Job.objects.filter(pk=Submission.objects.get(pk=one.pk).job_id).update(state="failed", message="执行进程已中断")
    one.refresh_from_db()
    assert one.is_broken_off
    assert not FirmYear.objects.current().get().tax
    uploads.discard(one, user=city)


def test_stopping_a_running_take_changes_nothing(
    deliver, upload: Upload, city, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(directory=firms(A))
    one = upload(tax=[{"uscc": A, "tax": 1}])
    uploads.take(one, user=city, confirmed=[])
    real = actions.make_plan

    def slow(*args: Any, **kwargs: Any) -> Any:
        cancel(Submission.objects.get(pk=one.pk).job, actor=city)
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "make_plan", slow)
    one = work(Submission.objects.get(pk=one.pk))
    assert one.job.state == "cancelled"
    assert one.is_broken_off
    assert FirmYear.objects.current().get().tax is None


# --- doubts -------------------------------------------------------------------------------------------------------


def many(**facts: float) -> list[dict[str, Any]]:
    return [{"uscc": code(n), **{name: value * (n - 290) for name, value in facts.items()}} for n in range(300, 320)]


UNITS = {
    "tax": ({"tax": 70_000.0, "local_contribution": 9_000.0}, 1e-4, "万元"),
    "research": ({"rnd_expense": 12.5}, 1e4, "元"),
    "energy": ({"energy_tce": 33.0}, 1000, "千克标准煤"),
    "emissions": ({"emission_t": 0.4}, 1000, "千克"),
}


@pytest.mark.parametrize("sheet", UNITS)
@pytest.mark.parametrize("year", [2021, 2022])
def test_another_unit_is_held_back_until_confirmed(deliver, upload: Upload, city, tmp_path: Path, sheet, year) -> None:
    facts, factor, unit = UNITS[sheet]
    listed = [firm(code(n)) for n in range(300, 320)]
    deliver(year=year, directory=listed, **{sheet: many(**facts)})
    deliver(directory=[{**one, "revenue": 1} for one in listed])
    wrong = many(**{name: value * factor for name, value in facts.items()})
    path = workbook(tmp_path / "单位.xlsx", (sheet, wrong))
    report = import_files([path])
    assert [file.status for file in report.files] == ["held"]
    assert f"像是按“{unit}”填报" in report.files[0].sentence
    assert report.recording is None
    one = upload(**{sheet: wrong})
    doubts = one.summary["sheets"][0]["doubts"]
    assert all(f"“{unit}”" in doubt["sentence"] for doubt in doubts)
    with pytest.raises(Stale, match="处疑点没有确认"):
        uploads.take(one, user=city, confirmed=[])
    uploads.take(one, user=city, confirmed=[doubt["id"] for doubt in doubts])
    assert work(Submission.objects.get(pk=one.pk)).state == "taken"


def test_square_metres_for_mu_and_electricity(deliver, tmp_path: Path) -> None:
    listed = [code(n) for n in range(300, 320)]
    deliver(year=2021, directory=firms(*listed), parcels=[
        {"reference": f"P{n}", "uscc": x, "amount": 3 + n} for n, x in enumerate(listed)
    ])  # fmt: skip
    deliver(directory=firms(*listed))
    metres = [{"reference": f"P{n}", "uscc": x, "amount": (3 + n) * 2000 / 3} for n, x in enumerate(listed)]
    report = import_files([workbook(tmp_path / "m2.xlsx", ("parcels", metres))])
    assert "像是按“平方米”填报" in report.files[0].sentence
    fresh = [{"reference": f"Q{n}", "uscc": x, "amount": (5 + n) * 2000 / 3} for n, x in enumerate(listed)]
    report = import_files([workbook(tmp_path / "new.xlsx", ("parcels", fresh))])  # nothing to compare row by row
    assert "中位数" in report.files[0].sentence
    usual = [{"reference": f"P{n}", "uscc": x, "amount": 4 + n} for n, x in enumerate(listed)]
    assert import_files([workbook(tmp_path / "ok.xlsx", ("parcels", usual))]).files[0].status == "taken"


def test_one_wild_row_is_asked_about_not_held(deliver, upload: Upload, tmp_path: Path) -> None:
    listed = [firm(code(n)) for n in range(300, 320)]
    deliver(directory=listed, research=many(rnd_expense=12.5))
    rows = many(rnd_expense=12.6)
    rows[4]["rnd_expense"] *= 10_000
    one = upload(research=rows)
    (doubt,) = one.summary["sheets"][0]["doubts"]
    assert "第 6 行" in doubt["sentence"]
    assert import_files([workbook(tmp_path / "w.xlsx", ("research", rows))]).files[0].taken == 20


def test_the_command_previews_and_holds_back(deliver, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    import_.register(parser.add_subparsers())
    deliver(directory=[firm(code(n)) for n in range(300, 320)], research=many(rnd_expense=12.5))
    path = str(workbook(tmp_path / "元.xlsx", ("research", many(rnd_expense=125_000))))
    assert import_.run(parser.parse_args(["import", path, "--preview"])) == 0
    shown = capsys.readouterr().out
    assert "改动 20" in shown
    assert "像是按“元”填报" in shown
    assert "没有导入任何数据" in shown
    assert import_.run(parser.parse_args(["import", path])) == 2
    shown = capsys.readouterr()
    assert "像是按“元”填报" in shown.err
    assert shown.err.count("\n") == 1
    assert Delivery.objects.count() == 2
    assert import_.run(parser.parse_args(["import", path, "--confirmed"])) == 0
    assert Delivery.objects.count() == 3


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="looks at a database of its own")
def test_the_command_on_a_database_without_tables(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", ("directory", firms(A)))
    environment = {**os.environ, "FENGHUANG_HOME": str(tmp_path / "neu"), "DJANGO_SETTINGS_MODULE": ""}
    environment.pop("DJANGO_SETTINGS_MODULE")
    environment.pop("FENGHUANG_SQLITE", None)
    command = [sys.executable, "-m", "fenghuang.cli", "import", str(path)]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "数据库还没有建表" in done.stderr
    assert "manage migrate" in done.stderr
    assert done.stderr.count("\n") == 1


# --- files that cannot be used ------------------------------------------------------------------------------------


def test_two_sheets_that_contradict_each_other(deliver, tmp_path: Path) -> None:
    deliver(directory=firms(A, B))
    rows = [[*ugly.TAX[1][:3], 9, 9], *ugly.TAX[2:3]]
    ugly.book(("甲", ugly.TAX[:3]), ("乙", [ugly.HEADERS, *rows]))(tmp_path / "两张.xlsx")
    report = import_files([tmp_path / "两张.xlsx"])
    assert [file.status for file in report.files] == ["fault", "fault"]
    assert "“甲”和“乙”都是《企业评价税收与地方贡献》，其中 1 行互相矛盾" in report.files[0].sentence
    ugly.book(("甲", ugly.TAX[:2]), ("乙", [ugly.HEADERS, *ugly.TAX[2:3]]))(tmp_path / "分县.xlsx")
    assert [file.taken for file in import_files([tmp_path / "分县.xlsx"]).files] == [1, 1]


def test_another_departments_template(upload: Upload) -> None:
    one = upload(expected="energy", tax=[{"uscc": A, "tax": 1}])
    (other,) = one.summary["others"]
    assert "是市税务局的《企业评价税收与地方贡献》，不是所选的市发展改革委" in other["sentence"]
    assert not one.summary["usable"]


def test_an_upload_of_nothing_usable_can_only_be_discarded(city, as_user, settings) -> None:
    client = as_user(city)
    files = [SimpleUploadedFile("坏.xlsx", b"PK"), SimpleUploadedFile("图.csv", b"\x89PNG\r\n\x1a\n")]
    answer = client.post(reverse("feeds:upload"), {"files": files})
    one = work(Submission.objects.get())
    page = client.get(answer.url).content.decode()
    assert "坏.xlsx：不是完好的 XLSX 工作簿" in page
    assert "图.csv：是图片" in page
    assert "放弃" in page
    assert 'form="take"' not in page
    with pytest.raises(Stale, match="没有可采用的表"):
        uploads.take(one, user=city, confirmed=[])
    settings.UPLOAD_MAX_BYTES = 10
    large = client.post(reverse("feeds:upload"), {"files": [SimpleUploadedFile("大.csv", b"x" * 11)]})
    assert "超过上限" in large.content.decode()
    assert Submission.objects.count() == 1


# --- rights and pages ---------------------------------------------------------------------------------------------


def test_who_sees_and_decides(upload: Upload, as_user, city, county, auditor, operator) -> None:
    one = upload(directory=firms(A))
    page = reverse("feeds:submission", args=[one.pk])
    for who, seen in ((city, 200), (operator, 200), (auditor, 200), (county, 404)):
        answer = as_user(who).get(page)
        assert answer.status_code == seen
        if who == auditor:
            assert "采用后立即生效" not in answer.content.decode()
    for who, code_ in ((county, 404), (auditor, 403)):
        for deed in ("take", "discard", "check_again"):
            assert as_user(who).post(reverse(f"feeds:{deed}", args=[one.pk])).status_code == code_
    for who in (county, auditor):
        with pytest.raises(PermissionDenied):
            uploads.submit([], user=who)
        assert as_user(who).get(reverse("feeds:upload")).status_code == 403
    assert Submission.objects.get().state == "waiting"
    assert not Firm.objects.exists()


def test_who_may_not_read_taxes_takes_them_unread(deliver, upload: Upload, as_user, city, operator) -> None:
    deliver(directory=firms(A, B), tax=[{"uscc": A, "tax": 7_654_321}])
    one = upload(tax=[{"uscc": A, "tax": 8_765_432}, {"uscc": B, "tax": "3456789元"}, {"uscc": C, "tax": 4_567_891}])
    figures = ("7,654,321", "8,765,432", "3456789", "4,567,891", "14.5%")
    told = {}
    for who in (city, operator):
        address, texts = reverse("feeds:submission", args=[one.pk]), []
        for kind in ("changed", "quarantined", "new"):
            texts.append(as_user(who).get(address, {"sheet": 0, "kind": kind}).content.decode())
        told[who.username] = {figure for figure in figures if figure in "".join(texts)}
    assert told["zhang"] == set(figures)
    assert not told["zhao"]
    reads = Event.objects.filter(action="feeds.read_upload").order_by("id")
    assert [(event.actor_id, len(event.after["fields"])) for event in reads] == [(city.pk, 2), (operator.pk, 0)]


def test_the_matrix_says_what_is_there_and_what_is_missing(deliver, as_user, city, county, auditor) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": "x"}])
    deliver(year=2021, directory=firms(A))
    for who in (city, county, auditor):
        text = as_user(who).get(reverse("feeds:index")).content.decode()
        assert "已收 2 / 11 张" in text
        assert "已收 1 / 11 张" in text
        assert text.count("尚未收到") == 19
        assert "待更正 1 行" in text
    assert "?template=energy" in as_user(city).get(reverse("feeds:index")).content.decode()


def test_the_index_needs_few_queries(deliver, as_user, city, django_assert_max_num_queries) -> None:
    for n in range(4):
        deliver(directory=[firm(A, revenue=n)])
    client = as_user(city)
    with django_assert_max_num_queries(16):
        client.get(reverse("feeds:index"))
    deliver(tax=[{"uscc": code(n), "tax": "x"} for n in range(30)])
    client.get(reverse("feeds:findings"))  # the first reading of the day is noted
    with django_assert_max_num_queries(14):
        client.get(reverse("feeds:findings"))


def test_undo_from_the_page(deliver, as_user, city, county, auditor) -> None:
    deliver(directory=firms(A), tax=[{"uscc": A, "tax": 1}])
    one = Delivery.objects.get(template="tax")
    page, deed = reverse("feeds:delivery", args=[one.pk]), reverse("feeds:undo", args=[one.pk])
    for who in (county, auditor):
        assert "撤销这次报送" not in as_user(who).get(page).content.decode()
        assert as_user(who).post(deed, {"reason": "试试看"}).status_code == 403
    client = as_user(city)
    assert client.post(deed, {"reason": " "}).url == page
    assert not Job.objects.exists()
    answer = client.post(deed, {"reason": "年度报错"})
    run_job.call(Job.objects.get().pk)
    assert answer.url == reverse("jobs:detail", args=[Job.objects.get().pk])
    assert FirmYear.objects.current().get().tax is None
    shown = client.get(page).content.decode()
    assert "年度报错" in shown
    assert "撤销这次报送" not in shown
    client.post(deed, {"reason": "再来一次"})
    assert Job.objects.count() == 1


# --- worked off in the list ---------------------------------------------------------------------------------------


def test_rows_are_worked_off_in_the_list(deliver, as_user, city, county) -> None:
    spoilt = A[:17] + ("0" if A[17] != "0" else "1")
    deliver(
        directory=[firm(A), firm(B, unit="黄岩区")],
        tax=[{"uscc": spoilt, "tax": 1}, {"uscc": B, "tax": "x"}],
        energy=[{"uscc": B, "energy_tce": -1}],
    )
    client = as_user(city)
    listed = reverse("feeds:findings")
    assert client.get(listed).content.decode().count('class="mend"') == 3
    for query, n in (
        ({"template": "tax"}, 2),
        ({"unit": "331003"}, 2),
        ({"kind": "negative"}, 1),
        ({"year": "2022"}, 3),
    ):
        assert client.get(listed, query).content.decode().count('class="mend"') == n, query
    assert client.get(listed, {"template": "' OR 1"}).status_code == 200
    row = RawRow.objects.get(key=spoilt)
    assert f'改为 <span class="uscc ms-1">{A}</span>' in client.get(listed).content.decode()
    fragment = {"headers": {"hx-request": "true"}}
    form = client.get(reverse("registry:edit", args=[row.pk]), **fragment).content.decode()
    assert 'name="cell-0"' in form
    correct = reverse("registry:correct", args=[row.pk])
    assert "没有改动" in client.post(correct, {"reason": "核对过"}, **fragment).content.decode()
    typed = client.post(correct, {"cell-0": "12345", "reason": ""}, **fragment).content.decode()
    assert "请填写理由" in typed
    assert 'value="12345"' in typed
    done = client.post(correct, {"propose": f"0:{A}"}, **fragment).content.decode()
    assert "已更正，已采用" in done
    assert Event.objects.get(action="feeds.corrected").reason == f"经核对，采用系统列出的代码 {A}"
    assert "已由zhang 某" in client.post(correct, {"cell-0": B, "reason": "再来"}, **fragment).content.decode()
    own, energy = RawRow.objects.get(delivery__template="tax", key=B), RawRow.objects.get(delivery__template="energy")
    there = as_user(county)
    assert there.get(listed).content.decode().count('class="mend"') == 2
    assert there.get(reverse("registry:row", args=[own.pk])).content.decode().count("更正并采用") == 1
    still = there.post(reverse("registry:correct", args=[own.pk]), {"cell-3": "y", "reason": "核对"}, **fragment)
    assert "但仍有问题" in still.content.decode()
    refused = there.post(reverse("registry:reject", args=[energy.pk]), {"reason": "误报"})
    assert refused.url == reverse("registry:row", args=[energy.pk])
    assert there.get(listed, {"show": "rejected"}).content.decode().count('class="mend"') == 1
    there.post(reverse("registry:restore", args=[energy.pk]), {"reason": "恢复"}, **fragment)
    energy.refresh_from_db()
    assert energy.status == "quarantined"


@pytest.mark.parametrize("deed", ["correct", "reject", "restore"])
def test_who_may_work_off(deliver, as_user, county, auditor, operator, deed: str) -> None:
    deliver(directory=[firm(A), firm(B, unit="黄岩区")], tax=[{"uscc": A, "tax": "x"}, {"uscc": B, "tax": "y"}])
    other, own = RawRow.objects.filter(delivery__template="tax").order_by("id")
    fields = {"cell-3": "1", "reason": "核对过"}
    for who, row, code_ in ((county, other, 404), (auditor, own, 403), (operator, own, 403)):
        client = as_user(who)
        assert client.post(reverse(f"registry:{deed}", args=[row.pk]), fields).status_code == code_
        assert client.get(reverse(f"registry:{deed}", args=[row.pk])).status_code == 405
        assert "更正并采用" not in client.get(reverse("registry:row", args=[own.pk])).content.decode() or who == county
    assert RawRow.objects.filter(status="quarantined").count() == 2


# --- in the browser -----------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_ugly_file_a_correction_and_the_decision_in_the_browser(browse, city, deliver, tmp_path: Path, settings):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": BUILT}
    deliver(directory=firms(ugly.A, ugly.B, ugly.C), tax=[{"uscc": ugly.A, "tax": 1000}])
    rows = [[*ugly.TAX[1][:3], 1234.5, 300], [*ugly.TAX[2][:3], "2万", 4000], ["合计", None, None, 9, 9]]
    ugly.book(("税", [["2022 年评价税收"], ugly.HEADERS, *rows]))(tmp_path / "乱.xlsx")
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 torn")
    page = browse("/data/upload", user=city)
    page.set_input_files("input[type=file]", [tmp_path / "乱.xlsx", tmp_path / "坏.xlsx"])
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/data/uploads/*/")
    address = page.url
    page.goto("about:blank")  # a page that asks for progress would meet the job on the one connection there is
    work(Submission.objects.get())
    page.goto(address)
    assert "坏.xlsx：不是完好的 XLSX 工作簿" in page.locator("main").inner_text()
    assert "第 5 行是合计" in page.locator("main").inner_text()
    assert "+23.5%" in page.locator("#lines").inner_text()
    page.locator("#lines").get_by_role("link", name="隔离 1").click()
    page.wait_for_selector("#lines td:has-text('不是数字')")
    page.get_by_role("button", name="采用", exact=True).click()
    page.wait_for_load_state()
    page.goto("about:blank")
    assert work(Submission.objects.get()).state == "taken"
    page.goto(address.split("/uploads/")[0] + "/findings/")
    line = page.locator(".mend")
    line.get_by_role("link", name="更正", exact=True).click()
    page.get_by_label("评价税收（元）").fill("20,000.00")
    page.get_by_role("button", name="更正并采用").click()  # the reason is missing: the browser says so
    assert page.locator("input[name=reason]").evaluate("one => !one.validity.valid")
    page.get_by_label("理由").fill("与税务局核对")
    page.get_by_role("button", name="更正并采用").click()
    page.wait_for_selector(".mend .alert-success")
    assert "第 4 行已更正，已采用" in page.locator(".mend").inner_text()
    assert FirmYear.objects.current().get(firm__uscc=ugly.B).tax == 2_000_000
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
