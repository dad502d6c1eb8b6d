"""policy.yaml: which document a pack is, and from when to when it holds.

id: taizhou-2021-27
title: ...
number: 台政发〔2021〕27号
valid: {from: 2021-12-26, to: 2023-12-31}      # no `to`: until something replaces it
signed: 2021-12-26                             # further dates of the document, if known
assumed: {valid: why it is only taken for so}  # what of the above (or `figures`) is not known from the document
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fenghuang.law.faults import Fault, Faulty
from fenghuang.law.files import load_yaml, places

NEEDED = ("id", "title", "number", "valid")
KNOWN = {*NEEDED, "signed", "issued", "assumed"}
MAY_BE_ASSUMED = {"title", "number", "valid", "figures"}
ASSUMED = {"title": "名称", "number": "文号", "valid": "有效期", "figures": "数值"}
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class About:
    """Who a pack is. `assumed` says of a part, in words for a reader, why it is not known but taken for so."""

    id: str
    title: str
    number: str
    valid: tuple[date, date | None]
    dates: Mapping[str, date] = field(default_factory=dict)  # signed, issued
    assumed: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def read(path: Path) -> About:
        """The file, or Faulty with everything that is missing or wrong."""
        said, lines = load_yaml(path), places(path)
        faults = [
            Fault(path.name, lines[key].line if key in lines else 0, "", f"{key}: {text}") for key, text in _wrong(said)
        ]
        if faults:
            raise Faulty(faults)
        valid = said["valid"]
        dates = {key: day for key, day in said.items() if _is_day(day)}
        span = (valid["from"], valid.get("to"))
        return About(said["id"], said["title"], said["number"], span, dates, said.get("assumed", {}))


def _wrong(said: Any) -> Iterator[tuple[str, str]]:
    """Key and fault of everything a policy.yaml does not say as it should."""
    if not isinstance(said, Mapping):
        yield "policy", f"expected names with entries, found {said!r}"
        return
    for key in NEEDED:
        if not said.get(key):
            yield key, "missing"
    for key in said:
        if key not in KNOWN:
            yield str(key), f"unknown key; known: {'、'.join(sorted(KNOWN))}"
    for key in ("id", "title", "number"):
        if said.get(key) and not isinstance(said[key], str):
            yield key, f"expected text, found {said[key]!r}"
    if isinstance(said.get("id"), str) and not ID.fullmatch(said["id"]):
        yield "id", f"expected lower-case letters, digits and hyphens, found {said['id']!r}"
    for key in ("signed", "issued"):
        if key in said and not _is_day(said[key]):
            yield key, f"expected a date like 2021-12-26, found {said[key]!r}"
    if said.get("valid"):
        yield from _wrong_span(said["valid"])
    assumed = said.get("assumed", {})
    if not isinstance(assumed, Mapping) or set(assumed) - MAY_BE_ASSUMED or not all(assumed.values()):
        yield "assumed", f"expected reasons under {'、'.join(sorted(MAY_BE_ASSUMED))}, found {assumed!r}"


def _wrong_span(valid: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(valid, Mapping) or set(valid) - {"from", "to"} or not _is_day(valid.get("from")):
        yield "valid", f"expected {{from: date, to: date}}, found {valid!r}"
    elif "to" in valid and valid["to"] is not None and not _is_day(valid["to"]):
        yield "valid", f"expected a date after `to`, found {valid['to']!r}"
    elif valid.get("to") and valid["to"] < valid["from"]:
        yield "valid", f"ends ({valid['to']}) before it begins ({valid['from']})"


def _is_day(said: Any) -> bool:
    return type(said) is date
