"""Cases as people say them: until when, who is next, and what happened as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings as django_settings
from django.urls import reverse

from fenghuang.domain.casework import people, quiet
from fenghuang.domain.casework.filling import shown
from fenghuang.domain.casework.models import Case, Movement
from fenghuang.law.document import documents
from fenghuang.law.registers.declaration import LEVELS, PEOPLE, Register, State, Step
from fenghuang.platform.accounts.models import User
from fenghuang.platform.calendar import ESTIMATED, between

if TYPE_CHECKING:
    from fenghuang.domain.casework.bulk import Foreseen

SOON = 3  # working days that a limit counts as near, before the nightly run has said so


class Due(NamedTuple):
    """A limit: the day, how far it is, and how it looks (late, soon, or "")."""

    day: date | None
    words: str
    look: str = ""

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}，{self.words}" if self.day else self.words


def due(case: Case, today: date) -> Due:
    """2023-03-20，还有 5 个工作日；逾期 2 个工作日；未设期限."""
    if not case.is_open:
        return Due(None, "已结束")
    if case.due is None:
        return Due(None, "未设期限")
    if case.paused_since:
        return Due(case.due, f"计时自 {case.paused_since} 起暂停")
    left = between(today, case.due)
    said = f"（{ESTIMATED}）" if case.due_estimated else ""
    if case.due < today:
        return Due(case.due, (f"逾期 {-left} 个工作日" if left else "已过期限") + said, "late")
    words = "今天到期" if case.due == today else f"还有 {left} 个工作日"
    return Due(case.due, words + said, "soon" if left <= SOON else "")


def next_is(case: Case) -> str:
    """Who is next: who holds the state, and to whom an overdue case has risen."""
    if not case.holder:
        return "—"
    held_by = held(case)
    return f"{held_by}（已上报{PEOPLE[case.risen_to]}）" if case.risen_to in LEVELS else held_by


def foreseen(one: Foreseen, step: Step, user: User) -> str:
    """What a step would do: 转入“限期整改”，期限 2023-03-20；what the facts show. "" where it cannot be taken."""
    if one.way is None:
        return ""
    case, way = one.case, one.way
    to = case.declared.states[step.after]
    said = f"仍为“{to.title}”" if step.after == case.state else f"转入“{to.title}”"
    if way.due.day:
        said += f"，期限 {way.due.day}" + (f"（{ESTIMATED}）" if way.due.estimated else "")
    shown = quiet.told(str(way.shown.get("sentence", "")), way.shown, user, case.unit_id)
    return "；".join(filter(None, [said, shown]))


def held(case: Case) -> str:
    """Who holds the case's state."""
    return people.in_words([case.holder], case.declared)


def limit(register: Register, state: State, days: int | None) -> str:
    """A state's limit: 10 个工作日（市级设定）, 到整改期限为止, or that none is set."""
    if state.limit is None:
        return "不设期限"
    if state.limit.is_set:
        return f"{days} 个工作日（市级设定）" if days else "市级尚未设定"
    if state.limit.field:
        return f"到填报的“{register.fields[state.limit.field].title}”为止"
    from fenghuang.law.registers import pack_of

    months = pack_of(register).parameters[state.limit.months].figures[""][0]
    return f"“{register.fields[state.limit.since].title}”后 {int(months)} 个月（文件规定）"


def filled_in(register: Register, fields: dict[str, object]) -> list[tuple[str, str]]:
    """Filled fields with titles and units."""
    return [(field.title, shown(field, fields[name])) for name, field in register.fields.items() if name in fields]


class Told(NamedTuple):
    """One thing that happened, as a sentence, with what belongs to it."""

    at: datetime
    who: str
    sentence: str
    words: str = ""
    filled: list[tuple[str, str]] = []
    files: list[tuple[str, str]] = []
    kind: str = "step"
    rules: list[Any] = []  # the records of the rules asked; the page has them explained


def timeline(case: Case, user: User) -> list[Told]:
    """Everything that happened to a case, the latest first."""
    return sorted([*_steps(case, user), *_answers(case), *_remarks(case)], key=lambda one: one.at, reverse=True)


def _steps(case: Case, user: User) -> Iterator[Told]:
    for one in case.movements.select_related("by").prefetch_related("documents"):
        state = case.declared.states.get(one.after)
        where = state.title if state else one.after
        sentence = one.title if one.before == one.after else f"{one.title}，转入“{where}”"
        if one.due:
            sentence += f"，期限 {one.due}"
        shown = quiet.told(str(one.shown.get("sentence", "")), one.shown, user, case.unit_id)
        words = "；".join(filter(None, [one.reason, shown]))
        asked = one.shown.get("rules_asked", [])
        files = [(file.title, reverse("casework:file", args=[file.pk])) for file in one.documents.all()]
        yield Told(one.at, _by(one), sentence, words, filled_in(case.declared, one.fields), files, "step", asked)


def _by(one: Movement) -> str:
    return str(one.by) if one.by else "系统"


def _answers(case: Case) -> Iterator[Told]:
    agencies = documents()[case.declared.pack].agencies
    for one in case.answers.filter(at__isnull=False).select_related("by", "movement"):
        state = case.declared.states.get(one.movement.after)
        said = state.joint.answers.get(one.answer, one.answer) if state and state.joint else one.answer
        assert one.at is not None
        who = str(one.by) if one.by else "系统"
        yield Told(one.at, who, f"{agencies[one.agency]}答复“{said}”", one.words, kind="answer")


def _remarks(case: Case) -> Iterator[Told]:
    for remark in case.comments.select_related("by"):
        yield Told(remark.at, str(remark.by or "系统"), "留言", remark.text, kind="comment")
    for file in case.attachments.filter(movement__isnull=True).select_related("by"):
        link = (file.title, reverse("casework:file", args=[file.pk]))
        yield Told(file.at, str(file.by or "系统"), "添加附件", files=[link], kind="file")


def is_demo() -> bool:
    """Whether pages say that what they show is made up."""
    return bool(django_settings.FENGHUANG_DEMO)
