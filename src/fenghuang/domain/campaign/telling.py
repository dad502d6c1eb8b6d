"""What firms, townships and counties are told when a campaign moves or somebody answers them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from fenghuang.domain.campaign.flow import State
from fenghuang.domain.campaign.models import Campaign, Confirmation, Objection, TownshipCheck
from fenghuang.domain.registry.models import FirmYear
from fenghuang.law.methods.facts import FACTS
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.notices.actions import notify

CHECK, RESULT, OBJECTIONS = "/my/data/", "/my/result/", "/my/objections/"  # the firms' pages (faces/portal)


def until(campaign: Campaign) -> str:
    """ "，截止 2023-03-10" """
    return f"，截止 {campaign.due}" if campaign.due else ""


def moved(campaign: Campaign) -> None:
    """The campaign has come into a state that concerns others than who carried it there."""
    about = f"{campaign.unit}{campaign.year}年度亩均评价"
    year = f"?year={campaign.year}"
    if campaign.state == State.SELF_CHECK:
        said = f"{about}：请核对贵企业的数据，用地和用电须逐项确认{until(campaign)}"
        notify("campaign.self_check", said, link=CHECK + year, firms=codes(campaign))
    elif campaign.state == State.TOWNSHIP:
        said = f"{about}：企业核对已结束，请确认本乡镇（街道）企业{until(campaign)}"
        notify("campaign.township", said, link=f"/campaigns/{campaign.pk}/check/", users=townships(campaign))
    elif campaign.state == State.OBJECTIONS:
        said = f"{about}结果已公示，对本企业结果有异议的可以提出{until(campaign)}"
        notify("campaign.announced", said, link=RESULT + year, firms=graded(campaign))
    elif campaign.state == State.DECISION:
        said = f"{about}已报审定，请审定公布或退回"
        cities = User.objects.filter(role=Role.CITY, is_active=True)
        notify("campaign.submitted", said, link=f"/campaigns/{campaign.pk}/", users=cities)
    elif campaign.state == State.PUBLISHED:
        said = f"{about}结果已审定公布，可查看贵企业的最终等级"
        notify("campaign.published", said, link=RESULT + year, firms=graded(campaign))


def returned(campaign: Campaign, actor: User | None, reason: str) -> None:
    """Who decides has sent the campaign back: its county has to adjust it; who did it knows already."""
    about = f"{campaign.unit}{campaign.year}年度亩均评价"
    said = f"{about}审定退回，请调整后重新报审定{until(campaign)}：{reason}"
    told = [one for one in counties(campaign) if one != actor]
    notify("campaign.returned", said, link=f"/campaigns/{campaign.pk}/", users=told)


def item_contested(one: Confirmation, department: str) -> None:
    """A firm says that an item is wrong: its county and the clerks of the department have to answer."""
    said = f"{one.firm}对{one.campaign.year}年度{FACTS[one.item].title}提出异议，请核对后答复"
    link = f"/campaigns/{one.campaign_id}/check/{one.firm.uscc}/"
    clerks = User.objects.filter(role=Role.CLERK, agency__name=department, is_active=True)
    notify("campaign.item_contested", said, link=link, users=[*counties(one.campaign), *clerks])


def objection_filed(one: Objection) -> None:
    """A firm objects to its result: its county has to answer."""
    said = f"{one.firm}对{one.campaign.year}年度公示的评价结果提出异议，请处理"
    link = f"/campaigns/{one.campaign_id}/firms/{one.firm.uscc}/"
    notify("campaign.objection_filed", said, link=link, users=counties(one.campaign))


def item_answered(one: Confirmation) -> None:
    """An objection to an item of the data."""
    said = f"贵企业对{FACTS[one.item].title}的异议已处理：{one.get_answer_display()}。{one.answer_note}"
    notify("campaign.item_answered", said, link=f"{CHECK}?year={one.campaign.year}", firms=[one.firm.uscc])


def objection_answered(one: Objection) -> None:
    """An objection during 公示."""
    said = f"贵企业的异议已处理：{one.get_state_display()}。{one.answer}"
    notify("campaign.objection_answered", said, link=f"{OBJECTIONS}?year={one.campaign.year}", firms=[one.firm.uscc])


def sent_back(campaign: Campaign, one: TownshipCheck) -> None:
    """The township asks the firm to look again."""
    said = f"乡镇（街道）请贵企业重新核对数据：{one.reason}"
    notify("campaign.sent_back", said, link=f"{CHECK}?year={campaign.year}", firms=[one.firm.uscc])


# --- who -------------------------------------------------------------------------------------------------------------


def codes(campaign: Campaign) -> Iterable[str]:
    """The firms of the unit's directory that somebody reads for; who opens an account later sees where it stands."""
    rows = FirmYear.objects.current().filter(year=campaign.year, unit=campaign.unit_id, directory_row__isnull=False)
    return rows.filter(firm__uscc__in=readers()).order_by("firm__uscc").values_list("firm__uscc", flat=True)


def graded(campaign: Campaign) -> Iterable[str]:
    """The firms of the latest scoring that somebody reads for."""
    last = campaign.scorings.first()
    found = last.grades.filter(firm__uscc__in=readers()) if last else None
    return found.order_by("firm__uscc").values_list("firm__uscc", flat=True) if found is not None else ()


def readers() -> QuerySet[User, str]:
    """The codes of firms with an account."""
    return User.objects.filter(role=Role.FIRM, is_active=True).values_list("uscc", flat=True)


def townships(campaign: Campaign, names: Iterable[str] | None = None) -> QuerySet[User]:
    """Their officials; of these townships only, where named."""
    found = User.objects.filter(role=Role.TOWNSHIP, unit=campaign.unit_id, is_active=True)
    return found if names is None else found.filter(township__name__in=list(names))


def counties(campaign: Campaign) -> QuerySet[User]:
    """The unit's own officials."""
    return User.objects.filter(role=Role.COUNTY, unit=campaign.unit_id, is_active=True)
