"""Logging in, choosing a password, and what the operator fills in.

The login form is allauth's, which says when axes has locked the account (axes itself would say so only once).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from allauth.account import forms as allauth
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.exceptions import ValidationError
from django.db import transaction

from fenghuang.platform.accounts import actions
from fenghuang.platform.accounts.models import Department, Role, Township, Unit, User
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
        label="县（市、区）",
        queryset=Unit.objects.all(),
        required=False,
        empty_label="无（市级）",
        help_text="县级经办必选；部门经办只管一个县（市、区）时选。",
    )
    township = forms.ModelChoiceField(
        label="乡镇（街道）",
        queryset=Township.objects.select_related("unit"),
        required=False,
        empty_label="无",
        help_text="乡镇（街道）经办必选。",
    )
    agency = forms.ModelChoiceField(
        label="所属部门",
        queryset=Department.objects.all(),
        required=False,
        empty_label="无",
        help_text="部门经办必选：只能报送和更正本部门的表。",
    )
    uscc = forms.CharField(label="统一社会信用代码", max_length=18, required=False, help_text="企业账号必填，18 位。")
    department = forms.CharField(label="工作单位", max_length=60, required=False, help_text="如 黄岩区经信局。")

    def clean(self) -> dict[str, Any]:
        """What the role needs is said, and what it does not take."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") == Role.TOWNSHIP and cleaned.get("township") and not cleaned.get("unit"):
            cleaned["unit"] = cleaned["township"].unit
        for field, sentence in place_faults(cleaned):
            self.add_error(field, sentence)
        return cleaned


USCC = re.compile(r"[0-9A-Z]{18}")


def place_faults(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, sentence) of what does not go with the role: said of a form and of a row of a list alike."""
    role = said.get("role")
    if not role:
        return
    unit, township, agency = said.get("unit"), said.get("township"), said.get("agency")
    uscc = (said.get("uscc") or "").strip().upper()
    if role == Role.COUNTY and not unit:
        yield "unit", "县级经办必须属于一个县级单位，请选择单位。"
    if role not in (Role.COUNTY, Role.TOWNSHIP, Role.CLERK) and unit:
        yield "unit", "只有县级经办、乡镇（街道）经办和部门经办属于一个县级单位，其他角色请选“无”。"
    if role == Role.TOWNSHIP and not township:
        yield "township", "乡镇（街道）经办必须属于一个乡镇（街道），请选择。"
    if role != Role.TOWNSHIP and township:
        yield "township", "只有乡镇（街道）经办属于一个乡镇（街道），其他角色请选“无”。"
    if township and unit and township.unit_id != unit.pk:
        yield "township", f"{township.name}不属于{unit}。"
    if role == Role.CLERK and not agency:
        yield "agency", "部门经办必须属于一个部门，请选择。"
    if role != Role.CLERK and agency:
        yield "agency", "只有部门经办属于一个部门，其他角色请选“无”。"
    if role == Role.FIRM and not USCC.fullmatch(uscc):
        yield "uscc", "企业账号必须填写 18 位统一社会信用代码（数字和大写字母）。"
    if role != Role.FIRM and uscc:
        yield "uscc", "只有企业账号填写统一社会信用代码，其他角色请留空。"


class ChangeRoleForm(RoleForm):
    reason = forms.CharField(label="理由", max_length=300, help_text="记入审计日志，如调任文号。")


class NewUserForm(RoleForm):
    username = forms.CharField(label="登录名", max_length=150, validators=[User.username_validator])
    display_name = forms.CharField(label="姓名", max_length=60)
    field_order = ["username", "display_name", "role", "unit", "township", "agency", "uscc", "department"]

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(f"登录名“{name}”已有人使用，请换一个。")
        return name


class ReasonForm(forms.Form):
    reason = forms.CharField(label="理由", min_length=2, max_length=300)


class ListForm(forms.Form):
    file = forms.FileField(label="账号名单", help_text="XLSX 或 CSV，第一行是表头。")


class FirstPasswordForm(forms.Form):
    """Of whom was invited."""

    password1 = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )  # fmt: skip
    password2 = forms.CharField(
        label="再输入一次", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("password1") and cleaned.get("password1") != cleaned.get("password2"):
            self.add_error("password2", "两次输入的密码不一致。")
        return cleaned


class UserFilter(forms.Form):
    """What of the list of accounts is shown; `lists.users_shown` reads it from the address."""

    q = forms.CharField(label="搜索", max_length=100, required=False)
    role = forms.ChoiceField(label="角色", choices=[("", "全部角色"), *Role.choices], required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部状态"), *STATES.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs.update(type="search", placeholder="登录名、姓名、部门", autocomplete="off")
