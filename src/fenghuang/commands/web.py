"""Django, for the commands that need it."""

from __future__ import annotations

import os


def django_ready() -> None:
    """Set Django up once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fenghuang.config.settings")
    import django

    django.setup()
