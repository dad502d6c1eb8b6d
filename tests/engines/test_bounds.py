"""From every bound of every rule: cases one smallest unit below, at and above, generated, not written.

`pytest -rP tests/engines/test_bounds.py` lists how many bounds and figures each rule was tried at.
"""

from __future__ import annotations

import pytest

import oracle
from both_engines import agree, program
from bounds import cases, figures_of
from calculated import check
from fenghuang.language.numbers import days
from fenghuang.law.pack import packs
from subjects import codes, readings

RULES = sorted(oracle.RULES)


@pytest.mark.parametrize("rule", RULES)
def test_below_at_and_above_every_bound(rule: str) -> None:
    figures: set[str] = set()
    for chosen in readings(rule):
        tried = cases(rule, chosen)
        figures |= tried.figures
        for subject, on in tried.found:
            check(rule, subject, chosen, on)
        rows = [codes(rule, subject) for subject, _ in tried.found]
        agree(program(rule, chosen), rows, [days(on) for _, on in tried.found])
        passed = {meeting for meeting, _ in tried.passed}
        print(f"{rule} {chosen or ''}: {len(passed)} bounds of {len(tried.bounds)}, {len(tried.found)} cases")
        assert {(m.node.op, *m.figures) for m in tried.missed} == set()
    assert figures_of(rule) - figures == set(), "figures of parameters.yaml at which no case was tried"


def test_no_figure_belongs_to_no_rule() -> None:
    known = {name for rule in RULES for name in figures_of(rule)}
    written = {path for pack in packs().values() for path in pack.parameters}
    assert {path for path in written if not any(name.startswith(path) for name in known)} == set()
