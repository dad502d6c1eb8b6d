"""The states of a campaign and what leads from one to the next. The page draws this table; actions.advance obeys it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from fenghuang.platform.accounts.models import User
from fenghuang.platform.accounts.rules import may


class State(models.TextChoices):
    PREPARED = "prepared", "准备"
    COLLECTING = "collecting", "归集数据"
    SELF_CHECK = "self_check", "企业核对"
    TOWNSHIP = "township", "乡镇确认"
    SCORING = "scoring", "计分"
    OBJECTIONS = "objections", "公示异议"
    ADJUSTING = "adjusting", "调整"
    RECONCILIATION = "reconciliation", "核对平衡"
    DECISION = "decision", "审定"
    PUBLISHED = "published", "公布"
    FROZEN = "frozen", "归档"


ORDER = list(State)
UNIT, CITY = "unit", "city"
WHO = {UNIT: "本县（市、区）经办或市级经办", CITY: "市级经办"}


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow: who may go along it, what must hold (guards.GUARDS) and what it does (actions.advance)."""

    name: str
    title: str
    before: State
    after: State
    who: str = UNIT
    guards: tuple[str, ...] = ()
    effect: str = ""
    needs: tuple[str, ...] = ()  # reason, document
    tells: str = ""  # what to know before going (checks.TELLS)
    means: str = ""  # what others notice of it


TRANSITIONS = (
    Transition(
        "collect",
        "开始归集",
        State.PREPARED,
        State.COLLECTING,
        guards=("weights",),
        means="方法从此不能再换；部门文件齐了再送企业核对",
    ),
    Transition(
        "send_to_firms",
        "送企业核对",
        State.COLLECTING,
        State.SELF_CHECK,
        guards=("facts",),
        means="企业会收到通知，开始核对数据",
    ),
    Transition(
        "to_townships",
        "送乡镇确认",
        State.SELF_CHECK,
        State.TOWNSHIP,
        guards=("check_over",),
        tells="check_counts",
        means="乡镇（街道）会收到通知，企业不能再改",
    ),
    Transition(
        "to_scoring",
        "确认完毕，计分",
        State.TOWNSHIP,
        State.SCORING,
        guards=("facts", "contested", "townships"),
        effect="score",
        means="按现有数据计分，结果先供内部查看",
    ),
    Transition(
        "publicise",
        "开始公示",
        State.SCORING,
        State.OBJECTIONS,
        guards=("scored", "period"),
        effect="announce",
        means="名单和等级对外公开，企业会收到通知",
    ),
    Transition(
        "close_objections",
        "结束公示",
        State.OBJECTIONS,
        State.ADJUSTING,
        guards=("period_over",),
        means="公开名单撤下，不再受理异议",
    ),
    Transition(
        "reconcile",
        "重新计分并核对",
        State.ADJUSTING,
        State.RECONCILIATION,
        guards=("answered",),
        effect="score",
        means="按最新数据和调档计分，然后核对家数和平均值",
    ),
    Transition(
        "submit",
        "报审定",
        State.RECONCILIATION,
        State.DECISION,
        guards=("scored", "adds_up", "balanced"),
        means="此后不再重新计分，等待审定",
    ),
    Transition(
        "publish",
        "公布",
        State.DECISION,
        State.PUBLISHED,
        needs=("document",),
        guards=("scored", "adds_up", "balanced"),
        means="最终等级对外公开，企业会收到通知",
    ),
    Transition(
        "freeze",
        "归档",
        State.PUBLISHED,
        State.FROZEN,
        who=CITY,
        guards=("scored", "adds_up"),
        effect="freeze",
        means="封存，任何人不能再改动",
    ),
    Transition("collect_again", "退回归集", State.SCORING, State.COLLECTING, needs=("reason",)),
    Transition("adjust_again", "退回调整", State.RECONCILIATION, State.ADJUSTING, needs=("reason",)),
    Transition("send_back", "审定退回", State.DECISION, State.ADJUSTING, who=CITY, needs=("reason",)),
)
BY_NAME = {one.name: one for one in TRANSITIONS}

# The only period that a source bounds: 公示 of 3 to 7 working days (spec/evaluation.md). Others are set by the place.
BOUNDS = {State.OBJECTIONS: (3, 7)}
TIMED = [state for state in ORDER if state not in (State.FROZEN, State.PUBLISHED)]


def may_go(user: User, transition: Transition, unit: str) -> bool:
    """Whether the person may carry the campaign of the unit along."""
    return may(user, "accounts.change", unit if transition.who == UNIT else None)
