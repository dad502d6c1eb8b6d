"""What a document states of the audit log: its end at the time, which later events can no longer change unseen."""

from __future__ import annotations

from fenghuang.platform.audit.log import GENESIS
from fenghuang.platform.audit.models import Event
from fenghuang.platform.documents.document import Anchor


def end_of_log() -> Anchor:
    """The newest event of all; number 0 while there is none."""
    return of(Event.objects.order_by("-pk").only("pk", "hash").first())


def of(event: Event | None) -> Anchor:
    """The event as the end of the log: what it was when it was written."""
    return Anchor(event.pk, event.hash) if event else Anchor(0, GENESIS)
