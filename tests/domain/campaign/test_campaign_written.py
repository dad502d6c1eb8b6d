"""The text of results is what frozen campaigns are sealed by: however it is written, not a byte may change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fenghuang.domain.campaign import scoring
from fenghuang.domain.evaluation.actions import last_day, letter
from fenghuang.domain.evaluation.methods import method_for
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.snapshot import facts
from fenghuang.engines.decide import decider
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.result import regrade_text

COLUMNS = {  # one firm a column of the table; money 分, land 10^-4 亩, energy 10^-4 tce, emissions 10^-6 t
    "uscc": [f"91331003MA00000{n:02}X" for n in range(8)],
    "name": [f"企{n}" for n in range(8)],
    "county": ["黄岩区"] * 8,
    "township": ["新前街道"] * 8,
    "industry": ["3011", "3011", "2921", None, "3525", "3525", "3525", "2921"],
    "above_scale": [True, True, True, True, False, False, False, None],
    "tax": [123_456_78, 1, -5_000_00, None, 77_777_77, 0, None, 1],
    "local_contribution": [1, 2, 3, 4, 5, 6, 7, 8],
    "revenue": [9_876_543_21, 100_00, 300_00, 1, 1_000_000_00, 7, 1, 1],
    "value_added": [3_333_333_33, -100_00, 50_00, 1, 333_333_33, 7, None, 1],
    "rnd_expense": [111_111_11, 0, None, 1, None, None, None, None],
    "land_mu": [123_456, 1, 70_000, 30_000, 33_333, 0, 10_000, 1],
    "energy_tce": [98_765, 3, 70_000, 1, 5, 7, 1, 1],
    "emission_t": [1_234_567, 1, 0, 3, 5, 7, 1, 1],
    "employees": [37, 1, 3, 3, 7, 7, 1, 1],
    "electricity_kwh": [1_000, 3, 7, 3, 77_777, 7, 1, 1],
    "tenants": [0, 0, 0, None, 0, 0, 0, 0],
    "key_project_investment": [None, 60_000_000_000, None, None, None, None, None, None],
    "under_construction": [False, True, False, False, False, False, False, False],
}
WRITTEN = "1c3a117501fe2653ac76a114caee27a3a1d6532dc817ff6db7f6d7208f6d675c"


def one_by_one(known: dict[str, Any], method: str) -> list[dict[str, Any]]:
    """The results from what the evaluation says of each firm, as pages and files read it."""
    effective = scoring.regraded(json.loads(method), [])
    evaluation = evaluate(effective, known["columns"], decider(last_day(known["year"])))
    return [
        {
            "uscc": firm.subject,
            "scope": firm.scope,
            "status": firm.status,
            "items": {item.name: [item.shown, item.score_text] for item in firm.items},
            "score": firm.score,
            "rank": firm.rank,
            "group_size": firm.group_size,
            "initial": letter(firm.initial_grade),
            "final": letter(firm.grade),
            "chain": [regrade_text(applied) for applied in firm.regrades],
            "reason": firm.reason,
        }
        for firm in (evaluation.firm(place) for place in range(len(evaluation)))
    ]


def huangyan() -> str:
    chosen = method_for("黄岩区", 2022)
    assert chosen is not None
    return chosen.method.bytes.decode()


def test_the_bytes_of_a_scoring_are_those_of_the_first_release() -> None:
    known = scoring.canonical({"year": 2022, "columns": COLUMNS})
    results = scoring.score(known, huangyan(), "[]").results
    assert {one["status"] for one in results} >= {"evaluated", "marked"}
    assert scoring.sha256(scoring.canonical(results)) == WRITTEN


@pytest.mark.django_db
def test_a_whole_city_is_written_as_the_evaluation_says_it(small_city: Any) -> None:
    recording = Recording.latest()
    assert recording is not None
    part = facts(2022, recording)
    known = scoring.facts_text(part)
    assert scoring.score(known, huangyan(), "[]").results == one_by_one(json.loads(known), huangyan())
