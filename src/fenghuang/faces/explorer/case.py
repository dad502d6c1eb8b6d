"""A case on the page: what the address says, the answer, and the address that says it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from fenghuang.engines import case, door
from fenghuang.engines.door import LONGEST_FOUND, Faulty
from fenghuang.engines.explain import explainer
from fenghuang.faces.explorer import typed
from fenghuang.faces.explorer.drawing import Drawing, draw
from fenghuang.faces.explorer.fields import MOST_TYPED, Field, Group, Option, fields, groups
from fenghuang.language.numbers import days
from fenghuang.language.readings import Reading
from fenghuang.language.record import Record
from fenghuang.law.pack import Pack
from fenghuang.platform.ui.explanation import Line, view

SET = "set."  # a reading in the address: set.first_band_from=threshold


@dataclass(frozen=True, slots=True)
class Switch:
    """A reading as the page draws it."""

    name: str
    title: str
    reason: str
    options: tuple[Option, ...]
    default: str
    said: str  # what the address has to say of it: nothing for the default, a mistaken choice as it is
    error: str

    @property
    def chosen(self) -> Option:
        return next(o for o in self.options if o.chosen)

    @property
    def changed(self) -> bool:
        return self.chosen.value != self.default


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the page of a calculator shows."""

    pack: Pack
    rule: str
    fields: list[Field]
    switches: list[Switch]
    on: date
    on_text: str
    on_error: str
    record: Record
    strangers: list[str]
    said: dict[str, str]  # what the address has to say to say this case again

    @property
    def groups(self) -> list[Group]:
        """The fields in the parts of the form."""
        return groups(self.pack, self.rule, self.fields)

    @property
    def drawing(self) -> Drawing:
        """The graph of the rule with the values of this case."""
        changed = {s.name: s.chosen.value for s in self.switches if s.changed}
        return draw(self.pack, self.rule, case.overlay(self.pack, [self.rule], changed), self.record)

    @property
    def given(self) -> bool:
        """Whether anything was said at all."""
        return any(f.text for f in self.fields)

    @property
    def faults(self) -> int:
        return sum(bool(f.error) for f in self.fields) + sum(bool(s.error) for s in self.switches) + bool(self.on_error)

    @property
    def query(self) -> str:
        return urlencode(self.said)

    @property
    def headline(self) -> Line:
        """What people came for, in one line."""
        return view(self.record).headline[0]

    @property
    def version(self) -> str:
        """Which law calculated: the beginning of the pack's content hash."""
        return self.pack.sha256[:12]

    @property
    def in_force(self) -> bool:
        return self.pack.in_force(self.on)


def read(pack: Pack, rule: str, query: QueryDict) -> Case:
    """The case of an address. What cannot be used is said beside its field and counts as unknown."""
    given = {name: query.get(name, "") for name in pack.rules[rule].inputs}
    shown = fields(pack, rule, given)
    switches = [_switch(reading, query.get(SET + reading.name, "")) for reading in pack.readings.get(rule, ())]
    on_text, on_error = typed.day(query.get("on", "")[:MOST_TYPED]), ""
    try:
        on = case.day(pack, on_text)
    except Faulty as fault:
        on, on_error = (
            case.day(pack, None),
            f"读到“{_short(on_text)}”，{fault.faults[0].expected}；暂按 {case.day(pack, None)}",
        )
    on_text = on_text if on_error else on.isoformat()
    changed = {s.name: s.chosen.value for s in switches if s.changed}
    explain = explainer(pack, rule, case.overlay(pack, [rule], changed))
    known = {*given, *(SET + s.name for s in switches), "on"}
    said = {f.name: f.plain for f in shown if f.text} | {SET + s.name: s.said for s in switches if s.said}
    if said or "on" in query:
        said["on"] = on_text
    return Case(
        pack=pack,
        rule=rule,
        fields=shown,
        switches=switches,
        on=on,
        on_text=on_text,
        on_error=on_error,
        record=explain.record(tuple(f.value for f in shown), days(on)),
        strangers=[f"{_short(name)}：{door.stranger(name[:MOST_TYPED], known)}" for name in query if name not in known],
        said=said,
    )


def _switch(reading: Reading, wanted: str) -> Switch:
    error = ""
    if wanted and wanted not in reading.choices:
        error = f"没有“{_short(wanted)}”这一选择，暂按默认口径"
    chosen = wanted if wanted in reading.choices else reading.default
    options = tuple(Option(value, label, value == chosen) for value, label in reading.choices.items())
    said = wanted[:MOST_TYPED] if error else "" if chosen == reading.default else chosen
    return Switch(reading.name, reading.title, reading.reason, options, reading.default, said, error)


def example(pack: Pack, rule: str) -> str:
    """The query of the example of words.yaml; empty where it has none."""
    return urlencode({f.name: f.example for f in fields(pack, rule, {}) if f.example})


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_FOUND else f"{text[:LONGEST_FOUND]}……"
