"""What an import, a correction or an undo would make of the registry. Writes nothing and locks nothing.

A plan holds for the recording that it was made on: who carries it out looks under the lock whether that is still the
latest (actions.py). So the long work is done while others may write, and a preview is the very plan that takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import polars as pl

from fenghuang.domain.feeds.faults import Fault, Unrecognised
from fenghuang.domain.feeds.intake import Arrival, Correction, Counting, Shelf, admit, of_year
from fenghuang.domain.feeds.mapping import remembered
from fenghuang.domain.feeds.plausible import Doubt, doubts
from fenghuang.domain.feeds.read import read
from fenghuang.domain.feeds.recognise import Sheet, recognise
from fenghuang.domain.feeds.report import FileReport
from fenghuang.domain.feeds.standing import key_of
from fenghuang.domain.registry import versions
from fenghuang.domain.registry.known import NewFirms
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.take import Take
from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import PERMISSIONS

Named = Path | tuple[Path, str]  # a file, or a file and the name under which it was received
Say = Callable[[int, str], None]  # percent and words; may raise to stop the work


def quiet(percent: int, text: str) -> None:
    """Nobody listens."""


@dataclass
class Plan:
    """What would happen. `reports` are of sheets that are not taken."""

    basis: int | None
    arrivals: list[Arrival]
    reports: list[FileReport]
    take: Take
    doubts: dict[int, list[Doubt]]  # by delivery
    changes: dict[int, list[versions.Change]]

    @property
    def does_anything(self) -> bool:
        """Whether anything is to be recorded: something new came, or something falls away."""
        return bool(self.arrivals or self.take.shelf.counting.anew)

    @property
    def years(self) -> list[int]:
        return sorted({year for arrival in self.arrivals for year in arrival.years})


def latest() -> int | None:
    """The number that a plan is made on."""
    recording = Recording.latest()
    return recording.pk if recording else None


def read_files(
    paths: Iterable[Named], expected: str = "", say: Say = quiet, *, by: User | None = None
) -> tuple[list[Sheet], list[FileReport]]:
    """The sheets that can be used, and reports of the files that cannot, or that `by` may not deliver."""
    sheets: list[Sheet] = []
    faults: list[FileReport] = []
    known = remembered()
    entries = [entry if isinstance(entry, tuple) else (entry, entry.name) for entry in paths]
    for place, (path, name) in enumerate(entries):
        say(2 + 13 * place // len(entries), f"读取 {name}")
        try:
            for sheet in recognise(read(path, name), expected, known):
                if by is None or PERMISSIONS["accounts.import_data"].test(by, sheet.template.department):
                    sheets.append(sheet)
                    continue
                wrong = f"是{sheet.template.department}的《{sheet.template.title}》"
                fault = Fault(name, wrong, f"您只能报送{by.agency or '本部门'}的表")
                faults.append(FileReport.of(sheet, "fault", str(fault)))
        except Fault as fault:
            may = isinstance(fault, Unrecognised)
            faults.append(FileReport(fault.file, fault.sheet, "fault", str(fault), may_map=may))
    return sheets, faults


def make_plan(
    sheets: list[Sheet],
    *,
    correction: Correction | None = None,
    counting: Counting = Counting(),  # noqa: B008 (frozen)
    also: frozenset[tuple[str, int]] = frozenset(),
    holds_back: bool = False,
    say: Say = quiet,
) -> Plan:
    """Work out everything. With `holds_back`, sheets that seem to be in another unit are reported, not taken."""
    basis = latest()
    shelf = Shelf(counting)
    say(15, "与已有数据比较")
    arrivals, reports = admit(sheets, correction)
    arrivals, twice = _without_contradictions(arrivals)
    reports += twice
    doubted = {arrival.delivery: _doubts(arrival, arrivals, shelf) for arrival in arrivals}
    if holds_back:
        for arrival in arrivals:
            if units := [doubt.sentence for doubt in doubted[arrival.delivery] if doubt.is_unit]:
                reports.append(FileReport.of(arrival.sheet, "held", "；".join(units)))
        arrivals = [one for one in arrivals if not any(doubt.is_unit for doubt in doubted[one.delivery])]
    take = Take(arrivals, NewFirms(), shelf, also, say)
    take.run()
    say(80, "比较事实")
    is_taking_back = bool(counting.anew)
    changes = {
        year: versions.of_year(year, book, is_taking_back=is_taking_back)
        for year, book in sorted(take.years.items())
        if book.sheets
    }
    return Plan(basis, arrivals, reports, take, doubted, changes)


def _without_contradictions(arrivals: list[Arrival]) -> tuple[list[Arrival], list[FileReport]]:
    """Two sheets of one workbook that say different things of the same rows: nobody knows which of them is meant."""
    wrong: dict[int, FileReport] = {}
    for one, two in combinations(arrivals, 2):
        if one.template != two.template or one.sheet.file.sha256 != two.sheet.file.sha256:
            continue
        said = [_said(arrival) for arrival in (one, two)]
        both = said[0].join(said[1], on=["year", "key"])
        if different := both.filter(pl.col("said") != pl.col("said_right")).height:
            fault = Fault(
                one.sheet.file.name,
                f"工作表“{one.sheet.name}”和“{two.sheet.name}”都是《{one.template.title}》，"
                f"其中 {different} 行互相矛盾，均未采用",
                "请只保留正确的一张再导入",
            )
            for arrival in (one, two):
                wrong[arrival.delivery] = FileReport.of(arrival.sheet, "fault", str(fault))
    return [one for one in arrivals if one.delivery not in wrong], list(wrong.values())


def _said(arrival: Arrival) -> pl.DataFrame:
    values = pl.struct(arrival.template.values).hash(seed=27)
    return arrival.parsed.frame.select("year", key=key_of(arrival.template), said=values).unique()


def _doubts(arrival: Arrival, arrivals: list[Arrival], shelf: Shelf) -> list[Doubt]:
    """Against the same year as delivered before, then the year before, then the year after."""
    if arrival.correction:
        return []
    found: list[Doubt] = []
    for year in arrival.years:
        others = []
        for other, words in ((year, "此前报送"), (year - 1, "上年"), (year + 1, "下年")):
            if (rows := shelf.rows(arrival.template, other)) is not None:
                others.append((words, rows.frame))
            if other != year:
                mates = [one for one in arrivals if one.template == arrival.template and other in one.years]
                others += [(words, of_year(one.parsed, other).frame) for one in mates]
        found += doubts(arrival.template, year, of_year(arrival.parsed, year).frame, others)
    return found
