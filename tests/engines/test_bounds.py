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
NO_ROW_YET = {"output_benchmark"}  # what it compares with is not known
NEVER_MET = {"idle_land": 1}  # a share of six decimals is never 1/3


@pytest.mark.parametrize("rule", RULES)
def test_below_at_and_above_every_bound(rule: str) -> None:
    figures: set[str] = set()
    for chosen in readings(rule):
        standing = chosen == readings(rule)[0]
        tried = cases(rule, chosen, patient=standing)
        figures |= tried.figures
        for subject, on in tried.found:
            check(rule, subject, chosen, on)
        rows = [codes(rule, subject) for subject, _ in tried.found]
        agree(program(rule, chosen), rows, [days(on) for _, on in tried.found])
        passed = {meeting for meeting, _ in tried.passed}
        print(f"{rule} {chosen or ''}: {len(tried.decided)} bounds decide, {len(passed)} are passed, ", end="")
        print(f"of {len(tried.bounds)}; {len(tried.found)} cases")
        if standing and rule not in NO_ROW_YET:
            assert tried.undecided == set()
            assert len(tried.never_met) == NEVER_MET.get(rule, 0)
    assert figures_of(rule) - figures == set(), "figures of parameters.yaml at which no case was tried"


def test_no_figure_belongs_to_no_rule() -> None:
    known = {name for rule in RULES for name in figures_of(rule)}
    written = {path for pack in packs().values() if set(pack.rules) & set(RULES) for path in pack.parameters}
    assert {path for path in written if not any(name.startswith(path) for name in known)} == set()
