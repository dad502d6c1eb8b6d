"""Many cases at once in a browser: looked at case by case, done with the same values for all, refused one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from deliveries import A, B
from django.utils import timezone
from lowfirms import delivered
from playwright.sync_api import expect
from walking import Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEGALITY = ("emergency", "ecology", "development_reform", "market_regulation")


@pytest.fixture
def two_low(deliver: Callable[..., Any]) -> None:
    """A and B pay little for their land in both years."""
    delivered(deliver, 2021, a=200, b=200, c=2000)
    delivered(deliver, 2022, a=200, b=200, c=2000)


def entered(county: Walker) -> dict[str, str]:
    """Both are screened and entered; where their cases lie."""
    county.opens("/cases/").follows("高耗低效企业", "main").follows("筛查", "main")
    for box in county.page.locator("input[name=subject]").all():
        box.check()
    county.presses("预览列入").presses("确认列入").sees("已列入 2 个对象")
    links = county.page.locator("td.is-title a")
    expect(links).to_have_count(2)
    return {one: str(links.filter(has_text=one[-4:]).get_attribute("href")) for one in (A, B)}


def together(who: Walker, state: str, step: str) -> Walker:
    """The page of a step for many, by its words."""
    who.opens("/cases/").follows("高耗低效企业", "main").follows("批量办理", "main")
    return who.follows(state, "nav[aria-label=状态]").follows(step, "nav[aria-label=操作]")


def test_many_take_a_step_with_the_same_fields(walk: Walk, people: SimpleNamespace, two_low: None) -> None:
    county, township = walk(people.county), walk(people.township)
    case = entered(county)
    together(township, "待乡镇核实", "核实属实").presses("预览办理").sees("2 件可以办理", "转入“合法性核查”")
    township.presses("确认办理 2 件").sees("“核实属实”已办理 2 件")
    for agency in LEGALITY:
        for one in (A, B):
            walk(people.clerks[agency]).answers(case[one], "合法合规")
    together(county, "合法性核查", "全部合法，制定方案").presses("预览办理").presses("确认办理 2 件")

    # only A gets a plan: the same 处置方式 for all, and B is told apart before and after
    township.opens(case[A]).follows("编写方案", "main").page.fill("#m-title-1", "更新设备")
    township.page.fill("#m-due-1", str(timezone.localdate() + timedelta(days=30)))
    township.presses("保存方案", problem="设备老旧", aim="亩均税收达标").sees("方案")
    together(county, "制定一企一方案", "方案审定，开始实施").sees("1 件可以办理", "还没有方案")
    expect(county.page.locator("main td.is-title input[type=checkbox]")).to_have_count(1)
    county.presses("预览办理", **{"f-way": "upgrade"}).sees("改造提升", "转入“方案实施”")
    county.presses("返回修改")
    expect(county.page.locator("[name=f-way]")).to_have_value("upgrade")
    county.presses("预览办理", **{"f-way": "park"}).sees("搬迁入园").presses("确认办理 1 件").sees("已办理 1 件")
    county.opens(case[A]).sees("方案实施", "搬迁入园")
    county.opens(case[B]).sees("制定一企一方案").misses("搬迁入园")
