"""Django app configuration."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "fenghuang.platform.ui"
    label = "ui"
    verbose_name = "界面"
