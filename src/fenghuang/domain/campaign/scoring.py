"""Scoring from texts alone: facts, method and regrades as they are stored. Live scoring and replay share it."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fenghuang.domain.evaluation.actions import last_day, letter
from fenghuang.domain.registry.snapshot import Facts
from fenghuang.engines.decide import decider
from fenghuang.language.numbers import show_decimal
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import from_document
from fenghuang.law.methods.result import ITEM_DECIMALS, Evaluation, regrade_text
from fenghuang.law.methods.scope_run import ScopeRun

Plain = dict[str, Any]
OUTSIDE: Plain = {  # of a firm that is in no scope, or of which it is not known in which
    **{"scope": "", "items": {}, "score": None, "rank": None, "group_size": None},
    **{"initial": "", "final": "", "chain": []},
}


def canonical(value: Any) -> str:
    """The same text for the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def facts_text(part: Facts) -> str:
    return canonical({"year": part.year, "columns": part.columns})


def regraded(document: Mapping[str, Any], regrades: Sequence[Mapping[str, str]]) -> Method:
    """The method with the campaign's regrades among its own, each for one firm, in order."""
    added = [_as_rule(one) for one in regrades]
    scopes = [{**scope, "regrades": [*(scope.get("regrades") or []), *added]} for scope in document["scopes"]]
    return from_document({**document, "scopes": scopes} if added else document)


def _as_rule(one: Mapping[str, str]) -> Plain:
    name = f"{one['reason']}（{one['document']}）"
    rule = {"name": name, "kind": one["kind"], "only_if": f"uscc = '{one['uscc']}'", "clause": one["clause"]}
    return {**rule, "to": one["to"]} if one["to"] else rule


@dataclass(frozen=True, slots=True)
class Scored:
    """What came out: the evaluation, and its results as they are kept and hashed."""

    evaluation: Evaluation
    results: list[Plain]
    counts: list[Plain]


@contextmanager
def uncollected() -> Iterator[None]:
    """Millions of small objects that all stay: looking for cycles among them would take half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@uncollected()
def score(facts: str, method: str, regrades: str) -> Scored:
    """Run the stored texts. Errors are the method's (law/methods): unusable facts, or what does not add up."""
    known = json.loads(facts)
    effective = regraded(json.loads(method), json.loads(regrades))
    evaluation = evaluate(effective, known["columns"], decider(last_day(known["year"])))
    results = list(_results(evaluation))
    counts = [
        {
            "scope": one.scope,
            "firms": one.firms,
            "evaluated": one.evaluated,
            "not_graded": one.not_graded,
            "marked": one.marked,
            "classes": one.classes,
            "initial": {grade: sum(group.initial.get(grade, 0) for group in one.groups) for grade in "ABCD"},
        }
        for one in evaluation.statistics()
    ]
    return Scored(evaluation, results, counts)


def _results(evaluation: Evaluation) -> Iterator[Plain]:
    """Every digit of every firm: items to 18 decimals, the score to 4. Written by column: a firm has some of each."""
    written = [run and _item_texts(run) for run in evaluation.runs]
    for place in range(len(evaluation)):
        spot = evaluation.place[place]
        run, at = (evaluation.runs[spot[0]], spot[1]) if spot else (None, 0)
        common = {"uscc": evaluation.table.subject(place), "status": evaluation.status(place)}
        if run is None or spot is None:
            firm = evaluation.firm(place)
            yield {**common, **OUTSIDE, "reason": firm.reason}
            continue
        group = run.groups[run.group_of[at]] if at in run.group_of else None
        yield {
            **common,
            "scope": run.scope.name,
            "items": {name: [shown[at], score[at]] for name, shown, score in written[spot[0]] or ()},
            "score": run.totals.get(at),
            "rank": run.ranks.get(at),
            "group_size": len(group.positions) if group else None,
            "initial": letter(run.initial.get(at)),
            "final": letter(run.grades.get(at)),
            "chain": [regrade_text(applied) for applied in run.regrades.get(at, ())],
            "reason": evaluation.firm(place).reason if at not in run.grades else "",
        }


def _item_texts(run: ScopeRun) -> list[tuple[str, list[str], list[str]]]:
    """(item, its values to 4 decimals, its scores to 18) along the firms of a scope; "" where there is none."""
    return [
        (
            scores.item.name,
            ["" if value is None else show_decimal(value, 4) for value in scores.rounded(4)],
            ["" if score is None else show_decimal(score, ITEM_DECIMALS) for score in awarded],
        )
        for scores, awarded in zip(run.items, run.awarded, strict=True)
    ]


def differences(before: Sequence[Plain], after: Sequence[Plain]) -> list[str]:
    """What is not the same, a sentence each; empty when every digit is."""
    then, now = ({one["uscc"]: one for one in side} for side in (before, after))
    found = [f"{uscc}：存档中有，重算没有" for uscc in then if uscc not in now]
    found += [f"{uscc}：重算有，存档中没有" for uscc in now if uscc not in then]
    for uscc, old in then.items():
        new = now.get(uscc, old)
        for name, value in old.items():
            if new[name] != value:
                found.append(f"{uscc} {name}：存档 {canonical(value)}，重算 {canonical(new[name])}")
    return found
