"""Django app configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "fenghuang.platform.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Register the rights."""
        from fenghuang.platform.accounts import rules  # noqa: F401
