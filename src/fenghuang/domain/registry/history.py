"""What became of a firm and what it came from, followed through mergers and splits. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from fenghuang.domain.registry.models import Firm, FirmEvent
from fenghuang.domain.registry.queries import firms_for
from fenghuang.platform.accounts.models import User

ELSEWHERE = "其他县（市、区）的企业"


@dataclass(frozen=True)
class Link:
    """A firm as the person may see it: with its page, or only that it is of another unit."""

    name: str
    uscc: str  # "" when it is not the person's to see


@dataclass(frozen=True)
class Told:
    """An event of the history."""

    event: FirmEvent
    firm: Link
    others: list[Link]
    is_countered: bool


def history(user: User, firm: Firm) -> list[Told]:
    """Every event of the firm, oldest first, and the mergers and splits that lead to it and on from it."""
    events = {one.pk: one for one in _around({firm.pk})}
    seen, reached = {firm.pk}, _firms(events.values()) - {firm.pk}
    while reached:
        more = {one.pk: one for one in _around(reached) if one.kind in (FirmEvent.Kind.MERGED, FirmEvent.Kind.SPLIT)}
        events |= more
        seen |= reached
        reached = _firms(more.values()) - seen
    visible = set(firms_for(user).filter(pk__in=seen).order_by().values_list("pk", flat=True))

    def link(one: Firm) -> Link:
        return Link(one.name, one.uscc) if one.pk in visible else Link(ELSEWHERE, "")

    countered = {one.counters_id for one in events.values() if one.counters_id}
    return [
        Told(one, link(one.firm), [link(other) for other in one.others.all()], one.pk in countered)
        for one in sorted(events.values(), key=lambda one: (one.year, one.pk))
    ]


def _around(firms: set[int]) -> list[FirmEvent]:
    found = FirmEvent.objects.filter(Q(firm__in=firms) | Q(others__in=firms)).distinct()
    return list(
        found.select_related("firm", "unit", "by", "counters", "countered_by").prefetch_related("others", "parcels__to")
    )


def _firms(events: Iterable[FirmEvent]) -> set[int]:
    return {pk for one in events for pk in (one.firm_id, *(other.pk for other in one.others.all()))}


def around(firm: Firm) -> list[FirmEvent]:
    """Every event that names the firm, of itself or of others, oldest first; in one query."""
    found = FirmEvent.objects.filter(Q(firm=firm) | Q(others=firm)).distinct()
    return list(found.select_related("firm__unit", "countered_by").order_by("year", "id"))


def stands(event: FirmEvent) -> bool:
    """Whether an event, read with what counters it, was not countered, and is none that counters."""
    return event.kind != FirmEvent.Kind.COUNTERED and not hasattr(event, "countered_by")


def ended(firm: Firm, events: Iterable[FirmEvent]) -> FirmEvent | None:
    """The event by which the firm ceased to be, if one of those around it stands."""
    ends = (FirmEvent.Kind.CANCELLED, FirmEvent.Kind.MERGED, FirmEvent.Kind.SPLIT)
    return next((one for one in events if one.firm_id == firm.pk and one.kind in ends and stands(one)), None)
