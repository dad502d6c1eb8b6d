"""Seeded faults: each row is spoiled at most once, and what it stands for is written into the truth.

A fault never spoils a second row in secret: parcels with leases and meters with shares are left alone except by the
faults that mean them, and a directory's row stays readable, since a firm's other rows hang on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fenghuang.demo.firms import Firm
from fenghuang.demo.names import ALPHABET, Names
from fenghuang.demo.shape import YEARS, Row, Sheet, file_name

Sheets = dict[int, dict[str, Sheet]]
Fits = Callable[[Sheet, Row], bool]
PER_FIRM = 1 / 1000  # faults of a kind
MISSING = ("employees", 2021)

CODED = ["tax", "parcels", "meters", "energy", "emissions", "employees", "research", "leases", "projects"]
NUMBERS = [
    ("tax", "tax"),
    ("tax", "local_contribution"),
    ("parcels", "amount"),
    ("leases", "amount"),
    ("meters", "amount"),
    ("energy", "energy_tce"),
    ("emissions", "emission_t"),
    ("employees", "employees"),
    ("research", "rnd_expense"),
    ("projects", "actual_investment"),
]


@dataclass
class Mark:
    """One entry of the truth on its way: `rows` are one row, or the twins of which the later one is meant."""

    entry: dict[str, Any]
    sheet: Sheet | None = None
    rows: list[Row] = field(default_factory=list)


class Faults:
    """Spoils rows and keeps the books. `touched` collects the codes of all firms whose facts a fault may reach."""

    def __init__(self, sheets: Sheets, firms: list[Firm], names: Names, seed: int) -> None:
        self.draw = Random(f"{seed}/faults")
        self.sheets, self.firms, self.names = sheets, firms, names
        self.by_code = {firm.uscc: firm for firm in firms}
        self.marks: list[Mark] = []
        self.touched: set[str] = set()
        self.used: set[int] = set()
        self.bound: dict[int, set[str]] = {
            year: {str(row[0]) for template in ("leases", "meter_shares") for row in sheets[year][template].rows}
            for year in YEARS
        }
        self.pools: dict[tuple[str, int], list[Row]] = {}

    def reserve(self, rows: list[Row]) -> None:
        """These rows stay as they are."""
        self.used.update(id(row) for row in rows)

    def places(self, templates: list[Any], count: int) -> list[tuple[Any, int]]:
        """Templates and years in turn, in a drawn order; nothing of the delivery that never comes."""
        name = [entry if isinstance(entry, str) else entry[0] for entry in templates]
        pairs = [
            (entry, year)
            for entry, named in zip(templates, name, strict=True)
            for year in YEARS
            if (named, year) != MISSING
        ]
        self.draw.shuffle(pairs)
        return [pairs[turn % len(pairs)] for turn in range(count)]

    def pick(self, template: str, year: int, fits: Fits | None = None) -> Row:
        """A row that no fault has, and on which no other row hangs."""
        sheet = self.sheets[year][template]
        if (template, year) not in self.pools:
            self.pools[template, year] = self.draw.sample(sheet.rows, len(sheet.rows))
        bound = self.bound[year] if template in ("parcels", "meters") else ()
        for row in self.pools[template, year]:
            if id(row) not in self.used and row[0] not in bound and (fits is None or fits(sheet, row)):
                self.used.add(id(row))
                return row
        raise LookupError(f"no {template} row of {year} is left for a fault")

    def mark(self, kind: str, sheet: Sheet, rows: list[Row], name: str | None, effect: str, **more: Any) -> None:
        """Book the fault; call it before the code in the row is spoiled."""
        row = rows[0]
        code = more.pop("code", row[sheet.at["uscc"]])
        for code_field in ("uscc", "tenant"):
            if code_field in sheet.at:
                self.touched.add(row[sheet.at[code_field]])
        self.touched.add(code)
        self.used.update(id(one) for one in rows)
        entry = {"kind": kind, "field": name, "uscc_true": code, "year": sheet.year, "effect": effect, **more}
        self.marks.append(Mark(entry, sheet, rows))

    # The kinds of faults. Each takes how many are wanted.

    def codes(self, kind: str, count: int, spoil: Callable[[str], str]) -> None:
        for template, year in self.places(CODED, count):
            sheet = self.sheets[year][template]
            row = self.pick(template, year)
            self.mark(kind, sheet, [row], "uscc", "quarantine")
            row[sheet.at["uscc"]] = spoil(row[sheet.at["uscc"]])

    def wrong_check_digit(self, code: str) -> str:
        wrong = self.draw.choice([char for char in ALPHABET if char != code[-1]])
        return code[:-1] + wrong

    def letter_for_digit(self, code: str) -> str:
        places = [place for place, char in enumerate(code) if char in "01"]
        place = self.draw.choice(places)
        return code[:place] + ("O" if code[place] == "0" else "I") + code[place + 1 :]

    def seventeen_characters(self, code: str) -> str:
        place = self.draw.randrange(8, 18)
        return code[:place] + code[place + 1 :]

    def fifteen_digits(self, code: str) -> str:
        """A registration number from before the unified codes."""
        return code[2:8] + "".join(self.draw.choices("0123456789", k=9))

    def text_in_number(self, count: int) -> None:
        for (template, name), year in self.places(NUMBERS, count):
            sheet = self.sheets[year][template]
            row = self.pick(template, year, self.filled(name, zero=True))
            self.mark("text_in_number", sheet, [row], name, "quarantine", value_true=row[sheet.at[name]])
            row[sheet.at[name]] = self.draw.choice(("无", "见附件", "约120", "待核"))

    def negative(self, count: int) -> None:
        for (template, name), year in self.places([pair for pair in NUMBERS if pair[0] != "tax"], count):
            sheet = self.sheets[year][template]
            row = self.pick(template, year, self.filled(name))
            self.mark("negative", sheet, [row], name, "quarantine", value_true=row[sheet.at[name]])
            row[sheet.at[name]] = -row[sheet.at[name]]

    def unknown_firm(self, count: int) -> None:
        """Rows for firms that nobody registered, and for firms that were in the directory only in the other year."""
        absent = {year: [firm for firm in self.firms if year not in firm.years] for year in YEARS}
        templates = ["tax", "meters", "energy", "parcels", "employees", "research"]
        for turn, (template, year) in enumerate(self.places(templates, count)):
            sheet = self.sheets[year][template]
            others = [firm for firm in absent[year] if firm.uscc not in self.touched]
            if turn % 3 == 2 and others:
                firm = self.draw.choice(others)
                code, name, known = firm.uscc, firm.names[year], [y for y in YEARS if y in firm.years]
            else:
                (code, name), known = self.names.stranger(), []
            row = list(self.pick(template, year))
            self.used.discard(id(row))
            row[sheet.at["uscc"]], row[sheet.at["name"]] = code, name
            if "reference" in sheet.at:
                row[sheet.at["reference"]] = self.new_reference(row[sheet.at["reference"]])
            sheet.rows.append(row)
            self.mark("unknown_firm", sheet, [row], "uscc", "quarantine", known_in=known)

    def new_reference(self, reference: str) -> str:
        """A unit or meter number of the same form that nothing else carries (zone 999, meters 3399...)."""
        if len(reference) == 28:
            return f"{reference[:6]}999999GB{len(self.marks):05d}{reference[19:]}"
        return f"3399{len(self.marks):06d}"

    def duplicate_same(self, count: int) -> None:
        for template, year in self.places(["directory", *CODED], count):
            sheet = self.sheets[year][template]
            row = self.pick(template, year)
            twin = list(row)
            sheet.rows.append(twin)
            self.mark("duplicate_same", sheet, [twin, row], None, "unchanged")

    def duplicate_conflict(self, count: int) -> None:
        pairs = [pair for pair in NUMBERS if pair[1] != "local_contribution"]
        for (template, name), year in self.places(pairs, count):
            sheet = self.sheets[year][template]
            row = self.pick(template, year, self.filled(name))
            twin = list(row)
            value = row[sheet.at[name]]
            twin[sheet.at[name]] = value + 7 if isinstance(value, int) else round(value * 1.25 + 0.5, 2)
            sheet.rows.append(twin)
            for one in (row, twin):
                self.mark("duplicate_conflict", sheet, [one], name, "quarantine")

    def land_counted_twice(self, count: int) -> None:
        """The same parcel in the list of a second holder, who has other land too."""
        for _, year in self.places(["parcels"], count):
            sheet = self.sheets[year]["parcels"]
            row = self.pick("parcels", year)
            other = self.pick("parcels", year, self.held_by_another(row))
            self.used.discard(id(other))
            twin = list(row)
            for name in ("uscc", "name"):
                twin[sheet.at[name]] = other[sheet.at[name]]
            sheet.rows.append(twin)
            for one in (row, twin):
                self.mark("land_counted_twice", sheet, [one], "reference", "quarantine")

    def lease_exceeds_parcel(self, count: int) -> None:
        """The leases of a parcel add up to more than the parcel: all of them are in doubt."""
        for _, year in self.places(["leases"], count):
            sheet, parcels = self.sheets[year]["leases"], self.sheets[year]["parcels"]
            area = {row[0]: row[parcels.at["amount"]] for row in parcels.rows}
            groups = self.groups(sheet)
            row = self.pick("leases", year, self.whole(groups))
            group = groups[row[0]]
            at = sheet.at["amount"]
            total = sum(one[at] for one in group)
            row[at] = round(row[at] + area[row[0]] - total + self.draw.choice((0.01, 0.5, 2.0)), 4)
            for one in group:
                self.mark("lease_exceeds_parcel", sheet, [one], "amount", "quarantine", reference=row[0])

    def meter_shares_do_not_add(self, count: int) -> None:
        """Shares that are not 100 % in all; the meter itself can be given to nobody then, so its row is booked too."""
        for _, year in self.places(["meter_shares"], count):
            sheet, meters = self.sheets[year]["meter_shares"], self.sheets[year]["meters"]
            groups = self.groups(sheet)
            row = self.pick("meter_shares", year, self.whole(groups))
            at = sheet.at["share"]
            change = self.draw.choice((-0.01, 0.01, 5.0, 10.0))
            row[at] = round(row[at] + (change if row[at] + change > 0 else 0.01), 4)
            for one in groups[row[0]]:
                self.mark("meter_shares_do_not_add", sheet, [one], "share", "quarantine", reference=row[0])
            meter = next(one for one in meters.rows if one[0] == row[0])
            self.mark("meter_without_valid_shares", meters, [meter], "amount", "quarantine", reference=row[0])

    # What a row has to be like for a fault.

    def filled(self, name: str, zero: bool = False) -> Fits:
        return lambda sheet, row: row[sheet.at[name]] is not None if zero else bool(row[sheet.at[name]])

    def held_by_another(self, than: Row) -> Fits:
        return lambda sheet, row: row[sheet.at["uscc"]] != than[sheet.at["uscc"]]

    def whole(self, groups: dict[str, list[Row]]) -> Fits:
        """No row of the parcel or meter has a fault yet."""
        return lambda _, row: self.clean(groups[row[0]])

    def groups(self, sheet: Sheet) -> dict[str, list[Row]]:
        """The sheet's rows by their first cell, the parcel's or meter's number."""
        groups: dict[str, list[Row]] = {}
        for row in sheet.rows:
            groups.setdefault(row[0], []).append(row)
        return groups

    def clean(self, rows: list[Row]) -> bool:
        return not any(id(row) in self.used for row in rows)

    def old_names(self, renamed: dict[str, str]) -> None:
        """Each renamed firm: the directory has the new name, one department of that year still the old one."""
        year = YEARS[-1]
        rows = {template: {row[s.at["uscc"]]: row for row in s.rows} for template, s in self.sheets[year].items()}
        for turn, (code, old) in enumerate(renamed.items()):
            sheet = self.sheets[year]["directory"]
            if not self.clean([rows["directory"][code]]):
                continue
            new = rows["directory"][code][sheet.at["name"]]
            more = {"old": old, "new": new}
            self.mark("renamed_in_directory", sheet, [rows["directory"][code]], "name", "unchanged", **more)
            fits = [t for t in ("tax", "meters", "employees", "parcels") if code in rows[t]]
            fits = [t for t in fits if self.clean([rows[t][code]])]
            if not fits:
                continue
            template = fits[turn % len(fits)]
            sheet, row = self.sheets[year][template], rows[template][code]
            row[sheet.at["name"]] = old
            self.mark("renamed_firm", sheet, [row], "name", "notice", **more)

    def missing_department(self) -> None:
        template, year = MISSING
        entry: dict[str, Any] = {"kind": "missing_department"}
        entry |= {"file": file_name(template, year), "sheet": None, "row": None}
        entry |= {"field": None, "uscc_true": None, "year": year, "effect": "missing_delivery"}
        self.marks.append(Mark(entry))

    def seed_all(self, renamed: dict[str, str]) -> None:
        """Every kind, in an order that serves the scarce rows (leases, shares) first."""
        count = max(1, round(len(self.firms) * PER_FIRM))
        self.old_names(renamed)
        self.meter_shares_do_not_add(count)
        self.lease_exceeds_parcel(count)
        self.land_counted_twice(count)
        for spoil in (self.wrong_check_digit, self.letter_for_digit, self.seventeen_characters, self.fifteen_digits):
            self.codes(spoil.__name__, count, spoil)
        self.text_in_number(count)
        self.negative(count)
        self.duplicate_same(count)
        self.duplicate_conflict(count)
        self.unknown_firm(count)
        self.missing_department()
