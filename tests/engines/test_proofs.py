"""Proofs: every input, condition, figure, label and branch of every rule can matter, and what cannot is found."""

from __future__ import annotations

from pathlib import Path

import pytest

import packs_made
from fenghuang.engines.proofs import Flaw, flaws
from fenghuang.law.pack import Overlay, Pack, packs

RULES = [(pack, name) for pack in packs().values() for name in pack.rules]
HEAD = "@rule('art.1')\ndef r(m: Money, n: Money, g: Grade, b: Bool, c: Bool, law: Law) -> Outputs:\n"
CAP = "art.1: {r: {cap: {value: 5, unit: 万元, at: '1:1'}}}"


@pytest.mark.parametrize(("pack", "name"), RULES, ids=[name for _, name in RULES])
def test_everything_in_every_rule_can_matter_under_every_reading(pack: Pack, name: str) -> None:
    """Every reading varied alone; another one may well leave an input or a figure without a part to play."""
    assert flaws(pack, name) == []
    for reading in pack.readings.get(name, ()):
        for choice in set(reading.choices) - {reading.default}:
            found = flaws(pack, name, Overlay(readings={reading.name: choice}))
            assert [f for f in found if f.kind in ("condition", "output")] == [], f"{reading.name}={choice}"


def found_in(folder: Path, body: str) -> set[tuple[str, str]]:
    pack = packs_made.pack(folder, HEAD + f"    {body}\n", CAP)
    return {(flaw.kind, flaw.name) for flaw in flaws(pack, "r")}


USED = "all_of(m=m >= n, g=g.among('A'), c=c)"


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (f"return outputs(e={USED} & (m > law.cap))", ("input", "b")),
        (f"return outputs(e={USED} & (b | ~b | (m > law.cap)))", ("parameter", "art.1.r.cap")),
        (f"return outputs(e={USED} & any_of(b=b, not_b=~b, big=m > law.cap))", ("condition", "big")),
        (
            "route = first_true(large=m >= law.cap, larger=m >= law.cap + law.cap, otherwise='none')\n"
            f"    return outputs(e={USED} & b, route=route)",
            ("label", "route=larger"),
        ),
        (f"return outputs(e={USED} & b, x=least(m, law.cap) - least(law.cap, m))", ("output", "x")),
        (f"return outputs(e={USED} & b & (law.cap > 0), x=n)", ("branch", "gt")),
    ],
)
def test_what_cannot_matter_is_found(tmp_path: Path, body: str, flaw: tuple[str, str]) -> None:
    assert flaw in found_in(tmp_path, body)


def test_a_rule_of_which_all_matters_has_no_flaw(tmp_path: Path) -> None:
    assert found_in(tmp_path, f"return outputs(e={USED} & b, x=granted(b, least(m, law.cap)))") == set()


def test_a_flaw_says_what_is_wrong(tmp_path: Path) -> None:
    pack = packs_made.pack(tmp_path, HEAD + "    return outputs(e=(m >= n) & g.among('A') & c & (m > law.cap))\n", CAP)
    assert flaws(pack, "r") == [
        Flaw("r", "input", "b", "没有任何条件或结果用到这项输入"),
    ]
