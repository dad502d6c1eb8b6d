"""One subject the way of `fenghuang calc`, and the same by the oracle."""

from __future__ import annotations

from datetime import date
from typing import Any

import oracle
from fenghuang.engines.door import subject as through_the_door
from fenghuang.engines.explain import explainer
from fenghuang.language.numbers import days
from fenghuang.language.record import Record
from fenghuang.law.pack import Overlay, find
from subjects import as_text, exact


def calculated(rule: str, subject: dict[str, Any], chosen: dict[str, str], on: date) -> Record:
    """Text through the door, then the explained run."""
    pack = find(rule)
    assert pack is not None
    found, faults = through_the_door(pack.rules[rule].inputs, as_text(rule, subject))
    assert faults == []
    return explainer(pack, rule, Overlay(readings=chosen)).record(found, days(on))


def check(rule: str, subject: dict[str, Any], chosen: dict[str, str], on: date) -> Record:
    """The record, which must say what the oracle says."""
    record = calculated(rule, subject, chosen, on)
    wanted = oracle.answer(rule, exact(rule, subject), chosen, on)
    assert record.outputs == wanted.outputs
    assert record.conditions == wanted.conditions
    assert set(record.missing) == wanted.missing
    assert {r.name: r.choice for r in record.readings if r.name in chosen} == chosen
    assert all(r.choice == r.default for r in record.readings if r.name not in chosen)  # readings beyond the contract
    return record
