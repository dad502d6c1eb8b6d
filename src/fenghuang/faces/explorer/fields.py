"""The form of a rule, made from its contract: a field an input, each of which may be left unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fenghuang.engines.door import LONGEST_FOUND, Refused
from fenghuang.engines.graph import nodes
from fenghuang.faces.explorer import typed
from fenghuang.language import types
from fenghuang.law.pack import Pack

LONG_FORM = 9  # fields of a form that is shown in parts
MOST_TYPED = 200  # characters kept of what stands in one field


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a field."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; without a title when a form needs no parts."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One input as the page draws it; `text` is what was typed, kept also where it cannot be used."""

    name: str
    title: str
    kind: str  # number | bool | choice | date | text
    unit: str
    hint: str
    bounds: str
    example: str
    text: str
    plain: str  # the same without its unit: how the address says it
    options: tuple[Option, ...]
    value: int | bool | str | None
    understood: str
    error: str
    optional: bool  # left empty there is none; otherwise left empty it is unknown
    shown: str  # the value in words, for the printed case; empty is unknown

    @property
    def decimal(self) -> bool:
        return self.kind == "number"


def groups(pack: Pack, rule: str, listed: list[Field]) -> list[Group]:
    """The fields in their order, those of a long form parted by the condition that reads them; single ones together."""
    runs = [(title, tuple(run)) for title, run in groupby(listed, key=_condition(pack, rule))]
    if len(listed) < LONG_FORM or all(len(run) == 1 for _, run in runs):
        return [Group("", tuple(listed))]
    parted = [(title if len(run) > 1 else "", run) for title, run in runs]
    together = groupby(parted, key=lambda part: part[0])
    found = [Group(title or "其他条件", tuple(f for _, run in parts for f in run)) for title, parts in together]
    return found if len(found) > 1 else [Group("", tuple(listed))]


def _condition(pack: Pack, rule: str) -> Callable[[Field], str]:
    """By field the title of the first condition that it leads to."""
    leads: dict[str, str] = {}
    drawn = nodes(pack, rule)
    for node in drawn:
        if node.is_condition:
            for name in _behind(node.name, {one.name: one.reads for one in drawn}):
                leads.setdefault(name, node.title)
    return lambda field: leads.get(field.name, "")


def _behind(name: str, reads: Mapping[str, tuple[str, ...]]) -> set[str]:
    """A node and all it is computed from."""
    return {name}.union(*(_behind(source, reads) for source in reads[name]))


def fields(pack: Pack, rule: str, given: Mapping[str, str]) -> list[Field]:
    """The fields of a rule filled with what was given."""
    return [_field(pack, rule, name, kind, given.get(name, "")) for name, kind in pack.rules[rule].inputs.items()]


def _field(pack: Pack, rule: str, name: str, kind: types.Type, text: str) -> Field:
    words, text = pack.words, text[:MOST_TYPED].strip()
    found, plain, understood, error = None, text, "", ""
    try:
        found, plain, understood = typed.read(kind, text)
    except Refused as fault:
        shown = text if len(text) <= LONGEST_FOUND else f"{text[:LONGEST_FOUND]}……"
        error = f"读到“{shown}”，{fault}"
    options = _options(pack, rule, name, kind, found)
    number = kind if isinstance(kind, types.NumberType) else None
    example = words.example(name)
    return Field(
        name=name,
        title=words.title(rule, name),
        kind="number" if number else "choice" if isinstance(kind, types.ChoiceType) else kind.name,
        unit=number.unit.text if number else "",
        hint=words.hint(name),
        bounds=typed.bounds(number) if number else "",
        example=_example(example),
        text=text,
        plain=plain,
        options=options,
        value=found,
        understood=understood,
        error=error,
        optional=kind.optional,
        shown=_shown(kind, text, found, understood, options),
    )


def _options(pack: Pack, rule: str, name: str, kind: types.Type, found: int | bool | str | None) -> tuple[Option, ...]:
    unknown = Option("", "没有" if kind.optional else "未知", found is None)
    if isinstance(kind, types.ChoiceType):
        labels = enumerate(kind.labels)
        return (unknown, *(Option(v, pack.words.label(rule, name, v), code == found) for code, v in labels))
    if kind is types.BOOL:
        return (Option("true", "是", found is True), Option("false", "否", found is False), unknown)
    return ()


def _shown(
    kind: types.Type, text: str, found: int | bool | str | None, understood: str, options: tuple[Option, ...]
) -> str:
    if found is None:
        return "没有" if kind.optional and not text else ""
    if options:
        return next(o.label for o in options if o.chosen)
    return understood or (f"{text} {kind.unit.text}".rstrip() if isinstance(kind, types.NumberType) else text)


def _example(example: Any) -> str:
    """An example of words.yaml as one would type it."""
    if isinstance(example, bool):
        return "true" if example else "false"
    return "" if example is None else str(example)
