"""The highest (or lowest) figure with which the total stays within a bound: bisection over one parameter.

Whole steps of the parameter's smallest unit are tried (0.0001 % of a rate, 0.01 元 of money, a day), so the answer is
exact: one step further leaves the bound. A first look at evenly spaced figures finds the part to bisect and tells
whether the total is monotone there; where it is not, the answer says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

import polars as pl

from fenghuang.engines import columns
from fenghuang.engines.batch import Table
from fenghuang.engines.door import Fault, Faulty, Refused
from fenghuang.engines.whatif import comparison
from fenghuang.engines.whatif.people import People, of_table
from fenghuang.engines.whatif.variant import Place, Variant, figure, finest, places, say, scale
from fenghuang.language import numbers, units
from fenghuang.law.pack import Pack

GRID = 16  # parts of the first look
Direction = Literal["highest", "lowest"]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer. Totals in 分 over what is known; `value` is None when no figure tried keeps the bound."""

    path: str
    bound: int
    direction: Direction
    resolution: str  # 0.0001%
    tried_from: str
    tried_to: str
    present: str
    present_total: int
    value: str | None
    total: int | None
    beyond: str | None  # one step further, None at the end of what was tried
    beyond_total: int | None
    unknown: int  # decisions without amount at the value found, which the total leaves out
    monotone: bool
    runs: int


def amount(text: str) -> int:
    """A bound as a person writes it (2亿元, 500 万元), in 分; Refused says what is expected."""
    written = numbers.plain(text).replace(" ", "")
    digits = written.rstrip("亿万元")
    try:
        unit = units.unit(written[len(digits) :])
        fen = numbers.fraction(digits) * unit.factor * 100
    except ValueError as fault:
        raise Refused("应为金额，如 2亿元") from fault
    if unit.text not in ("元", "万元", "亿元") or fen.denominator != 1 or fen < 0:
        raise Refused("应为不为负、精确到分的金额，如 2亿元")
    return fen.numerator


def total_of(
    pack: Pack, rules: Sequence[str], people: People, on: date, variant: Variant, regraded: pl.Series | None = None
) -> tuple[int, int]:
    """The total (分) of the known amounts under a variant, and how many are unknown."""
    total = unknown = 0
    for rule in rules:
        given = people.regraded(rule, regraded).inputs
        one, none = _sum(columns.run(comparison.program_of(pack, rule, variant), given, on, ["amount"])["amount"])
        total, unknown = total + one, unknown + none
    return total, unknown


def _sum(amounts: pl.Series) -> tuple[int, int]:
    return int(amounts.cast(pl.Int128).sum() or 0), amounts.null_count()


def search(
    pack: Pack,
    rules: Sequence[str],
    population: Table | People,
    on: date,
    variant: Variant,
    path: str,
    bound: int,
    direction: Direction = "highest",
    regraded: pl.Series | None = None,
) -> Found:
    """The extreme figure of `path` with total <= bound (分); all else stays as the variant has it. Faulty for a path
    that is none, or whose rule pays nothing."""
    people = population if isinstance(population, People) else of_table(pack, population)
    place = places(pack).get(path)
    if place is None:
        raise Faulty([Fault(path, "", "没有这个参数")])
    if place.rule not in comparison.paying(pack):
        raise Faulty([Fault(path, "", f"{place.rule} 没有金额，不能按总额反推")])
    rules = [*rules, *([] if place.rule in rules else [place.rule])]
    money = [rule for rule in rules if rule in comparison.paying(pack)]
    others = [rule for rule in money if rule != place.rule]
    base, unknown = total_of(pack, others, people, on, variant, regraded)
    given = people.regraded(place.rule, regraded).inputs
    step = scale(place.parameter).step
    known: dict[int, tuple[int, int]] = {}

    def total(at: int) -> int:
        if at not in known:
            tried = replace(variant, parameters={**variant.parameters, path: say(place.parameter, at * step)})
            program = comparison.program_of(pack, place.rule, tried)
            known[at] = _sum(columns.run(program, given, on, ["amount"])["amount"])
        return base + known[at][0]

    lowest, highest = _range(place, variant)
    grid = sorted({lowest + (highest - lowest) * part // GRID for part in range(GRID + 1)})
    at = _extreme(grid, total, bound, direction)
    further = None if at is None else at + (1 if direction == "highest" else -1)
    end = further is None or not lowest <= further <= highest
    text = variant.parameters.get(path)
    present = figure(place.parameter, text) if text else place.present
    order = [known[k][0] for k in sorted(known)]
    return Found(
        path=path,
        bound=bound,
        direction=direction,
        resolution=finest(place.parameter),
        tried_from=say(place.parameter, lowest * step),
        tried_to=say(place.parameter, highest * step),
        present=say(place.parameter, present),
        present_total=total_of(pack, money, people, on, variant, regraded)[0],
        value=None if at is None else say(place.parameter, at * step),
        total=None if at is None else total(at),
        beyond=None if end or further is None else say(place.parameter, further * step),
        beyond_total=None if end or further is None else total(further),
        unknown=unknown + (known[at][1] if at is not None else 0),
        monotone=order in (sorted(order), sorted(order, reverse=True)),
        runs=len(known),
    )


def _range(place: Place, variant: Variant) -> tuple[int, int]:
    """What is tried, in steps: from 0 to 100 % for a share below that, else to ten times the present figure; the edges
    of bands between their neighbours."""
    parameter = place.parameter
    step, most = scale(parameter)
    if parameter.unit.dimension == units.DATE:
        day = int(place.present)
        return day - 3650, min(day + 3650, most)
    if parameter.name == "edges":
        row = [p for p in places(variant.pack).values() if p.parameter is parameter and p.label == place.label]
        values = [_figure(p, variant) for p in row]
        below = values[place.number - 1] / step + 1 if place.number else Fraction(0)
        above = values[place.number + 1] / step - 1 if place.number + 1 < len(row) else 10 * place.present / step
        return int(below), min(int(above), most)
    ten = 10 * place.present or Fraction(100)
    wide = Fraction(100) if parameter.unit.text == "%" and place.present <= 100 else ten
    return 0, min(int(wide / step), most)


def _figure(place: Place, variant: Variant) -> Fraction:
    text = variant.parameters.get(place.path)
    try:
        return figure(place.parameter, text) if text else place.present
    except Refused as fault:
        raise Faulty([Fault(place.path, text or "", str(fault))]) from fault


def _extreme(grid: Sequence[int], total: Callable[[int], int], bound: int, direction: Direction) -> int | None:
    """The outermost step within the bound: the outermost of the grid, then bisection towards the next that is not."""
    ordered = list(grid) if direction == "highest" else list(reversed(grid))
    within = [total(at) <= bound for at in ordered]
    if not any(within):
        return None
    last = len(within) - 1 - within[::-1].index(True)
    if last == len(ordered) - 1:
        return ordered[-1]
    inside, outside = ordered[last], ordered[last + 1]
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        if total(middle) <= bound:
            inside = middle
        else:
            outside = middle
    return inside
