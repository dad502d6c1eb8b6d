"""A new user's first day: ugly files uploaded, a row put right, a case calculated, a list taken away as a file."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.feeds.models import RawRow
from fenghuang.domain.registry.models import FirmYear
from fenghuang.platform.audit.models import Event
from fenghuang.platform.jobs.models import Job
from fenghuang.platform.jobs.tasks import run_job
from people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")


def tax_of_a_county_office(path: Path, firms: list[Any]) -> None:
    """GBK, a title, thousands separators, full-width digits, a word for a number, a total, a note."""
    first, second, third = firms
    lines = [
        "2022 年黄岩区评价税收,,,,",
        "统一社会信用代码,纳税人名称,年度,评价税收（元）,地方贡献（元）",
        f'{first.uscc},{first.name},2022,"1,234,567.50","300,000"',
        f"{second.uscc},{second.name},2022,{'2345678.9'.translate(WIDE)},{'400000'.translate(WIDE)}",
        f"{third.uscc},{third.name},2022,暂无,500000",
        '合计,,,"3,580,246.40","1,200,000"',
        "填表人：张某",
    ]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))


def energy_under_two_headers(path: Path, firms: list[Any]) -> None:
    """A title over merged cells, headers in two lines, years as words, a total."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2022 年度重点用能单位综合能耗"])
    sheet.append(["用能单位信息", None, None, "能耗"])
    sheet.append(["统一社会信用代码", "用能单位", "年度", "综合能耗（吨标准煤）"])
    for number, firm in enumerate(firms):
        sheet.append([firm.uscc, firm.name, "2022年", 120.5 + number])
    sheet.append(["合  计", None, None, 364.5])
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A2:C2")
    book.save(path)


def cut_short(path: Path, whole: Path) -> None:
    """A copy that never arrived completely."""
    content = whole.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def work() -> None:
    """What the worker beside the web server does: in a thread of its own, this one belongs to the browser."""
    for pk in Job.objects.filter(state="queued").values_list("pk", flat=True):
        worker = threading.Thread(target=run_job.call, args=(pk,))
        worker.start()
        worker.join()


def test_the_first_day(browse: Any, city: Any, small_city: Any, tmp_path: Path) -> None:
    graded = Result.objects.filter(year=2022, unit="331003").exclude(grade="").select_related("firm")
    first, second, third = firms = [one.firm for one in graded.order_by("firm_id")[:3]]
    tax, energy, torn = (tmp_path / name for name in ("黄岩税收.csv", "能耗.xlsx", "没传完.xlsx"))
    tax_of_a_county_office(tax, firms)
    energy_under_two_headers(energy, firms)
    cut_short(torn, energy)

    # signs in and uploads
    page = browse("/accounts/login/")
    page.fill("input[name=login]", city.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.get_by_role("link", name="数据接入").click()
    page.get_by_role("link", name="上传文件").click()
    page.set_input_files("input[type=file]", [tax, energy, torn])
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_text("正在核对").wait_for()
    work()

    # looks at the difference before it takes effect
    page.wait_for_selector("h1:has-text('采用前的差异')")
    assert "没传完.xlsx：不是完好的 XLSX 工作簿" in page.locator(".alert-danger").inner_text()
    counts = page.locator(".diff-sheets tbody tr")
    assert [row.locator("td[data-label=行数]").inner_text() for row in counts.all()] == ["3", "3"]
    assert [row.locator("td[data-label=隔离]").inner_text() for row in counts.all()] == ["1", "0"]
    said = page.locator("main").inner_text()
    assert "第 6 行是合计，未作为数据" in said
    assert "第 7 行是表下附注，未作为数据" in said
    assert FirmYear.objects.current().get(firm=first, year=2022).tax != 123_456_750
    for box in page.locator("input[name=confirm]").all():
        box.check()
    page.get_by_role("button", name="采用", exact=True).click()
    page.get_by_text("正在采用").wait_for()
    work()
    page.get_by_text("已生效").wait_for()
    facts = FirmYear.objects.current().filter(year=2022)
    assert facts.get(firm=first).tax == 123_456_750
    assert facts.get(firm=second).tax == 234_567_890
    assert facts.get(firm=third).energy_tce == 1_225_000

    # puts the quarantined row right, in place, with a reason
    page.get_by_role("link", name="处理待更正的行").click()
    page.select_option("#id_template", "tax")
    page.get_by_role("button", name="筛选", exact=True).click()
    wrong = page.locator(".mend", has_text="暂无")
    assert third.name in wrong.inner_text()
    wrong.get_by_role("link", name="更正", exact=True).click()
    page.wait_for_selector(".mend.is-open")
    page.fill(".mend.is-open input[name=cell-3]", "3,456,789.00")
    page.fill(".mend.is-open input[name=reason]", "与企业核对，按税务系统更正")
    page.get_by_role("button", name="更正并采用").click()
    page.get_by_text("第 5 行已更正，已采用").wait_for()
    assert facts.get(firm=third).tax == 345_678_900
    assert RawRow.objects.filter(delivery__template="tax", cells__3="暂无").get().status != "quarantined"
    assert Event.objects.get(action="feeds.corrected").reason == "与企业核对，按税务系统更正"

    # has everything worked out anew
    page.goto("/incentives/")
    page.get_by_role("button", name="重新测算").click()
    page.wait_for_url("**/jobs/*/")
    work()
    page.get_by_text("已完成").first.wait_for()

    # takes the list away
    page.goto(f"/firms/?q={third.uscc}")
    with page.expect_download() as arriving:
        page.get_by_role("link", name="导出").click()
    rows = list(
        openpyxl.load_workbook(io.BytesIO(arriving.value.path().read_bytes())).active.iter_rows(values_only=True)
    )
    line = next(row for row in rows if third.uscc in row)
    assert third.name in line
    assert str(city) in str(rows[:12])

    # calculates a case at the counter
    page.goto("/rules/upgrade_subsidy/")
    page.wait_for_selector("html[data-scripts=ready]", state="attached")
    page.fill("#f-equipment_investment", "4875万元")
    page.select_option("#f-grade", "A")
    page.fill("#f-local_contribution", "1260万")
    page.wait_for_selector(".explain-main .figure-text:text('5,450,000.00')")
