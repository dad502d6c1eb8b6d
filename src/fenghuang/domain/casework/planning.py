"""一企一方案: what is wrong, what is promised, which measures by when; and that a measure was carried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from fenghuang.domain.casework import people
from fenghuang.domain.casework.actions import keep, locked
from fenghuang.domain.casework.filling import read
from fenghuang.domain.casework.models import Case, Measure, Plan
from fenghuang.domain.registry.models import FirmYear
from fenghuang.engines import door
from fenghuang.law.document import documents
from fenghuang.law.registers.declaration import Plan as Declared
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record
from fenghuang.platform.refusals import Refused

LONGEST = 2000  # characters of problem and aim
MOST_MEASURES = 30
WRITERS = ("township", "county")
TOWNSHIP = "乡镇（街道）"  # carries out the measures that no agency is named for
# A figure of a plan that cannot exceed what the firm has: the registry's fact of the latest year.
BOUNDED = {"land_freed_mu": ("land_mu", "用地面积"), "energy_freed_tce": ("energy_tce", "综合能耗")}


@dataclass(frozen=True, slots=True)
class Item:
    """A measure as somebody writes it; `pk` of one that stood before."""

    title: str
    due: date
    agency: str = ""
    pk: int | None = None


@transaction.atomic
def write(
    actor: User | None,
    pk: int,
    *,
    version: int | None,
    problem: str,
    aim: str,
    figures: Mapping[str, Any],
    measures: Sequence[Item],
    today: date | None = None,
) -> Plan:
    """The plan as a whole. A measure that no longer stands is dropped, not erased; a done one stays."""
    today = today or timezone.localdate()
    case = locked(pk, version)
    register = case.declared
    if register.plan is None or case.state not in register.plan.written_in:
        raise Refused(f"“{case.at.title}”时不能编写方案")
    if not people.may(actor, WRITERS, case):
        raise Refused(f"方案由{people.in_words(WRITERS, register)}编写")
    if not problem.strip() or not aim.strip():
        raise Refused("请写明存在问题和整治目标")
    planned = _figures(case, register.plan, figures)
    _sound(case, measures, today)
    plan, _ = Plan.objects.get_or_create(case=case, defaults={"problem": "", "aim": ""})
    before = {"problem": plan.problem, "aim": plan.aim, "planned": plan.planned}
    plan.problem, plan.aim, plan.planned = problem[:LONGEST], aim[:LONGEST], planned
    plan.save()
    _keep_measures(plan, measures)
    keep(case, actor)
    record(
        "casework.plan",
        actor=actor,
        subject=case,
        clause=register.clause,
        before=before,
        after={
            "problem": plan.problem,
            "aim": plan.aim,
            "planned": planned,
            "measures": [{"title": one.title, "due": one.due, "agency": one.agency} for one in measures],
        },
    )
    return plan


def _figures(case: Case, declared: Declared, given: Mapping[str, Any]) -> dict[str, int]:
    """Planned figures in the smallest unit; none may exceed what the firm has."""
    found, slips = {}, []
    for name, field in declared.figures.items():
        try:
            value = read(field, given.get(name))
        except door.Refused as refused:
            slips.append(f"{field.title}填的是“{str(given[name])[:40]}”，{refused}")
            continue
        if value is None:
            continue
        if value < 0:
            slips.append(f"{field.title}不能小于 0")
        found[name] = value
    slips += _beyond(case, declared, found)
    if slips:
        raise Refused("；".join(slips))
    return found


def _beyond(case: Case, declared: Declared, planned: Mapping[str, int]) -> list[str]:
    last = FirmYear.objects.current().filter(firm=case.firm).order_by("-year").first() if case.firm else None
    said = []
    for name, (fact, title) in BOUNDED.items():
        has = getattr(last, fact) if last else None
        if last is not None and has is not None and planned.get(name, 0) > has:
            said.append(
                f"{declared.figures[name].title}不能超过企业 {last.year} 年度的{title}（"
                f"{_plain(declared, name, planned[name])} 大于 {_plain(declared, name, has)}）"
            )
    return said


def _plain(declared: Declared, name: str, value: int) -> str:
    from fenghuang.domain.casework.filling import shown

    return shown(declared.figures[name], value)


def _sound(case: Case, measures: Sequence[Item], today: date) -> None:
    agencies = documents()[case.declared.pack].agencies
    slips = []
    if not measures:
        slips.append("至少写一项措施")
    if len(measures) > MOST_MEASURES:
        slips.append(f"最多 {MOST_MEASURES} 项措施")
    known = set(Measure.objects.filter(plan__case=case).values_list("pk", flat=True))
    for number, one in enumerate(measures, 1):
        if not one.title.strip():
            slips.append(f"第 {number} 项措施没有内容")
        if one.due < today and one.pk is None:
            slips.append(f"第 {number} 项措施的期限 {one.due} 早于今天")
        if one.agency and one.agency not in agencies:
            slips.append(f"第 {number} 项措施的责任部门不存在")
        if one.pk is not None and one.pk not in known:
            slips.append(f"第 {number} 项措施不属于这份方案")
    if slips:
        raise Refused("；".join(slips))


def _keep_measures(plan: Plan, measures: Sequence[Item]) -> None:
    stood = {one.pk: one for one in plan.measures.all()}
    for item in measures:
        told = {"title": item.title.strip()[:200], "due": item.due, "agency": item.agency, "dropped": False}
        if item.pk is None:
            Measure.objects.create(plan=plan, **told)
        elif stood[item.pk].done_on is None:
            Measure.objects.filter(pk=item.pk).update(**told)
    kept = {item.pk for item in measures}
    plan.measures.filter(done_on__isnull=True).exclude(pk__in=kept).filter(pk__in=stood).update(dropped=True)


@transaction.atomic
def done(actor: User | None, measure: int, *, note: str, today: date | None = None) -> Measure:
    """A measure was carried out."""
    today = today or timezone.localdate()
    case = locked(Measure.objects.values_list("plan__case", flat=True).get(pk=measure), None)
    one = Measure.objects.select_for_update(of=("self",)).get(pk=measure)
    by = (*WRITERS, f"agency:{one.agency}") if one.agency else WRITERS
    if not people.may(actor, by, case):
        raise Refused(f"这项措施由{people.in_words(by, case.declared)}登记完成")
    if not case.is_open or one.dropped:
        raise Refused("这项措施已不再执行")
    if one.done_on:
        raise Refused(f"已于 {one.done_on} 登记完成")
    if not note.strip():
        raise Refused("请写明完成情况")
    one.done_on, one.done_by, one.note = today, actor, note[:300]
    one.save()
    after = {"measure": one.title, "done_on": today}
    record("casework.measure", actor=actor, subject=case, clause=case.declared.clause, reason=note, after=after)
    return one
