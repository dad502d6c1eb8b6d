"""Django app configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "fenghuang.platform.audit"
    label = "audit"
    verbose_name = "审计"
