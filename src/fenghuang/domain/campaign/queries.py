"""What a person may see of campaigns; what changed between two scorings and why; a method tried on last year."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from fenghuang.domain.campaign import scoring
from fenghuang.domain.campaign.flow import TRANSITIONS, Transition
from fenghuang.domain.campaign.models import Campaign, Confirmation, Content, Grade, Objection, Regrade, Scoring
from fenghuang.domain.evaluation.methods import method_for
from fenghuang.domain.evaluation.models import LawVersion
from fenghuang.domain.feeds.sensitive import FIELDS
from fenghuang.domain.registry.industries import division
from fenghuang.domain.registry.models import Firm, FirmYear, Recording
from fenghuang.domain.registry.snapshot import facts
from fenghuang.language.numbers import show_decimal
from fenghuang.language.record import Record
from fenghuang.law.methods.explain import explain
from fenghuang.law.methods.facts import FACTS
from fenghuang.law.methods.method import Method
from fenghuang.law.methods.scope_run import ScopeRun
from fenghuang.platform.accounts.models import Unit
from fenghuang.platform.accounts.rules import may
from fenghuang.platform.calendar import between

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

LETTERS = ("A", "B", "C", "D")
WITHOUT = "未定级"


def campaigns(user: User) -> QuerySet[Campaign]:
    """Those of units the person may see; a township's official sees its unit's, and in it the own firms only."""
    if not may(user, "accounts.see_staff"):
        return Campaign.objects.none()
    found = Campaign.objects.select_related("unit", "method", "changed_by")
    return found if user.sees_all_units else found.filter(unit__in=user.units())


def within(user: User, campaign: Campaign) -> Q:
    """Of what has a firm: for a township the firms that the year's directory places there, else all."""
    if user.township is None:
        return Q()
    rows = FirmYear.objects.current().filter(year=campaign.year, unit=campaign.unit_id, township=user.township.name)
    return Q(firm__in=rows.order_by().values("firm"))


def places(user: User) -> Q | None:
    """Of FirmYear rows of a campaign's unit: those of the own township; None is all of them."""
    return Q(township=user.township.name) if user.township else None


def numbered(user: User, text: str) -> Campaign | None:
    """The campaign of a number in an address."""
    return campaigns(user).filter(pk=text).first() if text.isdecimal() and len(text) < 19 else None


def objections(user: User, campaign: Campaign) -> QuerySet[Objection]:
    found = Objection.objects.filter(within(user, campaign), campaign__in=campaigns(user).filter(pk=campaign.pk))
    return found.select_related("firm", "by")


def contested(user: User, campaign: Campaign) -> int:
    """Items of data that firms contest and nobody has answered."""
    open_ = campaign.confirmations.filter(is_current=True, state=Confirmation.State.CONTESTED, answer="")
    return open_.filter(within(user, campaign)).count()


def regrades(user: User, campaign: Campaign) -> QuerySet[Regrade]:
    """Those that stand and those withdrawn."""
    found = Regrade.objects.filter(within(user, campaign), campaign__in=campaigns(user).filter(pk=campaign.pk))
    return found.select_related("firm", "by", "withdrawn_by")


def grades(user: User, campaign: Campaign) -> QuerySet[Grade]:
    """Of the latest scoring."""
    found = Grade.objects.filter(scoring=campaign.scorings.first(), scoring__campaign__in=campaigns(user))
    if user.township is not None:
        found = found.filter(township=user.township.name)
    return found.select_related("firm", "scoring")


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the dashboard: where a unit's campaign stands, and by how many working days it is late.

    `pending`: objections to results and contested items of data that nobody has answered.
    """

    campaign: Campaign
    late: int
    pending: int


def standings(user: User, year: int, today: date) -> list[Standing]:
    """Units in their order."""
    waiting = Q(objections__state=Objection.State.PENDING)
    if user.township is not None:
        waiting &= user.within("objections__firm__")
    contested = Q(confirmations__is_current=True, confirmations__state="contested", confirmations__answer="")
    if user.township is not None:
        contested &= user.within("confirmations__firm__")
    pending = Count("objections", filter=waiting, distinct=True) + Count(
        "confirmations", filter=contested, distinct=True
    )
    found = campaigns(user).filter(year=year).annotate(pending=pending).order_by("unit__order")
    return [
        Standing(one, between(one.due, today) if one.due and one.is_late(today) else 0, one.pending) for one in found
    ]


def years(user: User) -> list[int]:
    return sorted(set(campaigns(user).order_by().values_list("year", flat=True)), reverse=True)


def without_campaign(user: User, year: int) -> list[Unit]:
    """Units of the person that have not begun the year."""
    begun = Campaign.objects.filter(year=year).values("unit")
    return list(user.units().exclude(pk__in=begun))


def forward(campaign: Campaign) -> list[Transition]:
    """The arrows out of its state."""
    return [one for one in TRANSITIONS if one.before == campaign.state]


# --- what a rescoring changed


@dataclass(frozen=True, slots=True)
class Change:
    """A firm whose score or grade is another than before; `why` are sentences."""

    uscc: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    why: list[str]


def changes(last: Scoring, user: User | None = None) -> list[Change]:
    """Against the scoring before; none for the first. With a person: of the firms that the person sees."""
    if user is not None and user.township is not None:
        seen = set(grades(user, last.campaign).values_list("firm__uscc", flat=True))
        return [one for one in changes(last) if one.uscc in seen]
    before = (
        last.campaign.scorings.filter(number=last.number - 1).select_related("facts", "regrades", "results").first()
    )
    return _changes(before, last) if before else []


def _changes(before: Scoring, after: Scoring) -> list[Change]:
    then, now = _results(before), _results(after)
    facts_then, facts_now = _facts(before), _facts(after)
    regrades_then, regrades_now = _regrades(before), _regrades(after)
    another_method = before.method_id != after.method_id
    another_policy = before.policy_id != after.policy_id
    found = []
    for uscc, new in now.items():
        old = then.get(uscc, {})
        if all(old.get(name) == new[name] for name in ("score", "initial", "final", "status")):
            continue
        why = list(_facts_changed(facts_then.get(uscc), facts_now[uscc]))
        if regrades_then.get(uscc) != regrades_now.get(uscc):
            one = regrades_now.get(uscc)
            why.append(f"调档：{one['reason']}（{one['document']}）" if one else "撤销调档")
        if another_method:
            why.append("评价方法有改动")
        if another_policy:
            why.append("调档规则的政策版本有改动")
        found.append(Change(uscc, facts_now[uscc]["name"], old, new, why or ["其他企业的变动改变了名次或平均值"]))
    for uscc in then.keys() - now.keys():
        found.append(Change(uscc, facts_then[uscc]["name"], then[uscc], {}, ["不再属于本单位，或名录中已没有"]))
    return found


def _facts_changed(old: dict[str, Any] | None, new: dict[str, Any]) -> Iterator[str]:
    """A sentence a fact; those that not everybody may read are named without figures."""
    if old is None:
        yield "新进入名录"
        return
    for name, value in new.items():
        if old.get(name) == value:
            continue
        title = FACTS[name].title if name in FACTS else name
        if name in FIELDS:
            yield f"{title}有更正"
        else:
            yield f"{title} {_said(name, old.get(name))} → {_said(name, value)}"


def _said(name: str, value: Any) -> str:
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    fact = FACTS.get(name)
    return show_decimal(value, fact.decimals) if fact and fact.decimals and isinstance(value, int) else str(value)


def _results(one: Scoring) -> dict[str, dict[str, Any]]:
    return {row["uscc"]: row for row in json.loads(one.results.text)}


def _facts(one: Scoring) -> dict[str, dict[str, Any]]:
    columns = json.loads(one.facts.text)["columns"]
    return {uscc: {name: cells[n] for name, cells in columns.items()} for n, uscc in enumerate(columns["uscc"])}


def _regrades(one: Scoring) -> dict[str, dict[str, str]]:
    return {row["uscc"]: row for row in json.loads(one.regrades.text)}


# --- a firm's grade and why


def of_firm(user: User, firm: Firm) -> list[Grade]:
    """The firm in the latest scoring of each year's campaign, newest first."""
    last = Scoring.objects.filter(campaign=OuterRef("scoring__campaign")).order_by("-number").values("pk")[:1]
    found = Grade.objects.filter(firm=firm, scoring__campaign__in=campaigns(user), scoring=Subquery(last))
    if user.township is not None:
        found = found.filter(township=user.township.name)
    return list(
        found.select_related("firm", "scoring__campaign__unit", "scoring__recording").order_by(
            "-scoring__campaign__year"
        )
    )


@lru_cache(maxsize=8)
def _scored(facts_id: str, method_id: int, regrades_id: str) -> scoring.Scored:
    """Only texts that never change are in the key."""
    method = LawVersion.objects.get(pk=method_id).content
    return scoring.score(Content.objects.get(pk=facts_id).text, method, Content.objects.get(pk=regrades_id).text)


@lru_cache(maxsize=8)
def _places(facts_id: str, method_id: int, regrades_id: str) -> dict[str, int]:
    """Where each firm stands among the results."""
    return {one["uscc"]: n for n, one in enumerate(_scored(facts_id, method_id, regrades_id).results)}


def why(grade: Grade) -> Record:
    """The chain of reasons: items, score, rank, initial grade, every regrade, final grade."""
    return why_of(grade)[0]


def why_of(grade: Grade) -> tuple[Record, ScopeRun | None]:
    """The same with the run of the firm's scope; None for a firm in no scope."""
    made = grade.scoring
    texts = (made.facts_id, made.method_id, made.regrades_id)
    evaluation, place = _scored(*texts).evaluation, _places(*texts)[grade.firm.uscc]
    run = evaluation.run_of(place)
    return explain(evaluation, place), run[0] if run else None


@lru_cache(maxsize=8)
def _fingerprint(facts_id: str, method_id: int, regrades_id: str) -> str:
    """Of the results that the program of today gives."""
    return scoring.sha256(scoring.canonical(_scored(facts_id, method_id, regrades_id).results))


def gives_again(made: Scoring) -> bool:
    """Whether the program of today gives the stored results, every digit: what is printed of it must."""
    return _fingerprint(made.facts_id, made.method_id, made.regrades_id) == made.results_id


# --- a method tried before it is adopted


@dataclass(frozen=True, slots=True)
class Trial:
    """A method on last year's facts beside the campaign's present one: firms a grade, and who moves."""

    year: int
    firms: int
    before: dict[str, int]
    after: dict[str, int]
    moved: list[tuple[str, str, str, str]]  # uscc, name, grade before, grade after

    @property
    def pairs(self) -> list[tuple[str, tuple[int, int]]]:
        return [(grade, (n, self.after[grade])) for grade, n in self.before.items()]


def trial(campaign: Campaign, method: Method) -> Trial | None:
    """None without facts of last year."""
    recording = Recording.latest()
    part = facts(campaign.year - 1, recording, campaign.unit_id) if recording else None
    if part is None or not len(part):
        return None
    known = scoring.facts_text(part)
    present, tried = (
        scoring.score(known, text, "[]").results for text in (campaign.method.content, method.bytes.decode())
    )
    names = part.columns["name"]
    moved = [
        (old["uscc"], names[n], old["final"] or WITHOUT, new["final"] or WITHOUT)
        for n, (old, new) in enumerate(zip(present, tried, strict=True))
        if old["final"] != new["final"]
    ]
    return Trial(part.year, len(part), _by_grade(present), _by_grade(tried), moved)


def last_method(campaign: Campaign) -> dict[str, Any] | None:
    """Last year's method as a document: the unit's campaign's, else the one that was published; None without one."""
    last = Campaign.objects.filter(unit=campaign.unit_id, year=campaign.year - 1).select_related("method").first()
    if last is not None:
        found: dict[str, Any] = json.loads(last.method.content)
        return found
    chosen = method_for(campaign.unit.name, campaign.year - 1)
    return json.loads(json.dumps(chosen.method.document)) if chosen else None


def _by_grade(results: Sequence[dict[str, Any]]) -> dict[str, int]:
    counted = Counter(one["final"] or WITHOUT for one in results)
    return {grade: counted[grade] for grade in (*LETTERS, WITHOUT)}


# --- totals


def totals(last: Scoring, by: str) -> list[tuple[str, dict[str, int]]]:
    """Firms per final grade, by `township` or `industry` (two digits, by name)."""
    found: dict[str, Counter[str]] = {}
    for key, final, n in last.grades.order_by().values_list(by, "final").annotate(n=Count("id")):
        name = (division(key) if by == "industry" else key) or "不详"
        found.setdefault(name, Counter())[final or WITHOUT] += n
    return [
        (name, {**{grade: counted[grade] for grade in (*LETTERS, WITHOUT)}, "total": counted.total()})
        for name, counted in sorted(found.items())
    ]
