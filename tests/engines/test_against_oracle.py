"""What `calc` answers equals an exact second statement of the contract: outputs, conditions, what is missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracle
from fenghuang.engines.door import subject as through_the_door
from fenghuang.engines.explain import explainer
from fenghuang.language.numbers import days
from fenghuang.language.record import Record
from fenghuang.law.pack import Overlay, find
from subjects import BOUNDS, DAYS, GRADES, IN_FORCE, as_text, decimal, exact, inputs, readings, subjects, values

RULES = sorted(oracle.RULES)


def calculated(rule: str, subject: dict[str, Any], chosen: dict[str, str], on: date) -> Record:
    """The way of `fenghuang calc`: text through the door, then the explained run."""
    pack = find(rule)
    assert pack is not None
    found, faults = through_the_door(pack.rules[rule].inputs, as_text(rule, subject))
    assert faults == []
    return explainer(pack, rule, Overlay(readings=chosen)).record(found, days(on))


def check(rule: str, subject: dict[str, Any], chosen: dict[str, str], on: date) -> Record:
    record = calculated(rule, subject, chosen, on)
    wanted = oracle.answer(rule, exact(rule, subject), chosen, on)
    shown = {n: decimal(v, 2) if isinstance(v, Fraction) else v for n, v in wanted.outputs.items()}
    assert record.outputs == shown
    assert record.conditions == wanted.conditions
    assert set(record.missing) == wanted.missing
    assert {r.name: r.choice for r in record.readings} == chosen
    return record


@pytest.mark.parametrize("rule", RULES)
def test_calc_equals_the_contract(rule: str) -> None:
    @settings(max_examples=600, deadline=None)
    @given(subject=subjects(rule), chosen=st.sampled_from(readings(rule)), on=st.sampled_from(DAYS))
    def run(subject: dict[str, Any], chosen: dict[str, str], on: date) -> None:
        check(rule, subject, chosen, on)

    run()


def usual(rule: str) -> list[dict[str, Any]]:
    """Subjects in the middle of things, whose every bound is then tried."""
    middle = {
        "key_project_investment": 6_000_000_000, "equipment_investment": 3_000_000_000, "local_contribution": 10**11,
        "actual_investment": 10**10, "rented_area_m2": 600_000, "rented_months": 10, "land_area_m2": 2_000_000,
        "far_before": 1_000_000, "far_after": 1_300_000, "upgrade_floor_area_m2": 200_000,
        "total_floor_area_after_m2": 1_000_000, "area_storey_4_m2": 0, "area_storey_5_m2": 10_000,
        "area_storey_6_up_m2": 0,
    }  # fmt: skip
    return [
        {
            name: grade if kind == "grade" else True if kind == "bool" else middle[name]
            for name, kind in inputs(rule).items()
        }
        for grade in GRADES
    ]


@pytest.mark.parametrize("rule", RULES)
def test_below_at_and_above_every_bound(rule: str) -> None:
    tried = 0
    for subject in usual(rule):
        for name in subject.keys() & BOUNDS.keys():
            for bound in BOUNDS[name]:
                for value in (bound - 1, bound, bound + 1):
                    if value >= 0 or name == "local_contribution":
                        for chosen in readings(rule):
                            check(rule, {**subject, name: value}, chosen, IN_FORCE)
                            tried += 1
    assert tried >= 5 * 3


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("on", DAYS)
def test_validity_includes_its_first_and_last_day(rule: str, on: date) -> None:
    record = check(rule, usual(rule)[0], readings(rule)[0], on)
    assert record.conditions["in_force"] is (date(2021, 12, 26) <= on <= date(2023, 12, 31))
    if not record.conditions["in_force"]:
        kinds = {"eligible": False, "amount": "0.00", "amount_by_bands": "0.00", "grade": "A"}
        assert record.outputs == {name: kinds.get(name) for name in record.outputs}
        assert record.missing == ()


@pytest.mark.parametrize("rule", RULES)
def test_an_answer_given_despite_unknowns_holds_however_they_turn_out(rule: str) -> None:
    @settings(max_examples=300, deadline=None)
    @given(data=st.data(), subject=subjects(rule), chosen=st.sampled_from(readings(rule)))
    def run(data: st.DataObject, subject: dict[str, Any], chosen: dict[str, str]) -> None:
        before = calculated(rule, subject, chosen, IN_FORCE)
        filled = {
            name: data.draw(values(name, kind)) if subject[name] is None else subject[name]
            for name, kind in inputs(rule).items()
        }
        after = calculated(rule, filled, chosen, IN_FORCE)
        known = {name: value for name, value in before.outputs.items() if value is not None}
        assert known == {name: after.outputs[name] for name in known}
        assert after.missing == ()

    run()


@pytest.mark.parametrize("rule", RULES)
def test_what_is_not_listed_as_missing_decides_nothing(rule: str) -> None:
    """Filling in every input that is listed leaves nothing unknown, whatever else is."""

    @settings(max_examples=300, deadline=None)
    @given(data=st.data(), subject=subjects(rule), chosen=st.sampled_from(readings(rule)))
    def run(data: st.DataObject, subject: dict[str, Any], chosen: dict[str, str]) -> None:
        record = calculated(rule, subject, chosen, IN_FORCE)
        assert bool(record.missing) == (None in record.outputs.values())
        assert all(subject[name] is None for name in record.missing)
        kinds = inputs(rule)
        asked = {**subject, **{name: data.draw(values(name, kinds[name])) for name in record.missing}}
        answer = calculated(rule, asked, chosen, IN_FORCE)
        assert None not in answer.outputs.values()

    run()
