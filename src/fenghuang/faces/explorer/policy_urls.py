"""Addresses of the policy documents: a document, a clause, its coverage; `search` is no document's id."""

from django.urls import path

from fenghuang.faces.explorer import policies

app_name = "policies"
urlpatterns = [
    path("", policies.index, name="index"),
    path("search", policies.search, name="search"),
    path("<str:pack>/", policies.policy, name="policy"),
    path("<str:pack>/coverage", policies.coverage, name="coverage"),
    path("<str:pack>/<str:clause>", policies.clause, name="clause"),
]
