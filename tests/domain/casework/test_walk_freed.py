"""高耗低效 walked to the ledger: a firm leaves, what it used is credited, goes to projects and is never overdrawn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, B, C, firms
from django.utils import timezone
from walking import Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEGALITY = ("emergency", "ecology", "development_reform", "market_regulation")
ACCEPTANCE = ("economy", "development_reform", "natural_resources", "tax")


@pytest.fixture
def delivered(deliver: Callable[..., Any]) -> None:
    """Two years in which A pays 10 万元/亩: 20 亩 and 100 吨标准煤; B and C pay ten times as much."""
    for year in (2021, 2022):
        deliver(
            year=year,
            directory=firms(A, B, C, revenue=200_000_000, value_added=30_000_000, township="章安街道"),
            tax=[{"uscc": one, "tax": 2_000_000 if one == A else 20_000_000} for one in (A, B, C)],
            parcels=[{"uscc": one, "reference": f"{one}-1", "amount": 20} for one in (A, B, C)],
            energy=[{"uscc": A, "energy_tce": 100}],
        )


def to_acceptance(walk: Walk, people: SimpleNamespace) -> str:
    """Screened, lawful, planned to leave, done; where its case lies."""
    county, township = walk(people.county), walk(people.township)
    county.opens("/cases/").follows("高耗低效企业", "main").follows("筛查", "main").page.check("input[name=subject]")
    county.presses("预览列入").presses("确认列入").follows("企业", "main td.is-title")
    case = county.page.url
    township.steps(case, "核实属实")
    for agency in LEGALITY:
        walk(people.clerks[agency]).answers(case, "合法合规")
    county.steps(case, "全部合法，制定方案")
    due = str(timezone.localdate() + timedelta(days=30))
    township.opens(case).follows("编写方案", "main").page.fill("#m-title-1", "停产腾退")
    township.page.fill("#m-due-1", due)
    township.presses("保存方案", problem="设备老旧", aim="腾退土地和用能")
    county.steps(case, "方案审定，开始实施", way="leave")
    township.opens(case).presses("登记完成", note="已停产").sees("已登记“停产腾退”完成")
    township.steps(case, "提请验收")
    for agency in ACCEPTANCE:
        walk(people.clerks[agency]).answers(case, "达标")
    return case


def leaves(county: Walker, case: str) -> None:
    """The firm's register entry shows that it is gone; a declaration of the case alone does not."""
    button = "企业已并入或注销，腾退销号"
    county.tries(case, button).sees("企业库中没有列入之后的注销或并入登记", "在企业页的“变更记录”中登记")
    county.follows(A, "main").follows("变更记录", "main")
    county.presses("登记", kind="cancelled", source="椒市监销〔2023〕1 号").sees("已登记")
    county.steps(case, button).sees("腾退销号", "计入指标台账")


def test_a_firm_leaves_and_what_it_used_goes_to_a_project(walk: Walk, people: SimpleNamespace, delivered: None) -> None:
    case = to_acceptance(walk, people)
    county = walk(people.county)
    leaves(county, case)
    county.sees("用能 100 吨标准煤 计入", "腾出土地 20 亩 计入", "碳排放没有计入")

    # from the ledger back to the case
    county.opens("/ledgers/").sees("椒江区").follows("100", "main table")
    county.follows("椒江区用能第 1 笔", "main table").sees("+100", "2022 年度", "关停腾出")
    county.follows("高耗低效企业", "main dd")
    assert county.page.url == case
    county.follows("椒江区腾出土地第 1 笔", "main").sees("+20", "2022 年度")

    # a project takes of it, and no project takes more than there is
    for project, amount in (("技改甲", "60"), ("技改乙", "40.0001")):
        claim = {"unit": "331002", "sort": "upgrade", "project": project, "amount": amount}
        claim["applied_on"] = str(timezone.localdate())
        county.opens("/ledgers/claims/new/energy").presses("登记", **claim).sees("已登记")
    county.opens("/ledgers/claims/").follows("技改甲", "main table").presses("安排").sees("已安排", "第 2 笔")
    county.opens("/ledgers/claims/").follows("技改乙", "main table").presses("安排")
    county.sees("余额 40 吨标准煤，不足以减去 40.0001")
    walk(people.auditor).opens("/ledgers/entries/?kind=energy").sees("-60", "+100", "共 2 笔")
