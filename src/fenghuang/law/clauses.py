"""How far each clause is carried out. The status is computed from what is there; nobody sets it.

A duty is done when every rule that does it has a worked case, or when something carries it: a list under closed-loop
management, a report, a service, the tracking of a target. Law knows its rules; who knows the others says so in
`carried`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from fenghuang.law.document import Document
from fenghuang.law.files import load_yaml
from fenghuang.law.pack import packs

DONE, PARTLY, NOT_YET = "done", "partly", "not yet"
STATUS = {DONE: "已实现", PARTLY: "部分实现", NOT_YET: "未实现"}
# The duties of a clause that no rule does, by its kind in the register: key behind the clause, title.
OTHERS = {
    "register": ("register", "清单闭环管理"),
    "process": ("register", "清单闭环管理"),  # states and deadlines are those of the list
    "report": ("report", "通报与评比"),
    "service": ("service", "服务应用"),
}


@dataclass(frozen=True)
class Duty:
    """Something a clause obliges software to do. `by` names the rules or lists that do it; empty while it is open."""

    key: str
    title: str
    by: tuple[str, ...]

    @property
    def done(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True)
class Clause:
    """A clause of the register with its duties."""

    id: str
    title: str
    kind: tuple[str, ...]
    duties: tuple[Duty, ...]

    @property
    def done(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.done)

    @property
    def todo(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if not duty.done)

    @property
    def status(self) -> str:
        """done, partly or not yet."""
        if not self.done:
            return NOT_YET
        return PARTLY if self.todo else DONE


@cache
def worked() -> frozenset[str]:
    """The rules of every pack that have at least one worked case (cases/*.yaml)."""
    found = set()
    for pack in packs().values():
        for path in sorted(pack.folder.glob("cases/*.yaml")):
            found |= {rule for rule, cases in load_yaml(path).items() if rule in pack.rules and set(cases) - {"base"}}
    return frozenset(found)


def coverage(document: Document, carried: Mapping[str, str] | None = None) -> list[Clause]:
    """Every clause of the register in its order.

    `carried`: what other floors carry, by key of the duty (freed_quota_ledger, task.1.register, work.2a.report, a
    target's id) the name of the list or report, each with a passing test from entry to exit.
    """
    return [_clause(document, said, carried or {}) for said in _register(document)]


def told(document: Document, clause: Clause, on: date) -> dict[str, Any]:
    """A clause as the command and the API tell it: who is responsible, what is done, what replaced it by that day."""
    newer = document.superseded(clause.id, on)
    return {
        "clause": clause.id,
        "title": clause.title,
        "policy": document.pack.id,
        "kind": list(clause.kind),
        "agencies": list(document.duties(clause.id)),
        "status": clause.status,
        "done": [{"key": duty.key, "title": duty.title, "by": list(duty.by)} for duty in clause.done],
        "todo": [{"key": duty.key, "title": duty.title} for duty in clause.todo],
        "superseded": newer and {"by": newer.by, "from": str(newer.since), "source": newer.source},
    }


def _register(document: Document) -> Iterator[Mapping[str, Any]]:
    for part in ("policy", "targets", "tasks", "work"):
        yield from document.clauses[part]


def _clause(document: Document, said: Mapping[str, Any], carried: Mapping[str, str]) -> Clause:
    own, kind = said["id"], tuple(said.get("kind", ["target"]))
    duties = [
        Duty(key, about["title"], _by_rules(about.get("rules", [key])) or _by_others(key, carried))
        for key, about in document.does.get(own, {}).items()
    ]
    if not isinstance(said.get("does"), list):  # an article says its duties by key, a task by its kind
        others = dict(OTHERS[one] for one in kind if one in OTHERS)
        duties += [Duty(f"{own}.{key}", title, _by_others(f"{own}.{key}", carried)) for key, title in others.items()]
    targets = [target for target in document.targets.values() if target.clause == own]
    duties += [Duty(target.id, f"目标：{target.title}", _by_others(target.id, carried)) for target in targets]
    title = re.sub(r'"(.*?)"', r"“\1”", said["title"])
    return Clause(own, title, kind, tuple(duties))


def _by_rules(rules: list[str]) -> tuple[str, ...]:
    """The rules when all of them are there with a worked case; a part of them does not do it."""
    return tuple(rules) if set(rules) <= worked() else ()


def _by_others(key: str, carried: Mapping[str, str]) -> tuple[str, ...]:
    return (carried[key],) if key in carried else ()
