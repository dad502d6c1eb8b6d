"""Addresses: every app owns one prefix; an app that is not built yet is left out."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from fenghuang.platform.ui import views as ui

handler403 = "fenghuang.platform.ui.views.forbidden"
handler404 = "fenghuang.platform.ui.views.not_found"
handler500 = "fenghuang.platform.ui.views.server_error"

_PREFIXES = [
    ("", "fenghuang.faces.cockpit"),
    ("data/", "fenghuang.domain.feeds"),
    ("firms/", "fenghuang.domain.registry"),
    ("evaluation/", "fenghuang.domain.evaluation"),
    ("incentives/", "fenghuang.domain.incentives"),
    ("rules/", "fenghuang.faces.explorer"),
    ("api/", "fenghuang.faces.api"),
]

urlpatterns = [
    path("accounts/", include("fenghuang.platform.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("audit/", include("fenghuang.platform.audit.urls")),
    path("jobs/", include("fenghuang.platform.jobs.urls")),
    path("healthz", ui.health, name="health"),
    path("taizhou.geojson", ui.geojson, name="geojson"),
    path("style/", ui.style, name="style"),
    *[path(prefix, include(f"{app}.urls")) for prefix, app in _PREFIXES if find_spec(app) and find_spec(f"{app}.urls")],
]
if not (find_spec("fenghuang.faces.cockpit") and find_spec("fenghuang.faces.cockpit.urls")):
    urlpatterns.append(path("", ui.home, name="home"))
