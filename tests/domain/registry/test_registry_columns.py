"""Files whose headers no template knows: a person says which column is which, once;remembered, forgettable."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from deliveries import A, B, firms
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fenghuang.domain.feeds import mapping
from fenghuang.domain.feeds import submit as uploads
from fenghuang.domain.feeds.models import ColumnMap, Delivery, RawRow, Submission
from fenghuang.domain.feeds.submit import Stale
from fenghuang.domain.registry import actions
from fenghuang.domain.registry.actions import import_files
from fenghuang.domain.registry.models import FirmYear
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.tasks import run_job

pytestmark = pytest.mark.django_db
HEADERS = ["所属年份", "信用代码", "企业", "入库税收", "贡献"]
CHOSEN = {"year": 0, "uscc": 1, "name": 2, "tax": 3, "local_contribution": 4}


def text(*rows: list[Any], headers: list[str] = HEADERS, above: str = "") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([*([[above]] if above else []), headers, *rows])
    return buffer.getvalue().encode()


def upload(user: Any, content: bytes, expected: str = "") -> Submission:
    one = uploads.submit([SimpleUploadedFile("税.csv", content)], user=user, expected=expected)
    return work(one)


def work(one: Submission) -> Submission:
    one.refresh_from_db()
    run_job.call(one.job_id)
    one.refresh_from_db()
    return one


def posted(chosen: dict[str, int], **more: Any) -> dict[str, Any]:
    return {"template": "tax", "file": 0, "sheet": "", **{f"field-{n}": p for n, p in chosen.items()}, **more}


def test_said_once_it_is_remembered_applied_and_told(deliver, city, as_user, tmp_path: Path) -> None:
    deliver(directory=firms(A, B))
    one = upload(city, text([2022, A, "甲", 100, 40], above="2022 年税收情况"))
    assert not one.summary["usable"]
    client = as_user(city)
    address = reverse("feeds:columns", args=[one.pk])
    assert address in client.get(reverse("feeds:submission", args=[one.pk])).content.decode()
    page = client.get(address, {"file": 0, "template": "tax"})
    assert page.context["looked"].line == 1  # the title above is no header
    assert A in page.content.decode()
    client.post(address, posted(CHOSEN))
    one = work(one)
    assert one.summary["usable"]
    (remark,) = [text for text in one.summary["sheets"][0]["remarks"] if "对应关系" in text]
    assert "按上次的对应关系读取" in remark
    assert str(city) in remark
    work(uploads.take(one, user=city, confirmed=[]))
    year = FirmYear.objects.current().get(firm__uscc=A)
    assert (year.tax, year.local_contribution) == (10000, 4000)
    # the next file has its columns in another order, and is imported without a question
    path = tmp_path / "次.csv"
    path.write_bytes(text([40, 300, "乙", B, 2022], headers=HEADERS[::-1]))
    (file,) = import_files([path]).files
    assert (file.taken, file.template) == (1, "tax")
    assert FirmYear.objects.current().get(firm__uscc=B).tax == 30000
    event = Event.objects.get(action="feeds.columns_mapped")
    assert event.after["tax"]["tax"] == "入库税收"


def test_a_forgotten_one_reads_no_more_but_what_was_taken_stays(deliver, city, as_user, tmp_path: Path) -> None:
    deliver(directory=firms(A))
    made = mapping.remember("tax", HEADERS, CHOSEN, user=city)
    path = tmp_path / "税.csv"
    path.write_bytes(text([2022, A, "甲", 100, "约40"]))
    assert import_files([path]).files[0].quarantined == 1
    client = as_user(city)
    assert "入库税收 → 评价税收（元）" in client.get(reverse("feeds:blanks")).content.decode()
    client.post(reverse("feeds:forget", args=[made.pk]))
    with pytest.raises(Stale, match="停用"):
        mapping.forget(made, user=city)
    path.write_bytes(text([2022, A, "甲", 200, 80]))
    assert "表头不属于任何模板" in import_files([path]).files[0].sentence
    # the row in quarantine is still read by the columns that were said, and can be put right
    row = RawRow.objects.get(status="quarantined")
    new = actions.correct(row, [*row.cells[:4], "40"], user=city, reason="与税务核对")
    assert new.status == "taken"
    assert FirmYear.objects.current().get(firm__uscc=A).local_contribution == 4000
    assert Delivery.objects.get(kind="correction").mapping == CHOSEN


def test_what_is_wrong_with_a_correspondence_is_said_and_nothing_remembered(city, as_user) -> None:
    headers = ["年度", "信用代码", "评价税收（万元）", "贡献", "贡献", ""]
    one = upload(city, text([2022, A, 1, 2, 3], headers=headers))
    client = as_user(city)
    address = reverse("feeds:columns", args=[one.pk])
    for chosen, sentence in (
        ({"year": 0, "uscc": 1}, "还有必需的列没有对应：评价税收（元）、地方贡献（元）"),
        ({"year": 0, "uscc": 1, "tax": 2, "local_contribution": 1}, "一列只能用一次"),
        ({"year": 0, "uscc": 1, "tax": 2, "local_contribution": 3}, "文件里有两列都叫“贡献”"),
        ({"year": 0, "uscc": 1, "tax": 2, "local_contribution": 3}, "以“万元”为单位，模板的“评价税收（元）”以“元”"),
        ({"year": 0, "uscc": 1, "tax": 5, "local_contribution": 99}, "对应的列没有表头"),
    ):
        answer = client.post(address, posted(chosen))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert not ColumnMap.objects.exists()


def test_two_departments_may_use_the_same_headers_and_then_the_sheet_must_be_chosen(deliver, city) -> None:
    deliver(directory=firms(A))
    headers = ["代码", "年份", "数值"]
    mapping.remember("energy", headers, {"uscc": 0, "year": 1, "energy_tce": 2}, user=city)
    mapping.remember("employees", headers, {"uscc": 0, "year": 1, "employees": 2}, user=city)
    content = text([A, 2022, 7], headers=headers)
    assert not upload(city, content).summary["usable"]
    one = upload(city, content, expected="employees")
    assert [sheet["template"] for sheet in one.summary["sheets"]] == ["employees"]


def test_what_is_said_anew_replaces_and_a_check_before_it_is_made_again(deliver, city) -> None:
    deliver(directory=firms(A))
    first = mapping.remember("tax", HEADERS, CHOSEN, user=city)
    one = upload(city, text([2022, A, "甲", 100, 40]))
    swapped = {**CHOSEN, "tax": 4, "local_contribution": 3}
    mapping.remember("tax", HEADERS, swapped, user=city)
    ColumnMap.objects.filter(pk=first.pk).update(made_at="2026-01-01T00:00:00+08:00")
    one.summary["sheets"][0]["remarks"][0] = "按上次的对应关系读取（较早）"
    one.save()
    one = work(uploads.take(one, user=city, confirmed=[]))
    assert one.state == "waiting"
    assert "差异已重新核对" in one.said
    assert not FirmYear.objects.current().filter(tax__isnull=False).exists()
    assert ColumnMap.objects.filter(forgotten_at__isnull=True).count() == 1


def test_who_maintains_the_system_sees_headers_but_no_taxes(city, operator, as_user) -> None:
    one = upload(city, text([2022, A, "甲", 77123, 40]))
    address = reverse("feeds:columns", args=[one.pk])
    page = as_user(operator).get(address).content.decode()
    assert "入库税收" in page
    assert "77123" not in page
    assert "77123" in as_user(city).get(address).content.decode()
    assert Event.objects.filter(action="feeds.read_upload", subject_id=str(one.pk)).count() == 2


@pytest.mark.parametrize("who", ["county", "auditor"])
def test_only_who_imports_may_say_or_forget(who: str, request, city, as_user) -> None:
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        mapping.remember("tax", HEADERS, CHOSEN, user=user)
    made = mapping.remember("tax", HEADERS, CHOSEN, user=city)
    with pytest.raises(PermissionDenied):
        mapping.forget(made, user=user)
    page = as_user(user).get(reverse("feeds:blanks")).content.decode()
    assert "停用" not in page


def test_a_form_is_downloaded_by_everybody_and_of_no_unknown_department(county, as_user) -> None:
    client = as_user(county)
    answer = client.get(reverse("feeds:blank_form", args=["市税务局"]))
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(reverse("feeds:blank_form", args=["市财政局"])).status_code == 404
