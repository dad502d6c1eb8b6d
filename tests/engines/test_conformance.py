"""Both engines give the same for every shown step, output and missing input, under every reading."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from polars.testing import assert_frame_equal

import oracle
from both_engines import agree, frame, program
from fenghuang.engines import columns
from fenghuang.engines.python import Engine
from fenghuang.language.numbers import days
from subjects import AGAINST, IN_FORCE, TEXTS, USUAL, around, code, inputs, labels, limits, on_days, optional, readings

RULES = sorted(oracle.RULES)
SIZE = 5_000
UNKNOWN_AT_ALL = {"output_benchmark": {"benchmark_met"}}  # its table has no row yet
ONE_VALUE = {"dormitory_allowance": {"floor_share_limit"}}  # or none
# Absence is an answer; only a due date has to know when approval was given.
THERE_IS_NONE = {rule: names - {"approved_on"} for rule, names in oracle.OPTIONAL.items()}


def subject(chance: random.Random, rule: str, unknowns: float = 0.12) -> list[Any]:
    """A subject as an engine wants it: mostly good, mostly bad or mixed, numbers often on a bound, some unknown."""
    yes = chance.choice((0.05, 0.5, 0.9, 0.97, 0.97))
    absent = {name: 0.4 if name in optional(rule) else unknowns for name in inputs(rule)}
    return [None if chance.random() < absent[name] else known(chance, rule, name, yes) for name in absent]


def known(chance: random.Random, rule: str, name: str, yes: float) -> Any:
    kind = inputs(rule)[name]
    if kind == "bool":
        return (chance.random() < yes) != (name in AGAINST)
    if kind == "text":
        return chance.choice(TEXTS)
    if labels(kind):
        return min(chance.randrange(len(labels(kind))) for _ in range(1 + (yes > 0.5)))
    way = chance.random()
    if kind == "date" or way < 0.4:
        return code(kind, chance.choice(around(rule, name)))
    if way < 0.6:
        return chance.randint(*limits(rule, name))
    return chance.randint(0, min(USUAL[kind], limits(rule, name)[1]))


@pytest.mark.parametrize("rule", RULES)
def test_a_random_batch_under_every_reading(rule: str) -> None:
    chance = random.Random(f"conformance of {rule}")
    rows = [subject(chance, rule) for _ in range(SIZE)]
    on = [days(chance.choice(on_days(rule)) if chance.random() < 0.2 else IN_FORCE) for _ in rows]
    for chosen in readings(rule):
        results = agree(program(rule, chosen), rows, on)
        outputs = set(oracle.answer(rule, dict.fromkeys(inputs(rule)), chosen, IN_FORCE).outputs)
        for name in outputs - UNKNOWN_AT_ALL.get(rule, set()):
            assert results[name].null_count() not in (0, SIZE), f"the batch never or always leaves {name} unknown"
            assert results[name].n_unique() > 2 or name in ONE_VALUE.get(rule, ())


@pytest.mark.parametrize("rule", RULES)
def test_a_null_in_each_input_alone(rule: str) -> None:
    """It is missing where it matters, and nothing else is; absence that says "there is none" is not missing."""
    chance = random.Random("nulls")
    for chosen in readings(rule):
        traced = program(rule, chosen)
        engine = Engine(traced)
        rows = []
        for place, name in enumerate(inputs(rule)):
            matters = False
            for tried in range(3_000):
                row = subject(chance, rule, unknowns=0)
                row[place] = None
                matters = matters or bool(engine.run(tuple(row), days(IN_FORCE)).get(f"missing {name}"))
                if tried < 30 or matters:
                    rows.append(row)
                if tried >= 30 and matters:
                    break
            assert matters == (name not in THERE_IS_NONE.get(rule, ())), f"{name} matters: {matters}"
        results = agree(traced, rows, [days(IN_FORCE)] * len(rows))
        for place, name in enumerate(inputs(rule)):
            lacking = results[f"missing {name}"] if name in traced.missing else []
            assert not any(flag for row, flag in zip(rows, lacking, strict=False) if row[place] is not None)


@pytest.mark.parametrize("rule", RULES)
def test_the_ends_of_every_range_together(rule: str) -> None:
    """The largest and smallest values at once: where 64 bits would break first."""
    chance = random.Random("ends")

    def ends(name: str, kind: str) -> Sequence[Any]:
        if kind == "date":
            return [code(kind, day) for day in (around(rule, name)[0], around(rule, name)[-1])]
        if labels(kind):
            return range(len(labels(kind)))
        return {"bool": (True,), "text": TEXTS}.get(kind) or limits(rule, name)

    rows = [[chance.choice(ends(*field)) for field in inputs(rule).items()] for _ in range(1_000)]
    for chosen in readings(rule):
        agree(program(rule, chosen), rows, [days(IN_FORCE)] * len(rows))


def test_outputs_do_not_depend_on_which_columns_are_asked_for() -> None:
    """A node becomes a column or not by who reads it; the answer may not change with that."""
    chance = random.Random("asked")
    rule = "vertical_subsidy"
    traced = program(rule, readings(rule)[0])
    rows = [subject(chance, rule) for _ in range(500)]
    data = frame(traced, rows, [days(IN_FORCE)] * len(rows))
    together = columns.run(traced, data, "on", traced.shown)
    for name in traced.shown:
        alone = columns.run(traced, data, "on", [name])
        assert_frame_equal(alone, together.select(name))


@pytest.mark.parametrize("rule", RULES)
def test_a_row_has_the_same_answer_in_every_company(rule: str) -> None:
    """Small figures among small ones stay in 64 bits, among huge ones go through 128; nulls change the plan as well."""
    chance = random.Random("company")
    traced = program(rule, readings(rule)[0])
    rows = [subject(chance, rule) for _ in range(600)]
    rows += [subject(chance, rule, unknowns=0) for _ in range(600)]
    data = frame(traced, rows, [days(IN_FORCE)] * len(rows))
    together = columns.run(traced, data, IN_FORCE, traced.shown)
    for start in [*range(0, 30), *range(600, 660)]:
        alone = columns.run(traced, data[start : start + 1], IN_FORCE, traced.shown)
        assert_frame_equal(alone, together[start : start + 1])


def test_a_batch_of_no_rows_is_a_batch() -> None:
    for rule in RULES:
        traced = program(rule, readings(rule)[0])
        assert columns.run(traced, frame(traced, [], []), IN_FORCE).shape == (
            0,
            len(traced.outputs) + len(traced.conditions),
        )
