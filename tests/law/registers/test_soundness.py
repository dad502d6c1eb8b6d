"""A declaration that can dead-end, that can be left around its exit rule, or for which nobody answers is refused."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from fenghuang.language.values import RuleError
from fenghuang.law.document import documents
from fenghuang.law.files import load_yaml
from fenghuang.law.registers import faults, reading, registers
from fenghuang.law.registers.declaration import Register

PACK = "taizhou-2021-27"
SOUND = """
register: four_lacks_firms
title: 四无企业
clause: task.3
subject: firm
lead: economy
entry: {by_hand: [township, county], rules: [four_lacks]}
fields:
  until: {title: 整改期限, type: date}
states:
  found:
    title: 待核查
    held_by: county
    joint: {question: 是否存在违法行为, agencies: [economy, tax, fire], answers: {no: 无, yes: 有}}
  mending: {title: 整改, held_by: township, limit: {field: until}}
  check:
    title: 验收
    held_by: county
    joint: {question: 是否整改到位, agencies: [economy, fire], answers: {done: 到位, open: 未到位}, accepts: done}
  done: {title: 销号, end: exit, shown_by: firm_gone}
  wrong: {title: 退出, end: return}
steps:
  order: {title: 责令整改, from: found, to: mending, by: county, when: {any: yes}, fields: [until]}
  nothing: {title: 核查无问题, from: found, to: wrong, by: county, when: {all: no}, reason: true, documents: [核查意见]}
  finish: {title: 提请验收, from: mending, to: check, by: township}
  strike: {title: 销号, from: check, to: done, by: county, when: {all: done}}
  again: {title: 退回整改, from: check, to: mending, by: county, when: {any: open}, fields: [until]}
"""


@cache
def _read() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "four_lacks.yaml"
        path.write_text(SOUND, "utf-8")
        found: dict[str, Any] = load_yaml(path)
    return found


def said() -> dict[str, Any]:
    return deepcopy(_read())


def wrong(document: dict[str, Any]) -> list[str]:
    return faults(reading.parse(document, PACK), documents()[PACK])


def changed(path: str, value: Any) -> list[str]:
    """The faults of the sound declaration with one entry set, or taken away (None)."""
    document = said()
    *above, last = path.split(".")
    place = document
    for key in above:
        place = place[key]
    if value is None:
        place.pop(last)
    else:
        place[last] = value
    return wrong(document)


def test_the_sound_one_has_no_fault() -> None:
    assert wrong(said()) == []


def test_every_register_of_the_packs_is_sound() -> None:
    assert registers()
    for register in registers().values():
        assert faults(register, documents()[register.pack]) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("lead", "moon", "lead: 'moon' is no agency"),
        ("steps.finish", None, "states.mending: a dead end"),
        ("states.nowhere", {"title": "无处", "held_by": "county"}, "states.nowhere: no step leads here"),
        ("states.mending.held_by", "", "states.mending.held_by: nobody is responsible"),
        ("steps.strike.when", None, "steps.strike.when: leaves check without asking"),
        ("steps.strike.when", {"any": "done"}, "steps.strike: leads to the exit done without acceptance in check"),
        ("steps.again.when", {"all": "open"}, "states.check: a dead end when the agencies answer 到位、未到位"),
        ("states.check.joint.accepts", None, "without acceptance in check"),
        ("states.done.shown_by", None, "states.done.shown_by: an exit says what shows it"),
        ("steps.nothing.by", "township", "a return is for city or county"),
        ("steps.nothing.documents", None, "steps.nothing.documents: a return brings the document"),
        ("steps.order.fields", None, "states.mending.limit: step order does not ask for until"),
        ("steps.order.to", "moon", "steps.order: no state named 'moon'"),
        ("steps.order.by", "moon", "steps.order.by: 'moon' is nobody"),
        ("states.found.joint.agencies", ["moon"], "'agency:moon' is nobody"),
        ("states.mending.limit", {"months": "task.16.no", "since": "until"}, "no parameter 'task.16.no'"),
        ("entry", {"evidence": True}, "nobody and nothing brings a case onto the register"),
        ("states.done.held_by", "county", "states.done: an end has nobody who holds it"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_said(path: str, value: Any, expected: str) -> None:
    found = changed(path, value)
    assert any(expected in sentence for sentence in found), found


ASKING = {
    "title": "核准",
    "from": "mending",
    "to": "mending",
    "by": "county",
    "asks": {"zero_land_admission": {"must": {"admitted": True}}},
}
FIELDS = {
    "category": {"title": "类别", "type": "choice", "choices": {"encouraged": "鼓励", "eliminated": "淘汰"}},
    "to_be_relocated_soon": {"title": "近期搬迁", "type": "bool"},
    "approved_on": {"title": "审批日期", "type": "date"},
    "started_on": {"title": "开工日期", "type": "date"},
}


def asking(**changes: Any) -> list[str]:
    document = said()
    document["steps"]["ask"] = {**ASKING, **changes.pop("step", {})}
    document["fields"] |= FIELDS | changes
    return wrong(document)


def asks(**said: Any) -> dict[str, Any]:
    return {"asks": {"zero_land_admission": said}}


def test_a_step_asks_rules_of_what_is_filled_in() -> None:
    assert asking() == []
    document = said()
    document["steps"]["ask"] = ASKING
    assert any("nobody says category" in one for one in wrong(document))
    assert any("fields.approved_on.type: the rule zero_land_admission takes date" in one for one in asking(
        approved_on={"title": "审批日期", "type": "text"}))  # fmt: skip
    more = {"encouraged": "鼓励", "moon": "月亮"}
    assert any("fields.category.type" in one for one in asking(
        category={"title": "类别", "type": "choice", "choices": more}))  # fmt: skip
    assert any("no output 'moon'" in one for one in asking(step=asks(must={"moon": True})))
    assert any("no rule of this name" in one for one in asking(step={"asks": {"moon": {}}}))
    assert asking(step=asks(inputs={"approved_on": "until"})) == []
    assert any("no input 'moon'" in one for one in asking(step=asks(inputs={"moon": "until"})))


def test_parts_that_nothing_waits_for_are_refused() -> None:
    document = said()
    parts = {"title": "幢", "added_in": "mending", "by": "county", "settled": "验收", "settled_by": "agency:economy"}
    document["parts"] = {"building": parts}
    assert wrong(document) == ["parts.building: no step waits until they are settled"]
    document["steps"]["finish"]["settled"] = "building"
    assert wrong(document) == []
    document["steps"]["finish"]["settled"] = "moon"
    assert "steps.finish.settled: no parts named 'moon' that are settled" in wrong(document)


def test_an_exit_straight_from_work_is_refused() -> None:
    document = said()
    document["steps"]["shortcut"] = {"title": "直接销号", "from": "mending", "to": "done", "by": "county"}
    assert any("shortcut: leads to the exit done without acceptance in mending" in one for one in wrong(document))


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("title", None, "title: missing"),
        ("subject", "cat", "subject: 'cat' is none of"),
        ("steps.order.whom", "county", "steps.order.whom: unknown key"),
        ("fields.until.type", "moon", "fields.until.type: 'moon' is none of"),
        ("states.mending.limit", "soon", "states.mending.limit: expected `set`"),
    ],
)
def test_what_cannot_be_read_is_said(path: str, value: Any, expected: str) -> None:
    with pytest.raises(RuleError, match=expected):
        changed(path, value)


def test_a_declaration_knows_itself_by_its_hash() -> None:
    one, other = reading.parse(said(), PACK), reading.parse({**said(), "title": "另一个"}, PACK)
    assert isinstance(one, Register)
    assert one.sha256 == reading.parse(said(), PACK).sha256 != other.sha256
