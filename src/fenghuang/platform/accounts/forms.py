"""Logging in, choosing a password, and what the operator fills in.

The login form is allauth's, which says when axes has locked the account (axes itself would say so only once).
"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from fenghuang.platform.accounts import actions
from fenghuang.platform.accounts.models import Role, Unit, User
from fenghuang.platform.accounts.queries import STATES

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


class ChangePasswordForm(allauth.ChangePasswordForm):
    """The person's own choice, which also ends a temporary password."""

    def clean(self) -> dict[str, Any]:
        """The new password is not the old one."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("password1") and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", "新密码不能与当前密码相同。")
        return cleaned

    @transaction.atomic
    def save(self) -> None:
        super().save()
        assert self.user
        actions.password_chosen(self.user)


class RoleForm(forms.Form):
    """What a person may do follows from role and unit."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)
    unit = forms.ModelChoiceField(
        label="单位", queryset=Unit.objects.all(), required=False, empty_label="无（市级）", help_text="县级经办必选。"
    )
    department = forms.CharField(label="部门", max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """A county official has a unit, others have none."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") == Role.COUNTY and not cleaned.get("unit"):
            self.add_error("unit", "县级经办必须属于一个县级单位，请选择单位。")
        if cleaned.get("role") and cleaned["role"] != Role.COUNTY and cleaned.get("unit"):
            self.add_error("unit", "只有县级经办属于一个县级单位，其他角色请选“无”。")
        return cleaned


class ChangeRoleForm(RoleForm):
    reason = forms.CharField(label="理由", max_length=300, help_text="记入审计日志，如调任文号。")


class NewUserForm(RoleForm):
    username = forms.CharField(label="登录名", max_length=150, validators=[User.username_validator])
    display_name = forms.CharField(label="姓名", max_length=60)
    field_order = ["username", "display_name", "role", "unit", "department"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(f"登录名“{name}”已有人使用，请换一个。")
        return name


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", min_length=2, max_length=300)


class UserFilter(forms.Form):
    """What of the list of accounts is shown; `lists.users_shown` reads it from the address."""

    q = forms.CharField(label="搜索", max_length=100, required=False)
    role = forms.ChoiceField(label="角色", choices=[("", "全部角色"), *Role.choices], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *STATES.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs.update(type="search", placeholder="登录名、姓名、部门", autocomplete="off")
