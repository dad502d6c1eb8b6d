"""Both engines give the same for every shown step, output and missing input, under every reading."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import oracle
from fenghuang.engines import columns
from fenghuang.engines.python import Engine
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.values import Flag, Text
from fenghuang.law.pack import Overlay, find
from subjects import AGAINST, IN_FORCE, TEXTS, USUAL, around, code, inputs, labels, limits, on_days, optional, readings

RULES = sorted(oracle.RULES)
SIZE = 5_000
UNKNOWN_AT_ALL = {"output_benchmark": {"benchmark_met"}}  # its table has no row yet
ONE_VALUE = {"dormitory_allowance": {"floor_share_limit"}}  # or none
# Absence is an answer; only a due date has to know when approval was given.
THERE_IS_NONE = {rule: names - {"approved_on"} for rule, names in oracle.OPTIONAL.items()}


def program(rule: str, chosen: dict[str, str]) -> Program:
    pack = find(rule)
    assert pack is not None
    return pack.program(rule, Overlay(readings=chosen))


def frame(traced: Program, rows: Sequence[Sequence[Any]], on: Sequence[int]) -> pl.DataFrame:
    kinds = {Flag: pl.Boolean, Text: pl.String}
    schema = {n: kinds.get(type(v), pl.Int64) for n, v in traced.inputs.items()}
    made = pl.DataFrame(list(rows), schema=schema, orient="row")
    return made.with_columns(pl.Series("on", on, dtype=pl.Int64))


def agree(traced: Program, rows: Sequence[Sequence[Any]], on: Sequence[int]) -> pl.DataFrame:
    """Both engines on the same rows; what they agree on."""
    engine = Engine(traced)
    by_columns = columns.run(traced, frame(traced, rows, on), "on", engine.names)
    found = [tuple(map(_cell, engine.run(tuple(row), day).values())) for row, day in zip(rows, on, strict=True)]
    by_python = pl.DataFrame(found, schema=by_columns.schema, orient="row")
    assert_frame_equal(by_columns, by_python)
    return by_columns


def _cell(value: Any) -> Any:
    """A column holds no lists: names are joined."""
    return ";".join(value) if isinstance(value, list) else value


def subject(chance: random.Random, rule: str, unknowns: float = 0.12) -> list[Any]:
    """A subject as an engine wants it: mostly good, mostly bad or mixed, numbers often on a bound, some unknown."""
    yes = chance.choice((0.05, 0.5, 0.9, 0.97))
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
    names = list(inputs(rule))
    tried = 600 if len(names) > 12 else 150
    rows = []
    for lost in range(len(names)):
        for _ in range(tried):
            row = subject(chance, rule, unknowns=0)
            row[lost] = None
            rows.append(row)
    for chosen in readings(rule):
        traced = program(rule, chosen)
        results = agree(traced, rows, [days(IN_FORCE)] * len(rows))
        for place, name in enumerate(names):
            flags = results[f"missing {name}"]
            assert not any(flag for row, flag in zip(rows, flags, strict=True) if row[place] is not None)
            matters = any(flags.slice(place * tried, tried))
            assert matters == (name not in THERE_IS_NONE.get(rule, ())), f"{name} matters: {matters}"


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
