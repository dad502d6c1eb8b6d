"""What a plan would change, told before it takes effect: against the last delivery, field by field.

`difference` gives a line a change for paging, `summary` the counts, sums and doubts for the top of the page.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from fenghuang.domain.feeds.intake import Arrival
from fenghuang.domain.feeds.queries import missing_deliveries
from fenghuang.domain.feeds.report import FileReport
from fenghuang.domain.feeds.sentences import sentence
from fenghuang.domain.feeds.standing import QUARANTINED, RESOLVED, SUPERSEDED, TAKEN, UNCHANGED, Judged
from fenghuang.domain.feeds.templates import Column, Template
from fenghuang.domain.feeds.templates import template as template_of
from fenghuang.domain.registry.plan import Plan
from fenghuang.language.numbers import INT64_MAX, round_half_away, show_decimal, trim
from fenghuang.platform.ui.numbers import percent, thousands

KINDS = {
    "changed": "改动",
    "new": "新增",
    "quarantined": "隔离",
    "vanished": "本次未出现",
    "answered": "更正了此前隔离的行",
    "unchanged": "未变",
    "superseded": "被同批文件取代",
}
LISTED = ("changed", "new", "quarantined", "vanished", "answered")  # kinds whose lines are kept
SCHEMA: dict[str, Any] = {
    "sheet": pl.Int64,
    "year": pl.Int64,
    "kind": pl.String,
    "row": pl.Int64,
    "key": pl.String,
    "uscc": pl.String,
    "name": pl.String,
    "field": pl.String,
    "old": pl.String,
    "new": pl.String,
    "ratio": pl.Int64,  # (new - old) / |old| x 10^6
    "change": pl.String,  # the same for people
    "sentence": pl.String,
    "size": pl.Float64,  # how many times larger or smaller, for the order alone
}
ANSWERED = "此前隔离的行不再待更正"
MILLION = 1_000_000
Line = tuple[Any, ...]


def show(column: Column, value: object) -> str:
    """A parsed value in the unit of its header; "" is unknown."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.is_number:
        return thousands(trim(show_decimal(int(str(value)), column.shift)))
    if column.type == "choices":
        titles = {name: title for title, name in column.choices.items()}
        return "、".join(titles[name] for name in str(value).split(","))
    return str(value)


def difference(plan: Plan) -> pl.DataFrame:
    """Every line of every sheet; the biggest relative changes first."""
    lines: list[Line] = []
    told: set[tuple[str, int]] = set()  # sheets of several files (one a county) vanish together, and are told once
    for number, arrival in enumerate(plan.arrivals):
        mates = [one.delivery for one in plan.arrivals if one.template == arrival.template]
        for year, judged in plan.take.outcomes[arrival.template.name].judged.items():
            if judged.frame.filter(pl.col("delivery") == arrival.delivery).height:
                lines += _lines(number, arrival, year, judged)
                if (arrival.template.name, year) not in told and not arrival.correction:
                    lines += _vanished(number, arrival.template, year, judged, mates)
                told.add((arrival.template.name, year))
    frame = pl.DataFrame(lines, schema=SCHEMA, orient="row")
    return frame.sort("sheet", "kind", "size", descending=[False, False, True], maintain_order=True)


def _lines(number: int, arrival: Arrival, year: int, judged: Judged) -> list[Line]:
    template = arrival.template
    frame = judged.frame
    mine = frame.filter(pl.col("delivery") == arrival.delivery)
    before = {row["key"]: row for row in _before(frame, arrival).iter_rows(named=True)}
    said: dict[int, list[str]] = {}
    for problem in judged.problems:
        if problem.severity == "quarantine":
            said.setdefault(problem.id, []).append(sentence(template, problem))
    found: list[Line] = []

    def tell(kind: str, row: dict[str, Any], old: str = "", new: str = "", words: str = "") -> None:
        found.append((*_about(number, year, kind, row), "", old, new, None, "", words, 0.0))

    for row in mine.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED])).iter_rows(named=True):
        if row["verdict"] == QUARANTINED:
            tell("quarantined", row, new=_values(template, row), words="；".join(said.get(row["id"], ())))
        elif old := before.get(row["key"]):
            about = _about(number, year, "changed", row)
            found += [(*about, *change) for change in _changes(template, old, row)]
        else:
            tell("new", row, new=_values(template, row))
    for row in _answered(frame, arrival).iter_rows(named=True):
        tell("answered", row, old=_values(template, row), words=ANSWERED)
    return found


def _vanished(number: int, template: Template, year: int, judged: Judged, mates: list[int]) -> list[Line]:
    """What stood and is in none of the sheets that come: it stays."""
    keys = judged.frame.filter(pl.col("delivery").is_in(mates))["key"]
    stood = judged.frame.filter((pl.col("status") == TAKEN) & ~pl.col("key").is_in(keys.implode()))
    return [
        (*_about(number, year, "vanished", row), "", _values(template, row), "", None, "", "仍然保留", 0.0)
        for row in stood.iter_rows(named=True)
    ]


def _about(number: int, year: int, kind: str, row: dict[str, Any]) -> Line:
    return number, year, kind, row["row"], row["key"], row["uscc"] or "", row.get("name") or ""


def _before(frame: pl.DataFrame, arrival: Arrival) -> pl.DataFrame:
    """What stood of the year before this delivery."""
    return frame.filter((pl.col("status") == TAKEN) & (pl.col("delivery") != arrival.delivery))


def _answered(frame: pl.DataFrame, arrival: Arrival) -> pl.DataFrame:
    return frame.filter(
        (pl.col("status") == QUARANTINED)
        & pl.col("verdict").is_in([RESOLVED, SUPERSEDED])
        & (pl.col("answer") == arrival.delivery)
    )


def show_change(was: int, now: int) -> str:
    """+12.3 %; from ten times on how many times, from a hundredth on which part."""
    large, small = abs(now), abs(was)
    if now and was and large >= 10 * small:
        return f"{thousands(str(round_half_away(large, small)))} 倍"
    if now and was and small >= 100 * large:
        return f"1/{thousands(str(round_half_away(small, large)))}"
    ratio = round_half_away((now - was) * MILLION, small)
    return "不变" if was == now else ("+" if ratio > 0 else "") + percent(ratio, 1)


Changed = tuple[str, str, str, int | None, str, str, float]


def _changes(template: Template, old: dict[str, Any], new: dict[str, Any]) -> list[Changed]:
    """(field, old, new, ratio, the ratio in words, nothing more to say, size) of every field that differs."""
    changes: list[Changed] = []
    for column in template.columns:
        was, now = old[column.field], new[column.field]
        if was == now:
            continue
        before, after = show(column, was), show(column, now)
        if column.is_number and was and now is not None:
            ratio = max(-INT64_MAX, min(INT64_MAX, round_half_away((now - was) * MILLION, abs(was))))
            size = max(abs(now / was), abs(was / now)) if now else float("inf")
            changes.append((column.field, before, after, ratio, show_change(was, now), "", size))
        else:
            words = "新填" if not before else "清空" if not after else "改写"
            changes.append((column.field, before, after, None, words, "", float("inf")))
    return changes


def _values(template: Template, row: dict[str, Any]) -> str:
    """What a row says beside who and when, in short."""
    skip = {"uscc", "year", "name", *template.key}
    shown = (
        (column.header, show(column, row[column.field])) for column in template.columns if column.field not in skip
    )
    return "；".join(f"{header} {text}" for header, text in shown if text)[:400]


def summary(plan: Plan, faults: list[FileReport], frame: pl.DataFrame) -> dict[str, Any]:
    """Counts, sums, remarks and doubts by sheet; what happens elsewhere; what is still missing."""
    counted = {
        (sheet, kind): n
        for sheet, kind, n in frame.group_by("sheet", "kind")
        .agg(pl.struct("year", "key", "row").n_unique())
        .iter_rows()
    }
    sheets = [_sheet(number, arrival, plan, counted) for number, arrival in enumerate(plan.arrivals)]
    others = [asdict(report) for report in [*faults, *plan.reports]]
    return {
        "sheets": sheets,
        "others": others,
        "usable": bool(sheets),
        "elsewhere": _elsewhere(plan),
        "firms_added": len(plan.take.firms.rows),
        "firm_years": {str(year): _firm_years(changes) for year, changes in plan.changes.items()},
        "missing": [asdict(one) for one in missing_deliveries(plan.years, arriving=_arriving(plan))],
    }


def _arriving(plan: Plan) -> set[tuple[str, int]]:
    return {(arrival.template.name, year) for arrival in plan.arrivals for year in arrival.years}


def _sheet(number: int, arrival: Arrival, plan: Plan, counted: dict[tuple[int, str], int]) -> dict[str, Any]:
    template = arrival.template
    judged = plan.take.outcomes[template.name].judged
    mine = [one.frame.filter(pl.col("delivery") == arrival.delivery) for one in judged.values()]
    counts = {kind: counted.get((number, kind), 0) for kind in LISTED}
    for kind in (UNCHANGED, SUPERSEDED):
        counts[kind] = sum(frame.filter(pl.col("verdict") == kind).height for frame in mine)
    return {
        "file": arrival.sheet.file.name,
        "sheet": arrival.sheet.name,
        "template": template.name,
        "title": template.title,
        "department": template.department,
        "years": arrival.years,
        "rows": sum(frame.height for frame in mine),
        "counts": counts,
        "remarks": arrival.sheet.remarks,
        "doubts": [
            {"id": f"{number}.{place}", "kind": doubt.kind, "sentence": doubt.sentence}
            for place, doubt in enumerate(plan.doubts.get(arrival.delivery, []))
        ],
        "sums": _sums(template, arrival, judged),
    }


def _sums(template: Template, arrival: Arrival, judged: dict[int, Judged]) -> list[dict[str, Any]]:
    """The sum of each column over what stands, before and after."""
    sums = []
    for column in template.columns:
        if not column.is_number or column.type in ("percent", "ratio"):
            continue
        for year in arrival.years:
            frame = judged[year].frame
            before = int(frame.filter(pl.col("status") == TAKEN)[column.field].sum() or 0)
            after = int(frame.filter(pl.col("verdict") == TAKEN)[column.field].sum() or 0)
            if before or after:
                ratio = round_half_away((after - before) * MILLION, abs(before)) if before else None
                sums.append(
                    {
                        "header": column.header,
                        "year": year,
                        "before": show(column, before) if before else "",
                        "after": show(column, after),
                        "ratio": ratio,
                        "change": show_change(before, after) if before else "",
                    }
                )
    return sums


def _elsewhere(plan: Plan) -> list[dict[str, Any]]:
    """Rows of other deliveries whose outcome changes: they wait for this, or fall because of it."""
    found = []
    for name, outcome in plan.take.outcomes.items():
        for year, judged in outcome.judged.items():
            old = judged.frame.filter(pl.col("status").is_not_null())
            freed = old.filter((pl.col("status") == QUARANTINED) & (pl.col("verdict") == TAKEN)).height
            fallen = old.filter((pl.col("status") == TAKEN) & (pl.col("verdict") == QUARANTINED)).height
            if freed or fallen:
                found.append({"title": template_of(name).title, "year": year, "freed": freed, "fallen": fallen})
    return found


def _firm_years(changes: list[Any]) -> dict[str, int]:
    """How many firms of the year get other facts."""
    table = next(change for change in changes if change.model.__name__ == "FirmYear")
    gone, fresh = table.gone["firm_id"], table.fresh["firm_id"]
    return {"new": fresh.filter(~fresh.is_in(gone.implode())).len(), "changed": gone.len(), "rows": table.new.height}
