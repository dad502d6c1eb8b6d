"""A password that somebody else gave opens nothing but the page to choose another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

CHOOSE = "您用的是临时密码，请先改成只有自己知道的密码。"


class OwnPassword:
    """Runs before every view of a logged-in person; addresses open to all stay open."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user: Any = request.user
        if not getattr(user, "must_change_password", False) or not getattr(view, "login_required", True):
            return None
        choose = reverse("account_change_password")
        if request.path in (choose, reverse("account_logout")):
            return None
        messages.warning(request, CHOOSE)
        return redirect(choose)
