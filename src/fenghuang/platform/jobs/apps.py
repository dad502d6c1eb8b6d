"""Django app configuration."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "fenghuang.platform.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Find the kinds of jobs the apps bring."""
        autodiscover_modules("jobs")
