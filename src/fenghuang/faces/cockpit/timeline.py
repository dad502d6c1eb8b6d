"""What happened to a firm, told in sentences: who did what when and why, from the event log.

Events are about things: the firm, a delivered row, a recording of facts. `things` says which of them are a firm's; an
app with things of its own (an objection, a claim) adds its pairs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Value
from django.urls import reverse

from fenghuang.domain.evaluation.models import Result
from fenghuang.domain.feeds.sensitive import hidden_in_lists
from fenghuang.domain.registry.models import Firm, FirmYear, Part, Project
from fenghuang.domain.registry.queries import ROWS
from fenghuang.language.record import MASK
from fenghuang.platform.accounts.rules import may
from fenghuang.platform.audit.models import Event
from fenghuang.platform.audit.titles import title

if TYPE_CHECKING:
    from fenghuang.platform.accounts.models import User

MOST = 30
POINTERS = sorted({f"{pointer}_id" for pointer, _, _ in ROWS.values()})
FIGURE = re.compile(r"“[^”]*”|\d[\d,.]*")


@dataclass(frozen=True, slots=True)
class Told:
    """One event as a sentence: 王黄岩更正一行：甲表第 7 行。理由：抄错一位。"""

    at: datetime
    who: str
    did: str
    what: str
    reason: str
    address: str  # "" where there is no page of it


def timeline(user: User, firm: Firm, versions: Iterable[FirmYear]) -> list[Told]:
    """The newest events of the firm, those of reading only for who may read the log. A reason in free words loses its
    figures for whom sensitive fields are masked."""
    about = Q()
    for kind, numbers in things(firm, versions).items():
        about |= Q(subject_type=kind, subject_id__in=[str(number) for number in numbers])
    found = Event.objects.filter(about).order_by("-id")
    if not may(user, "accounts.read_audit"):
        found = found.exclude(action__contains=".read")
    is_masked = bool(hidden_in_lists(user))
    return [_told(event, is_masked) for event in found[:MOST]]


def things(firm: Firm, versions: Iterable[FirmYear]) -> dict[str, Iterable[int]]:
    """Type of subject -> the numbers of those that are the firm's, of the years that the person sees (`versions`: every
    version of those years)."""
    versions = list(versions)
    seen = {one.year for one in versions if one.is_known_at(None)}
    years = [one for one in versions if one.year in seen]
    found: dict[str, set[int]] = {
        "registry.firm": {firm.pk},
        "feeds.rawrow": {number for one in years for name in POINTERS if (number := getattr(one, name))},
        "registry.recording": {one.recorded_id for one in years},
        "evaluation.refresh": set(),
    }
    pointed = ((Part, "raw_row"), (Project, "raw_row"), (Result, "refresh"))
    asked = [
        model.objects.filter(firm=firm, year__in=seen).order_by().values_list(_subject(model, name), name)
        for model, name in pointed
    ]
    for kind, number in asked[0].union(*asked[1:]):
        found[kind].add(number)
    return dict(found)


def _subject(model: type[Any], name: str) -> Value:
    """The type under which events are about what the column points to."""
    return Value(model._meta.get_field(name).related_model._meta.label_lower)


def _told(event: Event, is_masked: bool) -> Told:
    reason = FIGURE.sub(MASK, event.reason) if is_masked else event.reason
    what = "" if event.subject_type == "registry.firm" else event.subject_label
    return Told(event.at, event.actor_name, title(event.action), what, reason, _address(event))


def _address(event: Event) -> str:
    return reverse("registry:row", args=[event.subject_id]) if event.subject_type == "feeds.rawrow" else ""
