"""What holds for every page: own passwords, looking as another, and that firms have no business with staff pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from fenghuang.platform.accounts import actions
from fenghuang.platform.accounts.models import Role, User

CHOOSE = "您用的是临时密码，请先改成只有自己知道的密码。"
READ_ONLY = "您正在以他人身份查看，只能看，不能办理。请先点页面上方的“结束查看”。"
NOT_HERS = "账号、密码、两步验证和登录设备属于本人，以他人身份查看时不能打开。"
FOR_STAFF = "这是政府工作人员使用的页面，企业账号不能打开。政策文件和政策计算器对所有人开放。"
VIEWED = "view_as"  # in the operator's session: whom the operator looks as

Respond = Callable[[HttpRequest], HttpResponse]


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """403, and why."""
    return render(request, "ui/errors/403.html", {"sentence": sentence}, status=403)


class ViewAs:
    """While the operator looks as somebody, `request.user` is that person, and `seen_by` the operator.

    Only GET, never an own page of the person's account, every page logged before it is shown. What the operator may not
    read stays masked (`feeds/sensitive.py`).
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = request.session.get(VIEWED) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if number is None or not request.user.is_authenticated:
            return self.respond(request)
        actor: Any = request.user
        user = User.objects.select_related("unit", "township__unit", "agency").filter(pk=number).first()
        if user is None or not actions.may_view_as(actor, user):
            del request.session[VIEWED]
            if user:
                actions.view_as_end(user, actor=actor, reason="不再允许")
            return self.respond(request)
        if request.path in (reverse("users:view_as_end"), reverse("account_logout")):
            return self.respond(request)
        user.seen_by = actor  # type: ignore[misc]
        request.user = user
        if request.method not in ("GET", "HEAD"):
            return refused(request, READ_ONLY)
        if request.path.startswith("/accounts/"):
            return refused(request, NOT_HERS)
        actions.viewed_page(user, request.get_full_path(), actor=actor)
        return self.respond(request)


class StaffOnly:
    """A firm's account opens what is open to all, its own account's pages, and views marked `for_firms`.

    The front door of staff leads it to its own.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        is_firm = getattr(request.user, "role", None) == Role.FIRM
        is_open = not getattr(view, "login_required", True) or getattr(view, "for_firms", False)
        is_own = request.path.startswith("/accounts/") and not request.path.startswith("/accounts/users/")
        if not is_firm or is_open or is_own:
            return None
        if request.path == "/" and request.method == "GET":
            return redirect(settings.FIRM_HOME)
        return refused(request, FOR_STAFF)


class OwnPassword:
    """A password that somebody else gave opens nothing but the page to choose another; addresses open to all stay."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user: Any = request.user
        if not getattr(user, "must_change_password", False) or not getattr(view, "login_required", True):
            return None
        choose = reverse("account_change_password")
        if user.seen_by or request.path in (choose, reverse("account_logout")):
            return None
        messages.warning(request, CHOOSE)
        return redirect(choose)
