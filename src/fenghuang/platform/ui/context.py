"""What the shell of every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fenghuang.platform.ui.navigation import entries


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation and the demonstration ribbon."""
    return {"navigation": entries(request), "is_demo": settings.FENGHUANG_DEMO}
