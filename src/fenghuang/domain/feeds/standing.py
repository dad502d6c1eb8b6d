"""Which rows of a sheet and year stand: the newest good row of a key; duplicates and conflicts told apart.

The outcome is a function of all rows ever delivered that still count, so it does not matter in which order other sheets
came. Of one key the newest good row stands; of rows that say the same the older one does.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from fenghuang.domain.feeds.templates import Template
from fenghuang.domain.feeds.values import Parsed, Problem

TAKEN, UNCHANGED, QUARANTINED = "taken", "unchanged", "quarantined"
RESOLVED, SUPERSEDED = "resolved", "superseded"


@dataclass
class Judged:
    """Rows with `verdict` (status) and `answer` (the delivery that replaced or corrected the row)."""

    frame: pl.DataFrame
    problems: list[Problem]

    def quarantine(self, problems: list[Problem]) -> None:
        """Rows that stood fall by a check across rows or sheets."""
        self.problems += problems
        fallen = [problem.id for problem in problems]
        self.frame = self.frame.with_columns(
            verdict=pl.when(pl.col("id").is_in(fallen) & (pl.col("verdict") == TAKEN))
            .then(pl.lit(QUARANTINED))
            .otherwise(pl.col("verdict"))
        )

    @property
    def taken(self) -> pl.DataFrame:
        return self.frame.filter(pl.col("verdict") == TAKEN)

    @property
    def quarantined(self) -> pl.DataFrame:
        return self.frame.filter(pl.col("verdict") == QUARANTINED)


def key_of(template: Template) -> pl.Expr:
    """The row's key as text."""
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in template.key], separator="|")


def judge(template: Template, parsed: Parsed, corrected: dict[int, int] | None = None) -> Judged:
    """`parsed.frame` has id, delivery and the template's fields of one year.

    `corrected`: rows that were put right by hand, and the delivery that did. They are out of the contest for good.
    """
    bad = [problem.id for problem in parsed.problems if problem.severity == "quarantine"]
    values = [pl.col(name) for name in template.values]
    frame = parsed.frame.with_columns(
        key=key_of(template), good=~pl.col("id").is_in(bad), said=pl.struct(values).hash(seed=27)
    ).sort("id")
    put_right = pl.col("id").is_in(list(corrected or ()))
    replaced, frame = frame.filter(put_right), frame.filter(~put_right)
    frame, problems = _twins(template, frame)
    frame = _newest(frame)
    codes = {code for code, _ in template.codes}
    frame = _repeated(frame)
    frame = _answered(template, frame, {problem.id for problem in parsed.problems if problem.field in codes})
    if replaced.height:
        by = pl.col("id").replace_strict(corrected, return_dtype=pl.Int64)
        replaced = replaced.with_columns(twin=pl.lit(value=False), verdict=pl.lit(RESOLVED), answer=by)
        frame = pl.concat([frame, replaced], how="diagonal").sort("id")
    return Judged(frame, parsed.problems + problems)


def _twins(template: Template, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """Rows of one key inside one delivery: the same again is unchanged, different ones are all in doubt."""
    mates = pl.col("delivery"), pl.col("key")
    good = frame.filter("good")
    many = good.filter(pl.len().over(*mates) > 1)
    if many.is_empty():
        return frame.with_columns(twin=pl.lit(value=False)), []
    many = many.with_columns(
        differ=pl.col("said").n_unique().over(*mates) > 1,
        holders=pl.col("uscc").n_unique().over(*mates),
        first=pl.col("row").first().over(*mates),
        rows=pl.col("row").cast(pl.String).str.join("、").over(*mates),
        later=pl.int_range(pl.len()).over(*mates) > 0,
    )
    problems = []
    for one in many.iter_rows(named=True):
        if one["differ"]:
            twice = template.name == "parcels" and one["holders"] > 1
            kind = "land_counted_twice" if twice else "duplicate_conflict"
            problems.append(Problem(one["id"], template.key[0], kind, one["key"], "同一行键只有一行", more=one["rows"]))
        elif one["later"]:
            more = str(one["first"])
            problems.append(Problem(one["id"], "", "duplicate_same", one["key"], severity="notice", more=more))
    conflict = many.filter("differ")["id"].to_list()
    twin = many.filter(~pl.col("differ") & pl.col("later"))["id"].to_list()
    return frame.with_columns(
        good=pl.col("good") & ~pl.col("id").is_in(conflict), twin=pl.col("id").is_in(twin)
    ), problems


def _newest(frame: pl.DataFrame) -> pl.DataFrame:
    """Among the good rows of a key the newest delivery's stands, or an older one that says the same without a break."""
    candidates = frame.filter(pl.col("good") & ~pl.col("twin")).sort("key", "id")
    if candidates["key"].is_duplicated().any():
        run = ((pl.col("said") != pl.col("said").shift()) | (pl.col("key") != pl.col("key").shift())).fill_null(
            value=True
        )
        candidates = candidates.with_columns(run=run.cum_sum())
        last = candidates.group_by("key").agg(last_run=pl.col("run").last())
        recent = pl.col("run") == pl.col("last_run")
        stands = pl.col("id") == pl.col("id").first().over("run")
        candidates = candidates.join(last, on="key", maintain_order="left").select(
            "id",
            verdict=pl.when(recent & stands)
            .then(pl.lit(TAKEN))
            .when(recent)
            .then(pl.lit(UNCHANGED))
            .otherwise(pl.lit(SUPERSEDED)),
            answer=pl.when(~recent).then(pl.col("delivery").filter(recent).first().over("key")),
        )
    else:
        candidates = candidates.select("id", verdict=pl.lit(TAKEN), answer=pl.lit(None, pl.Int64))
    return frame.join(candidates, on="id", how="left", maintain_order="left").with_columns(
        verdict=pl.when("twin").then(pl.lit(UNCHANGED)).otherwise(pl.col("verdict").fill_null(QUARANTINED))
    )


def _repeated(frame: pl.DataFrame) -> pl.DataFrame:
    """A bad row whose key a later delivery brings again, bad as before: the later one is what is to be corrected."""
    bad = frame.filter((pl.col("verdict") == QUARANTINED) & (pl.col("key").str.strip_chars("|") != ""))
    if bad.is_empty() or bad["delivery"].n_unique() == 1:
        return frame
    last = bad.with_columns(last=pl.col("delivery").max().over("key")).filter(pl.col("last") > pl.col("delivery"))
    later = pl.col("id").replace_strict(
        dict(last.select("id", "last").iter_rows()), default=None, return_dtype=pl.Int64
    )
    return frame.with_columns(
        verdict=pl.when(later.is_not_null()).then(pl.lit(SUPERSEDED)).otherwise(pl.col("verdict")),
        answer=pl.coalesce(later, "answer"),
    )


def _answered(template: Template, frame: pl.DataFrame, miscoded: set[int]) -> pl.DataFrame:
    """Bad rows to which a later delivery has a good row of the same key, or of the same name where the code is bad."""
    bad = frame.filter(pl.col("verdict") == QUARANTINED)
    good = frame.filter("good")
    if bad.is_empty() or good.is_empty() or bad["delivery"].min() >= good["delivery"].max():  # type: ignore[operator]
        return frame
    newest: dict[str, int] = {}
    names = dict(template.codes)
    loose = [pl.col(names.get(name) or name).cast(pl.String).fill_null("") for name in template.key]
    by_name = pl.concat_str(loose, separator="|")
    for key, alias, delivery in good.select("key", by_name.alias("alias"), "delivery").iter_rows():
        for entry in (key, "~" + alias):
            newest[entry] = max(newest.get(entry, 0), delivery)
    answers = {}
    for number, key, alias, delivery in bad.select("id", "key", by_name.alias("alias"), "delivery").iter_rows():
        answer = max(newest.get(key, 0), newest.get("~" + alias, 0) if number in miscoded else 0)
        if answer > delivery:
            answers[number] = answer
    if not answers:
        return frame
    given = pl.col("id").replace_strict(answers, default=None, return_dtype=pl.Int64)
    return frame.with_columns(
        verdict=pl.when(given.is_not_null()).then(pl.lit(RESOLVED)).otherwise(pl.col("verdict")),
        answer=pl.coalesce(given, "answer"),
    )
