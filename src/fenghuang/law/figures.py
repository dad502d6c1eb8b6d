"""Every number of a document lives somewhere: numbers.csv against the pack, and against the text where it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from fenghuang.language.parameters import Parameter
from fenghuang.law.document import Document, Row, Target
from fenghuang.law.tokens import Token, tokens, value

KINDS = {
    "parameter": "参数",
    "target": "目标",
    "date": "日期",
    "citation": "引用",
    "heading": "序号",
    "rule": "规则",
    "name": "名称",
}
MYRIAD, YEAR = 10**4, 12


def left_over(document: Document, text: str) -> tuple[list[Token], list[Row]]:
    """Numbers of the text that have no row, and rows that stand for no number of the text."""
    there = list(tokens(text, document.phrases, document.idle))
    rows = {(row.token, row.place): row for row in document.numbers}
    found = {(token.text, token.place) for token in there}
    return [t for t in there if (t.text, t.place) not in rows], [row for key, row in rows.items() if key not in found]


def faults(document: Document) -> Iterator[str]:
    """What is wrong with numbers.csv, seen without the text: no such home, another figure, a figure without a row."""
    homes: dict[str, set[str]] = {}
    for row in document.numbers:
        homes.setdefault(row.place, set()).add(row.where.partition("[")[0])
        if fault := _fault(document, row):
            yield f"{row.place} {row.token}: {row.where}: {fault}"
    for where, place in _expected(document):
        if where not in homes.get(place, ()):
            yield f"{place}: no row says {where}"


def _expected(document: Document) -> Iterator[tuple[str, str]]:
    """Each figure of the data with the places it was taken from."""
    for parameter in document.pack.parameters.values():
        for place in _places(parameter.at):
            yield _where(parameter), place
    for target in document.targets.values():
        yield f"target:{target.id}", target.at
        if target.each:
            yield f"target:{target.id}" + ("" if target.each.at == target.at else "/each"), target.each.at
    for name, said in document.dates.items():
        for place in said["at"]:
            yield f"date:{name}", place
    for citation in document.citations.values():
        for place in citation.at:
            yield f"citation:{citation.id}", place


def _where(parameter: Parameter) -> str:
    clause, rule, name = parameter.clause, *parameter.path.removeprefix(f"{parameter.clause}.").split(".")
    return f"parameter:{clause}/{rule}/{name}"


def _places(at: object) -> list[str]:
    if isinstance(at, dict):
        return [place for part in at.values() for place in _places(part)]
    return [place for part in at for place in _places(part)] if isinstance(at, list) else [str(at)]


def _fault(document: Document, row: Row) -> str:
    """What is wrong with one row, or ""."""
    kind, _, home = row.where.partition(":")
    if kind not in KINDS or not home:
        return f"expected one of {'、'.join(KINDS)} and a name"
    if kind == "parameter":
        path, *labels = re.split(r"[\[\]]+", home.rstrip("]"))
        parameter = document.pack.parameters.get(path.replace("/", "."))
        return "no such parameter" if parameter is None else _differs(row, parameter, labels)
    if kind == "target":
        name, _, part = home.partition("/")
        target = document.targets.get(name)
        return "no such target" if target is None else _misses(row, target, part)
    known = {"date": document.dates, "citation": document.citations}.get(kind)
    return "" if known is None or home in known else f"no such {kind}"


def _differs(row: Row, parameter: Parameter, labels: list[str]) -> str:
    """Whether the parameter has another figure than the token says."""
    said = value(row.token)
    if said is None:
        return ""
    label = labels.pop(0) if parameter.by and labels else ""
    figures = parameter.figures.get(label, ())
    if labels:
        figures = figures[int(labels[0]) : int(labels[0]) + 1]
    unit = parameter.unit
    if unit.text == "日期":
        parts = {part for f in figures for part in _parts(date.fromordinal(int(f) + date(1970, 1, 1).toordinal()))}
    else:
        parts = set(figures) | {f * unit.factor for f in figures}
        parts |= {f / YEAR for f in figures} if unit.text == "月" else set()
    return "" if said in parts else f"the parameter has {'、'.join(map(str, figures)) or 'no such figure'}"


def _parts(day: date) -> set[Fraction]:
    return {Fraction(day.year), Fraction(day.month), Fraction(day.day)}


def _misses(row: Row, target: Target, part: str) -> str:
    """Whether the target has another figure than the token says."""
    said = value(row.token)
    figure = target.each.value if part and target.each else target.value
    if said is None or figure is None:
        return ""
    scaled = {figure, figure / 100} if target.unit == "%" else {figure, figure / MYRIAD}
    scaled |= {figure * MYRIAD**2} if part else set()
    return "" if said in scaled else f"the target has {figure}"
