"""The firms that the directory of a year names, and who a row with a faulty code may be about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from django.db.models import Q

from fenghuang.domain.feeds import bulk, codes
from fenghuang.domain.feeds.standing import QUARANTINED, TAKEN, Judged
from fenghuang.domain.feeds.templates import Template
from fenghuang.domain.feeds.values import Problem
from fenghuang.domain.registry.alike import Alike, plain
from fenghuang.domain.registry.models import Firm, FirmName, FirmYear, Part
from fenghuang.engines.pinyin import pinyin

FIRM_COLUMNS = ["id", "uscc", "name", "initials", "pinyin", "unit_id", "township", "industry"]
CODE_FAULTS = ("wrong_check_digit", "letter_for_digit", "seventeen_characters", "wrong_length", "fifteen_digits")
MOST_PROPOSED = 1000  # faulty codes of a sheet for which repairs are sought; a file of nothing else has another problem


@dataclass
class Known:
    """The firms of a year. A firm whose directory row is in quarantine counts: its code is not in doubt."""

    year: int
    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    units: dict[str, str | None] = field(default_factory=dict)
    former: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # plain name, of any year -> codes
    elsewhere: set[str] = field(default_factory=set)  # codes that other years know
    _alike: Alike | None = None
    _there: dict[str, set[str]] = field(default_factory=dict)  # unit -> codes

    def forget(self) -> None:
        """Before the year's directory is read anew: a firm that it no longer names is no longer known."""
        self.ids.clear()
        self.names.clear()
        self.units.clear()

    def add(self, uscc: str, number: int, name: str, unit: str | None) -> None:
        self.ids[uscc] = number
        if name:
            self.names[uscc] = name
            self.former[plain(name)].append(uscc)
        self.units[uscc] = unit
        self._alike = None

    def similar(self, code: str, name: str) -> list[str]:
        """Firms of the unit that the code's region names (any, if it names none) with the same or a similar name."""
        if self._alike is None:
            self._alike, self._there = Alike.of(self.names), {}
            for uscc, unit in self.units.items():
                self._there.setdefault(unit or "", set()).add(uscc)
        return self._alike.to(name, self._there.get(code[2:8]))


@dataclass
class NewFirms:
    """Gives ids to firms that the registry does not have; the rows wait to be written."""

    ids: dict[str, int] = field(default_factory=lambda: dict(Firm.objects.values_list("uscc", "id")))
    next: int = field(default_factory=lambda: bulk.next_id(Firm))
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, listed: pl.DataFrame) -> dict[str, int]:
        """Ids of the listed firms."""
        columns = listed.select("uscc", "name", "unit_id", "township", "industry")
        for uscc, name, unit, township, industry in columns.iter_rows():
            if uscc not in self.ids:
                self.ids[uscc] = self.next
                self.rows.append(
                    (self.next, uscc, name, *pinyin(name), unit, township or "", industry or "")
                )  # fmt: skip
                self.next += 1
        return {uscc: self.ids[uscc] for uscc in listed["uscc"].to_list()}


def load(year: int, firms: NewFirms) -> Known:
    """As the registry knows the year now."""
    known = Known(year)
    for name, uscc in FirmName.objects.values_list("name", "firm__uscc"):
        known.former[plain(name)].append(uscc)
    known.elsewhere = set(firms.ids)
    withheld = Part.objects.current().filter(year=year, kind=Part.Kind.WITHHELD, fact="above_scale")
    listed = FirmYear.objects.current().filter(
        Q(directory_row__isnull=False) | Q(firm__in=withheld.values("firm")), year=year
    )
    for uscc, number, name, unit in listed.values_list("firm__uscc", "firm_id", "name", "unit_id"):
        known.add(uscc, number, name, unit)
    return known


def check_firms(template: Template, judged: Judged, known: Known) -> None:
    """Rows for firms that the year's directory does not name go to quarantine; other names are worth a notice."""
    for code, name in template.codes:
        taken = judged.taken
        strangers = taken.filter(~pl.col(code).is_in(list(known.ids)))
        judged.quarantine(
            [
                Problem(number, code, "unknown_firm", uscc, more=_where(known, uscc))
                for number, uscc in strangers.select("id", code).iter_rows()
            ]
        )
        if name:
            judged.problems += _renamed(judged.taken, code, name, known)


def _where(known: Known, uscc: str) -> str:
    if not known.ids:
        return f"无法核对：尚未收到 {known.year} 年名录"
    other = "（在其他年度的名录中）" if uscc in known.elsewhere else ""
    return f"不在 {known.year} 年名录中{other}"


def _renamed(taken: pl.DataFrame, code: str, name: str, known: Known) -> list[Problem]:
    listed = pl.col(code).replace_strict(known.names, default=None, return_dtype=pl.String)
    differ = taken.select("id", code, name, listed=listed).filter(pl.col("listed") != pl.col(name))
    return [
        Problem(number, name, "renamed_firm", found, expected, "notice", more=_once(known, uscc, found))
        for number, uscc, found, expected in differ.iter_rows()
        if plain(found) != plain(expected)
    ]


def _once(known: Known, uscc: str, name: str) -> str:
    return "，是该企业其他年度的名称" if uscc in known.former.get(plain(name), ()) else ""


def suspects(template: Template, row: dict[str, Any], known: Known) -> list[tuple[str, list[str]]]:
    """Per code column the firms that a row in quarantine may be about: by code, else by name and by repair."""
    found = []
    for code, name in template.codes:
        text = row[code] or ""
        if text in known.ids:
            found.append((code, [text]))
            continue
        maybe = list(known.former.get(plain(row[name] or ""), ())) if name else []
        if text and not codes.is_valid(text):
            maybe += codes.proposals(text, known.ids)
        found.append((code, [uscc for uscc in dict.fromkeys(maybe) if uscc in known.ids]))
    return found


def propose(judged: Judged, template: Template, known: Known) -> dict[int, str]:
    """Add proposals to the problems with codes; say for every row with a problem which firm it is about."""
    ids = {problem.id for problem in judged.problems}
    rows = judged.frame.filter(pl.col("id").is_in(list(ids))) if ids else judged.frame.clear()
    about: dict[int, str] = {}
    guesses: dict[tuple[int, str], list[str]] = {}
    named: dict[tuple[int, str], str] = {}
    names = dict(template.codes)
    for count, row in enumerate(rows.iter_rows(named=True)):
        if count >= MOST_PROPOSED and (row["uscc"] or "") not in known.ids:
            continue
        for code, maybe in suspects(template, row, known):
            guesses[row["id"], code] = maybe or codes.proposals(row[code] or "", known.ids)
            if (name := names.get(code)) and row[name]:
                named[row["id"], code] = row[name]
            if maybe:
                about.setdefault(row["id"], maybe[0])
    judged.problems = [
        replace(problem, proposals=tuple(guesses.get((problem.id, problem.field), ())))
        if problem.kind in CODE_FAULTS
        else _with_similar(problem, named.get((problem.id, problem.field), ""), known)
        for problem in judged.problems
    ]
    return about


def _with_similar(problem: Problem, name: str, known: Known) -> Problem:
    """A valid code that nobody knows, and a name that somebody bears: proposed to a person, never taken."""
    if problem.kind != "unknown_firm" or not name or problem.found in known.elsewhere:
        return problem
    similar = known.similar(problem.found, name)
    words = "、".join(f"{known.names[uscc]}（{uscc}）" for uscc in similar)
    return replace(problem, proposals=tuple(similar), expected=words)


def listed_firms(judged: Judged) -> pl.DataFrame:
    """uscc, name, unit of every firm that the directory's rows name with a valid code."""
    rows = judged.frame.filter(pl.col("verdict").is_in([TAKEN, QUARANTINED]) & pl.col("name").is_not_null())
    rows = rows.filter(pl.col("uscc").map_elements(codes.is_valid, return_dtype=pl.Boolean))
    # of two rows that are in conflict the first lends the name; its facts stay unknown
    return rows.sort(pl.col("verdict") != TAKEN, "id").unique("uscc", keep="first", maintain_order=True)
