"""Files of lists: what stands in them, who gets which rows, and that the log knows."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import override_settings

from fenghuang.domain.evaluation.models import Refresh, Result
from fenghuang.domain.feeds.models import Delivery
from fenghuang.domain.incentives.models import Decision
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.models import Job, State
from fenghuang.platform.lists import actions, sheet
from fenghuang.platform.lists.registry import Scaled, find

LISTS = ["firms", "incentives", "evaluation", "deliveries", "findings", "audit", "jobs", "sessions", "whatif"]
LISTS += ["parcels", "meters", "parks", "land-check"]
# of one delivery; of the operator; of campaigns
APART = ["delivery", "users", "campaigns", "campaign-grades", "campaign-check", "campaign-totals", "city-totals"]
APART += ["ledgers", "ledger-entries", "ledger-claims", "ledger-fund", "ledger-replacement"]
APART += ["cases", "register-cases"]
INJECTIONS = ["=1+1", "+86", "-2+3", "@SUM(A1)", "\tx", '=HYPERLINK("http://x","y")', "'=1"]


class Read:
    """A file read back: head as a dictionary, header, rows."""

    def __init__(self, content: bytes) -> None:
        self.page = openpyxl.load_workbook(BytesIO(content)).active
        every = list(self.page.iter_rows())
        self.title = every[0][0].value
        blank = next(n for n, row in enumerate(every) if all(cell.value is None for cell in row))
        self.head = {row[0].value: row[1].value for row in every[1:blank]}
        self.header = [cell.value for cell in every[blank + 1]]
        self.rows = [dict(zip(self.header, row, strict=True)) for row in every[blank + 2 :]]

    def column(self, name: str) -> list[Any]:
        return [row[name].value for row in self.rows]


def fetch(client: Any, name: str, query: str = "") -> Read:
    answer = client.get(f"/lists/{name}/export?{query}")
    assert answer.status_code == 200, answer
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    return Read(b"".join(answer.streaming_content))


def last_event() -> Event:
    return Event.objects.filter(action="lists.export").first()


def test_every_list_there_is(as_user, city, small_city) -> None:
    from fenghuang.domain.whatif.actions import save
    from fenghuang.platform.lists.registry import names

    assert sorted(names()) == sorted([*LISTS, *APART])
    Job.objects.create(kind="incentives.refresh", title="重新测算", created_by=city)
    client = as_user(city)
    client.get("/")  # a session that is listed
    changed = {"title": "测", "policy": "taizhou-2021-27", "parameters": {"art.10.rent_subsidy.cap": "60万元"}}
    save(city, small_city.refresh, 2022, changed)
    for name in LISTS:
        read = fetch(client, name)
        assert read.rows or name == "sessions", name
        assert read.title == find(name).title
        assert read.head["导出人"].startswith("zhang 某")
        assert "空单元格表示未知" in read.head["说明"]
        assert read.head["行数"] == f"{len(read.rows):,}"


def test_the_head_says_what_was_asked(as_user, city, small_city) -> None:
    read = fetch(as_user(city), "firms", "unit=331003&grade=A&sort=-score&page=2")
    assert read.head["筛选条件"] == "2022 年度；地区：黄岩区；评价等级：A 类"
    assert read.head["排序"] == "综合得分降序"
    assert small_city.refresh.policy.sha256 in read.head["政策"]
    assert str(small_city.refresh) in read.head["测算"]
    found = Result.objects.filter(year=2022, unit="331003", grade="A").order_by("-score", "firm__uscc")
    assert read.column("统一社会信用代码") == list(found.values_list("firm__uscc", flat=True))
    event = last_event()
    assert (event.actor, event.after["rows"]) == (city, len(read.rows))
    assert event.after["query"] == "unit=331003&grade=A&sort=-score"
    assert event.address


def test_demonstration_is_marked(as_user, city, small_city) -> None:
    Refresh.objects.update(is_demo=True)
    assert "演示数据" in fetch(as_user(city), "firms").head["数据性质"]
    with override_settings(FENGHUANG_DEMO=True):
        assert "演示数据" in fetch(as_user(city), "audit").head["数据性质"]
    assert "数据性质" not in fetch(as_user(city), "audit").head


def test_amounts_to_the_fen_and_unknown_empty(as_user, city, small_city) -> None:
    read = fetch(as_user(city), "incentives", "sort=amount")
    stored = {(d.project.code, d.clause, d.rule): d.amount for d in decided()}
    assert len(read.rows) == len(stored)
    cells = [row["测算补助（元）"] for row in read.rows]
    exact = sorted(amount for amount in stored.values() if amount is not None)
    written = sorted(int(Decimal(str(cell.value)) * 100) for cell in cells if cell.value is not None)
    assert written == exact
    assert {cell.number_format for cell in cells if cell.value is not None} == {"#,##0.00"}
    unknown = [row for row in read.rows if row["测算补助（元）"].value is None]
    assert len(unknown) == sum(amount is None for amount in stored.values()) > 0
    assert all(row["缺少的资料"].value and row["结果"].value == "资料不全" for row in unknown)
    assert {row["项目代码"].data_type for row in read.rows} == {"s"}


def decided() -> Any:
    return Decision.objects.filter(year=2022).select_related("project")


@pytest.mark.parametrize("value", [0, 1, -1, 12345, 99999999999999, 814759368412697, 10**15 - 1, 10**15, -(10**17) - 7])
@pytest.mark.parametrize("places", [0, 2, 4])
def test_numbers_are_exact(value: int, places: int) -> None:
    book, paint, page = made_book()
    sheet._cell(page, 0, 0, Scaled(value, places), paint)
    read = openpyxl.load_workbook(closed(book)).active["A1"].value
    shown = read if isinstance(read, str) else f"{read:.{places}f}"
    assert Decimal(shown) == Decimal(value).scaleb(-places)


def made_book() -> tuple[Any, Any, Any]:
    import xlsxwriter

    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    book.file = file
    return book, sheet._Paint(book), book.add_worksheet()


def closed(book: Any) -> BytesIO:
    book.close()
    return BytesIO(book.file.getvalue())


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_is_never_a_formula(as_user, city, small_city, text: str) -> None:
    firm = Firm.objects.filter(results__year=2022).first()
    Firm.objects.filter(pk=firm.pk).update(name=text)
    read = fetch(as_user(city), "firms", f"q={firm.uscc}")
    cell = read.rows[0]["企业名称"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == text.startswith(sheet.RISKY)
    event = last_event()
    assert event.after["filter"] == ["2022 年度", f"搜索：{firm.uscc}"]


def test_a_filter_is_no_formula_either(as_user, city, small_city) -> None:
    read = fetch(as_user(city), "audit", "actor_name=" + "%3D1%2B1")
    assert read.head["筛选条件"] == "经办人：=1+1"
    assert read.rows == []


# --- who gets what ---


def test_a_county_official_gets_the_own_unit_only(as_user, county, small_city) -> None:
    client = as_user(county)
    for name, query in [("firms", ""), ("firms", "unit=331081"), ("incentives", ""), ("evaluation", "")]:
        read = fetch(client, name, query)
        assert set(read.column("地区")) <= {"黄岩区"}
        assert read.head["数据范围"] == "仅黄岩区"
    assert fetch(client, "firms").rows
    assert set(fetch(client, "findings").column("地区")) <= {"黄岩区"}
    assert len(fetch(client, "deliveries").rows) == Delivery.objects.count()


@pytest.mark.parametrize(("role", "status"), [("city", 200), ("county", 404), ("auditor", 200), ("operator", 200)])
def test_the_log_is_for_those_who_may_read_it(request, as_user, small_city, role: str, status: int) -> None:
    assert as_user(request.getfixturevalue(role)).get("/lists/audit/export").status_code == status


def test_nobody_enters_without_logging_in(client, db) -> None:
    for name in (*LISTS, "none"):
        assert client.get(f"/lists/{name}/export")["Location"].startswith("/accounts/login/")


def test_what_is_not_there(as_user, city) -> None:
    client = as_user(city)
    assert client.get("/lists/none/export").status_code == 404
    assert client.get("/lists/firms/export").status_code == 404  # nothing computed yet
    assert not Event.objects.filter(action="lists.export").exists()


@pytest.mark.parametrize("query", ["sort=x", "sort=-score,x", "unit=x", "cols=x", "cols=%00", "year=x", "density=x"])
def test_nonsense_is_no_error(as_user, city, small_city, query: str) -> None:
    client = as_user(city)
    assert fetch(client, "firms", query).rows is not None
    assert client.get(f"/firms/?{query}").status_code == 200


# --- large ones ---


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are many."""
    monkeypatch.setattr(actions, "DIRECT", 10)
    monkeypatch.setattr(sheet, "CHUNK", 5)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["city", "county", "auditor"])
def test_a_large_list_is_made_by_the_worker(request, as_user, small_city, few, role: str) -> None:
    person = request.getfixturevalue(role)
    client = as_user(person)
    asked = client.get("/lists/firms/export?sort=score")
    assert "后台生成" in asked.content.decode()
    assert not Job.objects.exists()
    answer = client.post("/lists/firms/export?sort=score")
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert last_event().after["job"] == job.pk
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    job.refresh_from_db()
    assert (job.state, job.message) == (State.DONE, f"已导出 {job.result['rows']:,} 行，可下载结果文件")
    assert "已写入" in job.log
    read = Read(b"".join(client.get(f"/jobs/{job.pk}/file").streaming_content))
    own = Result.objects.filter(year=2022, **({"unit": "331003"} if role == "county" else {}))
    assert len(read.rows) == job.result["rows"] == own.count() == last_event().after["rows"]
    assert "下载结果文件" in client.get(f"/jobs/{job.pk}/").content.decode()


def test_auditors_still_change_nothing(auditor) -> None:
    from django.core.exceptions import PermissionDenied

    from fenghuang.platform.jobs.actions import enqueue

    with pytest.raises(PermissionDenied):
        enqueue("incentives.refresh", "重新测算", actor=auditor)
