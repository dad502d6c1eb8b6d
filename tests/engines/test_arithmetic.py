"""The one division and the rounding: equal on both engines, halves away from zero, x/0 unknown, loud past 64 bits."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import packs_made
from fenghuang.engines import columns
from fenghuang.engines.python import Engine
from fenghuang.language import Money, Outputs, Ratio, greatest, least, muldiv, numbers, outputs, when
from fenghuang.language.program import Program
from fenghuang.language.types import MONEY, RATIO, NumberType, unit
from fenghuang.language.values import Flag, Number, RuleError

BIG = 2**63 - 1


class Whole(Number):
    """A number as wide as a column can hold."""

    type = NumberType("whole", unit("月"), 0, -BIG, BIG)


class Fine(Number):
    type = NumberType("fine", unit(""), 12, 0, 10**12)


def share(a: Whole, b: Whole, c: Whole) -> Outputs:
    return outputs(result=muldiv(a, b, c, like=a))


def both(traced: Program, rows: list[tuple[Any, ...]], name: str = "result") -> list[int | None]:
    """The output for each row, from both engines, which must agree."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(traced.inputs, pl.Int64), orient="row")
    by_columns = columns.run(traced, frame.with_columns(on=pl.lit(0, dtype=pl.Int64)), "on", [name])[name]
    assert by_columns.dtype == (pl.Boolean if isinstance(traced.outputs[name], Flag) else pl.Int64)
    engine = Engine(traced)
    by_python = [engine.run(row, 0)[name] for row in rows]
    assert by_columns.to_list() == by_python
    return by_python


@pytest.fixture(scope="module")
def division() -> Program:
    return packs_made.traced(share)


def test_muldiv_rounds_halves_away_from_zero_and_is_unknown_for_zero(division: Program) -> None:
    cases = {
        (7, 1, 2): 4, (-7, 1, 2): -4, (7, -1, 2): -4, (7, 1, -2): -4, (-7, -1, 2): 4, (-7, -1, -2): -4,
        (5, 1, 2): 3, (1, 1, 3): 0, (2, 1, 3): 1, (-2, 1, 3): -1, (0, 5, 3): 0, (0, 0, -1): 0,
        (5, 5, 0): None, (0, 0, 0): None, (None, 1, 1): None, (1, None, 1): None, (1, 1, None): None,
        (BIG, BIG, BIG): BIG, (-BIG, BIG, BIG): -BIG, (BIG - 1, BIG - 1, -BIG): -(BIG - 2), (BIG, 1, BIG): 1,
        (2**62, 2, 3): 3074457345618258603, (2**62, -2, 3): -3074457345618258603, (BIG, BIG - 1, -BIG): 1 - BIG,
    }  # fmt: skip
    assert both(division, list(cases)) == list(cases.values())


def test_muldiv_beyond_64_bits_is_loud_on_both_engines(division: Program) -> None:
    for row in [(2**62, 2, 1), (BIG, BIG, 1), (-BIG, BIG, BIG - 2), (BIG, 3, -2)]:
        with pytest.raises(OverflowError):
            Engine(division).run(row, 0)
        frame = pl.DataFrame([row], schema=dict.fromkeys(division.inputs, pl.Int64), orient="row")
        with pytest.raises(OverflowError):
            columns.run(division, frame.with_columns(on=pl.lit(0, dtype=pl.Int64)), "on", ["result"])


def test_muldiv_on_twenty_thousand_edges(division: Program) -> None:
    chance = random.Random("muldiv")
    edges = [s * (2**k + d) for k in (0, 1, 2, 31, 32, 52, 53, 61, 62) for d in (-1, 0, 1) for s in (1, -1)]
    rows: list[tuple[Any, ...]] = []
    while len(rows) < 20_000:
        a, b, c = (chance.choice(edges) if chance.random() < 0.7 else chance.randint(-BIG, BIG) for _ in "abc")
        if chance.random() < 0.5 and c:  # a quotient that ends in exactly one half
            a, b = (2 * chance.randint(-(2**29), 2**29) + 1), c // 2
        if not c or abs(Fraction(a * b, c)) < BIG:
            rows.append((a, b, c))
    found = both(division, rows)
    for (a, b, c), value in zip(rows, found, strict=True):
        if c == 0:
            assert value is None
        else:
            assert value is not None
            exact = Fraction(a * b, c)
            assert abs(value - exact) <= Fraction(1, 2)
            assert abs(value) >= abs(exact) or abs(value - exact) < Fraction(1, 2)


def test_a_result_that_may_leave_64_bits_is_right_within_and_loud_beyond() -> None:
    traced = packs_made.traced(wide_sum)
    assert both(traced, [(1, 2), (-5, None), (BIG // 100, 0)], "total") == [3, None, BIG // 100]
    row = (BIG, BIG)
    with pytest.raises(OverflowError):
        Engine(traced).run(row, 0)
    frame = pl.DataFrame([row], schema=dict.fromkeys(traced.inputs, pl.Int64), orient="row")
    with pytest.raises(OverflowError):
        columns.run(traced, frame.with_columns(on=pl.lit(0, dtype=pl.Int64)), "on", ["total"])


def wide_sum(a: Whole, b: Whole) -> Outputs:
    return outputs(total=a + b)


def wide_inside(a: Whole, b: Whole, r: Ratio) -> Outputs:
    """Products of 117 bits that come back into 64 by a bound, a comparison, a choice."""
    more = a * r * r > b
    capped = least(greatest(a * r * r, 0), greatest(b * r, 0), greatest(b, 0))
    return outputs(more=more, capped=capped, chosen=when(more, b, least(greatest(a * r * r, b), b)))


def test_wide_nodes_inside_a_rule_agree() -> None:
    traced = packs_made.traced(wide_inside)
    assert any(isinstance(n, Number) and not numbers.fits_int64(n.lo, n.hi) for n in traced.graph.nodes)
    chance = random.Random("wide")
    scale = [0, 1, 10**6, 10**8, 999_999]
    reach = BIG // 100
    rows = []
    for _ in range(5_000):
        a, b = (chance.choice([0, 1, -1, reach, -reach, chance.randint(-reach, reach)]) for _ in "ab")
        row: list[int | None] = [a, b, chance.choice(scale)]
        if chance.random() < 0.3:
            row[chance.randrange(3)] = None
        rows.append(tuple(row))
    for name in traced.outputs:
        found = both(traced, rows, name)
        assert None in found
        assert len(set(found)) > 2


def halves(amount: Money, rate: Ratio) -> Outputs:
    return outputs(paid=amount * rate)


def test_an_amount_is_rounded_once_half_away_from_zero() -> None:
    traced = packs_made.traced(halves)
    half = 500_000
    rows = [(n, half) for n in (-3, -2, -1, 0, 1, 2, 3)] + [(MONEY.hi, RATIO.hi), (MONEY.lo, RATIO.hi), (1, 499_999)]
    assert both(traced, rows, "paid") == [-2, -1, -1, 0, 1, 1, 2, 10**16, -(10**16), 0]


@given(st.integers(-(10**30), 10**30), st.integers(-(10**15), 10**15).filter(bool))
def test_round_half_away(numerator: int, denominator: int) -> None:
    found = numbers.round_half_away(numerator, denominator)
    gap = found - Fraction(numerator, denominator)
    assert abs(gap) <= Fraction(1, 2)
    if abs(gap) == Fraction(1, 2):
        assert abs(found) > abs(Fraction(numerator, denominator))


def test_ranges_beyond_128_bits_are_refused_when_the_rule_is_loaded() -> None:
    def cube(a: Whole, b: Whole, c: Whole) -> Outputs:
        return outputs(x=a * b * c)

    def divided(a: Whole, b: Whole, c: Whole) -> Outputs:
        return outputs(x=muldiv(a, b + b, c, like=a))

    def fine_divisor(a: Fine, b: Ratio, c: Whole) -> Outputs:
        return outputs(x=muldiv(a * a, b, c, like=b))

    def rounded(a: Whole, b: Whole) -> Outputs:
        return outputs(x=a * b)

    for function in (cube, divided, fine_divisor, rounded):
        with pytest.raises(RuleError, match="128 bits"):
            packs_made.traced(function)


def test_columns_that_would_wrap_are_refused_at_the_door() -> None:
    traced = packs_made.traced(halves)
    good = {"amount": [100], "rate": [500_000]}
    for name, column, fault in [
        ("amount", pl.Series([1.5]), TypeError),
        ("amount", pl.Series([1], dtype=pl.Int8), TypeError),
        ("rate", pl.Series([1], dtype=pl.UInt32), TypeError),
        ("rate", pl.Series([RATIO.hi + 1]), OverflowError),
        ("amount", pl.Series([MONEY.lo - 1]), OverflowError),
    ]:
        frame = pl.DataFrame(good).with_columns(column.alias(name), on=pl.lit(0, dtype=pl.Int64))
        with pytest.raises(fault, match=name):
            columns.run(traced, frame, "on")
    for on, fault in [(None, ValueError), (10**6, OverflowError)]:
        frame = pl.DataFrame(good).with_columns(on=pl.lit(on, dtype=pl.Int64))
        with pytest.raises(fault, match="on"):
            columns.run(traced, frame, "on")
