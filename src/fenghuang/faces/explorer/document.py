"""A document and its clauses as the pages show them: the one place where law, engines and the platform's uses meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from fenghuang.engines import search
from fenghuang.law import source
from fenghuang.law.addresses import clauses
from fenghuang.law.clauses import DONE, NOT_YET, PARTLY, STATUS, Clause, Duty, coverage, worked
from fenghuang.law.document import Citation, Document, Superseded, Target, documents
from fenghuang.law.pack import Pack, packs
from fenghuang.law.paraphrase import figures, goal, paraphrase
from fenghuang.platform.carried import carried
from fenghuang.platform.uses import Use, uses_of

PARTS = {"art": "政策扶持", "target": "主要目标", "task": "重点任务", "work": "工作要求"}
PERIODS = {"level": "期末水平", "total": "累计", "year": "每年", "stock": "随时保有", "average": "年均"}
KINDS = {
    "rule": "规则",
    "register": "清单",
    "process": "流程",
    "target": "目标",
    "report": "通报",
    "service": "服务",
    "fact": "事实",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A clause in the table of its document."""

    id: str
    title: str
    action: str
    kinds: tuple[str, ...]
    rules: tuple[str, ...]  # titles
    agencies: tuple[str, ...]
    status: str  # done | partly | not yet
    superseded: Superseded | None
    done: tuple[Duty, ...]
    todo: tuple[Duty, ...]

    @property
    def status_title(self) -> str:
        return STATUS[self.status]

    @property
    def state(self) -> str:
        """How a badge is coloured."""
        return {DONE: "yes", PARTLY: "unknown", NOT_YET: "none"}[self.status]


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A parameter as a row: its figures by label, since when they hold, where they stand in the text."""

    title: str
    path: str
    rows: tuple[tuple[str, str], ...]
    validity: str
    places: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A target as a row."""

    title: str
    figure: str
    period: str
    by: int
    place: str


def text_of(pack: Pack) -> Document | None:
    """The document of a pack as data, where there is one."""
    return documents().get(pack.id)


def parts(pack: Pack, on: date) -> list[Part]:
    """The clauses of a document under its sections."""
    lines = list(_lines(pack, on))
    kinds = dict.fromkeys(line.id.partition(".")[0] for line in lines)
    return [Part(PARTS.get(kind, "条款"), tuple(x for x in lines if x.id.partition(".")[0] == kind)) for kind in kinds]


def counts(lines: list[Line]) -> list[tuple[str, str, int]]:
    """How many clauses have each status: (status, title, number)."""
    return [(status, title, sum(line.status == status for line in lines)) for status, title in STATUS.items()]


def line(pack: Pack, clause: str, on: date) -> Line:
    return next(one for one in _lines(pack, on) if one.id == clause)


def _lines(pack: Pack, on: date) -> Iterator[Line]:
    document = text_of(pack)
    if document is None:
        for clause in clauses(pack.id):
            yield _line_of_rules(pack, clause)
        return
    actions = {task["id"]: task["action"] for task in document.clauses["tasks"]}
    for one in coverage(document, carried()):
        yield Line(
            id=one.id,
            title=one.title,
            action=actions.get(one.id, ""),
            kinds=tuple(KINDS[kind] for kind in one.kind),
            rules=tuple(found.words.rule_title(name) for found, name in rules_of(pack, one.id)),
            agencies=document.duties(one.id),
            status=one.status,
            superseded=document.superseded(one.id, on),
            done=one.done,
            todo=one.todo,
        )


def _line_of_rules(pack: Pack, clause: str) -> Line:
    """A clause of a pack without a register: its duties are its rules."""
    names = [name for _, name in rules_of(pack, clause)]
    duties = tuple(Duty(n, pack.words.rule_title(n), (n,) if n in worked() else ()) for n in names)
    found = Clause(clause, search.titles(pack)[clause], ("rule",), duties)
    titles = tuple(pack.words.rule_title(name) for name in names)
    return Line(clause, found.title, "", (KINDS["rule"],), titles, (), found.status, None, found.done, found.todo)


def rules_of(pack: Pack, clause: str) -> list[tuple[Pack, str]]:
    """The rules that carry out a clause: its own, then those of other packs that it refers to (task.4: idle land)."""
    own = [(pack, name) for name, rule in pack.rules.items() if rule.clause == clause]
    document = text_of(pack)
    said = document.does.get(clause, {}) if document else {}
    named = [name for key, about in said.items() for name in about.get("rules", [key])]
    others = [
        (found, n) for n in dict.fromkeys(named) for found in packs().values() if n in found.rules and found is not pack
    ]
    return own + others


def sentences(pack: Pack, clause: str) -> tuple[str, ...]:
    """What the clause does, in our own words."""
    document = text_of(pack)
    return paraphrase(document, clause) if document else ()


def passage(pack: Pack, clause: str) -> list[str] | None:
    """The text of the clause where an operator has loaded the document."""
    document = text_of(pack)
    return source.passage(document, clause, Path(settings.HOME)) if document else None


def place(pack: Pack, clause: str) -> str:
    """Which lines of the text."""
    lines = document.lines(clause) if (document := text_of(pack)) else None
    if lines is None:
        return ""
    return f"原文第 {lines[0]} 行" if lines[0] == lines[1] else f"原文第 {lines[0]} 至 {lines[1]} 行"


def parameters(pack: Pack, rule: str) -> list[Figures]:
    """The figures of a rule, each with validity and place."""
    own = [p for p in pack.parameters.values() if p.path.rsplit(".", 2)[1] == rule]
    return [
        Figures(
            title=pack.words.title(rule, p.name),
            path=p.path,
            rows=tuple((_label(label), figures(p, label)) for label in p.figures),
            validity=f"{p.valid[0]} 至 {p.valid[1]}" if p.valid[1] else f"{p.valid[0]} 起",
            places="、".join(dict.fromkeys(_places(p.at))),
        )
        for p in own
    ]


def _label(label: str) -> str:
    return {"": "", "others": "其余", "ungraded": "未参评"}.get(label, f"{label} 类")


def _places(at: Any) -> Iterator[str]:
    if isinstance(at, Mapping | list):
        for part in at.values() if isinstance(at, Mapping) else at:
            yield from _places(part)
    else:
        yield str(at)


def goals(pack: Pack, clause: str) -> list[Goal]:
    """The targets of a clause."""
    document = text_of(pack)
    found = [t for t in document.targets.values() if t.clause == clause] if document else []
    return [Goal(t.title, _goal(t), PERIODS[t.period], t.by, t.at) for t in found]


def _goal(target: Target) -> str:
    if target.value is None:
        return "全部完成"
    return f"{'超过' if target.above is not None else '不少于'} {goal(target)}"


def citations(pack: Pack, clause: str) -> list[Citation]:
    """The documents that a clause names."""
    document = text_of(pack)
    return [c for c in document.citations.values() if clause in c.clauses] if document else []


@dataclass(frozen=True, slots=True)
class Used:
    """A place of the platform that decides by a rule, with last year's total; None: nothing computed yet."""

    use: Use
    address: str
    total: Any


def used(rule: str) -> list[Used]:
    return [Used(one, reverse(one.pattern), one.total) for one in uses_of(rule)]
