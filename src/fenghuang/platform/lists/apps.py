"""Django app configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ListsConfig(AppConfig):
    name = "fenghuang.platform.lists"
    label = "lists"
    verbose_name = "列表"

    def ready(self) -> None:
        """Find the lists the apps bring."""
        autodiscover_modules("lists")
