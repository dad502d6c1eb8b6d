"""一企一方案 as an official document: what is wrong, what is promised, what is done by whom, and what agencies said.

It ends where the log stood at the newest deed of the case: until something is done, it is the same to the byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils import timezone

from fenghuang.domain.campaign.papers import marks
from fenghuang.domain.casework.filling import shown
from fenghuang.domain.casework.models import Case, Measure, Plan
from fenghuang.domain.casework.planning import TOWNSHIP
from fenghuang.domain.casework.wording import filled_in
from fenghuang.language.words import clause_title
from fenghuang.law.document import documents
from fenghuang.law.pack import find
from fenghuang.platform.audit.models import Event
from fenghuang.platform.documents.anchor import end_of_log, of
from fenghuang.platform.documents.document import Block, Document, Heading, Paragraph, Table
from fenghuang.platform.refusals import Refused

NONE = "—"
NUMERALS = "一二三四五六七"
VERIFY = (
    "在系统所在机器运行 fenghuang audit verify，核对审计锚点所写序号的事件哈希是否一致。"
    "Word 与 PDF 的内容指纹相同即内容相同；事项有新的办理后，文件随之更新。"
)


def plan_paper(case: Case) -> Document:
    """The plan with its measures, the entry's basis and the answers. Refused while there is no plan."""
    plan: Plan | None = getattr(case, "plan", None)
    if plan is None or case.declared.plan is None:
        raise Refused("还没有方案，不能生成文件")
    deed = _newest_deed(case)
    day = timezone.localtime(deed.at).date() if deed else case.entered_on
    return Document(
        title=f"{case.title}整治提升方案（一企一方案）",
        body=tuple(_numbered(case, plan)),
        signature=str(case.unit),
        day=day,
        stands_on=tuple(_stands_on(case)),
        anchor=of(deed) if deed else end_of_log(),
        verify=VERIFY,
        mark=marks("" if case.is_open else f"本事项已结束：{case.at.title}"),
    )


def name_of(case: Case, form: str) -> str:
    """The file's name: code and subject, without what a file system takes amiss."""
    title = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", f"{case.subject}-{case.title}").strip(". ")[:90]
    return f"{title}-一企一方案.{form}"


def _newest_deed(case: Case) -> Event | None:
    """The last thing that was done to the case; who only read it changed nothing."""
    about = Event.objects.filter(subject_type="casework.case", subject_id=str(case.pk))
    return about.exclude(action__contains=".read_").order_by("-pk").first()


def _stands_on(case: Case) -> Iterator[tuple[str, str]]:
    yield "清单事项", f"{case.declared.title}第 {case.pk} 件，第 {case.version} 版"
    yield "清单定义", f"SHA-256 {case.declared.sha256}"
    if case.recording:
        yield "列入时的数据", str(case.recording)
    for one in _rules(case):
        yield "列入规则", f"{_title_of(one['rule'])}，政策版本 SHA-256 {one['policy']}"


def _rules(case: Case) -> list[dict[str, str]]:
    return [one for one in case.entry.get("facts", {}).get("rules", []) if {"rule", "policy"} <= set(one)]


def _numbered(case: Case, plan: Plan) -> Iterator[Block]:
    """The sections, those with something in them numbered through."""
    sections: list[tuple[str, list[Block]]] = [
        ("基本情况", list(_about(case))),
        ("列入依据", list(_basis(case))),
        ("存在问题", [Paragraph(line) for line in plan.problem.splitlines() if line.strip()]),
        ("整治目标", list(_aims(case, plan))),
        ("整治措施", list(_measures(case, plan))),
        ("部门意见", list(_answers(case))),
    ]
    for numeral, (title, blocks) in zip(NUMERALS, [one for one in sections if one[1]], strict=False):
        yield Heading(f"{numeral}、{title}")
        yield from blocks


def _about(case: Case) -> Iterator[Block]:
    agencies = documents()[case.declared.pack].agencies
    place = f"{case.unit}{case.township}"
    rows = [
        ("清单", case.declared.title),
        ("对象", f"{case.title}（{case.subject}）"),
        ("所在地", place),
        ("状态", f"{case.at.title}（自 {case.since} 起）"),
        ("期限", str(case.due) if case.due else "未设期限" if case.is_open else "已结束"),
        ("牵头部门", agencies.get(case.declared.lead, NONE)),
        *filled_in(case.declared, case.fields),
    ]
    yield Table(("项目", "内容"), tuple(rows), (1, 3))


def _basis(case: Case) -> Iterator[Block]:
    how = "手工列入" if case.entry.get("by_hand") else "按数据筛查列入"
    yield Paragraph(
        f"{case.entered_on} {how}（{clause_title(case.declared.clause)}）：{case.entry.get('why') or NONE}。"
    )
    for one in _rules(case):
        yield Paragraph(f"按规则“{_title_of(one['rule'])}”判定，可在系统中查看判定过程。")


def _title_of(rule: str) -> str:
    """A rule as people call it; one of a policy that is gone by its name."""
    pack = find(rule)
    return pack.words.rule_title(rule) if pack else rule


def _aims(case: Case, plan: Plan) -> Iterator[Block]:
    yield from (Paragraph(line) for line in plan.aim.splitlines() if line.strip())
    declared = case.declared.plan
    assert declared is not None  # plan_paper asks
    rows = tuple((field.title, shown(field, plan.planned.get(name))) for name, field in declared.figures.items())
    if rows:
        yield Table(("目标", "计划数"), rows, (1, 1), right=(1,), note="“—”为没有填写，不是零。")


def _measures(case: Case, plan: Plan) -> Iterator[Block]:
    agencies = documents()[case.declared.pack].agencies
    standing = plan.measures.filter(dropped=False)
    rows = tuple(
        (str(number), one.title, agencies.get(one.agency, TOWNSHIP), str(one.due), _done(one))
        for number, one in enumerate(standing, 1)
    )
    if rows:
        yield Table(("序号", "措施", "责任部门", "完成期限", "完成情况"), rows, (1, 5, 3, 3, 4), right=(0,))


def _done(one: Measure) -> str:
    return f"{one.done_on} 完成：{one.note}" if one.done_on else "未完成"


def _answers(case: Case) -> Iterator[Block]:
    agencies, states = documents()[case.declared.pack].agencies, case.declared.states
    rows = []
    for one in case.answers.filter(at__isnull=False).select_related("movement").order_by("pk"):
        state = states.get(one.movement.after)
        said = state.joint.answers.get(one.answer, one.answer) if state and state.joint else one.answer
        assert one.at is not None  # of the filter
        day = timezone.localtime(one.at).date()
        rows.append((state.title if state else NONE, agencies[one.agency], said, one.words, str(day)))
    if rows:
        yield Table(("环节", "部门", "答复", "意见", "日期"), tuple(rows), (3, 4, 3, 5, 3))
