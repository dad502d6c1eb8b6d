"""Printed averages typed in and withdrawn, a disagreement accepted with a reason: under the lock, each one noted."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from fenghuang.domain.campaign.actions import keep, locked
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, ControlFigure
from fenghuang.domain.campaign.reconciling import AGREES, MOST_DECIMALS, Compared, average, read_printed, scopes
from fenghuang.domain.feeds.sensitive import PARTS
from fenghuang.language.record import MASK
from fenghuang.law.methods.facts import INDICATORS
from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record
from fenghuang.platform.refusals import Refused

CHECKED_IN = (State.RECONCILIATION, State.DECISION)


@transaction.atomic
def add(
    actor: User | None,
    pk: int,
    *,
    scope: str,
    indicator: str,
    printed: str,
    document: str,
    source: str,
    version: int | None = None,
) -> ControlFigure:
    """Type in what was printed, with where it stands. It takes the place of the one of that scope and indicator."""
    campaign = _open(actor, pk, version)
    made = campaign.scorings.first()
    if made is None or scope not in dict(scopes(made)):
        raise Refused("请选择本次计分有的评价范围")
    if indicator not in INDICATORS:
        raise Refused("请选择指标")
    if not document.strip() or not source.strip():
        raise Refused("请填写印发文件的编号和出处（页码、表号等）")
    try:
        value, decimals = read_printed(printed, indicator)
    except ValueError as error:
        unit = INDICATORS[indicator].unit
        example = f"以{unit}为单位的数字，如 26.01" if unit else "百分数或比值，如 3.05% 或 0.0305"
        raise Refused(f"印发值填的是“{printed[:20]}”，应为{example}，小数不超过 {MOST_DECIMALS} 位") from error
    before = campaign.figures.filter(scope=scope, indicator=indicator, withdrawn_at__isnull=True).first()
    if before is not None:
        _withdraw(before, actor)
    made_figure = ControlFigure.objects.create(
        campaign=campaign,
        scope=scope,
        indicator=indicator,
        printed=printed.strip()[:40],
        value=value,
        decimals=decimals,
        document=document.strip(),
        source=source.strip(),
        by=actor,
    )
    keep(campaign, actor)
    after = {"scope": scope, "indicator": indicator, "printed": made_figure.printed, "document": document.strip()}
    earlier = {"figure": before.pk, "printed": before.printed} if before else None
    record("campaign.control", actor=actor, subject=campaign, before=earlier, after={**after, "source": source.strip()})
    return made_figure


@transaction.atomic
def withdraw(actor: User | None, figure: ControlFigure, reason: str) -> ControlFigure:
    """It no longer counts."""
    campaign = _open(actor, figure.campaign_id, None)
    one = _standing(figure)
    if not reason.strip():
        raise Refused("请填写撤销理由")
    _withdraw(one, actor)
    keep(campaign, actor)
    before = {"figure": one.pk, "printed": one.printed}
    record("campaign.withdraw_control", actor=actor, subject=campaign, reason=reason.strip(), before=before)
    return one


@transaction.atomic
def accept(actor: User | None, figure: ControlFigure, reason: str, *, scoring: int | None = None) -> ControlFigure:
    """Go on although it does not agree, for the scoring that the person saw; the next scoring is compared anew."""
    campaign = _open(actor, figure.campaign_id, None)
    one, made = _standing(figure), campaign.scorings.first()
    if made is None or (scoring is not None and scoring != made.number):
        raise Refused("计分已有变动，请看过现在的数字后再决定")
    if not reason.strip():
        raise Refused("请填写接受理由")
    found = Compared(one, average(made, one.scope, one.indicator), made)
    if found.verdict == AGREES:
        raise Refused(f"{found.title}与印发值一致，不需要接受")
    one.accepted, one.accepted_reason = made, reason.strip()
    one.accepted_by, one.accepted_at = actor, timezone.now()
    one.save()
    keep(campaign, actor)
    after = {
        "figure": one.pk,
        "scoring": made.number,
        "printed": one.printed,
        "computed": MASK if PARTS[one.indicator] else found.computed_text,
        "verdict": found.verdict,
    }
    record("campaign.accept_control", actor=actor, subject=campaign, reason=reason.strip(), after=after)
    return one


def _open(actor: User | None, pk: int, version: int | None) -> Campaign:
    campaign = locked(actor, pk, version)
    if campaign.state not in CHECKED_IN:
        where = "、".join(f"“{state.label}”" for state in CHECKED_IN)
        raise Refused(f"只能在{where}环节核对，现在处于“{campaign.get_state_display()}”")
    return campaign


def _standing(figure: ControlFigure) -> ControlFigure:
    one = ControlFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
    if one.withdrawn_at is not None:
        raise Refused("这个对照数已经撤销")
    return one


def _withdraw(figure: ControlFigure, actor: User | None) -> None:
    figure.withdrawn_at, figure.withdrawn_by = timezone.now(), actor
    figure.save()
