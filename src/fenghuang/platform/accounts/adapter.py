"""What allauth asks us: accounts are opened by the operator, nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from fenghuang.platform.accounts.models import Role


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A firm enters at its own pages, staff at theirs."""
        if getattr(request.user, "role", None) == Role.FIRM:
            return reverse(settings.FIRM_HOME)
        return str(super().get_login_redirect_url(request))
