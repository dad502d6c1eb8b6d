"""Two years of campaigns of the demonstration city, each in another state, made by the actions that people use.

Days are counted back from today, so that what is late or due looks right on any day. All documents are made up and
say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from fenghuang.demo.shape import MARK, YEARS
from fenghuang.domain.campaign import actions, checking, objecting
from fenghuang.domain.campaign.checks import checks
from fenghuang.domain.campaign.evidence import Proof, proof
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Confirmation, Grade
from fenghuang.domain.registry.models import Firm
from fenghuang.platform.accounts.models import Unit, User
from fenghuang.platform.calendar import is_working

# The main path: state -> (the arrow out of it, working days it may last).
PATH: dict[State, tuple[str, int | None]] = {
    State.PREPARED: ("collect", 5),
    State.COLLECTING: ("send_to_firms", 15),
    State.SELF_CHECK: ("to_townships", 10),
    State.TOWNSHIP: ("to_scoring", 5),
    State.SCORING: ("publicise", 5),
    State.OBJECTIONS: ("close_objections", 5),
    State.ADJUSTING: ("reconcile", 5),
    State.RECONCILIATION: ("submit", 3),
    State.DECISION: ("publish", 5),
    State.PUBLISHED: ("freeze", None),
}
STATES = list(PATH)
SPEAKING = 12  # firms of each unit that speak in the self-check
SPENT = 1  # working days a state is left after its last day: 公示 ends the day after


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a unit's year stands, and for how many working days."""

    unit: str
    year: int
    state: State
    since: int
    regrades: Sequence[tuple[str, str, str, str]] = ()  # grade before, kind, to, reason
    objections: Sequence[tuple[str, str, str, str]] = ()  # item, claim, state, answer


FIRST, LAST = YEARS[0], YEARS[-1]
KEY = ("B", "promote", "", "演示：关键技术攻关企业")
SAFETY = ("B", "demote", "", "演示：当年有安全生产责任事故")
FLOOR = ("D", "not_below", "C", "演示：当年新投产项目")
PENDING = ("land_mu", "演示：一宗地 12 亩已于上年转让，不应计入本企业用地", "pending", "")
ACCEPTED = ("tax", "演示：漏计一笔补缴入库税金，附完税凭证", "accepted", "经核对完税凭证，请税务部门更正后重新计分")
RETURNED = ("grade", "演示：认为应按新产业归类", "returned", "行业代码以统计名录为准，所附材料不足以变更")

PLANS = (
    *(Plan(unit, FIRST, State.FROZEN, 120) for unit in ("331002", "331004", "331083", "331082", "331023", "331024")),
    Plan("331003", FIRST, State.FROZEN, 118, (KEY, SAFETY), (RETURNED,)),
    Plan("331081", FIRST, State.FROZEN, 116, (FLOOR,)),
    Plan("tzw", FIRST, State.FROZEN, 110),
    Plan("331022", FIRST, State.PUBLISHED, 6),
    Plan("331002", LAST, State.PUBLISHED, 3, (KEY,)),
    Plan("331003", LAST, State.OBJECTIONS, 2, (KEY, FLOOR), (PENDING, ACCEPTED, RETURNED)),
    Plan("331004", LAST, State.SELF_CHECK, 4),
    Plan("331082", LAST, State.COLLECTING, 19),
    Plan("331081", LAST, State.RECONCILIATION, 1, (SAFETY,)),
    Plan("331083", LAST, State.ADJUSTING, 7, (), (ACCEPTED, PENDING)),
    Plan("331023", LAST, State.TOWNSHIP, 2),
    Plan("331024", LAST, State.SCORING, 1),
    Plan("331022", LAST, State.PREPARED, 2),
)  # 台州湾新区 has not begun the last year


def build(actor: User | None = None, today: date | None = None) -> list[Campaign]:
    """All of them, in the order of PLANS: the first year before the second, which copies its method and periods."""
    units = Unit.objects.in_bulk()
    return [carry(plan, units[plan.unit], actor, today or timezone.localdate()) for plan in PLANS]


def carry(plan: Plan, unit: Unit, actor: User | None, today: date) -> Campaign:
    """Begin it and lead it to its state: each step on its day, regrades and objections in their places."""
    days = _days(plan, today)
    campaign = actions.start(actor, unit, plan.year, today=days[State.PREPARED])
    periods = {str(state): lasts for state, (_, lasts) in PATH.items() if lasts}
    campaign = actions.set_periods(actor, campaign.pk, periods, version=campaign.version)
    while campaign.state != plan.state:
        _inside(campaign, plan, actor, days)
        name, _ = PATH[State(campaign.state)]
        then = days[_next(State(campaign.state))]
        document = f"演示文件〔{plan.year + 1}〕{unit.order} 号（{MARK}）" if name == "publish" else ""
        campaign = actions.advance(actor, campaign.pk, name, document=document, today=then)
    _inside(campaign, plan, actor, days)
    return Campaign.objects.get(pk=campaign.pk)


def _inside(campaign: Campaign, plan: Plan, actor: User | None, days: dict[State, date]) -> None:
    """What happens within a state before it is left."""
    if campaign.state == State.SELF_CHECK:
        _self_check(campaign, days[State.SELF_CHECK])
    if campaign.state == State.TOWNSHIP:
        _township(campaign, actor, days[State.TOWNSHIP], whole=plan.state != State.TOWNSHIP)
    if campaign.state == State.SCORING and plan.regrades:
        _regrade(campaign, plan, actor)
        actions.rescore(actor, campaign.pk)
    if campaign.state == State.OBJECTIONS:
        _object(campaign, plan, actor, days[State.OBJECTIONS])
    if campaign.state == State.ADJUSTING and plan.state != State.ADJUSTING:
        for one in campaign.objections.filter(state="pending"):
            objecting.answer(actor, one, "returned", RETURNED[3])


def _self_check(campaign: Campaign, day: date) -> None:
    """A few firms speak: most confirm what they see, one holds something against its land."""
    for place, check in enumerate(checks(campaign, day)[:SPEAKING]):
        if place == 0 and (land := next((one for one in check.items if one.name == "land_mu"), None)):
            claim, note = (land.value or 0) * 9 // 10, "演示：一宗地已于上年部分转让"
            told: dict[str, Any] = {"seen": land.value, "claimed": claim, "note": note, "today": day}
            checking.contest(None, campaign.pk, check.firm, "land_mu", proof=evidence("土地转让材料"), **told)
            continue
        known = {one.name: one.value for one in check.items if one.needed and one.value is not None}
        if known:
            checking.confirm(None, campaign.pk, check.firm, known, today=day)


def _township(campaign: Campaign, actor: User | None, day: date, *, whole: bool) -> None:
    """Townships confirm their firms; in the campaign that stands here half of them are still to come."""
    for one in campaign.confirmations.filter(state="contested"):
        checking.answer(actor, one, Confirmation.Answer.UPHELD, "演示：登记材料显示转让尚未完成")
    found = [one for one in checks(campaign, day) if whole or one.firm.pk % 2]
    seen = {one.firm.uscc: one.seen for one in found}
    if seen:
        checking.confirm_township(actor, campaign.pk, seen, reason="演示：乡镇（街道）集中确认", today=day)


def _regrade(campaign: Campaign, plan: Plan, actor: User | None) -> None:
    for place, (before, kind, to, reason) in enumerate(plan.regrades):
        if firm := _graded(campaign, before, place):
            words: dict[str, Any] = {
                "reason": reason,
                "clause": "art.8",
                "document": f"演示〔{plan.year + 1}〕{place + 1} 号（{MARK}）",
            }
            objecting.regrade(
                actor, campaign.pk, firm, kind=kind, to=to, proof=evidence(f"调档依据{place + 1}"), **words
            )


def _object(campaign: Campaign, plan: Plan, actor: User | None, day: date) -> None:
    for place, (item, claim, state, answer) in enumerate(plan.objections):
        if firm := _graded(campaign, "C", place):
            proved = evidence(f"异议材料{place + 1}")
            made = objecting.file_objection(actor, campaign.pk, firm, item, claim, proved, today=day)
            if answer:
                objecting.answer(actor, made, state, answer)


def _graded(campaign: Campaign, grade: str, place: int) -> Firm | None:
    """A firm of the grade in the latest scoring; none in a very small city."""
    found = Grade.objects.filter(scoring=campaign.scorings.first(), final=grade).select_related("firm")
    return next((one.firm for one in found.order_by("rank", "firm__uscc")[place : place + 1]), None)


def evidence(title: str) -> Proof:
    """A PDF of one empty page, named as what it stands for."""
    page = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"
    return proof(f"{title}（{MARK}）.pdf", page + f"% {title}\n%%EOF\n".encode())


def _next(state: State) -> State:
    return State.FROZEN if state == State.PUBLISHED else STATES[STATES.index(state) + 1]


def _days(plan: Plan, today: date) -> dict[State, date]:
    """The day each state was entered, counted back from today."""
    day = before(before(today, 0), plan.since)  # from the last working day
    found = {plan.state: day}
    passed = STATES[: STATES.index(plan.state)] if plan.state in PATH else STATES
    for state in reversed(passed):
        day = before(day, (PATH[state][1] or 5) + SPENT)
        found[state] = day
    return found


def before(day: date, working: int) -> date:
    """So many working days earlier, on a working day."""
    while working > 0 or not is_working(day):
        day -= timedelta(days=1)
        working -= is_working(day)
    return day
