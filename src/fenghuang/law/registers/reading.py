"""A declaration from its file. A slip is a RuleError that begins with the entry's path, as in the other files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fenghuang.language.values import RuleError
from fenghuang.law import files
from fenghuang.law.registers.declaration import (
    ENDS,
    FIELD_TYPES,
    SUBJECTS,
    Ask,
    Entry,
    Field,
    Joint,
    Limit,
    Parts,
    Plan,
    Register,
    Reopening,
    State,
    Step,
    When,
)

TOP = {
    "register", "title", "clause", "subject", "lead", "entry", "classes", "fields", "states", "steps", "plan", "reopen",
    "carries", "parts", "facts",
}  # fmt: skip


def read(path: Path, pack: str) -> Register:
    """The declaration in a file; Faulty names file and line."""
    return files.read(path, lambda document: parse(document, pack), depth=0)


def parse(document: Mapping[str, Any], pack: str) -> Register:
    """The declaration a document says."""
    _only(document, TOP, "")
    for key in ("register", "title", "clause", "subject", "lead", "entry", "states", "steps"):
        if not document.get(key):
            raise RuleError(f"{key}: missing")
    if document["subject"] not in SUBJECTS:
        raise RuleError(f"subject: {document['subject']!r} is none of {', '.join(SUBJECTS)}")
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    said_plan, said_reopen = document.get("plan"), document.get("reopen")
    return Register(
        name=document["register"],
        title=document["title"],
        clause=document["clause"],
        pack=pack,
        subject=document["subject"],
        lead=document["lead"],
        entry=_entry(document["entry"]),
        fields={name: _field(name, said, f"fields.{name}") for name, said in document.get("fields", {}).items()},
        states={name: _state(name, said) for name, said in document["states"].items()},
        steps={name: _step(name, said) for name, said in document["steps"].items()},
        plan=_plan(said_plan) if said_plan else None,
        parts={name: _parts(name, said) for name, said in document.get("parts", {}).items()},
        facts=dict(document.get("facts", {})),
        reopen=_reopening(said_reopen) if said_reopen else None,
        carries=_names(document.get("carries")),
        classes=document.get("classes", ""),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )


def _entry(said: Mapping[str, Any]) -> Entry:
    _only(said, {"found_by", "rules", "by_hand", "evidence", "fields"}, "entry")
    return Entry(
        found_by=said.get("found_by", ""),
        rules=_names(said.get("rules")),
        by_hand=_names(said.get("by_hand")),
        evidence=said.get("evidence", True),
        fields=_names(said.get("fields")),
    )


def _field(name: str, said: Mapping[str, Any], at: str) -> Field:
    _only(said, {"title", "type", "choices", "help"}, at)
    kind = said.get("type", "text")
    if kind != "choice" and kind not in FIELD_TYPES:
        raise RuleError(f"{at}.type: {kind!r} is none of choice, {', '.join(FIELD_TYPES)}")
    if (kind == "choice") != bool(said.get("choices")):
        raise RuleError(f"{at}.choices: a choice has them, nothing else does")
    return Field(name, _title(said, at), kind, dict(said.get("choices", {})), said.get("help", ""))


def _state(name: str, said: Mapping[str, Any]) -> State:
    at = f"states.{name}"
    _only(said, {"title", "held_by", "limit", "joint", "pausable", "end", "shown_by", "deliveries", "firm"}, at)
    if said.get("end", "") not in ("", *ENDS):
        raise RuleError(f"{at}.end: {said['end']!r} is none of {', '.join(ENDS)}")
    if said.get("deliveries", "set") != "set" or ("deliveries" in said and not said.get("shown_by")):
        raise RuleError(f"{at}.deliveries: expected `set`, and only where shown_by says how an exit is shown")
    limit, joint = said.get("limit"), said.get("joint")
    return State(
        name,
        _title(said, at),
        said.get("held_by", ""),
        _limit(limit, f"{at}.limit") if limit else None,
        _joint(joint, f"{at}.joint") if joint else None,
        said.get("pausable", False),
        said.get("end", ""),
        said.get("shown_by", ""),
        "deliveries" in said,
        said.get("firm", ""),
    )


def _limit(said: Any, at: str) -> Limit:
    if said == "set":
        return Limit(is_set=True)
    if not isinstance(said, Mapping) or set(said) not in ({"field"}, {"months", "since"}):
        raise RuleError(f"{at}: expected `set`, {{field}} or {{months, since}}")
    return Limit(field=said.get("field", ""), months=said.get("months", ""), since=said.get("since", ""))


def _joint(said: Mapping[str, Any], at: str) -> Joint:
    _only(said, {"question", "agencies", "answers", "accepts"}, at)
    for key in ("question", "agencies", "answers"):
        if not said.get(key):
            raise RuleError(f"{at}.{key}: missing")
    return Joint(said["question"], _names(said["agencies"]), dict(said["answers"]), said.get("accepts", ""))


def _step(name: str, said: Mapping[str, Any]) -> Step:
    at = f"steps.{name}"
    known = {
        "title", "from", "to", "by", "fields", "may_fill", "documents", "reason", "when", "needs_plan", "settled",
        "asks", "guards", "effects",
    }  # fmt: skip
    _only(said, known, at)
    for key in ("from", "to", "by"):
        if not said.get(key):
            raise RuleError(f"{at}.{key}: missing")
    when = said.get("when")
    if when is not None and (len(when) != 1 or next(iter(when)) not in ("all", "any")):
        raise RuleError(f"{at}.when: expected {{all: answer}} or {{any: answer}}")
    return Step(
        name,
        _title(said, at),
        _names(said["from"]),
        said["to"],
        _names(said["by"]),
        _names(said.get("fields")),
        _names(said.get("may_fill")),
        _names(said.get("documents")),
        said.get("reason", False),
        When(*next(iter(when.items()))) if when else None,
        said.get("needs_plan", False),
        _names(said.get("settled")),
        tuple(_ask(rule, about or {}, f"{at}.asks.{rule}") for rule, about in said.get("asks", {}).items()),
        _names(said.get("guards")),
        _names(said.get("effects")),
    )


def _ask(rule: str, said: Mapping[str, Any], at: str) -> Ask:
    _only(said, {"must", "inputs"}, at)
    must = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in said.get("must", {}).items()}
    return Ask(rule, must, dict(said.get("inputs", {})))


def _plan(said: Mapping[str, Any]) -> Plan:
    _only(said, {"written_in", "figures"}, "plan")
    figures = {name: _field(name, one, f"plan.figures.{name}") for name, one in said.get("figures", {}).items()}
    return Plan(_names(said.get("written_in")), figures)


def _parts(name: str, said: Mapping[str, Any]) -> Parts:
    at = f"parts.{name}"
    _only(said, {"title", "added_in", "by", "fields", "due", "settled", "settled_by", "document"}, at)
    for key in ("added_in", "by"):
        if not said.get(key):
            raise RuleError(f"{at}.{key}: missing")
    if bool(said.get("settled")) != bool(said.get("settled_by")):
        raise RuleError(f"{at}.settled: what settling is called, and settled_by: who does it, stand together")
    return Parts(
        name,
        _title(said, at),
        _names(said["added_in"]),
        _names(said["by"]),
        {one: _field(one, about, f"{at}.fields.{one}") for one, about in said.get("fields", {}).items()},
        said.get("due", False),
        said.get("settled", ""),
        _names(said.get("settled_by")),
        said.get("document", ""),
    )


def _reopening(said: Mapping[str, Any]) -> Reopening:
    _only(said, {"to", "by"}, "reopen")
    return Reopening(said["to"], _names(said["by"]))


def _title(said: Mapping[str, Any], at: str) -> str:
    if not said.get("title"):
        raise RuleError(f"{at}.title: missing")
    return str(said["title"])


def _names(said: Any) -> tuple[str, ...]:
    """One name or several."""
    return (said,) if isinstance(said, str) else tuple(said or ())


def _only(said: Any, known: set[str], at: str) -> None:
    if not isinstance(said, Mapping):
        raise RuleError(f"{at or 'register'}: expected a mapping")
    if strangers := set(said) - known:
        raise RuleError(f"{at + '.' if at else ''}{sorted(strangers)[0]}: unknown key")
