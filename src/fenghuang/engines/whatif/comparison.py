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

from fenghuang.engines import batch, columns, door
from fenghuang.engines.batch import Table
from fenghuang.engines.door import Fault, Faulty
from fenghuang.engines.whatif.variant import Variant
from fenghuang.language import numbers
from fenghuang.language.program import Program
from fenghuang.language.values import Flag, Number, RuleError
from fenghuang.law.pack import Pack

DIMENSIONS = {"x_county": "县（市、区）", "x_industry": "行业", "x_size": "规模", "grade": "亩均评价类别"}
APPLIES_FOR = "x_applies_for"  # names of rules joined by `;`: the subject is counted under these alone
UNKNOWN = "未知"
LARGEST = 10
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
    differences: tuple[int, ...]  # 分 of every decision that changed, for a picture of their distribution


def population(pack: Pack, table: Table, also: Sequence[str] = ()) -> None:
    """Refuse columns that no rule of the pack reads; `also` are those a method reads."""
    known = {name for rule in pack.rules.values() for name in rule.inputs} | set(also)
    strangers = [c for c in table.frame.columns if c not in known and not door.carried(c)]
    if strangers:
        raise Faulty([Fault(name, "", door.stranger(name, known)) for name in strangers])


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
    pack: Pack, rules: Sequence[str], table: Table, on: date, variant: Variant, regraded: pl.Series | None = None
) -> Comparison:
    """Both laws over the table. Rules that the variant leaves alone are run once. `regraded`: the grades a method
    gives (places in GRADES, null unknown), for rules that read `grade`. Faulty for what cannot be used."""
    left_out = [rule for rule in variant.rules() if rule not in rules]
    if left_out:
        raise Faulty([Fault("rules", "、".join(rules), f"方案改动了 {'、'.join(left_out)}，也应列入")])
    lines, told = [], []
    for rule in rules:
        found = _lines(pack, rule, table, on, variant, regraded)
        lines.append(found.with_columns(pl.lit(rule).alias("rule")))
        total = _changes(found.select(**_measures()))[0]
        told.append((rule, total, _conditions(pack, rule, found)))
    kept = ["row", "rule", "before", "after", "changed", *_dimensions(table)]
    paid = [f.select(kept) for f, rule in zip(lines, rules, strict=True) if is_money(pack.program(rule))]
    every = pl.concat(paid) if paid else pl.DataFrame(schema={name: lines[0].schema[name] for name in kept})
    words = pack.words
    return Comparison(
        on,
        tuple(
            RuleChange(r, words.rule_title(r), pack.rules[r].clause, is_money(pack.program(r)), total, conditions)
            for r, total, conditions in told
        ),
        _changes(every.select(**_measures()))[0],
        {name: _by(every, name) for name in _dimensions(table)},
        _largest(every, table),
        _differences(every),
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


def applicants(table: Table, rule: str) -> pl.Series:
    """Whether each row applies for the rule: all do where the population does not say."""
    frame = table.frame
    if APPLIES_FOR not in frame.columns:
        return pl.Series("applies", [True]).new_from_index(0, len(frame))
    return frame.select(
        pl.col(APPLIES_FOR).cast(pl.String).str.split(";").list.contains(rule).fill_null(False)
    ).to_series()


def inputs_of(pack: Pack, rule: str, table: Table) -> pl.DataFrame:
    """The rule's inputs of those that apply for it."""
    given = batch.cells(table, pack.rules[rule].inputs)
    return given.filter(applicants(table, rule)) if APPLIES_FOR in table.frame.columns else given


def _lines(pack: Pack, rule: str, table: Table, on: date, variant: Variant, regraded: pl.Series | None) -> pl.DataFrame:
    """A line a subject: row, before, after, changed, the dimensions, and every condition of both."""
    mask = applicants(table, rule)
    given = inputs_of(pack, rule, table)
    standing = pack.program(rule)
    before = outputs(standing, given, on)
    otherwise = regraded is not None and "grade" in given.columns
    if otherwise:
        assert regraded is not None
        given = given.with_columns(grade=regraded.filter(mask))
    same = rule not in variant.rules() and not otherwise
    program = standing if same else program_of(pack, rule, variant)
    after = before if same else outputs(program, given, on)
    decisive = ["worth"] if is_money(standing) else list(standing.outputs)
    differs = pl.DataFrame({name: before[name].ne_missing(after[name]) for name in decisive})
    found = pl.DataFrame(
        {
            "row": pl.Series(range(len(mask)), dtype=pl.Int64).filter(mask),
            "before": before["worth"],
            "after": after["worth"],
            "changed": differs.select(pl.any_horizontal("*")).to_series(),
        }
    )
    dimensions = pl.DataFrame([_labels(table, name).filter(mask) for name in _dimensions(table)])
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


def _measures() -> dict[str, pl.Expr]:
    """The fields of Change over a frame of lines."""
    before, after = pl.col("before").cast(pl.Int128), pl.col("after").cast(pl.Int128)
    moved = after - before  # null unless both are known
    return {
        "subjects": pl.len(),
        "before": before.sum(),
        "after": after.sum(),
        "difference": moved.sum(),
        "winners": (moved > 0).sum(),
        "gain": moved.filter(moved > 0).sum(),
        "losers": (moved < 0).sum(),
        "loss": moved.filter(moved < 0).sum(),
        "same": (moved == 0).sum(),
        "unknown": moved.is_null().sum(),
        "unknown_before": before.is_null().sum(),
        "unknown_after": after.is_null().sum(),
        "became_known": after.filter(before.is_null()).sum(),
        "became_unknown": before.filter(after.is_null()).sum(),
        "newly": ((before <= 0) & (after > 0)).sum(),
        "no_longer": ((before > 0) & (after <= 0)).sum(),
        "changed": pl.col("changed").sum(),
    }


def _changes(frame: pl.DataFrame) -> list[Change]:
    names = list(_measures())
    return [Change(*(int(value or 0) for value in row)) for row in frame.select(names).rows()]


def _dimensions(table: Table) -> list[str]:
    return [name for name in DIMENSIONS if name in table.frame.columns]


def _labels(table: Table, name: str) -> pl.Series:
    """A dimension's labels; blank is a group of its own."""
    text = table.frame[name].cast(pl.String).str.strip_chars().replace("", None)
    return text.fill_null(UNKNOWN).alias(name)


def _by(every: pl.DataFrame, name: str) -> tuple[tuple[str, Change], ...]:
    grouped = every.group_by(name).agg(**_measures()).sort(name)
    return tuple(zip(grouped[name].to_list(), _changes(grouped), strict=True))


def _largest(every: pl.DataFrame, table: Table) -> tuple[Largest, ...]:
    """The ten largest changes; of equal ones those that stand first in the population."""
    size = (pl.col("after").cast(pl.Int128) - pl.col("before")).abs()
    found = every.with_columns(size=size).filter(pl.col("size") > 0)
    top = found.sort(["size", "row", "rule"], descending=[True, False, False]).head(LARGEST)
    key = next((name for name in ("id", "uscc") if name in table.frame.columns), "")
    return tuple(
        Largest(str((table.frame[key][row] if key else None) or table.rows[row]), table.rows[row], rule, before, after)
        for row, rule, before, after in top.select("row", "rule", "before", "after").rows()
    )


def _differences(every: pl.DataFrame) -> tuple[int, ...]:
    moved = every.select((pl.col("after") - pl.col("before")).alias("d"))["d"].drop_nulls()
    return tuple(moved.filter(moved != 0).sort().to_list())


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
