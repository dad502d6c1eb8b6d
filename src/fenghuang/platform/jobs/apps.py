"""Django app configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "fenghuang.platform.jobs"
    label = "jobs"
    verbose_name = "任务"
