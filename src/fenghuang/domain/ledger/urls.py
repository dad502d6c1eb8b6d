"""Addresses of 指标台账."""

from django.urls import path

from fenghuang.domain.ledger import claim_views, fund_views, views

app_name = "ledger"
urlpatterns = [
    path("", views.index, name="index"),
    path("entries/", views.entries, name="entries"),
    path("entries/<int:pk>/", views.entry, name="entry"),
    path("entries/<int:pk>/counter", views.counter, name="counter"),
    path("entries/<int:pk>/file", views.entry_file, name="entry_file"),
    path("new/<slug:kind>", views.new, name="new"),
    path("claims/", claim_views.claims, name="claims"),
    path("claims/new/<slug:kind>", claim_views.new, name="new_claim"),
    path("claims/<int:pk>/", claim_views.claim, name="claim"),
    path("claims/<int:pk>/grant", claim_views.grant, name="grant"),
    path("claims/<int:pk>/withdraw", claim_views.withdraw, name="withdraw"),
    path("fund/", fund_views.fund, name="fund"),
    path("fund/<slug:unit>/<int:year>/", fund_views.fund_year, name="fund_year"),
    path("fund/revenue/<int:pk>/file", fund_views.revenue_file, name="revenue_file"),
    path("replacement/", fund_views.replacement, name="replacement"),
]
