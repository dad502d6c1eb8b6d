"""A variant beside the law as it stands, over a population: who gains, who loses, how much, by every dimension.

A line is a decision: one subject under one rule. Money is in integers of 分, summed in 128 bits. Unknown is counted and
never summed: the `difference` is that of the decisions known on both sides, and
after = before + difference + became_known − became_unknown always holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from fenghuang.engines import columns
from fenghuang.engines.batch import Table
from fenghuang.engines.door import Fault, Faulty
from fenghuang.engines.whatif.people import People, of_table
from fenghuang.engines.whatif.variant import Variant
from fenghuang.language import numbers
from fenghuang.language.program import Program
from fenghuang.language.values import Flag, Number, RuleError
from fenghuang.law.pack import Pack

LARGEST = 10
_WAN = 10**6  # 分
SPREAD = tuple(_WAN * n for n in (-500, -100, -50, -10, 0, 10, 50, 100, 500))
_MONEY = ("before", "after", "difference", "gain", "loss", "became_known", "became_unknown")


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for a group of decisions; money in 分. winners + losers + same + unknown = subjects."""

    subjects: int
    before: int  # over what is known under the law as it stands
    after: int  # over what is known under the variant
    difference: int  # over what is known under both
    winners: int
    gain: int
    losers: int
    loss: int  # negative
    same: int
    unknown: int  # not known under the one or the other
    unknown_before: int
    unknown_after: int
    became_known: int  # 分 of what only the variant can tell
    became_unknown: int  # 分 of what the variant can no longer tell
    newly: int  # 0 (or no) before, more (or yes) after
    no_longer: int
    changed: int  # the amount differs, becomes known or unknown; without money any output does


@dataclass(frozen=True, slots=True)
class ConditionChange:
    """How often a condition came out otherwise."""

    name: str
    title: str
    became_true: int
    became_false: int
    became_known: int
    became_unknown: int


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule. Without money, winners are those who newly may, and amounts are 0."""

    rule: str
    title: str
    clause: str
    money: bool
    total: Change
    conditions: tuple[ConditionChange, ...]


@dataclass(frozen=True, slots=True)
class Largest:
    """One of the largest changes; amounts in 分."""

    id: str
    row: int  # of the population, as a reader of the file counts
    rule: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole answer. `total` and `by` are over the rules that pay money."""

    on: date
    rules: tuple[RuleChange, ...]
    total: Change
    by: Mapping[str, tuple[tuple[str, Change], ...]]  # dimension -> (label, change), in order of label
    largest: tuple[Largest, ...]
    spread: tuple[int, ...]  # changed decisions by their difference: below SPREAD[0], from it to SPREAD[1], ...


def rules_for(pack: Pack, table: Table, variant: Variant | None = None) -> list[str]:
    """The rules to run when nobody names them: those the variant changes; failing that all that pay money and of
    which the population has every input."""
    touched = variant.rules() if variant else []
    have = set(table.frame.columns)
    if variant and variant.method:
        reads = [rule for rule in paying(pack) if "grade" in pack.rules[rule].inputs]
        touched += [r for r in reads if r not in touched and have | {"grade"} >= set(pack.rules[r].inputs)]
    return touched or [rule for rule in paying(pack) if have >= set(pack.rules[rule].inputs)]


def paying(pack: Pack) -> list[str]:
    """The rules with an amount in money."""
    return [rule for rule in pack.rules if is_money(pack.program(rule))]


def is_money(program: Program) -> bool:
    amount = program.outputs.get("amount")
    return isinstance(amount, Number) and amount.unit == "元"


def compare(
    pack: Pack,
    rules: Sequence[str],
    population: Table | People,
    on: date,
    variant: Variant,
    regraded: pl.Series | None = None,
) -> Comparison:
    """Both laws over the population. Rules that the variant leaves alone are run once. `regraded`: the grades a method
    gives (a place in GRADES a subject, null unknown), for rules that read `grade`. Faulty for what cannot be used."""
    people = population if isinstance(population, People) else of_table(pack, population)
    left_out = [rule for rule in variant.rules() if rule not in rules]
    if left_out:
        raise Faulty([Fault("rules", "、".join(rules), f"方案改动了 {'、'.join(left_out)}，也应列入")])
    told, sums, top = [], [], []
    spread = [0] * (len(SPREAD) + 1)
    for rule in rules:
        lines = _lines(pack, rule, people, on, variant, regraded)
        groups = _grouped(lines, people.dimensions)
        money = is_money(pack.program(rule))
        words, clause = pack.words.rule_title(rule), pack.rules[rule].clause
        told.append(RuleChange(rule, words, clause, money, _total(groups), _conditions(pack, rule, lines)))
        if money:
            sums.append(groups)
            top += _largest(lines, rule, people)
            spread = [known + more for known, more in zip(spread, _spread(lines), strict=True)]
    every = pl.concat(sums) if sums else None
    return Comparison(
        on,
        tuple(told),
        _total(every),
        {name: _by(every, name) for name in people.dimensions} if every is not None else {},
        tuple(sorted(top, key=lambda one: -abs(one.after - one.before))[:LARGEST]),
        tuple(spread),
    )


# -- one rule, both laws


def outputs(program: Program, inputs: pl.DataFrame, on: date) -> pl.DataFrame:
    """Outputs and conditions, and `worth`: the amount in 分; failing an amount the first verdict as 0 or 1; else 0."""
    found = columns.run(program, inputs, on)
    if is_money(program):
        return found.with_columns(worth=pl.col("amount"))
    verdict = next((name for name, node in program.outputs.items() if isinstance(node, Flag)), "")
    if verdict:
        return found.with_columns(worth=pl.col(verdict).cast(pl.Int64))
    first = next(iter(program.outputs))
    return found.with_columns(worth=pl.when(pl.col(first).is_not_null()).then(pl.lit(0, dtype=pl.Int64)))


def program_of(pack: Pack, rule: str, variant: Variant) -> Program:
    """The rule under the variant; Faulty where the rule itself refuses the figures."""
    try:
        return pack.program(rule, variant.overlay(rule))
    except RuleError as fault:
        raise Faulty([Fault(rule, "", f"这条规则不能按方案计算：{fault}")]) from fault


def _lines(
    pack: Pack, rule: str, people: People, on: date, variant: Variant, regraded: pl.Series | None
) -> pl.DataFrame:
    """A line a subject: row, before, after, changed, the dimensions, and every condition of both."""
    given = people.given(rule)
    standing = pack.program(rule)
    before = outputs(standing, given.inputs, on)
    otherwise = regraded is not None and "grade" in given.inputs.columns
    same = rule not in variant.rules() and not otherwise
    program = standing if same else program_of(pack, rule, variant)
    after = before if same else outputs(program, people.regraded(rule, regraded).inputs, on)
    decisive = ["worth"] if is_money(standing) else list(standing.outputs)
    differs = pl.DataFrame({name: before[name].ne_missing(after[name]) for name in decisive})
    found = pl.DataFrame(
        {
            "row": given.places,
            "before": before["worth"],
            "after": after["worth"],
            "changed": differs.select(pl.any_horizontal("*")).to_series(),
        }
    )
    dimensions = people.about.select("id", *people.dimensions)[given.places].drop("id")
    both = [
        s[n].alias(f"{side} {n}") for side, s in (("before", before), ("after", after)) for n in standing.conditions
    ]
    return pl.concat([found, dimensions, pl.DataFrame(both)], how="horizontal")


def _conditions(pack: Pack, rule: str, lines: pl.DataFrame) -> tuple[ConditionChange, ...]:
    """The conditions that came out otherwise for somebody."""
    program = pack.program(rule)
    names = list(program.conditions)
    asked = []
    for name in names:
        b, a = pl.col(f"before {name}"), pl.col(f"after {name}")
        asked += [
            (a & b.not_().fill_null(False)).sum().alias(f"{name} 0"),
            (b & a.not_().fill_null(False)).sum().alias(f"{name} 1"),
            (b.is_null() & a.is_not_null()).sum().alias(f"{name} 2"),
            (a.is_null() & b.is_not_null()).sum().alias(f"{name} 3"),
        ]
    row = lines.select(asked).row(0, named=True)
    counted = {name: [int(row[f"{name} {place}"] or 0) for place in range(4)] for name in names}
    return tuple(
        ConditionChange(name, pack.words.title(rule, name), *counts) for name, counts in counted.items() if any(counts)
    )


# -- sums


def _grouped(lines: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    """The fields of Change for every combination of labels there is: from these few lines all sums are made."""
    wide = pl.Int64 if _fits(lines) else pl.Int128
    before, after = pl.col("before").cast(wide), pl.col("after").cast(wide)
    moved = after - before  # null unless both are known
    nothing = pl.lit(0, dtype=wide)
    fields = {
        "subjects": pl.lit(1, dtype=pl.Int64),
        "before": before,
        "after": after,
        "difference": moved,
        "winners": moved > 0,
        "gain": pl.when(moved > 0).then(moved).otherwise(nothing),
        "losers": moved < 0,
        "loss": pl.when(moved < 0).then(moved).otherwise(nothing),
        "same": moved == 0,
        "unknown": moved.is_null(),
        "unknown_before": before.is_null(),
        "unknown_after": after.is_null(),
        "became_known": pl.when(before.is_null()).then(after).otherwise(nothing),
        "became_unknown": pl.when(after.is_null()).then(before).otherwise(nothing),
        "newly": (before <= 0) & (after > 0),
        "no_longer": (before > 0) & (after <= 0),
        "changed": pl.col("changed"),
    }
    summed = [pl.col(name).sum().cast(pl.Int128) for name in fields]
    lazy = lines.lazy().select(*dimensions, **fields)
    return (lazy.group_by(dimensions).agg(summed) if dimensions else lazy.select(summed)).collect()


def _fits(lines: pl.DataFrame) -> bool:
    """Whether no sum of these amounts can leave 64 bits."""
    extremes = lines.select(pl.col("before", "after").cast(pl.Int128).abs().max()).row(0)
    return 2 * max(value or 0 for value in extremes) * len(lines) < numbers.INT64_MAX


def _changes(frame: pl.DataFrame) -> list[Change]:
    return [Change(*(int(value or 0) for value in row)) for row in frame.select(Change.__slots__).rows()]


def _total(groups: pl.DataFrame | None) -> Change:
    if groups is None:
        return Change(*[0] * len(Change.__slots__))
    return _changes(groups.select(pl.col(name).sum() for name in Change.__slots__))[0]


def _by(groups: pl.DataFrame, name: str) -> tuple[tuple[str, Change], ...]:
    found = groups.group_by(pl.col(name).cast(pl.String)).agg(pl.col(n).sum() for n in Change.__slots__).sort(name)
    return tuple(zip(found[name].to_list(), _changes(found), strict=True))


def _largest(lines: pl.DataFrame, rule: str, people: People) -> list[Largest]:
    """The largest changes under a rule; of equal ones those that stand first in the population."""
    size = (pl.col("after") - pl.col("before")).abs()
    found = lines.select("row", "before", "after", size=size).filter(pl.col("size") > 0)
    bound = found["size"].top_k(LARGEST).min() if len(found) else 0
    top = found.filter(pl.col("size") >= bound).sort(["size", "row"], descending=[True, False]).head(LARGEST)
    return [
        Largest(people.about["id"][row] or str(people.numbers[row]), people.numbers[row], rule, before, after)
        for row, before, after in top.select("row", "before", "after").rows()
    ]


def _spread(lines: pl.DataFrame) -> list[int]:
    """How many changed decisions lie between the bounds of SPREAD."""
    moved = lines.select((pl.col("after") - pl.col("before")).alias("d"))["d"].drop_nulls()
    moved = moved.filter(moved != 0)
    above = [int((moved >= bound).sum()) for bound in SPREAD]
    return [a - b for a, b in zip([len(moved), *above], [*above, 0], strict=True)]


# -- as the command answers


def told(variant: Variant, found: Comparison) -> dict[str, Any]:
    """The variant, the content hash of the law it was compared with, and the comparison: the whole answer."""
    return {"variant": variant.as_document(), "policy_sha256": variant.pack.sha256, **as_json(found)}


def as_json(found: Comparison) -> dict[str, Any]:
    """Money as decimal text in 元 (spec/cli.md); numbers of subjects as integers."""
    return {
        "on": found.on.isoformat(),
        "total": change_json(found.total),
        "rules": [
            {
                "rule": one.rule,
                "title": one.title,
                "clause": one.clause,
                "money": one.money,
                **change_json(one.total, money=one.money),
                "conditions": [{name: getattr(c, name) for name in ConditionChange.__slots__} for c in one.conditions],
            }
            for one in found.rules
        ],
        "by": {
            name: [{"label": label, **change_json(change)} for label, change in groups]
            for name, groups in found.by.items()
        },
        "largest": [
            {
                "id": one.id,
                "row": one.row,
                "rule": one.rule,
                "before": numbers.show_decimal(one.before, 2),
                "after": numbers.show_decimal(one.after, 2),
                "difference": numbers.show_decimal(one.after - one.before, 2),
            }
            for one in found.largest
        ],
    }


def change_json(change: Change, *, money: bool = True) -> dict[str, Any]:
    """A change with amounts as text; without money they are null."""
    values: dict[str, Any] = {name: getattr(change, name) for name in Change.__slots__}
    for name in _MONEY:
        values[name] = numbers.show_decimal(values[name], 2) if money else None
    return values
