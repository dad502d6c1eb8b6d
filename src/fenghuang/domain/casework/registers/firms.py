"""高耗低效企业 (task.1, target.low_tax_firms): who is screened, and what shows that the benchmark is met.

What decides are the facts of departments' deliveries, never a figure typed into a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from fenghuang.domain.casework.code import Found, Search, Shown, finder, guard, shower
from fenghuang.domain.casework.models import Case
from fenghuang.domain.casework.settings import deliveries
from fenghuang.domain.evaluation.asking import Asked, ask
from fenghuang.domain.registry.models import FirmEvent, FirmYear, Recording
from fenghuang.domain.registry.snapshot import years
from fenghuang.language.numbers import muldiv

# GB/T 4754-2017: manufacturing is section C, divisions 13 to 43.
MANUFACTURING = range(13, 44)
WAN_PER_MU = 10**4  # 分 and 10⁻⁴亩 into 10⁻⁶ 万元/亩: (分/10⁶) ÷ (10⁻⁴亩/10⁴) × 10⁶


class Years(NamedTuple):
    """A firm's facts of the latest data year and of the one before."""

    now: FirmYear
    before: FirmYear | None


@finder("low_efficiency")
def low_efficiency(unit: str | None) -> Search:
    """Firms in the scope of screening whose tax for their land is low two years running, as known today."""
    recording = Recording.latest()
    if recording is None:
        return Search(None, [])
    found: list[Found] = []
    unknown: list[Found] = []
    for pair in _pairs(recording, unit):
        scope, low = screened(pair)
        if scope.outputs["in_scope"] is False or low.outputs["must_be_upgraded"] is False:
            continue
        known = scope.outputs["in_scope"] and low.outputs["must_be_upgraded"]
        (found if known else unknown).append(_found(pair, scope, low))
    return Search(recording, found, unknown)


def screened(pair: Years) -> tuple[Asked, Asked]:
    """Both rules on a firm's facts. The provincial guide's list (2021) is not loaded: what needs it is unknown."""
    now, before = pair
    scope = ask(
        "screening_scope",
        {
            "is_manufacturing": int(now.industry[:2]) in MANUFACTURING if now.industry else None,
            "above_scale": now.above_scale,
            "land_mu": now.land_mu,
        },
    )
    low = ask(
        "low_tax_firm",
        {
            "revenue": now.revenue,
            "is_inefficient": None,
            "tax_per_mu": tax_per_mu(now),
            "tax_per_mu_previous": tax_per_mu(before) if before else None,
        },
    )
    return scope, low


def tax_per_mu(year: FirmYear) -> int | None:
    """亩均税收 in 10⁻⁶ 万元/亩; unknown without tax or land."""
    return muldiv(year.tax, WAN_PER_MU, year.land_mu)


def _pairs(recording: Recording, unit: str | None, firm: int | None = None) -> Iterator[Years]:
    known = years(recording)
    if not known:
        return
    rows = FirmYear.objects.as_of(recording).filter(directory_row__isnull=False).select_related("firm", "unit")
    if firm is not None:
        rows = rows.filter(firm_id=firm)
    before = {one.firm_id: one for one in rows.filter(year=known[-1] - 1)}
    now = rows.filter(year=known[-1])
    for one in now.filter(unit_id=unit) if unit else now:
        yield Years(one, before.get(one.firm_id))


def _found(pair: Years, scope: Asked, low: Asked) -> Found:
    now = pair.now
    lacking = [*scope.missing, *low.missing]
    why = f"{now.year} 年度：{low.verdict('must_be_upgraded')}" if not lacking else f"还不知道：{'、'.join(lacking)}"
    facts = {"year": now.year, "rules": [scope.record, low.record]}
    return Found(now.firm.uscc, now.name or now.firm.name, now.firm, now.unit_id or "", now.township, why, facts)


@shower("benchmark_met")
def benchmark_met(case: Case) -> Shown:
    """对标达标: on facts delivered after the entry the firm is no longer one that must be upgraded.

    On as many deliveries running as the city sets. One that brought nothing new of the firm shows nothing.
    """
    recording = Recording.latest()
    if recording is None or case.firm_id is None:
        return Shown(None, "没有企业数据，无法核验")
    if case.recording_id is not None and recording.pk <= case.recording_id:
        return Shown(None, "列入清单之后还没有新的部门数据，无法核验是否达标")
    needed = deliveries(case.register, "benchmark_met")
    since = _since(case, recording)
    if not since:
        return Shown(None, "列入以来没有这家企业后一年度的数据，也没有更正，无法核验是否达标")
    last = _met(case, since[-1])
    if not last.holds or needed == 1:
        return last
    if len(since) < needed:
        so_far = f"须连续 {needed} 次数据交付都达标，列入以来只有 {len(since)} 次"
        return Shown(None, f"{last.sentence}；{so_far}", last.facts)
    before = [_met(case, one) for one in since[-needed:-1]]
    facts = last.facts | {"before": [one.facts for one in before]}
    if failed := [one for one in before if not one.holds]:
        known = None if all(one.holds is None for one in failed) else False
        return Shown(known, f"{last.sentence}，但须连续 {needed} 次数据交付都达标：前次{failed[-1].sentence}", facts)
    return Shown(True, f"{last.sentence}，连续 {needed} 次数据交付都达标", facts)


def _since(case: Case, latest: Recording) -> list[Recording]:
    """The recordings after the entry that brought something new of the firm's two years read, oldest first."""
    known = years(latest)
    rows = FirmYear.objects.filter(firm=case.firm_id, year__in=[known[-1] - 1, known[-1]] if known else [])
    entered = case.entry.get("facts", {}).get("year")
    if case.recording_id is not None:
        rows = rows.filter(recorded__gt=case.recording_id)
    elif entered is not None:
        rows = rows.filter(year__gt=entered)
    found = Recording.objects.filter(pk__lte=latest.pk, pk__in=rows.values("recorded"))
    return list(found.order_by("pk"))


def _met(case: Case, recording: Recording) -> Shown:
    """Whether the benchmark was met as known at a recording."""
    pair = next(_pairs(recording, None, case.firm_id), None)
    if pair is None:
        return Shown(None, "最新年度没有这家企业的数据，无法核验是否达标")
    _, low = screened(pair)
    facts: dict[str, Any] = {"recording": recording.pk, "year": pair.now.year, "rules": [low.record]}
    verdict = low.outputs["must_be_upgraded"]
    if verdict is None:
        return Shown(None, f"{pair.now.year} 年度还不知道{'、'.join(low.missing)}，无法核验是否达标", facts)
    if verdict:
        return Shown(False, f"按 {pair.now.year} 年度数据仍属低亩均税收企业：{low.verdict('must_be_upgraded')}", facts)
    return Shown(True, f"按 {pair.now.year} 年度数据已不属低亩均税收企业", facts)


@shower("firm_gone")
def firm_gone(case: Case) -> Shown:
    """关停到位: the registry knows that the firm was cancelled, merged or moved away, since the entry."""
    if case.firm_id is None:
        return Shown(None, "没有对应的企业，无法核验")
    ended = (FirmEvent.Kind.CANCELLED, FirmEvent.Kind.MERGED)
    event = FirmEvent.standing().filter(firm=case.firm_id, kind__in=ended, at__date__gte=case.entered_on).last()
    if event is None:
        lacks = "企业库中没有列入之后的注销或并入登记"
        return Shown(False, f"{lacks}；请县级经办凭登记通知书在企业页的“变更记录”中登记")
    return Shown(True, f"{event.get_kind_display()}（{event.source}）", {"event": event.pk})


@guard("overdue")
def overdue(case: Case, today: date) -> str:
    """The limit has passed."""
    if case.due is None:
        return "没有设定期限"
    return "" if today > case.due else f"期限到 {case.due} 为止，期满次日起才能办理"


@guard("measures_done")
def measures_done(case: Case, _today: date) -> str:
    """Every measure of the plan is done."""
    plan = getattr(case, "plan", None)
    left = [one for one in plan.measures.all() if one.done_on is None and not one.dropped] if plan else []
    return f"还有 {len(left)} 项措施没有完成：{'、'.join(one.title for one in left[:5])}" if left else ""
