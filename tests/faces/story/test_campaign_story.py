"""A year's evaluation of a county as its people live it, clicked in a browser from the first file to the archive.

Accounts are there; everything else is done on pages: the story calls no action and reads no table. At the end the two
commands of an auditor are run on what came about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from story_files import FIRMS, TRUE_KWH, YEAR, paper, rows, workbook
from story_stage import Clock, Person, work

from fenghuang.cli import main

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
(CODE, NAME), (OTHER_CODE, OTHER) = FIRMS[8], FIRMS[6]  # 下陈水暖 contests and objects; 章安铸造 is silent


def uploads(who: Person, file: Path) -> None:
    """Looks at the difference, lets it take effect."""
    who.follows("数据接入").follows("上传文件")
    who.page.set_input_files("input[type=file]", file)
    who.presses("上传并核对").sees("正在核对")
    work()
    who.page.wait_for_selector("h1:has-text('采用前的差异')")
    who.shows(f"01-差异-{who.username}")
    for box in who.page.locator("input[name=confirm]").all():
        box.check()
    who.presses("采用").sees("正在采用")
    work()
    who.sees("已生效").shows(f"02-采用-{who.username}")


def test_a_year_from_the_first_file_to_the_archive(
    enter: Callable[..., Person], clock: Clock, tmp_path: Path, capsys: Any
) -> None:
    # Monday: the departments' files
    operator, power = enter("yunwei"), enter("gongdian")
    uploads(operator, workbook(tmp_path, "椒江区数据", 名录=rows("名录"), 税收=rows("税收"), 宗地=rows("宗地")))
    uploads(power, workbook(tmp_path, "椒江区用电", 用电=rows("用电")))

    # the county begins the year, says how long each step lasts, and asks the firms
    county = enter("jiaojiang").follows("评价工作").sees("还没有开始的评价").shows("03-开始")
    county.presses("开始").sees("椒江区 2022 年度的评价已开始").shows("04-准备")
    for state, days in (("企业核对", "4"), ("乡镇确认", "2"), ("公示异议（3 至 7）", "9")):
        title, _, bounds = state.partition("（")
        county.page.get_by_label(f"{title}工作日（{bounds}" if bounds else f"{title}工作日").fill(days)
    county.presses("保存期限").sees("“公示异议”须为 3 至 7 个工作日，填的是 9").shows("05-期限不对")
    assert county.page.get_by_label("企业核对工作日").input_value() == "4"  # what was typed is still there
    county.page.get_by_label("公示异议工作日（3 至 7）").fill("5")
    county.presses("保存期限").sees("已设定各环节工作日")
    county.presses("开始归集").sees("已办理“开始归集”").presses("送企业核对").sees("截止 2023-03-10").shows(
        "06-企业核对"
    )

    # the firm reads its data on a phone, confirms the land, contests the electricity
    firm = enter("xiachen", phone=True).sees("核对并确认用地面积、用电量", "还有 4 个工作日").shows("07-企业首页")
    firm.follows("去核对").sees("用地面积", "8,000,000").shows("08-我的数据")
    firm.presses("确认用地面积", "#land_mu").sees("已确认 1 项")
    firm.follows("数据不对，提出异议", "#electricity_kwh").fills(
        claimed="很多", note="二号车间电表由隔壁企业使用"
    ).shows("09-提出异议")
    firm.page.set_input_files("#proof", paper(tmp_path, "抄表记录"))
    firm.presses("提出异议").sees("应为以千瓦时为单位的数").shows("10-填错")
    assert firm.page.input_value("#note") == "二号车间电表由隔壁企业使用"
    firm.fills(claimed="6,000,000").page.set_input_files("#proof", paper(tmp_path, "抄表记录"))
    firm.presses("提出异议").sees("已提出异议：用电量", "有异议").shows("11-有异议")

    # the power company's clerk finds it, corrects the reading by a new file, and says so
    clock.on(date(2023, 3, 8))
    power.sits_down().follows("通知").sees(f"{NAME}对2022年度用电量提出异议").follows("评价工作").sees("异议 1").shows(
        "12-部门首页"
    ).follows("椒江区", "main").follows("企业核对", "main")
    power.sees("共 10 家").follows("有异议", "main").sees("共 1 家").shows("13-部门看异议").follows(NAME, "main")
    power.sees("主张 6,000,000 千瓦时").shows("14-部门看企业")
    power.page.get_by_label("处理意见").fill("已重新抄表")
    power.presses("数据已更正").sees("数据还没有更正，仍是 8,000,000 千瓦时").shows("15-还没更正")
    corrected = [line for line in rows("用电") if line[1] == CODE]
    corrected[0][-1] = TRUE_KWH
    uploads(power, workbook(tmp_path, "用电更正", 用电=corrected))
    power.follows("评价工作").follows("椒江区", "main").follows("企业核对", "main").follows(NAME, "main")
    power.page.get_by_label("处理意见").fill("已重新抄表，二号车间另立户")
    power.presses("数据已更正").sees("已更正：8,000,000 → 6,000,000 千瓦时").shows("16-已更正")
    firm.sits_down().sees("贵企业对用电量的异议已处理：已更正").shows("17-企业看答复")

    # the period is over: to the townships; who was silent is told apart
    clock.on(date(2023, 3, 13))
    county.sits_down().follows("评价工作").follows("椒江区", "main")
    county.sees("10 家企业中 9 家没有确认用地、用电").shows("18-送乡镇").presses("送乡镇确认").sees(
        "已办理“送乡镇确认”"
    )
    south = enter("nanshan").shows("19-乡镇首页").follows("评价工作").follows("椒江区", "main").shows("20-乡镇看评价")
    south.sees("本乡镇（街道）还有 4 家企业没有确认").follows("去确认").sees("共 4 家").misses("永宁阀门").shows(
        "21-乡镇核对"
    )
    south.follows(OTHER, "main").page.get_by_label("退回企业的理由").fill("贵厂去年换过电表，请核对用电量")
    south.presses("退回企业").sees("已退回企业").shows("22-退回")
    south.follows("企业核对").follows("批量确认").sees("代企业确认用地面积、用电量", "已退回企业，等企业核对").shows(
        "23-批量确认"
    )
    south.presses("确认勾选的企业").sees("已确认 3 家企业").shows("24-已确认")
    silent = enter("zhangan", phone=True).sees("贵厂去年换过电表，请核对用电量").shows("25-被退回")
    silent.follows("去核对").presses("全部无误，确认以上 2 项").sees("已确认 2 项").shows("26-补确认")
    south.follows(OTHER, "main").presses("确认").sees("已确认").shows("27-乡镇确认")
    county.sits_down().follows("评价工作").follows("椒江区", "main").sees("北新街道 6 家").shows("28-还差北新")
    north = (
        enter("beixin").follows("评价工作").follows("椒江区", "main").follows("企业核对", "main").follows("批量确认")
    )
    north.presses("确认勾选的企业").sees("已确认 6 家企业")

    # scored and announced
    clock.on(date(2023, 3, 15))
    county.sits_down().follows("评价工作").follows("椒江区", "main").presses("确认完毕，计分").shows("29-计分")
    county.sees("第 1 次计分").follows("评价结果", "main").sees(NAME).shows("30-评价结果")
    county.follows("椒江区 2022 年度", "body").presses("开始公示").sees("截止 2023-03-22").shows("31-公示")

    # the firm objects with evidence; the county agrees, and regrades
    firm.sits_down().sees("查看公示的结果").shows("32-企业公示").follows("看结果").sees("公示的结果").shows(
        "33-企业结果"
    )
    firm.follows("对结果有异议").page.select_option("#item", "grade")
    firm.fills(claim="本企业列入省级重点技改，应予提档").page.set_input_files("#proof", paper(tmp_path, "技改批复"))
    firm.presses("提出异议", "main form").sees("待处理").shows("34-企业异议")
    address = firm.page.get_by_role("link", name="技改批复.pdf").get_attribute("href") or ""
    clock.on(date(2023, 3, 20))
    county.sits_down().follows("评价工作").sees("异议 1").shows("35-有异议").follows("椒江区", "main")
    county.sees("列入省级重点技改").shows("36-异议").follows(NAME, "main").shows("37-企业").page.get_by_label(
        "处理意见"
    ).fill("情况属实，按重点技改提档")
    county.presses("成立").sees("异议已处理：成立")
    county.page.select_option("#kind", "promote")
    county.page.select_option("#to", "A")
    county.fills(**{"r-reason": "省级重点技改项目", "clause": "第八条", "document": "椒评价〔2023〕3 号"})
    county.page.set_input_files("#r-proof", {"name": "批复.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    county.presses("记入调档").shows("38-材料不对")
    assert county.page.input_value("#r-reason") == "省级重点技改项目"  # what was typed is still there
    county.page.set_input_files("#r-proof", paper(tmp_path, "会议纪要"))
    county.presses("记入调档").sees("已记入调档，重新计分后生效").shows("39-调档")
    firm.sits_down().sees("贵企业的异议已处理：成立").shows("40-企业看处理")

    # three who are refused: too late, of another county, of another firm
    clock.on(date(2023, 3, 22), time(22))
    silent.sits_down().follows("异议").page.select_option("#item", "grade")
    silent.fills(claim="我们也应提档").page.set_input_files("#proof", paper(tmp_path, "说明"))
    clock.on(date(2023, 3, 23), time(0, 30))
    silent.presses("提出异议", "main form").sees("公示期已于 2023-03-22 截止，不再受理异议").shows("41-过期")
    assert silent.status(address) == 404
    neighbour = enter("huangyan")
    assert neighbour.status(county.page.url) == 404
    neighbour.shows("42-别的县")

    # the period is closed; the scoring says what changed for whom and why
    clock.on(date(2023, 3, 23))
    county.sits_down().follows("评价工作").follows("椒江区", "main").presses("结束公示").sees("已办理“结束公示”")
    county.presses("重新计分").sees("第 2 次计分完成，1 家企业的得分或等级有变化").sees("省级重点技改项目").shows(
        "43-变化"
    )
    county.presses("重新计分并核对").shows("44-核对平衡")

    # what was printed is typed in: one agrees, one does not and is accepted with a reason
    county.follows("核对平衡", "main").sees("平衡").shows("45-家数")
    prints(county, "tax_per_mu", "7.75").sees("已登记对照数", "一致")
    prints(county, "tax_per_kwh", "0.0969").sees("1 个印发的平均值不符").shows("46-对照数")
    county.follows("椒江区 2022 年度").shows("47-不能报审定")
    county.follows("核对平衡", "main").page.get_by_label("接受理由").fill("印发时下陈水暖的用电量尚未更正")
    county.presses("接受").sees("已接受并记入日志").shows("48-已接受")
    county.follows("椒江区 2022 年度").presses("报审定").sees("已办理“报审定”").shows("49-报审定")

    # the city decides, publishes, puts it away
    city = enter("shiji").follows("评价工作").follows("椒江区", "main").shows("50-审定")
    city.page.get_by_label("审定会议或文件编号").fill("台政会〔2023〕7 号")
    city.presses("公布").sees("已办理“公布”").shows("51-公布").presses("归档").sees("归档指纹").shows("52-归档")

    # open to all
    passer_by = enter("").goes(f"/publication/331002/{YEAR}/").sees(NAME, "台政会〔2023〕7 号审定").shows("53-公布页")
    sheet = openpyxl.load_workbook(passer_by.downloads("XLSX")).active
    assert (NAME, CODE, "A") in list(sheet.iter_rows(values_only=True))
    assert NAME in text_of(passer_by.downloads("PDF"))

    # the firm reads its final grade and takes its notice home
    firm.sits_down().shows("54-企业首页").follows("我的结果").sees("最终结果", "省级重点技改项目").shows("55-最终结果")
    notice = text_of(firm.downloads("通知书 PDF"))
    assert NAME in notice
    assert "最终等级A类" in "".join(notice.split())

    # the auditor reads who did what; the two commands agree
    auditor = enter("shenji").follows("评价工作").follows("椒江区", "main").follows("审计日志", "main").shows("56-日志")
    auditor.sees("二号车间电表由隔壁企业使用", "贵厂去年换过电表")
    assert main(["replay", f"331002/{YEAR}"]) == 0
    assert "等级和得分与存档逐位一致" in capsys.readouterr().out
    assert main(["audit", "verify"]) == 0
    assert "链完整" in capsys.readouterr().out


def prints(who: Person, indicator: str, value: str) -> Person:
    """An average that the place has printed, typed in."""
    who.page.select_option("#indicator", indicator)
    who.fills(printed=value, document="椒经信〔2023〕11 号", source="第 3 页表 2")
    return who.presses("登记")


def text_of(pdf: BytesIO) -> str:
    return "".join(page.extract_text() for page in PdfReader(pdf).pages)
