"""The life of a campaign: begun, given a method, carried from state to state, scored, frozen.

Every function locks the campaign, asks who may, changes, notes the event, in one transaction. What cannot be done is
`Refused` with the sentence that people read; what somebody else changed meanwhile is `Stale`, with both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from fenghuang.domain.campaign import checks, scoring, telling
from fenghuang.domain.campaign.flow import BOUNDS, BY_NAME, CITY, TIMED, WHO, State, Transition, may_go
from fenghuang.domain.campaign.guards import GUARDS, regrades_text
from fenghuang.domain.campaign.methods import for_year, odd_weights
from fenghuang.domain.campaign.models import Campaign, Content, Grade, Scoring
from fenghuang.domain.evaluation.actions import POLICY, version_of_method, version_of_pack
from fenghuang.domain.evaluation.methods import Chosen, method_for
from fenghuang.domain.feeds import actions as feeds
from fenghuang.domain.feeds import bulk
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.snapshot import Facts, facts
from fenghuang.law.methods.faults import UnusableError
from fenghuang.law.methods.method import Method
from fenghuang.law.pack import packs
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.audit.log import record
from fenghuang.platform.calendar import after
from fenghuang.platform.refusals import Refused, Stale

LONGEST_PERIOD = 250  # working days: a year's
RESCORED_IN = (State.SCORING, State.ADJUSTING)


def opened(pk: int) -> Campaign:
    """The campaign, locked: who speaks and who carries it along come one after the other."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("unit", "method").get(pk=pk)


def locked(actor: User | None, pk: int, version: int | None) -> Campaign:
    """The campaign, for one who may change what belongs to its unit, as it was when the person looked at it."""
    campaign = opened(pk)
    require(actor, "accounts.change", campaign.unit_id)
    if campaign.is_frozen:
        raise Refused(f"{campaign}评价已于 {_moment(campaign.frozen_at)} 归档，不能再改动")
    if version is not None and version != campaign.version:
        who = campaign.changed_by or "系统"
        raise Stale(
            f"{who} 已于 {_moment(campaign.changed_at)} 改动过（现在处于“{campaign.get_state_display()}”），"
            "您的操作没有执行；请看过现状后再决定"
        )
    return campaign


def keep(campaign: Campaign, actor: User | None) -> None:
    """Save under the next version."""
    campaign.version += 1
    campaign.changed_by = actor
    campaign.save()


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


# --- the beginning and the method


@transaction.atomic
def start(actor: User | None, unit: Unit, year: int, today: date | None = None) -> Campaign:
    """Begin a year: last year's method and periods are copied. Refused when begun before, or without any method."""
    require(actor, "accounts.change", unit.pk)
    Unit.objects.select_for_update().get(pk=unit.pk)  # two who begin at once come one after the other
    if Campaign.objects.filter(unit=unit, year=year).exists():
        raise Refused(f"{unit} {year} 年度的评价已经开始，每个单位每年只有一次")
    last = Campaign.objects.filter(unit=unit, year=year - 1).select_related("method").first()
    method = _copied(unit, year, last)
    campaign = Campaign.objects.create(
        unit=unit,
        year=year,
        method=version_of_method(Chosen(method, borrowed=False)),
        periods=dict(last.periods) if last else {},
        since=today or timezone.localdate(),
        changed_by=actor,
    )
    set_due(campaign)
    campaign.save()
    after_ = {"unit": unit.pk, "year": year, "method": method.sha256, "copied_from": last.pk if last else None}
    record("campaign.start", actor=actor, subject=campaign, clause="art.8", after=after_)
    return campaign


def _copied(unit: Unit, year: int, last: Campaign | None) -> Method:
    """Last year's campaign's method, else the one published for this year or the last; its data year is the new one."""
    if last is not None:
        return for_year(json.loads(last.method.content), year)
    chosen = method_for(unit.name, year) or method_for(unit.name, year - 1)
    if chosen is None:
        raise Refused(f"{unit} {year} 年度和上一年度都没有可用的评价方法，无从开始")
    document: Any = chosen.method.document
    return for_year(document, year)


@transaction.atomic
def adopt(
    actor: User | None, pk: int, method: Method, *, version: int | None, reason: str, confirmed: bool = False
) -> Campaign:
    """Take another method for the year, while it is prepared. Odd weights must be confirmed."""
    campaign = locked(actor, pk, version)
    if campaign.state != State.PREPARED:
        raise Refused(f"只能在“准备”环节更换方法，现在处于“{campaign.get_state_display()}”")
    if method.data_year != campaign.year:
        raise Refused(f"方法的 data_year 是 {method.data_year or '空'}，应为 {campaign.year}")
    if (odd := odd_weights(method)) and not confirmed:
        raise Refused("；".join(odd) + "。确实如此的，请勾选确认后再采用")
    before = campaign.method
    campaign.method = version_of_method(Chosen(method, borrowed=False))
    campaign.weights_confirmed = confirmed
    keep(campaign, actor)
    record(
        "campaign.adopt",
        actor=actor,
        subject=campaign,
        clause="art.8",
        reason=reason,
        before={"method": before.sha256},
        after={"method": method.sha256, "weights_confirmed": confirmed},
    )
    return campaign


@transaction.atomic
def set_periods(actor: User | None, pk: int, periods: Mapping[str, int | None], *, version: int | None) -> Campaign:
    """How many working days each state lasts (None: no deadline); the present deadline follows."""
    campaign = locked(actor, pk, version)
    for name, days in periods.items():
        state = State(name)
        low, high = BOUNDS.get(state, (1, LONGEST_PERIOD))
        if days is not None and not low <= days <= high:
            raise Refused(f"“{state.label}”须为 {low} 至 {high} 个工作日，填的是 {days}")
        if state == campaign.state == State.OBJECTIONS and days != campaign.periods.get(name):
            raise Refused("公示已经开始，公示期不能再改")
    before = dict(campaign.periods)
    campaign.periods = {name: days for name, days in periods.items() if days is not None and State(name) in TIMED}
    set_due(campaign)
    keep(campaign, actor)
    record("campaign.periods", actor=actor, subject=campaign, before=before, after=dict(campaign.periods))
    return campaign


def set_due(campaign: Campaign) -> None:
    days = campaign.periods.get(campaign.state)
    found = after(campaign.since, days) if days else None
    campaign.due = found.day if found else None
    campaign.due_estimated = bool(found and found.estimated)


# --- from state to state


@transaction.atomic
def advance(
    actor: User | None,
    pk: int,
    name: str,
    *,
    version: int | None = None,
    reason: str = "",
    document: str = "",
    today: date | None = None,
) -> Campaign:
    """Go along an arrow of the table (flow.TRANSITIONS). Refused says what does not hold, or who may."""
    campaign = locked(actor, pk, version)
    today = today or timezone.localdate()
    transition = BY_NAME[name]
    if sentence := _why_not(campaign, transition, actor, today, reason, document):
        raise Refused(sentence)
    before = {"state": campaign.state, "due": campaign.due}
    made = score_now(campaign, actor) if transition.effect == "score" else None
    if transition.effect == "freeze":
        _seal(campaign)
    if transition.effect == "announce":
        campaign.announced = campaign.scorings.first()
    told = checks.TELLS[transition.tells](campaign, today) if transition.tells else ""
    if document:
        campaign.decided_by = document
    campaign.state = transition.after
    campaign.since = today
    set_due(campaign)
    keep(campaign, actor)
    record(
        f"campaign.{name}",
        actor=actor,
        subject=campaign,
        clause="art.8",
        reason=reason,
        before=before,
        after={
            "state": campaign.state,
            "due": campaign.due,
            "scoring": made.number if made else None,
            "document": document,
            "seal": campaign.seal,
            **({"told": told} if told else {}),
        },
    )
    telling.moved(campaign)
    if transition.who == CITY and transition.after == State.ADJUSTING:
        telling.returned(campaign, actor, reason)
    return campaign


def why_not(campaign: Campaign, transition: Transition, actor: User | None, today: date | None = None) -> str:
    """Why the person cannot go along the arrow now, in a sentence; "" when nothing is in the way."""
    return _why_not(campaign, transition, actor, today or timezone.localdate(), "（填写）", "（填写）")


def _why_not(
    campaign: Campaign, transition: Transition, actor: User | None, today: date, reason: str, document: str
) -> str:
    if campaign.state != transition.before:
        return (
            f"“{transition.title}”只能在“{transition.before.label}”环节办理，现在处于“{campaign.get_state_display()}”"
        )
    if actor is not None and not may_go(actor, transition, campaign.unit_id):
        return f"“{transition.title}”由{WHO[transition.who]}办理"
    if "reason" in transition.needs and not reason.strip():
        return f"“{transition.title}”须填写理由"
    if "document" in transition.needs and not document.strip():
        return f"“{transition.title}”须填写审定会议或文件编号"
    return next((said for guard in transition.guards if (said := GUARDS[guard](campaign, today))), "")


# --- scoring and the end


@transaction.atomic
def rescore(actor: User | None, pk: int, *, version: int | None = None) -> Scoring:
    """Score again on the latest facts and the regrades that stand."""
    campaign = locked(actor, pk, version)
    if campaign.state not in RESCORED_IN:
        where = "、".join(f"“{state.label}”" for state in RESCORED_IN)
        raise Refused(f"只能在{where}环节重新计分，现在处于“{campaign.get_state_display()}”")
    made = score_now(campaign, actor)
    keep(campaign, actor)
    return made


def score_now(campaign: Campaign, actor: User | None) -> Scoring:
    """The next scoring of a locked campaign, kept with every text it stands on."""
    recording = Recording.latest()
    if recording is None:
        raise Refused("还没有导入数据")
    part = facts(campaign.year, recording, campaign.unit_id)
    known, regrades = scoring.facts_text(part), regrades_text(campaign)
    last = campaign.scorings.select_related("results").first()
    policy = version_of_pack(packs()[POLICY])
    on = (scoring.sha256(known), campaign.method_id, scoring.sha256(regrades), policy.pk)
    if last and (last.facts_id, last.method_id, last.regrades_id, last.policy_id) == on:
        results, counts = json.loads(last.results.text), last.counts  # the same texts give the same results
    else:
        results, counts = _scored_now(known, campaign.method.content, regrades)
    made = Scoring.objects.create(
        campaign=campaign,
        number=last.number + 1 if last else 1,
        by=actor,
        recording=recording,
        facts=stored(Content.Kind.FACTS, known),
        method=campaign.method,
        policy=policy,
        regrades=stored(Content.Kind.REGRADES, regrades),
        results=stored(Content.Kind.RESULTS, scoring.canonical(results)),
        counts=counts,
    )
    feeds.lock()  # nobody else gives out numbers of grades
    first = bulk.next_id(Grade)  # asked before: a connection that copies rows answers nothing else
    bulk.insert(Grade, GRADE_COLUMNS, _grades(first, made, part, results))
    hashes = {name: getattr(made, f"{name}_id") for name in ("facts", "regrades", "results")}
    record("campaign.score", actor=actor, subject=campaign, clause="art.8", after={"scoring": made.number, **hashes})
    return made


def _scored_now(facts: str, method: str, regrades: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Results and counts; what makes the texts unusable is said."""
    try:
        found = scoring.score(facts, method, regrades)
    except UnusableError as error:
        raise Refused("；".join(map(str, error.faults))) from error
    return found.results, found.counts


SAME = ("scope", "status", "score", "rank", "group_size", "initial", "final", "reason")  # as the results say them
GRADE_COLUMNS = ("id", "scoring_id", "firm_id", "name", "township", "industry", "chain", *SAME)


def _grades(first: int, made: Scoring, part: Facts, results: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows of GRADE_COLUMNS."""
    columns = part.columns
    for place, (firm, one) in enumerate(zip(part.firms, results, strict=True)):
        about = (columns["name"][place], columns["township"][place] or "", columns["industry"][place] or "")
        chain = json.dumps(one["chain"], ensure_ascii=False)
        yield (first + place, made.pk, firm, *about, chain, *(one[name] for name in SAME))


def stored(kind: str, text: str) -> Content:
    found, _ = Content.objects.get_or_create(sha256=scoring.sha256(text), defaults={"kind": kind, "text": text})
    return found


def _seal(campaign: Campaign) -> None:
    """The frozen end: one hash over all that decided."""
    last = campaign.scorings.select_related("method", "policy").first()
    assert last is not None  # the guard `scored`
    campaign.seal = seal_of(last)
    campaign.frozen_at = timezone.now()


def seal_of(last: Scoring) -> str:
    parts = (last.facts_id, last.method.sha256, last.policy.sha256, last.regrades_id, last.results_id)
    return scoring.sha256("\n".join(parts))
