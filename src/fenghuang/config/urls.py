"""Addresses: every app owns one prefix."""

from __future__ import annotations

from django.urls import include, path

from fenghuang.platform.ui import views as ui

handler400 = "fenghuang.platform.ui.views.bad_request"
handler403 = "fenghuang.platform.ui.views.forbidden"
handler404 = "fenghuang.platform.ui.views.not_found"
handler500 = "fenghuang.platform.ui.views.server_error"

urlpatterns = [
    path("accounts/", include("fenghuang.platform.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("audit/", include("fenghuang.platform.audit.urls")),
    path("jobs/", include("fenghuang.platform.jobs.urls")),
    path("lists/", include("fenghuang.platform.lists.urls")),
    path("notices/", include("fenghuang.platform.notices.urls")),
    path("healthz", ui.health, name="health"),
    path("taizhou.geojson", ui.geojson, name="geojson"),
    path("style/", ui.style, name="style"),
    path("data/", include("fenghuang.domain.feeds.urls")),
    path("firms/", include("fenghuang.domain.registry.urls")),
    path("land/", include("fenghuang.domain.registry.land_urls")),
    path("evaluation/", include("fenghuang.domain.evaluation.urls")),
    path("campaigns/", include("fenghuang.domain.campaign.urls")),
    path("cases/", include("fenghuang.domain.casework.urls")),
    path("publication/", include("fenghuang.domain.campaign.publication_urls")),
    path("ledgers/", include("fenghuang.domain.ledger.urls")),
    path("incentives/", include("fenghuang.domain.incentives.urls")),
    path("whatif/", include("fenghuang.domain.whatif.urls")),
    path("rules/", include("fenghuang.faces.explorer.urls")),
    path("policies/", include("fenghuang.faces.explorer.policy_urls")),
    path("my/", include("fenghuang.faces.portal.urls")),
    path("api/v1/", include("fenghuang.domain.feeds.api_urls")),
    path("api/", include("fenghuang.faces.api.urls")),
    path("", include("fenghuang.faces.cockpit.urls")),
]
