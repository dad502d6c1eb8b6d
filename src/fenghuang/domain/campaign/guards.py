"""What must hold before a campaign goes on (flow.Transition.guards): each says in a sentence why not, or nothing."""

from __future__ import annotations

from datetime import date

from fenghuang.domain.campaign import checks, scoring
from fenghuang.domain.campaign.flow import BOUNDS, State
from fenghuang.domain.campaign.methods import method_of, odd_weights
from fenghuang.domain.campaign.models import Campaign, Objection
from fenghuang.domain.campaign.reconciling import unbalanced
from fenghuang.domain.registry.models import Recording
from fenghuang.domain.registry.snapshot import has_facts
from fenghuang.law.methods.result import scope_title


def regrades_text(campaign: Campaign) -> str:
    """The regrades that stand, as they enter the method."""
    standing = campaign.regrades.filter(withdrawn_at__isnull=True).select_related("firm").order_by("id")
    names = ("kind", "to", "reason", "clause", "document")
    return scoring.canonical(
        [{"uscc": one.firm.uscc, **{name: getattr(one, name) for name in names}} for one in standing]
    )


def _weights(campaign: Campaign, _today: date) -> str:
    odd = odd_weights(method_of(campaign))
    return "；".join(odd) + "：请在方法中改正，或确认采用" if odd and not campaign.weights_confirmed else ""


def _has_facts(campaign: Campaign, _today: date) -> str:
    recording = Recording.latest()
    known = recording is not None and has_facts(campaign.year, recording, campaign.unit_id)
    return "" if known else f"还没有{campaign}的企业数据，请先导入部门文件"


def _scored(campaign: Campaign, _today: date) -> str:
    last = campaign.scorings.first()
    if last is None:
        return "还没有计分"
    if last.method_id != campaign.method_id or last.regrades_id != scoring.sha256(regrades_text(campaign)):
        return f"{last}之后方法或调档有改动，请重新计分"
    return ""


def _period(campaign: Campaign, _today: date) -> str:
    low, high = BOUNDS[State.OBJECTIONS]
    return "" if campaign.periods.get(State.OBJECTIONS) else f"请先设定公示期（{low} 至 {high} 个工作日）"


def _period_over(campaign: Campaign, today: date) -> str:
    return "" if campaign.due and today > campaign.due else f"公示期到 {campaign.due} 为止，期满次日起才能结束"


def _answered(campaign: Campaign, _today: date) -> str:
    waiting = campaign.objections.filter(state=Objection.State.PENDING).count()
    return f"还有 {waiting} 件异议没有处理" if waiting else ""


def _adds_up(campaign: Campaign, _today: date) -> str:
    """A + B + C + D = evaluated, evaluated + not graded + marked = firms, from what is stored."""
    last = campaign.scorings.first()
    for one in last.counts if last else ():
        classes = sum(one["classes"].values())
        if classes != one["evaluated"] or one["evaluated"] + one["not_graded"] + one["marked"] != one["firms"]:
            return f"{scope_title(one['scope'])}的家数不平衡，请联系运维核查"
    return ""


def _balanced(campaign: Campaign, _today: date) -> str:
    return unbalanced(campaign)


GUARDS = {
    **checks.GUARDS,
    "weights": _weights,
    "facts": _has_facts,
    "scored": _scored,
    "period": _period,
    "period_over": _period_over,
    "answered": _answered,
    "adds_up": _adds_up,
    "balanced": _balanced,
}
