"""A policy document as data: targets, agencies, dates, citations, what supersedes it, where each of its numbers lives.

policies/<pack>/document/: document.yaml (about the text), targets.yaml, agencies.yaml, clauses.yaml (a copy of spec/),
does.yaml (what each clause obliges software to do), numbers.csv. These files decide nothing, so they are not part of
the pack's content hash.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

from fenghuang.language.parameters import exact
from fenghuang.language.values import RuleError
from fenghuang.law.files import load_yaml
from fenghuang.law.pack import Pack, packs


@dataclass(frozen=True)
class Each:
    """What a thing must itself reach to count: a project of 10 亿元, a park of 4 星级."""

    value: Fraction
    unit: str
    at: str


@dataclass(frozen=True)
class Target:
    """A number to reach, in `unit`; exactly one of at_least (included), above (excluded) and complete is said."""

    id: str
    clause: str  # target.tax_per_mu for section two, task.5 for a task's
    title: str
    unit: str
    at_least: Fraction | None
    above: Fraction | None
    complete: bool
    period: str  # level · total · year · stock · average
    by: int  # the year at whose end it is due
    each: Each | None
    at: str
    agencies: tuple[str, ...]  # names; empty where the document names none

    @property
    def value(self) -> Fraction | None:
        return self.at_least if self.above is None else self.above

    def met(self, reached: Fraction | None) -> bool | None:
        """Whether a figure in `unit` reaches the target; None when it is unknown."""
        if reached is None or self.value is None:
            return None
        return reached > self.value if self.above is not None else reached >= self.value


@dataclass(frozen=True)
class Citation:
    """A document that this one names."""

    id: str
    number: str
    title: str
    clauses: tuple[str, ...]
    pack: str  # the pack that holds it, or ""
    at: tuple[str, ...]


@dataclass(frozen=True)
class Superseded:
    """A clause that a newer rule has replaced since a day; `by` is that rule, `source` where it is published."""

    clause: str
    by: str
    since: date
    source: str


class Row(NamedTuple):
    """A number of the text and where it lives: parameter, target, date, citation, heading, rule or name."""

    token: str
    line: int
    column: int
    where: str

    @property
    def place(self) -> str:
        return f"{self.line}:{self.column}"


class Document:
    """The document of one pack."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.folder = pack.folder / "document"
        about = load_yaml(self.folder / "document.yaml")
        self.sha256: str = about["source"]["sha256"]
        self.dates: Mapping[str, Mapping[str, Any]] = about["dates"]
        self.precedence: Mapping[str, Any] = about["precedence"]
        self.phrases: list[str] = about["phrases"]
        self.idle: list[str] = about["idle"]
        self._passages: Mapping[str, list[int]] = about["passages"]
        self.citations = {name: _citation(name, said) for name, said in about["citations"].items()}
        self._superseded = {clause: _superseded(clause, said) for clause, said in about["superseded"].items()}
        agencies = load_yaml(self.folder / "agencies.yaml")
        self.agencies: Mapping[str, str] = agencies["agencies"]
        self._duties: Mapping[str, list[str]] = agencies["duties"]
        self.leads: Mapping[str, Mapping[str, str]] = agencies["leads"]

    @cached_property
    def clauses(self) -> Mapping[str, Any]:
        """The register of clauses as spec/clauses.yaml has it."""
        found: Mapping[str, Any] = load_yaml(self.folder / "clauses.yaml")
        return found

    @cached_property
    def does(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """By clause and key what it obliges software to do: title, and `rules` unless it is the one of that name."""
        found: Mapping[str, Mapping[str, Mapping[str, Any]]] = load_yaml(self.folder / "does.yaml")
        return found

    @cached_property
    def targets(self) -> dict[str, Target]:
        """Every target by its id, in the order of the document."""
        listed = load_yaml(self.folder / "targets.yaml")
        by = self.dates["targets_by"]["years"][1]
        found = [self._target(clause, said, by) for clause, entries in listed.items() for said in entries]
        return {target.id: target for target in found}

    @cached_property
    def numbers(self) -> list[Row]:
        """numbers.csv."""
        with (self.folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            return [Row(row["token"], int(row["line"]), int(row["column"]), row["where"]) for row in rows]

    def duties(self, clause: str) -> tuple[str, ...]:
        """The names of the agencies responsible for a clause, in the document's order; () where it names none."""
        return tuple(self.agencies[agency] for agency in self._duties.get(clause, ()))

    def clauses_of(self, agency: str) -> list[str]:
        """The clauses an agency (its id) is responsible for."""
        return [clause for clause, named in self._duties.items() if agency in named]

    def superseded(self, clause: str, on: date) -> Superseded | None:
        """What answers instead of a clause on a day (section 三), or None while the clause itself does."""
        found = self._superseded.get(clause)
        return found if found and found.since <= on else None

    def lines(self, clause: str) -> tuple[int, int] | None:
        """First and last line of a clause in the text."""
        found = self._passages.get(clause) or self._passages.get(clause.partition(".")[0])
        return (found[0], found[1]) if found else None

    def _target(self, clause: str, said: Mapping[str, Any], by: int) -> Target:
        known = {"id", "title", "unit", "at_least", "above", "complete", "period", "each", "at"}
        if strangers := set(said) - known:
            raise RuleError(f"targets.yaml: {said.get('id')}: unknown key {sorted(strangers)[0]!r}")
        if len({"at_least", "above", "complete"} & set(said)) != 1:
            raise RuleError(f"targets.yaml: {said.get('id')}: one of at_least, above and complete")
        own = said["id"] if clause == "section.2" else clause
        each = said.get("each")
        return Target(
            id=said["id"],
            clause=own,
            title=said["title"],
            unit=said.get("unit", ""),
            at_least=exact(said["at_least"]) if "at_least" in said else None,
            above=exact(said["above"]) if "above" in said else None,
            complete="complete" in said,
            period=said["period"],
            by=by,
            each=Each(exact(each["value"]), each["unit"], each["at"]) if each else None,
            at=said["at"],
            agencies=self.duties(own),
        )


def _citation(name: str, said: Mapping[str, Any]) -> Citation:
    return Citation(
        id=name,
        number=said.get("number", ""),
        title=said.get("title", ""),
        clauses=tuple(said.get("clauses", ())),
        pack=said.get("pack", ""),
        at=tuple(said["at"]),
    )


def _superseded(clause: str, said: Mapping[str, Any]) -> Superseded:
    """An entry of `superseded`; RuleError when it does not say by what, since when and from which source."""
    if missing := {"by", "from", "source"} - set(said):
        raise RuleError(f"document.yaml: superseded: {clause}: no `{sorted(missing)[0]}`")
    return Superseded(clause, said["by"], said["from"], said["source"])


@cache
def documents() -> dict[str, Document]:
    """The documents of the packs that have one as data, by pack id."""
    return {name: Document(pack) for name, pack in packs().items() if (pack.folder / "document").is_dir()}


def superseded(pack: str, clause: str, on: date) -> Superseded | None:
    """What answers instead of a clause of a pack on a day, or None."""
    document = documents().get(pack)
    return document.superseded(clause, on) if document else None
