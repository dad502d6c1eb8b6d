"""The notice to a firm: `notice(grade)` is what staff download and what the firm gets; all of a campaign as one ZIP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.db import transaction

from fenghuang.domain.campaign import own, papers, queries
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Grade, Scoring
from fenghuang.domain.feeds.sensitive import FIELDS, may_read
from fenghuang.language.numbers import show_decimal
from fenghuang.language.record import MASK
from fenghuang.law.methods.result import scope_title
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.documents import forms
from fenghuang.platform.documents.anchor import end_of_log
from fenghuang.platform.documents.document import Anchor, Block, Document, Heading, Paragraph, Table
from fenghuang.platform.evidence import HINT
from fenghuang.platform.jobs.actions import enqueue
from fenghuang.platform.refusals import Refused
from fenghuang.platform.ui.numbers import value_text

if TYPE_CHECKING:
    from fenghuang.domain.campaign.models import Campaign
    from fenghuang.language.record import Input, Record, Step
    from fenghuang.platform.accounts.models import User
    from fenghuang.platform.jobs.models import Job

EPOCH = (1980, 1, 1, 0, 0, 0)
DRAFT = "内部核对用，尚未公示或公布"
NONE, CLOSED = "—", "不公开"


def notice(grade: Grade, anchor: Anchor | None = None) -> Document:
    """What the firm is told: grades, every item's value, benchmark, weight and score, rank, regrades, how to object.

    It tells the firm's taxes per 亩: whether the reader may see them is for the caller to ask; of other firms it tells
    nothing (own.why), whoever has it printed. `anchor`: where the
    audit log ends, for many notices made at once. Refused when the program of today no longer gives the stored result.
    """
    made, campaign = grade.scoring, grade.scoring.campaign
    if not queries.gives_again(made):
        raise Refused(f"按现行程序重算{campaign}{made}与存档不符，不能据此出具告知书，请联系运维核查")
    what = papers.what_is_open(campaign)
    return Document(
        title=f"{campaign.unit}{campaign.year}年度亩均评价结果{'通知书' if what == '公布' else '告知书'}",
        addressee=grade.name,
        body=tuple(_body(grade, own.why(grade))),
        signature=str(campaign.unit),
        day=campaign.since,
        stands_on=papers.stands_on(made),
        anchor=anchor or end_of_log(),
        verify=papers.verify(campaign),
        mark=papers.marks("" if what else DRAFT),
    )


def _body(grade: Grade, why: Record) -> Iterator[Block]:
    campaign = grade.scoring.campaign
    yield Paragraph(
        f"按照《{why.title}》，你单位（统一社会信用代码 {grade.firm.uscc}）{campaign.year}年度亩均评价结果告知如下。"
    )
    yield Heading("一、评价结果")
    yield Table(("项目", "结果"), tuple(_result(grade)), (1, 3))
    if rows := tuple(_items(why)):
        yield Heading("二、各项得分")
        headers = ("指标", "数值", "基准", "权重", "得分", "缺项处理等说明")
        note = (
            "权重、得分的单位为分；得分按未舍入的数值和基准计算，四舍五入到 4 位小数。“—”为未知或不适用，不是零；"
            "“不公开”的基准是其他企业的数值。"
        )
        yield Table(headers, rows, (4, 6, 6, 3, 4, 5), right=(1, 2, 3, 4), note=note)
    yield Heading(f"{'三' if rows else '二'}、等级调整")
    if grade.chain:
        for number, step in enumerate(grade.chain, 1):
            yield Paragraph(f"{number}．{step}")
    else:
        yield Paragraph("没有调整。")
    yield Heading(f"{'四' if rows else '三'}、提出异议")
    yield Paragraph(_objecting(campaign))


def _result(grade: Grade) -> Iterator[tuple[str, str]]:
    yield "评价范围", scope_title(grade.scope) if grade.scope else NONE
    yield "综合得分", f"{show_decimal(grade.score, 4)} 分" if grade.score is not None else NONE
    ranked = grade.rank is not None and grade.group_size
    yield "名次", f"第 {grade.rank} 名（同组 {grade.group_size} 家）" if ranked else NONE
    yield "初评等级", f"{grade.initial} 类" if grade.initial else NONE
    yield "最终等级", f"{grade.final} 类" if grade.final else "未定级"
    if grade.reason:
        yield "未定级的原因", grade.reason


def _items(why: Record) -> Iterator[tuple[str, ...]]:
    """Of each item: value, benchmark, weight, score, what was done where the value is missing; then 加减分."""
    steps = {step.name: step for step in why.steps}
    for name, scored in steps.items():
        if name.startswith("score_"):
            item = name.removeprefix("score_")
            value, read = steps[item], {one.name: one for one in scored.inputs}
            yield (
                value.title,
                _measured(value),
                _measured(read.get(f"benchmark_{item}")),
                _measured(read[f"weight_{item}"], unit=False),
                scored.value if isinstance(scored.value, str) else NONE,
                _remark(value, scored),
            )
        elif name.startswith("adjustment_"):
            note = "；".join(one for one in (scored.formula, scored.note) if one)
            yield scored.title, NONE, NONE, NONE, str(scored.value or NONE), note


def _measured(one: Step | Input | None, *, unit: bool = True) -> str:
    """A value with its unit, a share as percent."""
    if one is None or one.value is None:
        return NONE
    if one.value == MASK:
        return CLOSED
    return one.text or (f"{value_text(one.value)} {one.unit}".strip() if unit else value_text(one.value))


def _remark(value: Step, scored: Step) -> str:
    if value.value is None:
        return value.note or scored.formula
    again = re.search(r"再乘 .+$", scored.formula)
    return again[0] if again else ""


def _objecting(campaign: Campaign) -> str:
    if campaign.state == State.OBJECTIONS:
        since, due = papers.chinese_day(campaign.since), papers.chinese_day(campaign.due)
        return (
            f"对上述结果有异议的，请在公示期内（{since}至{due}）向{campaign.unit}提出，写明事项和理由，"
            f"并附证明材料（{HINT}）。"
        )
    if papers.what_is_open(campaign):
        decided = f"，结果经{campaign.decided_by}审定" if campaign.decided_by else ""
        return f"公示期已经结束{decided}，现予公布。"
    return "结果仍在核对；公示时另行告知提出异议的办法和期限。"


# --- in the hands of staff


def name_of(grade: Grade, form: str) -> str:
    """The file of a notice: code and name, without what a file system takes amiss."""
    firm = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", grade.name).strip(". ")[:80]
    return f"{grade.firm.uscc}-{firm}.{form}"


@transaction.atomic
def request_all(actor: User, campaign: Campaign, form: str) -> Job:
    """Have the notices of the latest scoring made by the worker, by one who may send them and read what they tell."""
    require(actor, "accounts.change", campaign.unit_id)
    require(actor, "accounts.see_sensitive", campaign.unit_id)
    last = campaign.scorings.first()
    if last is None:
        raise Refused("还没有计分，没有可出具的告知书")
    if form not in forms.TYPES:
        raise Refused("请选择 PDF 或 Word")
    if not queries.gives_again(last):
        raise Refused(f"按现行程序重算{last}与存档不符，不能据此出具告知书，请联系运维核查")
    arguments = {"scoring": last.pk, "form": form, "user": actor.pk}
    job = enqueue("campaign.notices", f"{campaign}评价结果告知书", actor=actor, arguments=arguments)
    after = {
        "scoring": last.number,
        "form": form,
        "firms": last.grades.count(),
        "fields": sorted(FIELDS),
        "job": job.pk,
    }
    record("campaign.notices", actor=actor, subject=campaign, after=after)
    return job


def write_all(
    made: Scoring, form: str, out: IO[bytes], anchor: Anchor, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Every notice of a scoring into a ZIP, one after the other: never more than one in memory. How many there are."""
    grades = made.grades.select_related("firm").order_by("firm__uscc")
    count = 0
    with ZipFile(out, "w", ZIP_STORED) as packed:  # PDF and Word are packed already
        for count, grade in enumerate(grades.iterator(chunk_size=500), 1):
            grade.scoring = made
            name = PurePath(name_of(grade, form)).name
            packed.writestr(ZipInfo(name, EPOCH), forms.made(notice(grade, anchor), form))
            progress(count)
    return count


def may_make(user: User, campaign: Campaign) -> bool:
    """Whether the person may have a firm's notice: it tells taxes."""
    return may_read(user, campaign.unit_id)
