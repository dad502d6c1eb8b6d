"""What the documents of a campaign share, and the list that is published (platform/documents prints them).

Every figure comes from the stored scoring. Each document says which scoring it stands on and where the audit log ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from fenghuang.domain.campaign import queries
from fenghuang.domain.campaign.flow import State
from fenghuang.platform.audit.models import Event
from fenghuang.platform.documents.anchor import of
from fenghuang.platform.documents.document import DEMO, Block, Document, Heading, Paragraph, Table

if TYPE_CHECKING:
    from fenghuang.domain.campaign.models import Campaign, Scoring

OPEN = {State.OBJECTIONS: "公示", State.PUBLISHED: "公布", State.FROZEN: "公布"}
MADE_BY = {"公示": "campaign.publicise", "公布": "campaign.publish"}
VERIFY = (
    "在系统所在机器运行 fenghuang audit verify，核对审计锚点所写序号的事件哈希是否一致；"
    "归档后运行 fenghuang replay {unit}/{year} 可按存档逐位重算。Word 与 PDF 的内容指纹相同即内容相同。"
)


def what_is_open(campaign: Campaign) -> str:
    """公示 or 公布; "" while nothing is open to all."""
    return OPEN.get(State(campaign.state), "")


def marks(*more: str) -> str:
    """What heads every page."""
    return "；".join(one for one in (*more, DEMO if settings.FENGHUANG_DEMO else "") if one)


def stands_on(made: Scoring) -> tuple[tuple[str, str], ...]:
    """The decision a document states: campaign, scoring and the fingerprints of all that decided."""
    campaign = made.campaign
    lines = [
        ("评价工作", f"{campaign}，{made}"),
        ("评价方法", f"{made.method.name}，SHA-256 {made.method.sha256}"),
        ("数据快照", f"SHA-256 {made.facts_id}"),
        ("调档", f"SHA-256 {made.regrades_id}"),
        ("结果", f"SHA-256 {made.results_id}"),
        ("政策版本", f"SHA-256 {made.policy.sha256}"),
    ]
    if campaign.seal:
        lines.append(("归档指纹", campaign.seal))
    return tuple(lines)


def verify(campaign: Campaign) -> str:
    return VERIFY.format(unit=campaign.unit_id, year=campaign.year)


def chinese_day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "（未定）"


# --- the published list


def opening(campaign: Campaign) -> Event | None:
    """The event by which the list became open to all: with it the document was made, and the log ended there."""
    about = Event.objects.filter(subject_type="campaign.campaign", subject_id=str(campaign.pk))
    return about.filter(action=MADE_BY[what_is_open(campaign)]).order_by("-pk").first()


def publication(campaign: Campaign, lines: Sequence[tuple[str, str, str]]) -> Document:
    """The list (name, code, grade) of a campaign that is announced or published, a table a grade."""
    made = campaign.scorings.select_related("campaign__unit", "method", "policy").first()
    assert made is not None  # nothing opens without a scoring (flow: guard `scored`)
    what, event = what_is_open(campaign), opening(campaign)
    return Document(
        title=f"{campaign.unit}{campaign.year}年度亩均评价结果{what}",
        body=tuple(_listed(campaign, what, lines)),
        signature=str(campaign.unit),
        day=timezone.localtime(event.at).date() if event else campaign.since,
        stands_on=_published_on(stands_on(made)),
        anchor=of(event),
        verify=verify(campaign),
        mark=marks(),
    )


def _published_on(lines: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Without the seal: archiving later changes nothing of what was published."""
    return tuple(line for line in lines if line[0] != "归档指纹")


def _listed(campaign: Campaign, what: str, lines: Sequence[tuple[str, str, str]]) -> Iterator[Block]:
    by_grade = {x: [(name, uscc) for name, uscc, grade in lines if grade == x] for x in queries.LETTERS}
    said = "，".join(f"{x} 类 {len(firms)} 家" for x, firms in by_grade.items())
    if what == "公示":
        yield Paragraph(
            f"现将{campaign.unit}{campaign.year}年度亩均评价结果予以公示，公示期{chinese_day(campaign.since)}至"
            f"{chinese_day(campaign.due)}。对结果有异议的，请在公示期内向{campaign.unit}提出并附证明材料。"
        )
    else:
        yield Paragraph(
            f"{campaign.unit}{campaign.year}年度亩均评价结果经{campaign.decided_by or '审定'}"
            f"{'审定' if campaign.decided_by else ''}，现予公布。"
        )
    yield Paragraph(f"本次共评定 {len(lines)} 家：{said}。")
    for numeral, (grade, firms) in zip("一二三四", by_grade.items(), strict=True):
        yield Heading(f"{numeral}、{grade} 类（{len(firms)} 家）")
        if not firms:
            yield Paragraph("无。")
            continue
        rows = tuple((str(n), name, uscc) for n, (name, uscc) in enumerate(firms, 1))
        yield Table(("序号", "企业名称", "统一社会信用代码"), rows, (1, 6, 4), right=(0,))
