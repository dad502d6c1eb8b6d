"""Two years of casework of the demonstration city: cases at every stage, done and late, by the actions people use.

Days are counted back from today. Every text and document is made up and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from fenghuang.demo.campaigns import before, evidence
from fenghuang.demo.shape import MARK, YEARS, Sheet
from fenghuang.demo.walks import DISPOSALS, FILLED, PARTS, PERIODS, TOLD, WAYS
from fenghuang.demo.write import write_file
from fenghuang.domain.casework import actions, alarms, parts, planning, settings
from fenghuang.domain.casework.code import Found, finder_of
from fenghuang.domain.casework.models import Case
from fenghuang.domain.registry.actions import import_files
from fenghuang.domain.registry.land_models import Parcel
from fenghuang.domain.registry.models import Firm, FirmYear, Recording
from fenghuang.law.registers import register as declared
from fenghuang.law.registers.declaration import EXIT, Register, Step
from fenghuang.platform.accounts.models import User
from fenghuang.platform.calendar import after

PER_REGISTER = 30
GRADED = ("quality_firms",)
SPAN = 400  # working days back to the first entry
BETWEEN = 8  # working days from step to step
RAISED = 1200  # 分 per 10⁻⁴亩 that a firm which met the benchmark pays afterwards: 12 万元 per 亩


def build(actor: User | None = None, today: date | None = None) -> int:
    """The city's limits and the cases that need no grade; how many. Delivers once more: before the year is scored."""
    today = today or timezone.localdate()
    for register in (declared(name) for name in WAYS):
        for state in register.open_states:
            if state.limit and state.limit.is_set and state.name in PERIODS:
                settings.set_period(actor, register.name, state.name, PERIODS[state.name], 3, f"演示文件（{MARK}）")
    waiting: list[tuple[Case, str]] = []
    for name in WAYS:
        if name not in GRADED:
            waiting += _register(declared(name), today)
    _deliver_again([case.firm for case, _ in waiting if case.firm])
    for case, step in waiting:
        _take(case, case.declared.steps[step], today)
    return Case.objects.count()


def build_graded(today: date | None = None) -> int:
    """The cases of registers that read grades, and the alarms of the last days; how many cases there are."""
    today = today or timezone.localdate()
    for name in GRADED:
        _register(declared(name), today)
    for day in (before(today, 8), before(today, 3), today):
        alarms.run(day)
    return Case.objects.count()


def _register(register: Register, today: date) -> list[tuple[Case, str]]:
    """Cases of a register, each along its way; those that can leave wait for a later delivery: case and last step."""
    waiting = []
    ways = cycle(WAYS[register.name])
    for number, (found, way) in enumerate(zip(_subjects(register), ways, strict=False)):
        day = before(today, _ago(register, way, number))
        by_hand = not register.entry.found_by
        case = actions.enter(
            None,
            register.name,
            found,
            recording=Recording.latest(),
            fields=_fields(register, register.entry.fields, day, number),
            proof=evidence("列入依据") if by_hand else None,
            reason="演示：巡查发现" if by_hand else "",
            by_hand=by_hand,
            is_demo=True,
            today=day,
        )
        for name in way:
            day = after(day, BETWEEN).day
            step = register.steps[name]
            if register.states[step.after].end == EXIT:
                waiting.append((case, name))
                break
            case = _take(case, step, min(day, today), number)
    return waiting


def _ago(register: Register, way: tuple[str, ...], number: int) -> int:
    """Working days since the entry: what has ended lies anywhere in two years, what goes on moved lately."""
    last = register.steps[way[-1]].after if way else register.first.name
    spent = len(way) * BETWEEN + number * 7 % 19 + 1
    return SPAN * (PER_REGISTER - number) // PER_REGISTER + spent if register.states[last].end else spent


def _take(case: Case, step: Step, day: date, number: int = 0) -> Case:
    """One step with everything it needs: answers, plan, parts, fields, documents, reason."""
    register = case.declared
    if step.when:
        joint = register.states[case.state].joint
        assert joint is not None  # the declaration is sound
        other = next((one for one in joint.answers if one != step.when.answer), step.when.answer)
        for place, agency in enumerate(joint.agencies):
            given = step.when.answer if step.when.how == "all" or place == 0 else other
            actions.answer(None, case.pk, agency, given, "演示：经核查")
    if step.needs_plan:
        _plan(case, day)
    for measure in case.plan.measures.filter(done_on__isnull=True) if "measures_done" in step.guards else ():
        planning.done(None, measure.pk, note="演示：已完成", today=day)
    for group in {*step.settled, *(("indicator",) if "indicators_there" in step.guards else ())}:
        _parts(case, group, day, settle=group in step.settled)
    return actions.move(
        None,
        case.pk,
        step.name,
        fields=_fields(register, (*step.fields, *(one for one in step.may_fill if one in TOLD)), day, number),
        documents={title: evidence(title) for title in step.documents},
        reason="演示：按程序办理" if step.reason or "overdue" in step.guards else "",
        today=_late_enough(case, step, day),
    )


def _late_enough(case: Case, step: Step, day: date) -> date:
    """A step that waits for a limit to pass is taken the day after."""
    return max(day, after(case.due, 1).day) if "overdue" in step.guards and case.due else day


def _fields(register: Register, names: Iterable[str], day: date, number: int) -> dict[str, Any]:
    known = FILLED.get(register.name, {})
    found: dict[str, Any] = {}
    for name in names:
        if name == "way":
            found[name] = DISPOSALS[number % len(DISPOSALS)]
        elif name == "buyer":
            found[name] = Firm.objects.order_by("-uscc").values_list("uscc", flat=True)[0]
        elif name in known:
            value = known[name]
            found[name] = _days(day, value).isoformat() if isinstance(value, int) else value
    return found


def _days(day: date, working: int) -> date:
    return after(day, working).day if working > 0 else before(day, -working)


def _plan(case: Case, day: date) -> None:
    due = after(day, 60).day
    measures = [planning.Item("演示：淘汰旧设备", due, "economy"), planning.Item("演示：清退出租厂房", due)]
    figures = {"land_freed_mu": "0.5", "tax_rise": "300000"}
    if case.firm is None or not _has_land(case.firm):
        figures.pop("land_freed_mu")
    planning.write(
        None, case.pk, version=None, problem="演示：亩均税收连续两年偏低", aim="演示：一年内亩均税收达标",
        figures=figures, measures=measures, today=day,
    )  # fmt: skip


def _has_land(firm: Firm) -> bool:
    last = FirmYear.objects.current().filter(firm=firm).order_by("-year").first()
    return last is not None and (last.land_mu or 0) > 10_000


def _parts(case: Case, group: str, day: date, *, settle: bool) -> None:
    fields, titles = PARTS[group]
    declared_parts = case.declared.parts[group]
    for title in titles:
        one = case.parts.filter(group=group, title=title).first()
        if one is None and case.state in declared_parts.added_in:
            one = parts.add(None, case.pk, group, title, fields=fields, today=day)
        if one is not None and settle and one.settled_on is None:
            proof = evidence(declared_parts.document) if declared_parts.document else None
            parts.settle(None, one.pk, "演示：合格", proof=proof, today=day)


def _subjects(register: Register) -> Iterator[Found]:
    """Those that the facts find, spread over the units; of a register kept by hand parcels or commitments."""
    if register.entry.found_by:
        found = finder_of(register)(None).found
    elif register.subject == "parcel":
        found = [_parcel(one) for one in _parcels(register.name)]
    else:
        firms = Firm.objects.filter(unit__isnull=False).exclude(township="").order_by("-uscc")[:PER_REGISTER]
        found = [
            Found(f"演示承诺〔{number}〕", f"{one.name}的设备补助承诺", one, one.unit_id or "", one.township, "")
            for number, one in enumerate(firms, 1)
        ]
    by_unit: dict[str, list[Found]] = {}
    for one in found:
        by_unit.setdefault(one.unit, []).append(one)
    rows = [one for row in _columns(list(by_unit.values())) for one in row]
    return islice(iter(rows), PER_REGISTER)


def _columns(lists: list[list[Found]]) -> Iterator[list[Found]]:
    """The first of each, then the second of each."""
    for place in range(max(map(len, lists), default=0)):
        yield [one[place] for one in lists if place < len(one)]


def _parcels(name: str) -> list[Parcel]:
    """Other parcels for each register."""
    rows = Parcel.objects.current().filter(counts=True, firm__unit__isnull=False, year=YEARS[-1])
    start = PER_REGISTER * (len(name) % 7)
    return list(rows.select_related("firm").order_by("reference")[start : start + PER_REGISTER])


def _parcel(one: Parcel) -> Found:
    firm = one.firm
    assert firm is not None  # of the filter
    return Found(one.reference, f"{one.reference}（{firm.name}）", firm, firm.unit_id or "", firm.township, "")


def _deliver_again(firms: Iterable[Firm]) -> None:
    """The tax office delivers once more for these firms, with more tax: what an exit is read from."""
    sheet = Sheet("tax", YEARS[-1])
    for firm in firms:
        year = FirmYear.objects.current().filter(firm=firm, year=YEARS[-1]).first()
        if year and year.tax is not None and year.land_mu:
            sheet.add(uscc=firm.uscc, tax=year.land_mu * RAISED, local_contribution=year.local_contribution)
    if sheet.rows:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"市税务局补报（{MARK}）.xlsx"
            write_file(path, [sheet], "xlsx")
            import_files([path], is_demo=True)
