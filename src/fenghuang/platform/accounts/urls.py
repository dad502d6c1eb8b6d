"""What allauth's addresses do not have, and those of its addresses that are closed here."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

# No open sign-up, no addresses of e-mail: both pages lead back to the login.
urlpatterns = [
    path("signup/", RedirectView.as_view(pattern_name="account_login"), name="account_signup"),
]
