"""Who is told, once a day, that a period ends within three working days or is over, and that something is still due."""

from __future__ import annotations

from datetime import date

from fenghuang.domain.campaign import telling
from fenghuang.domain.campaign.checks import checks
from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Objection
from fenghuang.platform.calendar import between
from fenghuang.platform.notices.actions import notify
from fenghuang.platform.notices.daily import daily

SOON = 3  # working days


@daily("campaign.reminders")
def remind(today: date) -> None:
    """Firms that have not spoken, townships that have not confirmed, counties whose turn it is."""
    watched = (State.SELF_CHECK, State.TOWNSHIP, State.OBJECTIONS, State.ADJUSTING)
    for campaign in Campaign.objects.filter(state__in=watched, due__isnull=False).select_related("unit", "method"):
        assert campaign.due is not None  # the filter
        left = between(today, campaign.due)
        if today > campaign.due or left <= SOON:
            _REMIND[State(campaign.state)](campaign, today, _when(left, today > campaign.due))


def _when(left: int, late: bool) -> str:
    """ "今天截止", "还有 2 个工作日截止", "已逾期 3 个工作日" """
    if late:
        return f"已逾期 {-left} 个工作日" if left else "已过截止日"
    return f"还有 {left} 个工作日截止" if left else "今天截止"


def _self_check(campaign: Campaign, today: date, when: str) -> None:
    assert campaign.due is not None
    found = checks(campaign, today)
    silent = [one.firm.uscc for one in found if one.lacking]
    if today <= campaign.due:
        link = f"{telling.CHECK}?year={campaign.year}"
        _tell(campaign, today, f"企业核对{when}，贵企业的用地、用电还没有核对完", link=link, firms=silent)
    else:
        _county(campaign, today, f"企业核对{when}，{len(silent)} 家企业未确认，请送乡镇确认")


def _township(campaign: Campaign, today: date, when: str) -> None:
    waiting: dict[str, int] = {}
    for one in checks(campaign, today):
        if not one.is_confirmed:
            waiting[one.year.township] = waiting.get(one.year.township, 0) + 1
    for name, firms in waiting.items():
        link = f"/campaigns/{campaign.pk}/check/"
        said = f"乡镇确认{when}，{name}还有 {firms} 家企业没有确认"
        _tell(campaign, today, said, link=link, users=telling.townships(campaign, [name]))
    if waiting and campaign.is_late(today):
        _county(
            campaign, today, f"乡镇确认{when}，还有 {len(waiting)} 个乡镇（街道）{sum(waiting.values())} 家企业没有确认"
        )


def _objections(campaign: Campaign, today: date, when: str) -> None:
    pending = campaign.objections.filter(state=Objection.State.PENDING).count()
    if pending:
        _county(campaign, today, f"{campaign.get_state_display()}{when}，还有 {pending} 件异议没有处理")
    elif campaign.is_late(today):
        _county(campaign, today, f"{campaign.get_state_display()}{when}，请办理下一步")


def _county(campaign: Campaign, today: date, said: str) -> None:
    _tell(campaign, today, said, link=f"/campaigns/{campaign.pk}/", users=telling.counties(campaign))


def _tell(campaign: Campaign, today: date, said: str, **whom: object) -> None:
    kind = f"campaign.remind_{campaign.state}"
    text = f"{campaign.unit}{campaign.year}年度亩均评价：{said}"
    notify(kind, text, once=f"{kind}:{campaign.pk}:{today}", **whom)  # type: ignore[arg-type]


_REMIND = {
    State.SELF_CHECK: _self_check,
    State.TOWNSHIP: _township,
    State.OBJECTIONS: _objections,
    State.ADJUSTING: _objections,
}
