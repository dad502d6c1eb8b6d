"""Every day: the alarms of the limits, then one notice to each person whose cases are near, late or newly asked."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from fenghuang.domain.casework import alarms, queries
from fenghuang.domain.casework.models import Alarm
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.notices.actions import notify
from fenghuang.platform.notices.daily import daily

WORKERS = (Role.CITY, Role.COUNTY, Role.TOWNSHIP, Role.CLERK)


@daily("casework.alarms", in_parts=True)
def remind(today: date) -> None:
    """Raise the alarms of today and tell each person what waits, in one sentence."""
    alarms.run(today)
    for person in User.objects.filter(is_active=True, role__in=WORKERS).select_related("unit", "township", "agency"):
        if text := digest(person, today):
            address = f"{reverse('casework:index')}?show=mine"
            notify("casework.waiting", text, link=address, users=[person], once=f"casework {today}")


def digest(person: User, today: date) -> str:
    """等您办理 5 件，其中逾期 1 件、临期 2 件、新转来 2 件; "" when nothing is near, late or new."""
    told = queries.waiting(person).aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(alarm__gte=Alarm.OVERDUE)),
        soon=Count("pk", filter=Q(alarm=Alarm.WARNED)),
        new=Count("pk", filter=Q(since__gte=today - timedelta(days=1))),
    )
    parts = [
        f"{title} {told[name]} 件"
        for name, title in (("late", "逾期"), ("soon", "临期"), ("new", "新转来"))
        if told[name]
    ]
    return f"清单事项等您办理 {told['all']} 件，其中{'、'.join(parts)}" if parts else ""
