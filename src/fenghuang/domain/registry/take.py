"""From rows to facts: which rows stand, what they say of every firm and year, what stays unknown. Writes nothing.

The facts of a year are a function of all rows that count, old and new, so an import gives the same registry in
whatever order files come. Only what the new rows can reach is worked out again: their sheets, the sheets that are
checked against these, and every sheet of a year whose directory changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from fenghuang.domain.feeds.actions import Outcome
from fenghuang.domain.feeds.intake import Arrival, Shelf, of_year, together
from fenghuang.domain.feeds.standing import Judged, judge
from fenghuang.domain.feeds.templates import Template, template, templates
from fenghuang.domain.feeds.values import Parsed, Problem
from fenghuang.domain.registry import parts, things
from fenghuang.domain.registry.known import Known, NewFirms, check_firms, listed_firms, load, propose
from fenghuang.platform.accounts.models import Unit

GROUPS = (("parcels", "leases", *things.ON_PARCELS), ("meters", "meter_shares"))  # checked against each other
DIRECTORY = "directory"


@dataclass
class Year:
    """What a year's sheets say: taken rows by template, and the pieces of sums."""

    known: Known
    sheets: dict[str, Judged] = field(default_factory=dict)
    pieces: list[parts.Piece] = field(default_factory=list)

    @property
    def facts(self) -> set[str]:
        """The facts that are worked out anew."""
        names = {fact for name in self.sheets for fact in template(name).facts}
        return names | ({"tenants"} if "leases" in self.sheets else set())


@dataclass
class Take:
    """The work of one import."""

    arrivals: list[Arrival]
    firms: NewFirms = field(default_factory=NewFirms)
    shelf: Shelf = field(default_factory=Shelf)
    also: frozenset[tuple[str, int]] = frozenset()  # templates and years to work out though no row of them is new
    say: Callable[[int, str], None] = lambda percent, text: None
    corrected: dict[int, int] = field(default_factory=dict)
    years: dict[int, Year] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def run(self) -> None:
        self.corrected = self.shelf.corrected(self.arrivals)
        touched = {(arrival.template.name, year) for arrival in self.arrivals for year in self._years_of(arrival)}
        touched |= self.also | self.shelf.counting.anew
        directories = sorted(year for name, year in touched if name == DIRECTORY)
        renewed = [year for year in directories if self._take_directory(year)]
        touched = self._reach(touched, renewed)
        years = sorted({year for _, year in touched})
        for place, year in enumerate(years):
            self.say(20 + 55 * place // len(years), f"核对 {year} 年")
            self._take_year(year, {name for name, of in touched if of == year and name != DIRECTORY})

    def _years_of(self, arrival: Arrival) -> list[int]:
        return sorted({*arrival.years, arrival.main_year})

    def _year(self, year: int) -> Year:
        if year not in self.years:
            self.years[year] = Year(load(year, self.firms))
        return self.years[year]

    def _reach(self, touched: set[tuple[str, int]], renewed: Iterable[int]) -> set[tuple[str, int]]:
        """The sheets to work out again besides the new ones."""
        reached = set(touched)
        for group in GROUPS:
            reached |= {(mate, year) for name, year in touched if name in group for mate in group}
        reached |= {(name, year) for year in renewed for name in templates()}
        return reached

    # --- the directory ------------------------------------------------------------------------------------------------

    def _take_directory(self, year: int) -> bool:
        """True when the year's directory names firms or names that were not known before."""
        known = self._year(year).known
        judged = self._judge(template(DIRECTORY), year)
        if judged is None:
            return False
        firms = listed_firms(judged)
        ids = self.firms.add(firms)
        before = dict(known.names), set(known.ids)
        known.forget()
        for uscc, name, unit in firms.select("uscc", "name", "unit_id").iter_rows():
            known.add(uscc, ids[uscc], name, unit)
        known.elsewhere |= set(ids)
        self._note(template(DIRECTORY), year, judged)
        return (known.names, set(known.ids)) != before

    # --- a year -------------------------------------------------------------------------------------------------------

    def _take_year(self, year: int, names: set[str]) -> None:
        book = self._year(year)
        judged = {}
        for name in templates():
            if name in names and (one := self._judge(template(name), year)) is not None:
                check_firms(template(name), one, book.known)
                if name in things.SPANS:
                    things.check_span(one)
                if name == "contracts":
                    things.check_far(one)
                judged[name] = one
        if "leases" in judged:
            parts.check_leases(judged.get("parcels"), judged["leases"])
        if "meter_shares" in judged:
            parts.check_shares(judged.get("meters"), judged["meter_shares"])
        for name in things.ON_PARCELS:
            if name in judged:
                things.check_on_parcels(judged.get("parcels"), judged[name])
        for name, one in judged.items():
            self._note(template(name), year, one)
        book.pieces += parts.land(judged.get("parcels"), judged.get("leases"), book.known)
        book.pieces += parts.power(judged.get("meters"), judged.get("meter_shares"), book.known)

    def _judge(self, sheet: Template, year: int) -> Judged | None:
        """All rows of the sheet and year that count, judged."""
        rows = [of_year(arrival.parsed, year) for arrival in self.arrivals if arrival.template.name == sheet.name]
        if (earlier := self.shelf.rows(sheet, year)) is not None:
            rows.insert(0, earlier)
        rows = [part for part in rows if not part.frame.is_empty()] or rows[:1]
        if not rows or (rows[0].frame.is_empty() and (sheet.name, year) not in self.shelf.counting.anew):
            return None
        parsed = together(rows)
        if "unit" in sheet.fields:
            parsed = _find_units(parsed)
        return judge(sheet, parsed, self.corrected)

    def _note(self, sheet: Template, year: int, judged: Judged) -> None:
        """Remember the judged sheet: for the facts, for its rows' outcome, for what its findings are about."""
        book = self._year(year)
        outcome = self.outcomes.setdefault(sheet.name, Outcome(sheet.name))
        about = propose(judged, sheet, book.known)
        outcome.about |= {row: (uscc, book.known.units.get(uscc)) for row, uscc in about.items()}
        outcome.judged[year] = judged
        book.sheets[sheet.name] = judged
        book.pieces += parts.withheld(sheet, judged, book.known)


def _find_units(parsed: Parsed) -> Parsed:
    """The county-level unit by name or code; its column `unit_id`."""
    units = list(Unit.objects.values_list("code", "name"))
    known = {text: code for code, name in units for text in (code, name, f"台州市{name}", f"浙江省台州市{name}")}
    found = pl.col("unit").replace_strict(known, default=None, return_dtype=pl.String)
    parsed.frame = parsed.frame.with_columns(unit_id=found)
    lost = parsed.frame.filter(pl.col("unit_id").is_null() & pl.col("unit").is_not_null())
    names = "、".join(name for _, name in units)
    parsed.problems += [
        Problem(number, "unit", "unknown_unit", text, names) for number, text in lost.select("id", "unit").iter_rows()
    ]
    return parsed
