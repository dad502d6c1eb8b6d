"""Django app configuration."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "fenghuang.domain.feeds"
    label = "feeds"
    verbose_name = "部门数据"
