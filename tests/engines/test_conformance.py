"""Both engines give the same for every shown step, output and missing input, under every reading."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import oracle
from fenghuang.engines import columns
from fenghuang.engines.python import Engine
from fenghuang.language.numbers import days
from fenghuang.language.program import Program
from fenghuang.language.values import Flag
from fenghuang.law.pack import Overlay, find
from subjects import DAYS, GRADES, IN_FORCE, RANGES, around, inputs, readings

RULES = sorted(oracle.RULES)
SIZE = 20_000


def program(rule: str, chosen: dict[str, str]) -> Program:
    pack = find(rule)
    assert pack is not None
    return pack.program(rule, Overlay(readings=chosen))


def frame(traced: Program, rows: Sequence[Sequence[Any]], on: Sequence[int]) -> pl.DataFrame:
    schema = {n: pl.Boolean if isinstance(v, Flag) else pl.Int64 for n, v in traced.inputs.items()}
    made = pl.DataFrame(list(rows), schema=schema, orient="row")
    return made.with_columns(pl.Series("on", on, dtype=pl.Int64))


def agree(traced: Program, rows: Sequence[Sequence[Any]], on: Sequence[int]) -> pl.DataFrame:
    """Both engines on the same rows; what they agree on."""
    engine = Engine(traced)
    by_columns = columns.run(traced, frame(traced, rows, on), "on", engine.names)
    found = [tuple(engine.run(tuple(row), day).values()) for row, day in zip(rows, on, strict=True)]
    by_python = pl.DataFrame(found, schema=by_columns.schema, orient="row")
    assert_frame_equal(by_columns, by_python)
    return by_columns


def cell(chance: random.Random, name: str, kind: str) -> Any:
    if chance.random() < 0.15:
        return None
    if kind == "bool":
        return chance.random() < 0.8
    if kind == "grade":
        return chance.choice((0, 0, 1, 1, 2, 3, 4))
    way = chance.random()
    if way < 0.4:
        return chance.choice(around(name, kind))
    if way < 0.6:
        return chance.randint(*RANGES[kind])
    return chance.randint(0, {"money": 10**11, "m2": 10**6, "ratio": 3_000_000, "int": 15}[kind])


@pytest.mark.parametrize("rule", RULES)
def test_a_random_batch_under_every_reading(rule: str) -> None:
    chance = random.Random(f"conformance of {rule}")
    fields = inputs(rule).items()
    rows = [[cell(chance, name, kind) for name, kind in fields] for _ in range(SIZE)]
    on = [days(chance.choice(DAYS) if chance.random() < 0.2 else IN_FORCE) for _ in rows]
    for chosen in readings(rule):
        results = agree(program(rule, chosen), rows, on)
        for name in oracle.answer(rule, dict.fromkeys(inputs(rule)), chosen, IN_FORCE).outputs:
            assert results[name].null_count() not in (0, SIZE), f"the batch never or always leaves {name} unknown"
            assert results[name].n_unique() > 2


@pytest.mark.parametrize("rule", RULES)
def test_a_null_in_each_input_alone(rule: str) -> None:
    chance = random.Random("nulls")
    fields = inputs(rule)
    rows = []
    for lost in range(len(fields)):
        for _ in range(50):
            row = [known(chance, name, kind) for name, kind in fields.items()]
            row[lost] = None
            rows.append(row)
    for chosen in readings(rule):
        results = agree(program(rule, chosen), rows, [days(IN_FORCE)] * len(rows))
        for place, name in enumerate(fields):
            flags = results[f"missing {name}"]
            assert not any(flags.slice(0, place * 50)), f"{name} is known there"
            assert any(flags.slice(place * 50, 50)), f"{name} never matters"


def known(chance: random.Random, name: str, kind: str) -> Any:
    while (found := cell(chance, name, kind)) is None:
        pass
    return found


@pytest.mark.parametrize("rule", RULES)
def test_the_ends_of_every_range_together(rule: str) -> None:
    """The largest and smallest values at once: where 64 bits would break first."""
    chance = random.Random("ends")

    def ends(kind: str) -> Iterable[Any]:
        return {"bool": (True,), "grade": range(len(GRADES))}.get(kind) or RANGES[kind]

    rows = [[chance.choice(list(ends(kind))) for kind in inputs(rule).values()] for _ in range(2_000)]
    for chosen in readings(rule):
        agree(program(rule, chosen), rows, [days(IN_FORCE)] * len(rows))


def test_outputs_do_not_depend_on_which_columns_are_asked_for() -> None:
    """A node becomes a column or not by who reads it; the answer may not change with that."""
    chance = random.Random("asked")
    rule = "vertical_subsidy"
    traced = program(rule, readings(rule)[0])
    rows = [[cell(chance, name, kind) for name, kind in inputs(rule).items()] for _ in range(500)]
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
    rows = [[cell(chance, name, kind) for name, kind in inputs(rule).items()] for _ in range(600)]
    rows += [[known(chance, name, kind) for name, kind in inputs(rule).items()] for _ in range(600)]
    data = frame(traced, rows, [days(IN_FORCE)] * len(rows))
    together = columns.run(traced, data, IN_FORCE, traced.shown)
    for start in [*range(0, 100), *range(600, 800)]:
        alone = columns.run(traced, data[start : start + 1], IN_FORCE, traced.shown)
        assert_frame_equal(alone, together[start : start + 1])


def test_a_batch_of_no_rows_is_a_batch() -> None:
    for rule in RULES:
        traced = program(rule, readings(rule)[0])
        assert columns.run(traced, frame(traced, [], []), IN_FORCE).shape == (
            0,
            len(traced.outputs) + len(traced.conditions),
        )
