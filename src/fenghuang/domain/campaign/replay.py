"""Compute a frozen campaign again from the texts stored with it, and compare every digit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fenghuang.domain.campaign import scoring
from fenghuang.domain.campaign.actions import seal_of
from fenghuang.domain.campaign.models import Campaign, Grade, Scoring
from fenghuang.domain.evaluation.actions import POLICY
from fenghuang.law.pack import packs


@dataclass(frozen=True, slots=True)
class Replayed:
    """`differences` empty: the same to the last digit. `notes` say what is worth knowing and changes nothing."""

    scoring: Scoring
    firms: int
    differences: list[str]
    notes: list[str]


def replay(campaign: Campaign) -> Replayed:
    """Nothing is read but what was frozen; the facts of today play no part."""
    last = campaign.scorings.select_related("facts", "regrades", "results", "method", "policy").get(
        number=campaign.scorings.order_by("-number").values("number")[:1]
    )
    broken = _hashes(campaign, last)
    stored: list[dict[str, Any]] = json.loads(last.results.text)
    again = scoring.score(last.facts.text, last.method.content, last.regrades.text).results
    found = broken + scoring.differences(stored, again) + _rows(last, stored)
    standing = packs()[POLICY].sha256
    notes = []
    if last.policy.sha256 != standing:
        then = last.policy.sha256[:12]
        notes.append(f"归档时的政策版本为 {then}，现行程序为 {standing[:12]}：调档规则按现行程序重算")
    return Replayed(last, len(again), found, notes)


def _hashes(campaign: Campaign, last: Scoring) -> list[str]:
    """Texts that are no longer what their hash says."""
    texts = {
        "数据快照": (last.facts.sha256, last.facts.text),
        "调档": (last.regrades.sha256, last.regrades.text),
        "结果": (last.results.sha256, last.results.text),
        "评价方法": (last.method.sha256, last.method.content),
    }
    found = [
        f"{name}的内容与指纹不符（{sha[:12]}）" for name, (sha, text) in texts.items() if scoring.sha256(text) != sha
    ]
    if campaign.seal and campaign.seal != seal_of(last):
        found.append(f"归档指纹不符：存档 {campaign.seal[:12]}，重算 {seal_of(last)[:12]}")
    return found


def _rows(last: Scoring, stored: list[dict[str, Any]]) -> list[str]:
    """Rows of the list that no longer say what the frozen result says."""
    names = ("score", "rank", "initial", "final", "status")
    rows = {row["firm__uscc"]: row for row in Grade.objects.filter(scoring=last).values("firm__uscc", *names)}
    return [
        f"{one['uscc']} 结果表 {name}：{rows.get(one['uscc'], {}).get(name)}，存档 {one[name]}"
        for one in stored
        for name in names
        if rows.get(one["uscc"], {}).get(name) != one[name]
    ]
