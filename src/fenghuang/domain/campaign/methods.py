"""A campaign's method: copied for another year, read from what is stored, its weights added up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from fenghuang.domain.campaign.models import Campaign
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import from_document
from fenghuang.law.methods.result import scope_title

WHOLE = 100  # points that weights usually add up to


def for_year(document: Mapping[str, Any], year: int) -> Method:
    """The method for another data year: its number, year and title follow, all else stays."""
    before = str(document.get("data_year", ""))
    if before == str(year):
        return from_document(document)
    changed = {**document, "data_year": str(year)}
    for name in ("method", "title"):
        text = str(document.get(name, ""))
        changed[name] = re.sub(rf"(?<!\d){before}(?!\d)", str(year), text) if before else text
    if changed["method"] == document["method"]:
        changed["method"] = f"{document['method']}-{year}"
    return from_document(changed)


def method_of(campaign: Campaign) -> Method:
    return from_document(json.loads(campaign.method.content))


def odd_weights(method: Method) -> list[str]:
    """Scopes whose weights do not add up to 100: a sentence each."""
    return [
        f"{scope_title(scope.name)}各项权重合计 {float(scope.weight):g}，不是 {WHOLE}"
        for scope in method.scopes
        if scope.weight != WHOLE
    ]
