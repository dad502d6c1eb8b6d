"""Django app configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UiConfig(AppConfig):
    name = "fenghuang.platform.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        """Find where the apps use rules (platform/uses.py)."""
        autodiscover_modules("uses")
