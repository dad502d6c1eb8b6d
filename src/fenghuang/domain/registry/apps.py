"""Django app configuration."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "fenghuang.domain.registry"
    label = "registry"
    verbose_name = "企业库"
