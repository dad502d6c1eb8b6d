"""Django app configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    name = "fenghuang.platform.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """Find the daily reminders the apps bring."""
        autodiscover_modules("reminders")
