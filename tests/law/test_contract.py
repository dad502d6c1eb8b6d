"""The rules of the contract's packs are those of spec/rules.yaml.

Names, order and types of inputs, conditions, outputs and readings.
"""

from __future__ import annotations

import filecmp
import re
from pathlib import Path

import pytest

from fenghuang.language import types
from fenghuang.language.values import Choice, Flag, Number
from fenghuang.law.pack import Pack, packs
from subjects import ROOT, contract

SHARED = Path("/work/shared")
CLAUSES = dict(re.findall(r"^- rule: (\w+) +# ([a-z]+\.\d+)", (ROOT / "spec/rules.yaml").read_text("utf-8"), re.M))
CLAUSES["low_tax_firm"] = (
    "target.low_tax_firms"  # "targets, annex section two": the target of clauses.yaml that it decides
)


PACKS = ("taizhou-2021-27", "idle-land-2012")  # further packs have contracts of their own, or none


def implemented() -> dict[str, Pack]:
    return {name: packs()[pack] for pack in PACKS for name in packs()[pack].rules}


RULES = sorted(implemented())


def test_every_rule_of_the_contract_and_no_other() -> None:
    assert set(implemented()) == set(contract())
    assert len(implemented()) == 32


@pytest.mark.parametrize("name", RULES)
def test_clause(name: str) -> None:
    assert implemented()[name].rules[name].clause == CLAUSES[name]


@pytest.mark.parametrize("name", RULES)
def test_inputs_in_order_with_their_types(name: str) -> None:
    found = {n: types.contract_name(kind) for n, kind in implemented()[name].rules[name].inputs.items()}
    assert list(found.items()) == list(contract()[name]["inputs"].items())


@pytest.mark.parametrize("name", RULES)
def test_conditions_in_order_and_in_force(name: str) -> None:
    program = implemented()[name].program(name)
    named = contract()[name].get("conditions", {})
    if isinstance(named, str):  # quality_firm: "one per input (graded_a_or_b for grade)"
        named = ["graded_a_or_b" if n == "grade" else n for n in contract()[name]["inputs"]]
    assert list(program.conditions) == [*named, "in_force"]
    assert list(program.rule.in_principle) == contract()[name].get("in_principle", [])


@pytest.mark.parametrize("name", RULES)
def test_outputs_in_order_with_the_types_of_their_formulas(name: str) -> None:
    program = implemented()[name].program(name)
    outputs: dict[str, str] = contract()[name]["outputs"]
    assert list(program.outputs) == list(outputs)
    for output, formula in outputs.items():
        node = program.outputs[output]
        if labels := re.match(r"one of \[([^]]+)\]", formula):
            assert isinstance(node, Choice)
            assert set(node.labels) == set(labels[1].split(", "))
        elif formula.startswith(("all ", "any ")):
            assert isinstance(node, Flag)
        elif "amount" in output:
            assert isinstance(node, Number)
            assert (node.unit, node.denominator) == ("元", 100)
        elif "area" in output:
            assert isinstance(node, Number)
            assert (node.unit, node.denominator) == ("平方米", 100)


@pytest.mark.parametrize("name", RULES)
def test_readings_with_their_default_and_choices(name: str) -> None:
    """Those of the contract as it fixes them; the pack may know more, never otherwise."""
    found = {r.name: (r.default, list(r.choices)) for r in implemented()[name].readings.get(name, ())}
    wanted = {
        reading: (said["default"], [said["default"], *said.get("also", [])])
        for reading, said in contract()[name].get("interpretations", {}).items()
    }
    assert {reading: found.get(reading) for reading in wanted} == wanted


@pytest.mark.parametrize("pack", packs().values(), ids=packs().keys())
def test_every_reading_says_where_why_and_for_whom(pack: Pack) -> None:
    for reading in pack.every_reading:
        assert re.fullmatch(r"\d+:\d+", reading.at), reading.name
        assert reading.reason.endswith("。"), reading.name
        assert reading.effect.endswith("。"), reading.name
        assert reading.name == "not_d_becomes" or len(reading.choices) > 1
    names = [(r.rule, r.name) for r in pack.every_reading]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", RULES)
def test_steps_are_told_in_the_same_order_by_every_reading(name: str) -> None:
    """What is shown and what is worded go together, and everything has a title."""
    pack = implemented()[name]
    program = pack.program(name)
    assert list(program.meaning) == list(program.shown)
    assert program.conditions.keys() <= program.shown.keys()


@pytest.mark.parametrize("folder", ["spec", "data"])
def test_the_contract_in_the_repository_is_the_agreed_one(folder: str) -> None:
    mine, agreed = ROOT / folder, SHARED / folder
    if not (mine.is_dir() and agreed.is_dir()):
        pytest.skip(f"no {agreed} here")
    names = sorted(p.name for p in agreed.iterdir() if p.is_file())
    assert names
    assert filecmp.cmpfiles(mine, agreed, names, shallow=False) == (names, [], [])
