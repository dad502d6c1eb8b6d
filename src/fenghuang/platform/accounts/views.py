"""Accounts: the operator's list and what can be done about each; a person's own sessions."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fenghuang.platform.accounts import actions, sheet
from fenghuang.platform.accounts.forms import (
    ChangeRoleForm,
    FirstPasswordForm,
    ListForm,
    NewUserForm,
    ReasonForm,
    UserFilter,
)
from fenghuang.platform.accounts.http import Request
from fenghuang.platform.accounts.lists import UserTable, session_table, users_shown
from fenghuang.platform.accounts.middleware import VIEWED
from fenghuang.platform.accounts.models import Role, User
from fenghuang.platform.accounts.queries import STATES, state_of, users_for
from fenghuang.platform.accounts.rules import require
from fenghuang.platform.accounts.tokens import good_ones
from fenghuang.platform.lists.page import on_page

NO_REASON = "没有修改：请填写理由（至少 2 个字）。"


@require_GET
def index(request: Request) -> HttpResponse:
    """Who may log in: role, unit, state."""
    require(request.user, "accounts.manage_users")
    found, words = users_shown(request.user, request.GET)
    table = on_page(request, "users", UserTable(found))
    return render(request, "users/index.html", {"table": table, "form": UserFilter(request.GET), "words": words})


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Open an account; its temporary password is shown this once."""
    require(request.user, "accounts.manage_users")
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, password = actions.open_account(actor=request.user, **form.cleaned_data)
        return _page(request, user.pk, password=password)
    return render(request, "users/new.html", {"form": form})


@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """One account and what can be done about it."""
    require(request.user, "accounts.manage_users")
    return _page(request, pk)


@require_http_methods(["GET", "POST"])
def many(request: Request) -> HttpResponseBase:
    """Open the accounts of a list: all of them, or none and every fault by its row.

    The answer to a good list is the workbook with the invitations. It exists this once.
    """
    require(request.user, "accounts.manage_users")
    form = ListForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found, wrong = sheet.people(file.name, file.read(sheet.LARGEST + 1))
            faults = [str(one) for one in wrong]
        except sheet.Unreadable as error:
            found, faults = [], [str(error)]
        if not faults:
            opened = actions.import_users(found, file=file.name, actor=request.user)
            content = sheet.invitations([(user, _link(request, token)) for user, token in opened])
            return FileResponse(BytesIO(content), as_attachment=True, filename=f"邀请链接-{len(opened)}个账号.xlsx")
    context = {"form": form, "faults": faults, "columns": sheet.COLUMNS, "needed": sheet.NEEDED, "roles": Role.labels}
    return render(request, "users/many.html", context, status=422 if faults else 200)


def _link(request: Request, token: str) -> str:
    return request.build_absolute_uri(reverse("invitation", args=[token]))


@require_POST
def invite(request: Request, pk: int) -> HttpResponse:
    """A link with which the person chooses a password; shown this once, to be handed on."""
    token = actions.invite(_user(request, pk), actor=request.user)
    return _page(request, pk, link=_link(request, token))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Who was invited chooses the first password."""
    user = actions.invited(token)
    if user is None:
        return render(request, "users/invitation.html", {"person": None}, status=410)
    form = FirstPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(token, form.cleaned_data["password1"])
        except ValidationError as error:
            form.add_error("password1", error)
        else:
            messages.success(request, "密码已设置，请登录。")
            return redirect("account_login")
    return render(request, "users/invitation.html", {"person": user, "form": form})


@require_POST
def view_as(request: Request, pk: int) -> HttpResponse:
    """Look as this person, read only."""
    user, form = _user(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, pk)
    actions.view_as(user, reason=form.cleaned_data["reason"], actor=request.user)
    request.session[VIEWED] = user.pk
    return redirect("/")


@require_POST
def view_as_end(request: Request) -> HttpResponse:
    """Be oneself again."""
    require(request.user, "accounts.manage_users")
    user = User.objects.filter(pk=request.session.pop(VIEWED, None)).first()
    if user is None:
        return redirect("users:index")
    actions.view_as_end(user, actor=request.user)
    return _done(request, user.pk, f"已结束以{user}的身份查看。")


@require_POST
def role(request: Request, pk: int) -> HttpResponse:
    """Another role, unit or department."""
    user = _user(request, pk)
    form = ChangeRoleForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, form=form)
    actions.change_role(user, actor=request.user, **form.cleaned_data)
    return _done(request, pk, "已修改角色和单位，立即生效。")


@require_POST
def active(request: Request, pk: int) -> HttpResponse:
    """Close the account, or open it again."""
    user, form, to = _user(request, pk), ReasonForm(request.POST), request.POST.get("active") == "1"
    if not form.is_valid():
        return _refused(request, pk)
    actions.set_active(user, to, reason=form.cleaned_data["reason"], actor=request.user)
    return _done(request, pk, "账号已恢复使用。" if to else "账号已停用，其登录已全部退出。")


@require_POST
def password(request: Request, pk: int) -> HttpResponse:
    """A temporary password, shown this once."""
    temporary = actions.reset_password(_user(request, pk), actor=request.user)
    return _page(request, pk, password=temporary)


@require_POST
def unlock(request: Request, pk: int) -> HttpResponse:
    """Let the person try again after wrong passwords."""
    actions.unlock(_user(request, pk), actor=request.user)
    return _done(request, pk, "已解除锁定，可以马上登录。")


@require_POST
def second_factor(request: Request, pk: int) -> HttpResponse:
    """Take the second factor away."""
    user, form = _user(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _refused(request, pk)
    actions.reset_second_factor(user, reason=form.cleaned_data["reason"], actor=request.user)
    return _done(request, pk, "已取消两步验证，本人可登录后重新设置。")


@require_POST
def sessions(request: Request, pk: int) -> HttpResponse:
    """Log the person out everywhere."""
    ended = actions.end_sessions(_user(request, pk), actor=request.user)
    return _done(request, pk, f"已退出 {ended} 处登录。")


def _user(request: Request, pk: int) -> User:
    require(request.user, "accounts.manage_users")
    return get_object_or_404(users_for(request.user), pk=pk)


def _done(request: Request, pk: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("users:detail", pk=pk)


def _refused(request: Request, pk: int) -> HttpResponse:
    messages.error(request, NO_REASON)
    return redirect("users:detail", pk=pk)


def _page(
    request: Request, pk: int, form: ChangeRoleForm | None = None, password: str = "", link: str = ""
) -> HttpResponse:
    user = _user(request, pk)
    known: dict[str, Any] = {"role": user.role, "unit": user.unit_id, "department": user.department}
    known |= {"township": user.township_id, "agency": user.agency_id, "uscc": user.uscc}
    context = {
        "person": user,
        "state": state_of(user),
        "state_words": STATES[state_of(user)],
        "form": form or ChangeRoleForm(initial=known),
        "password": password,
        "link": link,
        "may_view_as": actions.may_view_as(request.user, user),
        "may_manage": actions.may_manage(request.user, user),
        "tokens": good_ones(user).count(),
    }
    return render(request, "users/detail.html", context)


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """Where the person is logged in, as a list."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        table = on_page(self.request, "sessions", session_table(context["sessions"]), per_page=None)
        return {**context, "table": table}
