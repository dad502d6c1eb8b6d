"""Short ways to write methods and facts in tests, and a reference that calculates with Fractions alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from fenghuang.law.methods.cells import read_cells
from fenghuang.law.methods.evaluate import evaluate
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.reading import from_document
from fenghuang.law.methods.result import Evaluation

CUTS = {"A": "20", "B": "80", "C": "95", "D": "100"}


def scope(indicators: Mapping[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """A scope over all firms, by default one ratio item of 100 points on tax_per_mu with benchmark 10."""
    items = indicators or {"tax_per_mu": {"weight": "100", "benchmark": "10", "missing": "zero"}}
    return {"scope": "true", "indicators": items, "grades": CUTS, **keys}


def method(*scopes: Mapping[str, Any]) -> Method:
    return from_document({"method": "t", "scopes": list(scopes) or [scope()]})


def facts(rows: int, **columns: Sequence[Any] | str) -> dict[str, list[str | None]]:
    """Text columns; one text is repeated; id is 1, 2, ..."""
    table: dict[str, list[str | None]] = {"id": [str(i + 1) for i in range(rows)]}
    for name, cells in columns.items():
        table[name] = [cells] * rows if isinstance(cells, str) else [None if c is None else str(c) for c in cells]
    return table


def given(
    values: Sequence[Any], name: str = "tax_per_mu", **columns: Sequence[Any] | str
) -> dict[str, list[str | None]]:
    """Firms with an indicator given directly."""
    return facts(len(values), **{name: values}, **columns)


def run(used: Method, table: Mapping[str, Sequence[str | None]], decide: Any = None) -> Evaluation:
    return evaluate(used, read_cells(used, table, "facts.csv").columns, decide)


def grades(evaluation: Evaluation) -> str:
    """The grades in a row, "-" for none."""
    return "".join(evaluation.firm(i).grade or "-" for i in range(len(evaluation)))


def scores(evaluation: Evaluation) -> list[str]:
    return [evaluation.firm(i).score_text for i in range(len(evaluation))]


def half_up(value: Fraction, decimals: int = 4) -> Fraction:
    """Independent of the program: away from zero on a tie."""
    scaled = abs(value) * 10**decimals
    whole = int(scaled)
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def override(rule: str, inputs: Mapping[str, list[Any]]) -> list[str | None]:
    """A stand-in for the rule of art.8, three-valued."""
    assert rule == "evaluation_override"
    answers: list[str | None] = []
    for grade, amount, building in zip(
        inputs["grade_by_score"], inputs["key_project_investment"], inputs["under_construction"], strict=True
    ):
        big = _both(building, None if amount is None else amount >= 10_000_000_000)
        fair = _both(_both(building, None if amount is None else amount >= 3_000_000_000), grade == "D")
        if big is None or (not big and fair is None):
            answers.append(None)
        else:
            answers.append("A" if big else "C" if fair else grade)
    return answers


def _both(a: bool | None, b: bool | None) -> bool | None:
    return False if a is False or b is False else None if a is None or b is None else True
