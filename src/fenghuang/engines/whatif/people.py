"""Whom a variant is tried on: subjects with their dimensions, and what each rule reads of those who apply for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from fenghuang.engines import batch, door
from fenghuang.engines.batch import Table
from fenghuang.engines.door import Fault, Faulty
from fenghuang.law.pack import Pack

DIMENSIONS = {"x_county": "县（市、区）", "x_industry": "行业", "x_size": "规模", "grade": "亩均评价等级"}
APPLIES_FOR = "x_applies_for"  # names of rules joined by `;`: the subject is counted under these alone
UNKNOWN = "未知"


@dataclass(frozen=True)
class Given:
    """What a rule reads of those who apply for it, typed as the engine wants it, and their places in the population."""

    places: pl.Series
    inputs: pl.DataFrame


@dataclass(frozen=True)
class People:
    """The population. `about`: a line a subject, its id and the dimensions; `numbers`: how a reader counts them."""

    about: pl.DataFrame
    numbers: Sequence[int]
    given: Callable[[str], Given]  # by rule

    @property
    def dimensions(self) -> list[str]:
        return [name for name in DIMENSIONS if name in self.about.columns]

    def regraded(self, rule: str, grades: pl.Series | None) -> Given:
        """The same with other grades (a place in GRADES a subject), for a rule that reads `grade`."""
        found = self.given(rule)
        if grades is None or "grade" not in found.inputs.columns:
            return found
        return Given(found.places, found.inputs.with_columns(grades.gather(found.places).alias("grade")))


def of_table(pack: Pack, table: Table) -> People:
    """The subjects of a file: every row under every rule, or as `x_applies_for` says. Cells are read when a rule asks
    for them, and once; Faulty lists those that cannot be used."""
    frame = table.frame
    key = next((name for name in ("id", "uscc") if name in frame.columns), "")
    ids = frame[key].cast(pl.String) if key else pl.Series(list(map(str, table.rows)), dtype=pl.String)
    dimensions = [_labels(frame[name]) for name in DIMENSIONS if name in frame.columns]
    every = pl.int_range(len(frame), dtype=pl.Int64, eager=True)
    known: dict[str, Given] = {}

    def given(rule: str) -> Given:
        if rule not in known:
            inputs = batch.cells(table, pack.rules[rule].inputs)
            if APPLIES_FOR in frame.columns:
                mask = _applies(frame[APPLIES_FOR], rule)
                known[rule] = Given(every.filter(mask), inputs.filter(mask))
            else:
                known[rule] = Given(every, inputs)
        return known[rule]

    return People(pl.DataFrame([ids.alias("id"), *dimensions]), table.rows, given)


def _applies(said: pl.Series, rule: str) -> pl.Series:
    return said.cast(pl.String).str.split(";").list.contains(rule).fill_null(False)


def _labels(column: pl.Series) -> pl.Series:
    """A dimension's labels; blank is a group of its own."""
    return column.cast(pl.String).str.strip_chars().replace("", None).fill_null(UNKNOWN).cast(pl.Categorical)


def population(pack: Pack, table: Table, also: Sequence[str] = ()) -> None:
    """Refuse columns that no rule of the pack reads; `also` are those a method reads."""
    known = {name for rule in pack.rules.values() for name in rule.inputs} | set(also)
    strangers = [c for c in table.frame.columns if c not in known and not door.carried(c)]
    if strangers:
        raise Faulty([Fault(name, "", door.stranger(name, known)) for name in strangers])
