"""The login form: allauth's, which says when axes has locked the account (axes itself would say so only once)."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings

LOCKED = "登录失败次数过多，账号已被暂时锁定。请 15 分钟后再试，或联系运维人员解锁。"
DEMO_CLOSED = "演示账号只能在演示环境登录。"


class LoginForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""  # allauth's link to a reset by e-mail, which we do not have
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any] | None:
        """Refuse while locked, with the same sentence on every attempt, the fifth wrong one included."""
        name = self.cleaned_data.get("login", "")
        if self._locked(name):
            raise forms.ValidationError(LOCKED, code="locked")
        try:
            cleaned = super().clean()
        except forms.ValidationError as error:
            if self._locked(name) or error.code == "too_many_login_attempts":
                raise forms.ValidationError(LOCKED, code="locked") from error
            raise
        if getattr(getattr(self, "user", None), "is_demo", False) and not settings.FENGHUANG_DEMO:
            raise forms.ValidationError(DEMO_CLOSED, code="demo")
        return cleaned

    def _locked(self, name: str) -> bool:
        return not AxesProxyHandler.is_allowed(self.request, {"username": name})
