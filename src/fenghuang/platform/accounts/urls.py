"""What allauth's addresses do not have, and those of its addresses that are closed here."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

# No open sign-up, no e-mail: lost passwords are set anew by the operator.
urlpatterns = [
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
    path("password/reset/", RedirectView.as_view(pattern_name="account_login"), name="account_reset_password"),
    path("email/", RedirectView.as_view(pattern_name="account_change_password"), name="account_email"),
]
