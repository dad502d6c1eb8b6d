"""What the portal notes by itself: that a firm's account asked for what is another's."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model

from fenghuang.platform.accounts.models import User
from fenghuang.platform.audit.log import record


@transaction.atomic
def note_refused(actor: User, asked: Model, address: str) -> None:
    """The asker hears only that there is no such thing."""
    record("portal.refused", actor=actor, subject=asked, after={"uscc": actor.uscc, "address": address[:200]})
