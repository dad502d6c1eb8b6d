"""What allauth's addresses do not have, and those of its addresses that are closed here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.generic import RedirectView

from fenghuang.platform.accounts import token_views
from fenghuang.platform.accounts.views import Sessions, invitation

# No open sign-up, no e-mail: lost passwords are set anew by the operator. Names that allauth gives stay its own.


@login_not_required
def to_login(request: HttpRequest, key: str = "") -> HttpResponse:
    """The key is of no use here."""
    return redirect("account_login")


CLOSED = [
    "password/reset/done/",
    "password/reset/key/done/",
    "password/reset/key/<path:key>/",
    "confirm-email/",
    "confirm-email/<path:key>/",
]
urlpatterns = [
    path("users/", include("fenghuang.platform.accounts.user_urls")),
    path("tokens/", token_views.own, name="own_tokens"),
    path("tokens/<int:pk>/revoke", token_views.revoke, name="own_token_revoke"),
    path("sessions/", Sessions.as_view(), name="usersessions_list"),
    path("invitations/<str:token>/", invitation, name="invitation"),
    path("signup/", to_login, name="account_signup"),
    path("password/reset/", to_login, name="account_reset_password"),
    path("email/", RedirectView.as_view(pattern_name="account_change_password"), name="account_email"),
    *(path(route, to_login) for route in CLOSED),
]
