"""What `calc` answers equals an exact second statement of the contract: outputs, conditions, what is missing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from calculated import calculated, check
from subjects import IN_FORCE, contract, inputs, on_days, optional, readings, subjects, values

RULES = sorted(oracle.RULES)
# Outputs that may have no answer though everything is known: no floor, no share of nothing, not idle, not yet due.
UNANSWERED = {
    "land_supply_share": {"industrial_share", "share_met"},
    "dormitory_allowance": {"floor_share_limit", "floor_share_ok"},
    "zero_land_admission": {"started_in_time"},
    "idle_land": {"idle_since"},
}


def examples(rule: str) -> int:
    """How many subjects: the more inputs, the more."""
    return min(400, 60 + 20 * len(inputs(rule)) * len(oracle.READINGS[rule] or "x"))


def test_the_oracle_says_every_rule_of_the_contract() -> None:
    assert set(RULES) == set(contract())
    assert {rule: set(names) for rule, names in oracle.OPTIONAL.items()} == {
        rule: optional(rule) for rule in RULES if optional(rule)
    }


@pytest.mark.parametrize("rule", RULES)
def test_calc_equals_the_contract(rule: str) -> None:
    @settings(max_examples=examples(rule), deadline=None)
    @given(subject=subjects(rule), chosen=st.sampled_from(readings(rule)), on=st.sampled_from(on_days(rule)))
    def run(subject: dict[str, Any], chosen: dict[str, str], on: date) -> None:
        check(rule, subject, chosen, on)

    run()


@pytest.mark.parametrize("rule", RULES)
def test_each_input_unknown_alone(rule: str) -> None:
    """The rest known: what needs the input is unknown and names it."""

    @settings(max_examples=4 * len(inputs(rule)), deadline=None)
    @given(subject=subjects(rule, unknowns=False), chosen=st.sampled_from(readings(rule)), data=st.data())
    def run(subject: dict[str, Any], chosen: dict[str, str], data: st.DataObject) -> None:
        check(rule, {**subject, data.draw(st.sampled_from(list(subject))): None}, chosen, IN_FORCE)

    run()
    check(rule, dict.fromkeys(inputs(rule)), readings(rule)[0], IN_FORCE)


@pytest.mark.parametrize("rule", RULES)
def test_out_of_force_nothing_is_decided_and_nothing_is_asked_for(rule: str) -> None:
    @settings(max_examples=20, deadline=None)
    @given(subject=subjects(rule), on=st.sampled_from([d for d in on_days(rule) if d != IN_FORCE]))
    def run(subject: dict[str, Any], on: date) -> None:
        record = check(rule, subject, readings(rule)[0], on)
        first, last = oracle.valid(rule)
        assert record.conditions["in_force"] is (first <= on <= last)
        if not record.conditions["in_force"] and rule != "evaluation_override":
            assert set(map(str, record.outputs.values())) <= {"False", "0.00", "None"}
            assert record.missing == ()

    run()


@pytest.mark.parametrize("rule", RULES)
def test_an_answer_given_despite_unknowns_holds_however_they_turn_out(rule: str) -> None:
    @settings(max_examples=examples(rule) // 2, deadline=None)
    @given(data=st.data(), subject=subjects(rule), chosen=st.sampled_from(readings(rule)))
    def run(data: st.DataObject, subject: dict[str, Any], chosen: dict[str, str]) -> None:
        before = calculated(rule, subject, chosen, IN_FORCE)
        unknown = [name for name in subject if subject[name] is None and name not in optional(rule)]
        after = calculated(rule, subject | {n: data.draw(values(rule, n)) for n in unknown}, chosen, IN_FORCE)
        for name, value in before.outputs.items():
            if isinstance(value, list):
                assert set(value) <= set(after.outputs[name])
            elif value is not None:
                assert value == after.outputs[name]
        assert set(after.missing) <= optional(rule) | {row for row in after.missing if "[" in row}

    run()


@pytest.mark.parametrize("rule", RULES)
def test_what_is_not_listed_as_missing_decides_nothing(rule: str) -> None:
    """Filling in every input that is listed leaves nothing unknown, whatever else is."""

    @settings(max_examples=examples(rule) // 2, deadline=None)
    @given(data=st.data(), subject=subjects(rule), chosen=st.sampled_from(readings(rule)))
    def run(data: st.DataObject, subject: dict[str, Any], chosen: dict[str, str]) -> None:
        record = calculated(rule, subject, chosen, IN_FORCE)
        unanswered = UNANSWERED.get(rule, set())
        unknown = {name for name, value in record.outputs.items() if value is None} - unanswered
        assert record.missing or not unknown
        asked = [name for name in record.missing if not re.search(r"\[", name)]
        assert all(subject[name] is None for name in asked)
        answer = calculated(rule, subject | {n: data.draw(values(rule, n)) for n in asked}, chosen, IN_FORCE)
        if rule != "output_benchmark":
            assert answer.missing == ()
            assert {name for name, value in answer.outputs.items() if value is None} <= unanswered

    run()
