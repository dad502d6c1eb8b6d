"""What the shell of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fenghuang.platform.accounts.models import Role
from fenghuang.platform.notices.queries import unread
from fenghuang.platform.ui.navigation import entries


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, the demonstration ribbon, how many notices are new (asked when the page shows it)."""
    user: Any = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return {
        "navigation": entries(request),
        "is_demo": settings.FENGHUANG_DEMO,
        "is_firm": known and user.role == Role.FIRM,
        "unread_notices": SimpleLazyObject(lambda: unread(user)) if known else 0,
    }
