"""What a clause does, in our own words (document/paraphrase.yaml), with its figures filled in from the pack.

No number is typed twice: `{upgrade_subsidy.cap[A]}` is the parameter, `{target:incubators}` the target,
`{date:valid_to}` the date of the document.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache

from fenghuang.language import numbers
from fenghuang.language.parameters import Parameter
from fenghuang.language.values import RuleError
from fenghuang.language.words import figure
from fenghuang.law.document import Document, Target
from fenghuang.law.files import load_yaml
from fenghuang.law.pack import packs

_PLACE = re.compile(r"\{([^}]*)\}")
_IDLE_SPACE = re.compile(r"(?<=[一-鿿]) (?=[一-鿿])")  # behind a unit: 500 万元 以上


def paraphrase(document: Document, clause: str) -> tuple[str, ...]:
    """The sentences of a clause, or () where there are none; target.tax_per_mu shares those of `target`.

    RuleError names a place that the pack cannot fill.
    """
    written = sentences(document.pack.id)
    found = written.get(clause) or written.get(clause.partition(".")[0], ())
    filled = (_PLACE.sub(lambda place: _filled(document, clause, place[1]), sentence) for sentence in found)
    return tuple(_IDLE_SPACE.sub("", sentence) for sentence in filled)


@cache
def sentences(pack: str) -> Mapping[str, Sequence[str]]:
    """The sentences as they are written, by clause."""
    path = packs()[pack].folder / "document" / "paraphrase.yaml"
    found: Mapping[str, Sequence[str]] = load_yaml(path) if path.exists() else {}
    return found


def figures(parameter: Parameter, label: str = "", index: int | None = None) -> str:
    """A parameter as a person says it: 500 万元; 10%、12%、15%; 2023 年 6 月 30 日."""
    row = parameter.figures[label]
    chosen = row if index is None else row[index : index + 1]
    return "、".join(_figure(one, parameter.unit.text) for one in chosen)


def goal(target: Target) -> str:
    """What a target asks for: 10 家, 100%, 1/3."""
    if target.value is None:
        return "全部"
    return _figure(target.value, target.unit)


def _figure(value: Fraction, unit: str) -> str:
    if unit == "日期":
        return _day(numbers.day(int(value)))
    if unit == "%":
        share = value / 100
        return f"{figure(value, '')}%" if 10**6 % value.denominator == 0 else f"{share.numerator}/{share.denominator}"
    if value.denominator != 1 and 10**6 % value.denominator:
        return f"{value.numerator}/{value.denominator} {unit}".rstrip()
    said = numbers.trim(numbers.show_fraction(value, 6))
    return (
        f"{int(said):,} {unit}".rstrip().replace(" 月", " 个月")
        if value.denominator == 1
        else f"{said} {unit}".rstrip()
    )


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _filled(document: Document, clause: str, place: str) -> str:
    kind, _, name = place.rpartition(":")
    if kind == "target" and name in document.targets:
        return goal(document.targets[name])
    if kind == "date" and name in document.dates:
        return _day(document.dates[name]["day"])
    if kind == "year" and name in document.dates:
        return str(document.dates[name]["years"][1])
    path, *labels = re.split(r"[\[\]]+", name.rstrip("]"))
    parameter = None if kind else _parameter(path)
    if parameter is None:
        raise RuleError(f"paraphrase.yaml: {clause}: nothing fills {{{place}}}")
    label = labels.pop(0) if parameter.by else ""
    return figures(parameter, label, int(labels[0]) if labels else None)


def _parameter(path: str) -> Parameter | None:
    """A parameter by rule and name, of whichever pack."""
    known = (p for pack in packs().values() for p in pack.parameters.values())
    return next((p for p in known if p.path.endswith(f".{path}")), None)
