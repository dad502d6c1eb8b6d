"""Deliveries and findings as lists: for their pages, for files and saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict

from fenghuang.domain.feeds import sensitive
from fenghuang.domain.feeds.forms import RowFilter
from fenghuang.domain.feeds.models import Delivery, Finding
from fenghuang.domain.feeds.queries import deliveries_for, findings_chosen, findings_for
from fenghuang.domain.feeds.tables import DeliveryTable, FindingTable
from fenghuang.platform.lists.registry import Shown, listing

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

KINDS = {"": (Delivery.Kind.FILE, "部门文件"), "corrections": (Delivery.Kind.CORRECTION, "在线更正")}


def deliveries_shown(user: User, query: QueryDict) -> tuple[QuerySet[Delivery], str]:
    """Files, or what was corrected by hand when the page asks `show=corrections`; and that in words."""
    kind, words = KINDS.get(query.get("show", ""), KINDS[""])
    return deliveries_for(user).select_related("received_by", "withdrawn_by").filter(kind=kind), words


def findings_of(user: User, delivery: Delivery) -> QuerySet[Finding]:
    """All that was found in a delivery's rows of the person's units, also what is settled."""
    return findings_for(user, open_only=False).filter(raw_row__delivery=delivery).order_by("raw_row__row", "id")


@listing("deliveries", "报送文件", "feeds:index")
def deliveries(user: User, query: QueryDict) -> Shown:
    """Everything received, newest first; withdrawn ones stay and say so."""
    found, words = deliveries_shown(user, query)
    return Shown(DeliveryTable(found), [words], is_demo=_is_demo(found.filter(is_demo=True).exists()))


@listing("findings", "待更正与提示", "feeds:findings")
def findings(user: User, query: QueryDict) -> Shown:
    """The findings of the person's units, as the page filters them."""
    form = RowFilter(query, user)
    show = query.get("show", "")
    words = [{"notices": "仅提示", "rejected": "不予采用"}.get(show, "尚未更正")]
    for name, value in form.chosen.items():
        if value:
            words.append(f"{form.fields[name].label}：{form.title(name, value)}")
    found = findings_chosen(user, show, form.chosen)
    demo = Delivery.objects.filter(is_demo=True).exists()
    return Shown(FindingTable(found, reader=user), words, reads=sensitive.told(user, found), is_demo=_is_demo(demo))


@listing("delivery", "报送文件的问题", "feeds:delivery", path=("pk",))
def delivery(user: User, query: QueryDict) -> Shown | None:
    """What was found in one delivery."""
    number = query.get("pk", "")
    one = deliveries_for(user).filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
    if one is None:
        return None
    found = findings_of(user, one)
    return Shown(
        FindingTable(found, reader=user),
        [f"文件：{one}"],
        reads=sensitive.told(user, found),
        is_demo=_is_demo(one.is_demo),
    )


def _is_demo(delivered: bool) -> bool:
    return bool(settings.FENGHUANG_DEMO) or delivered
