"""留驻优质企业 in a browser: screened by grade, renewed, kept while it qualifies, left at production."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from deliveries import code, firms
from django.utils import timezone
from walking import Files, Walk, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEN = [code(2000 + 37 * place) for place in range(10)]
AGENCIES = ("economy", "development_reform", "natural_resources")


def test_from_the_grade_to_production(walk: Walk, people: SimpleNamespace, files: Files) -> None:
    today = timezone.localdate()
    year, next_year = str(today + timedelta(days=30)), str(today + timedelta(days=395))
    city, county, township = walk(people.city), walk(people.county), walk(people.township)
    directory = firms(*TEN, above_scale="否", revenue=100_000, value_added=30_000, township="章安街道")
    taxes = [{"uscc": one, "tax": 5_000_000 - 400_000 * place} for place, one in enumerate(TEN)]
    parcels = [{"uscc": one, "reference": f"{one}-1", "amount": 10} for one in TEN]
    meters = [{"uscc": one, "reference": f"3310{place}", "amount": 800_000} for place, one in enumerate(TEN)]
    walk(people.operator).uploads(files(directory=directory, tax=taxes, parcels=parcels, meters=meters))
    city.opens("/incentives/").presses("开始测算")
    work()

    county.opens("/cases/registers/quality_firms/screen").sees("亩均评价")
    subject = county.page.locator("input[name=subject]").first
    firm = subject.get_attribute("value") or ""
    subject.check()
    county.presses("预览列入").presses("确认列入").sees("已列入 1 个对象")
    county.opens("/cases/registers/quality_firms/").page.locator("td.is-title a").first.click()
    county.page.wait_for_url("**/cases/*/")
    case = county.page.url
    county.steps(case, "认定", project_class="building", renew_by=year).sees("在库服务")
    township.steps(case, "提请年度更新")
    for agency in AGENCIES:
        walk(people.clerks[agency]).answers(case, "继续列入")
    county.steps(case, "继续列入，滚动实施", renew_by=next_year).sees(next_year)
    township.steps(case, "提请年度更新")
    for agency in AGENCIES:
        walk(people.clerks[agency]).answers(case, "移出")
    county.tries(case, "移出清单").sees("仍符合认定条件")
    county.tries(case, "项目投产，销号").sees("还没有项目“投产”的日期")
    milestone = {"code": "P-9", "uscc": firm, "milestone": "投产", "actual": str(today)}
    walk(people.clerks["economy"]).uploads(files(milestones=[milestone]))
    county.steps(case, "项目投产，销号").sees("投产（P-9）")
