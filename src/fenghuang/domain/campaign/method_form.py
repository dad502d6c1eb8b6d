"""A method's weights, benchmarks and cuts as fields beside last year's; the rest stays as the document says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from fenghuang.law.methods.facts import INDICATORS
from fenghuang.law.methods.result import scope_title

Document = dict[str, Any]
WORDS = {"weight": "权重", "benchmark": "基准"}
CUT = "累计占比（%）"


@dataclass(frozen=True, slots=True)
class Field:
    """A scalar of the document: its place, its value and last year's."""

    name: str  # of the input
    title: str  # 规上企业 亩均税收 权重
    value: str
    last: str

    @property
    def is_changed(self) -> bool:
        return bool(self.last) and self.last != self.value


@dataclass(frozen=True, slots=True)
class Scoped:
    """The fields of a scope: a row an indicator (title, weight, benchmark), and the cuts."""

    title: str
    rows: list[tuple[str, str, list[Field | None]]]  # title, unit, weight and benchmark (None: not a plain number)
    cuts: list[tuple[str, Field]]


def scoped(document: Document, last: Document | None) -> list[Scoped]:
    """The form, scope by scope, with last year's values where last year had the same."""
    return [_scoped(place, scope, _same_scope(last, scope)) for place, scope in enumerate(document["scopes"])]


def _same_scope(last: Document | None, scope: Mapping[str, Any]) -> Mapping[str, Any]:
    return next((one for one in (last or {}).get("scopes", []) if one["scope"] == scope["scope"]), {})


def _scoped(place: int, scope: Mapping[str, Any], before: Mapping[str, Any]) -> Scoped:
    title = scope_title(scope["scope"])
    rows = []
    for name, item in (scope.get("indicators") or {}).items():
        about = INDICATORS.get(name)
        then = (before.get("indicators") or {}).get(name) or {}
        words = about.title if about else name
        fields = [
            _field(f"{place}.{name}.{part}", f"{title} {words} {said}", item, then, part)
            for part, said in WORDS.items()
        ]
        rows.append((words, about.unit if about else "", fields))
    then = before.get("grades") or {}
    grades = scope.get("grades") or {}
    cuts = [(x, f) for x in grades if (f := _field(f"{place}.grades.{x}", f"{title} {x} 类{CUT}", grades, then, x))]
    return Scoped(title, rows, cuts)


def _field(name: str, title: str, item: Mapping[str, Any], then: Mapping[str, Any], part: str) -> Field | None:
    value = item.get(part)
    if not isinstance(value, str):
        return None
    old = then.get(part)
    return Field(name, title, value, old if isinstance(old, str) else "")


def fields(found: list[Scoped]) -> Iterator[Field]:
    """Every field of the form."""
    for scope in found:
        for _, _, row in scope.rows:
            yield from (field for field in row if field)
        yield from (field for _, field in scope.cuts)


def edited(document: Document, given: Mapping[str, str]) -> Document:
    """The document with the fields as typed; what cannot be is found when the method is read."""
    changed = deepcopy(document)
    for field in list(fields(scoped(document, None))):
        if (text := given.get(field.name)) is None:
            continue
        place, name, part = field.name.split(".")
        scope = changed["scopes"][int(place)]
        target = scope["grades"] if name == "grades" else scope["indicators"][name]
        target[part] = text.strip()[:40]
    return changed


def differences(document: Document, last: Document | None) -> list[str]:
    """What is another than last year, a sentence each: weights, benchmarks, cuts, items that are new or gone."""
    if last is None:
        return []
    found = [f"{f.title} {f.last} → {f.value}" for f in fields(scoped(document, last)) if f.is_changed]
    for scope in document["scopes"]:
        then = set(_same_scope(last, scope).get("indicators") or {})
        now = set(scope.get("indicators") or {})
        title = scope_title(scope["scope"])
        for sign, names in (("新增", now - then), ("不再有", then - now)):
            found += [f"{title} {sign}指标“{INDICATORS[n].title if n in INDICATORS else n}”" for n in sorted(names)]
    return found
