"""A year's evaluation of a county as its people live it, clicked in a browser from the first file to the archive.

Accounts are there; everything else is done on pages: the story calls no action and reads no table. At the end the two
commands of an auditor are run on what came about. STORY_PICTURES=FOLDER photographs every step.
"""

from __future__ import annotations

from datetime import date, time
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from story_files import FIRMS, TRUE_KWH, YEAR, paper, rows, workbook
from story_stage import Person, Stage, work

from fenghuang.cli import main

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
(CODE, NAME), (_, OTHER) = FIRMS[8], FIRMS[6]  # 下陈水暖 contests and objects; 章安铸造 is silent
CAMPAIGN = f"椒江区 {YEAR} 年度"


def test_a_year_from_the_first_file_to_the_archive(stage: Stage, capsys: Any) -> None:
    departments_deliver(stage)
    the_county_asks_the_firms(stage)
    the_firm_confirms_and_contests(stage)
    the_department_answers(stage)
    the_townships_confirm(stage)
    the_county_scores_and_announces(stage)
    evidence = the_firm_objects(stage)
    the_county_accepts_and_regrades(stage)
    three_are_refused(stage, evidence)
    what_changed_is_said(stage)
    the_county_reconciles(stage)
    the_city_decides(stage)
    all_may_read(stage)
    the_firm_takes_its_notice(stage)
    the_auditor_reads(stage)
    assert main(["replay", f"331002/{YEAR}"]) == 0
    assert "等级和得分与存档逐位一致" in capsys.readouterr().out
    assert main(["audit", "verify"]) == 0
    assert "链完整" in capsys.readouterr().out


def departments_deliver(stage: Stage) -> None:
    """Most by the operator, the electricity by the power company's own clerk."""
    sheets = {"名录": rows("名录"), "税收": rows("税收"), "宗地": rows("宗地")}
    uploads(stage.who("yunwei"), workbook(stage.folder, "椒江区数据", **sheets))
    uploads(stage.who("gongdian"), workbook(stage.folder, "椒江区用电", 用电=rows("用电")))


def uploads(who: Person, file: Path) -> None:
    """Looks at the difference, lets it take effect."""
    who.follows("数据接入").follows("上传文件").attaches("input[type=file]", file)
    who.presses("上传并核对").sees("正在核对")
    work()
    who.page.wait_for_selector("h1:has-text('采用前的差异')")
    who.shows("差异").presses("采用").sees("正在采用")
    work()
    who.sees("已生效").shows("已采用")


def the_county_asks_the_firms(stage: Stage) -> None:
    """Begins the year, says how long each step lasts, lets the firms check; a wrong number loses no other."""
    county = stage.who("jiaojiang").follows("评价工作").sees("还没有开始的评价").shows("开始")
    county.presses("开始").sees(f"{CAMPAIGN}的评价已开始", "借用黄岩区的方法").shows("准备")
    county.types("企业核对工作日", "4").types("乡镇确认工作日", "2").types("公示异议工作日（3 至 7）", "9")
    county.presses("保存期限").sees("“公示异议”须为 3 至 7 个工作日，填的是 9").shows("期限不对")
    assert county.page.get_by_label("企业核对工作日").input_value() == "4"
    county.types("公示异议工作日（3 至 7）", "5").presses("保存期限").sees("已设定各环节工作日")
    county.presses("开始归集").sees("已办理“开始归集”", "企业会收到通知，开始核对数据")
    county.presses("送企业核对").sees("截止 2023-03-10").shows("企业核对")


def the_firm_confirms_and_contests(stage: Stage) -> None:
    """On a phone: the land is right, the electricity is not; a word where a number belongs loses no other field."""
    firm, proof = stage.who("xiachen"), paper(stage.folder, "抄表记录")
    firm.sees("核对并确认用地面积、用电量", "还有 4 个工作日").shows("首页")
    firm.follows("去核对").sees("用地面积", "8,000,000").shows("我的数据")
    firm.presses("确认用地面积", "#land_mu").sees("已确认 1 项").follows("数据不对，提出异议", "#electricity_kwh")
    firm.fills(claimed="很多", note="二号车间电表由隔壁企业使用").attaches("#proof", proof)
    firm.presses("提出异议").sees("应为以千瓦时为单位的数").shows("填错")
    assert firm.page.input_value("#note") == "二号车间电表由隔壁企业使用"
    firm.fills(claimed="6,000,000").attaches("#proof", proof)
    firm.presses("提出异议").sees("已提出异议：用电量", "有异议").shows("有异议")


def the_department_answers(stage: Stage) -> None:
    """Its clerk hears of it, cannot say "corrected" before the data are, delivers the reading, and answers."""
    stage.clock.on(date(2023, 3, 8))
    power = stage.who("gongdian").sits_down().follows("通知").sees(f"{NAME}对{YEAR}年度用电量提出异议")
    power.follows("评价工作").sees("异议 1").shows("各单位").follows("椒江区", "main").follows("企业核对", "main")
    power.sees("共 10 家").follows("有异议", "main").sees("共 1 家").shows("有异议").follows(NAME, "main")
    power.sees("主张 6,000,000 千瓦时").types("处理意见", "已重新抄表").presses("数据已更正")
    power.sees("数据还没有更正，仍是 8,000,000 千瓦时").shows("还没更正")
    assert power.page.get_by_label("处理意见").input_value() == "已重新抄表"
    corrected = [[*line[:-1], TRUE_KWH] for line in rows("用电") if line[1] == CODE]
    uploads(power, workbook(stage.folder, "用电更正", 用电=corrected))
    at_campaign(power).follows("企业核对", "main").follows(NAME, "main").types("处理意见", "已重新抄表，另立户")
    power.presses("数据已更正").sees("已更正：8,000,000 → 6,000,000 千瓦时").shows("已更正")
    stage.who("xiachen").sits_down().sees("贵企业对用电量的异议已处理：已更正").shows("答复")


def the_townships_confirm(stage: Stage) -> None:
    """When the period is over. One firm is sent back and confirms later; who was silent is confirmed for, and named."""
    stage.clock.on(date(2023, 3, 13))
    county, south, north = (stage.who(name) for name in ("jiaojiang", "nanshan", "beixin"))
    at_campaign(county.sits_down()).sees("10 家企业中 9 家没有确认用地、用电").shows("送乡镇")
    county.presses("送乡镇确认").sees("已办理“送乡镇确认”")
    at_campaign(south.sits_down()).sees("本乡镇（街道）还有 4 家企业没有确认").shows("评价")
    south.follows("去确认").sees("共 4 家").misses("永宁阀门").follows(OTHER, "main")
    south.types("退回企业的理由", "贵厂去年换过电表，请核对用电量").presses("退回企业").sees("已退回企业").shows("退回")
    south.follows("企业核对").follows("批量确认").sees("代企业确认用地面积、用电量", "已退回企业，等企业核对").shows(
        "批量"
    )
    south.presses("确认勾选的企业").sees("已确认 3 家企业").shows("核对")
    silent = stage.who("zhangan").sees("贵厂去年换过电表，请核对用电量").shows("被退回")
    silent.follows("去核对").presses("全部无误，确认以上 2 项").sees("已确认 2 项").shows("补确认")
    south.follows(OTHER, "main").presses("确认").sees("已确认 1 家企业").shows("确认")
    at_campaign(county).sees("还有 6 家企业没有经乡镇（街道）确认：北新街道 6 家")
    at_campaign(north.sits_down()).follows("去确认").follows("批量确认").shows("批量")
    north.presses("确认勾选的企业").sees("已确认 6 家企业")


def the_county_scores_and_announces(stage: Stage) -> None:
    stage.clock.on(date(2023, 3, 15))
    county = at_campaign(stage.who("jiaojiang").sits_down()).presses("确认完毕，计分").sees("第 1 次计分").shows("计分")
    county.follows("评价结果", "main").sees(NAME).shows("评价结果")
    county.follows(CAMPAIGN).presses("开始公示").sees("截止 2023-03-22").shows("公示")


def the_firm_objects(stage: Stage) -> str:
    """Where its evidence lies."""
    firm = stage.who("xiachen").sits_down().sees("查看公示的结果").follows("看结果").sees("公示的结果").shows("公示")
    firm.follows("对结果有异议").page.select_option("#item", "grade")
    firm.fills(claim="本企业列入省级重点技改，应予提档").attaches("#proof", paper(stage.folder, "技改批复"))
    firm.presses("提出异议", "main form").sees("待处理").shows("异议")
    return firm.page.get_by_role("link", name="技改批复.pdf").get_attribute("href") or ""


def the_county_accepts_and_regrades(stage: Stage) -> None:
    """A file that is no evidence is refused, and nothing typed is lost."""
    stage.clock.on(date(2023, 3, 20))
    county = stage.who("jiaojiang").sits_down().follows("评价工作").sees("异议 1").follows("椒江区", "main")
    county.sees("对结果的异议还有 1 件没有处理", "列入省级重点技改").shows("异议").follows(NAME, "main").shows("企业")
    county.types("处理意见", "情况属实，按重点技改提档").presses("成立").sees("异议已处理：成立")
    county.page.select_option("#kind", "promote")
    county.page.select_option("#to", "A")
    county.fills(**{"r-reason": "省级重点技改项目", "clause": "第八条", "document": "椒评价〔2023〕3 号"})
    county.attaches("#r-proof", {"name": "批复.exe", "mimeType": "application/pdf", "buffer": b"MZ"})
    county.presses("记入调档").sees("“批复.exe”不能作为证明材料").shows("材料不对")
    assert county.page.input_value("#r-reason") == "省级重点技改项目"
    county.attaches("#r-proof", paper(stage.folder, "会议纪要"))
    county.presses("记入调档").sees("已记入调档，重新计分后生效").shows("调档")
    stage.who("xiachen").sits_down().sees("贵企业的异议已处理：成立")


def three_are_refused(stage: Stage, evidence: str) -> None:
    """Too late by half an hour; another firm's evidence; another county's campaign."""
    stage.clock.on(date(2023, 3, 22), time(22))
    silent = stage.who("zhangan").sits_down().follows("异议")
    silent.page.select_option("#item", "grade")
    silent.fills(claim="我们也应提档").attaches("#proof", paper(stage.folder, "说明"))
    stage.clock.on(date(2023, 3, 23), time(0, 30))
    silent.presses("提出异议", "main form").sees("公示期已于 2023-03-22 截止，不再受理异议").shows("过期")
    assert silent.status(evidence) == 404
    assert stage.who("huangyan").status(stage.who("jiaojiang").page.url) == 404


def what_changed_is_said(stage: Stage) -> None:
    stage.clock.on(date(2023, 3, 23))
    county = at_campaign(stage.who("jiaojiang").sits_down()).presses("结束公示").sees("已办理“结束公示”")
    county.presses("重新计分").sees("第 2 次计分完成，1 家企业的得分或等级有变化")
    county.sees("B → A", "调档：省级重点技改项目（椒评价〔2023〕3 号）").shows("变化")
    county.presses("重新计分并核对").sees("报审定以前").shows("核对平衡")


def the_county_reconciles(stage: Stage) -> None:
    """One printed average agrees; another does not, bars the way, and is accepted with a reason."""
    county = stage.who("jiaojiang").follows("核对平衡", "main").sees("3 + 5 + 1 + 1 = 10")
    prints(county, "tax_per_mu", "7.75").sees("已登记对照数", "一致")
    prints(county, "tax_per_kwh", "0.0969").sees("1 个印发的平均值不符").shows("对照数")
    county.follows(CAMPAIGN).sees("与印发的平均值不符").shows("不能报审定").follows("核对平衡", "main")
    county.types("接受理由", "印发时下陈水暖的用电量尚未更正").presses("接受").sees("已接受并记入日志").shows("已接受")
    county.follows(CAMPAIGN).presses("报审定").sees("已办理“报审定”").shows("报审定")


def prints(who: Person, indicator: str, value: str) -> Person:
    """An average that the place has printed, typed in."""
    who.page.select_option("#indicator", indicator)
    return who.fills(printed=value, document="椒经信〔2023〕11 号", source="第 3 页表 2").presses("登记")


def the_city_decides(stage: Stage) -> None:
    city = stage.who("shiji").follows("通知").sees("椒江区2022年度亩均评价已报审定").shows("通知")
    at_campaign(city).types("审定会议或文件编号", "台政会〔2023〕7 号").shows("审定")
    city.presses("公布").sees("已办理“公布”").presses("归档").sees("归档指纹", "不能再改动").shows("归档")


def all_may_read(stage: Stage) -> None:
    """Somebody without an account."""
    reader = stage.who("").goes(f"/publication/331002/{YEAR}/").sees(NAME, "台政会〔2023〕7 号审定").shows("公布")
    sheet = openpyxl.load_workbook(reader.downloads("XLSX")).active
    assert (NAME, CODE, "A") in list(sheet.iter_rows(values_only=True))
    printed = text_of(reader.downloads("PDF"))
    assert all(name in printed for _, name in FIRMS)


def the_firm_takes_its_notice(stage: Stage) -> None:
    firm = stage.who("xiachen").sits_down().shows("首页").follows("我的结果").sees("最终结果", "省级重点技改项目")
    notice = "".join(text_of(firm.shows("最终结果").downloads("通知书 PDF")).split())
    assert NAME in notice
    assert "最终等级A类" in notice
    firm.follows("公开的名单").sees(OTHER)


def the_auditor_reads(stage: Stage) -> None:
    """Each step with who and when, and what firm and township said."""
    auditor = at_campaign(stage.who("shenji")).follows("审计日志", "main").shows("日志")
    auditor.sees("归档", "公布评价结果", "开始公示", "二号车间电表由隔壁企业使用", "贵厂去年换过电表")


def at_campaign(who: Person) -> Person:
    """On the page of the campaign, by the navigation."""
    return who.follows("评价工作").follows("椒江区", "main")


def text_of(pdf: BytesIO) -> str:
    return "".join(page.extract_text() for page in PdfReader(pdf).pages)
