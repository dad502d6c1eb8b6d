"""高耗低效 from 筛查 to 达标销号 in a browser, each office clicking its own part."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from lowfirms import delivered
from test_inefficient_firms import ACCEPTANCE, LEGALITY, NAME

from fenghuang.domain.casework import diagram
from fenghuang.domain.casework.models import Case
from fenghuang.law.registers import registers


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_clicked_from_screening_to_the_exit(low: Any, people: SimpleNamespace, browse: Any, deliver: Any) -> None:
    page = browse("/cases/", user=people.county)
    page.click("a.case-card >> text=高耗低效企业")
    page.click("main >> text=筛查")
    page.check("input[name=subject]")
    page.click("text=预览列入")
    page.click("text=确认列入")
    page.wait_for_selector("text=已列入 1 个对象")
    page.click("td.is-title a")
    address = page.url

    def step(who: Any, button: str, fill: Any = None) -> Any:
        here = browse("/cases/", user=who)
        here.goto(address)
        if fill:
            fill(here)
        here.click(f"button:text-is('{button}')")
        here.wait_for_selector(".alert-success")
        return here

    def says(what: str) -> Any:
        def fill(here: Any) -> None:
            here.check(f"#answer-{what}")
            here.fill("#answer-words", "现场检查")

        return fill

    step(people.township, "核实属实")
    for agency in LEGALITY:
        step(people.clerks[agency], "答复", says("lawful"))
    step(people.county, "全部合法，制定方案")

    def plan(here: Any) -> None:
        here.click("text=编写方案")
        here.fill("#problem", "设备老旧")
        here.fill("#aim", "亩均税收达标")
        here.fill("#m-title-1", "更新注塑设备")
        here.select_option("#m-agency-1", "economy")
        here.fill("#m-due-1", (timezone.localdate() + timedelta(days=60)).isoformat())

    step(people.township, "保存方案", plan)
    step(people.county, "方案审定，开始实施", lambda here: here.select_option("select[name=f-way]", "upgrade"))
    step(people.clerks["economy"], "登记完成", lambda here: here.fill("input[name=note]", "已投产"))
    report = {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    step(people.township, "提请验收", lambda here: here.set_input_files("input[name=d-0]", report))
    for agency in ACCEPTANCE:
        step(people.clerks[agency], "答复", says("met"))
    delivered(deliver, 2023, a=201, b=200, c=2000)
    last = step(people.county, "达标销号")
    assert "已不属低亩均税收企业" in last.inner_text("#timeline")
    assert Case.objects.get(register=NAME).state == "struck_off"


def test_every_register_is_drawn_without_overlaps() -> None:
    for one in registers().values():
        drawing = diagram.draw(one)
        assert {box.name for box in drawing.boxes} == set(one.states) | set(one.steps)
        for box in drawing.boxes:
            assert box.x >= 0
            assert box.x + box.width <= drawing.width
            assert box.y + box.height <= drawing.height
            for other in drawing.boxes:
                if other is not box and other.row == box.row:
                    assert abs(box.x - other.x) >= box.width, (one.name, box.name, other.name)
        assert all("nan" not in arrow.path for arrow in drawing.arrows)
        entered = {step.after for step in one.steps.values()}
        assert sum(arrow.head is not None for arrow in drawing.arrows) >= len(entered)
