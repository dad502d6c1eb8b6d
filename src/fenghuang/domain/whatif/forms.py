"""The form of a scenario: every figure and reading of the rules that the year's projects applied for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fenghuang.domain.whatif.queries import figure_title
from fenghuang.engines.door import Fault, Faulty, Refused
from fenghuang.engines.whatif import budget
from fenghuang.engines.whatif.comparison import paying
from fenghuang.engines.whatif.variant import places, say
from fenghuang.law.methods.reading import find_method, packaged
from fenghuang.law.pack import Pack

PARAMETER, READING = "p.", "r."


@dataclass(frozen=True, slots=True)
class FigureField:
    """One figure: as the law has it, and what was typed."""

    name: str
    path: str
    title: str
    present: str
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class ReadingField:
    """One open passage with its choices."""

    name: str
    title: str
    options: list[tuple[str, str, bool]]  # value, words, chosen


@dataclass(frozen=True, slots=True)
class RuleFields:
    """The fields of a rule."""

    rule: str
    title: str
    clause: str
    figures: list[FigureField]
    readings: list[ReadingField]


def typed(data: Mapping[str, Any], pack: Pack) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The variant's document and the search that were typed; Faulty where the search's bound is none."""
    known = places(pack)
    document: dict[str, Any] = {"title": str(data.get("name", "")).strip(), "policy": pack.id}
    figures = {path: str(data.get(PARAMETER + path, "")).strip() for path in known}
    document["parameters"] = {path: text for path, text in figures.items() if text}
    document["readings"] = {
        f"{rule}.{one.name}": str(choice)
        for rule, listed in pack.readings.items()
        for one in listed
        if (choice := data.get(f"{READING}{rule}.{one.name}")) and choice != one.default
    }
    if method := data.get("method"):
        document["method"] = str(method)
    return document, _search(data)


def _search(data: Mapping[str, Any]) -> dict[str, Any] | None:
    path, under = str(data.get("search", "")), str(data.get("under", "")).strip()
    if not path and not under:
        return None
    if not path or not under:
        raise Faulty([Fault("under" if path else "search", "", "反推的参数和总额上限须一起填写")])
    try:
        bound = budget.amount(under)
    except Refused as fault:
        raise Faulty([Fault("under", under, str(fault))]) from fault
    return {"path": path, "under": bound, "direction": "lowest" if data.get("direction") == "lowest" else "highest"}


def fields(pack: Pack, rules: Sequence[str], data: Mapping[str, Any], faults: Sequence[Fault]) -> list[RuleFields]:
    """What the page shows, with what was typed and what is wrong with it."""
    errors = {fault.field: fault.expected for fault in faults}
    return [_rule(pack, rule, data, errors) for rule in rules]


def _rule(pack: Pack, rule: str, data: Mapping[str, Any], errors: Mapping[str, str]) -> RuleFields:
    figures = [
        FigureField(
            PARAMETER + path,
            path,
            figure_title(pack, path).partition("：")[2],
            say(place.parameter, place.present),
            str(data.get(PARAMETER + path, "")),
            errors.get(path, ""),
        )
        for path, place in places(pack).items()
        if place.rule == rule and place.label != "others"
    ]
    readings = []
    for one in pack.readings.get(rule, ()):
        name = f"{READING}{rule}.{one.name}"
        chosen = data.get(name) or one.default
        options = [
            (choice, words + ("（现行）" if choice == one.default else ""), choice == chosen)
            for choice, words in one.choices.items()
        ]
        readings.append(ReadingField(name, one.title, options))
    return RuleFields(rule, pack.words.rule_title(rule), pack.rules[rule].clause, figures, readings)


def searchable(pack: Pack, rules: Sequence[str]) -> list[tuple[str, str]]:
    """The figures that a budget can be searched by."""
    money = set(paying(pack))
    return [
        (path, figure_title(pack, path))
        for path, place in places(pack).items()
        if place.rule in rules and place.rule in money and place.label != "others"
    ]


def methods() -> list[tuple[str, str]]:
    """The methods that a scenario can grade by."""
    return [(name, find_method(name).title) for name in packaged()]


def as_data(variant: Mapping[str, Any], search: Mapping[str, Any] | None) -> dict[str, str]:
    """A saved variant as the form would have been filled in."""
    data = {"name": str(variant["title"]), "method": str(variant.get("method", ""))}
    data |= {PARAMETER + path: text for path, text in variant.get("parameters", {}).items()}
    data |= {READING + key: choice for key, choice in variant.get("readings", {}).items()}
    if search:
        under = f"{search['under'] // 100}.{search['under'] % 100:02d}元".replace(".00元", "元")
        data |= {"search": search["path"], "under": under, "direction": search["direction"]}
    return data
