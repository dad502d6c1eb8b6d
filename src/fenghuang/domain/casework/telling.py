"""Agencies hear at once that a joint state asks them; holders hear with the digest (reminders.py)."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from fenghuang.domain.casework.models import Case, Movement
from fenghuang.law.registers.declaration import Joint
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.notices.actions import notify
from fenghuang.platform.remembered import remembered


def asked(case: Case, moved: Movement, joint: Joint) -> None:
    """Tell the clerks of the agencies, those of the city and of the case's county; once a round."""
    until = f"，请于 {case.due} 前答复" if case.due else ""
    text = f"{case.title}（{case.declared.title}）征求意见：{joint.question}{until}"
    link = reverse("casework:case", args=[case.pk])
    here = _clerks(tuple(joint.agencies), case.unit_id)
    notify("casework.asked", text, link=link, users=here, once=f"casework asked {moved.pk}")


@remembered
def _clerks(agencies: tuple[str, ...], unit: str) -> list[User]:
    clerks = User.objects.filter(is_active=True, role=Role.CLERK, agency__in=agencies)
    return list(clerks.filter(Q(unit=None) | Q(unit=unit)).only("pk").order_by())
