"""Addresses of parcels, meters and what does not fit."""

from __future__ import annotations

from django.urls import path

from fenghuang.domain.registry import land_views as views

app_name = "land"
urlpatterns = [
    path("", views.parcels, name="parcels"),
    path("meters/", views.meters, name="meters"),
    path("parks/", views.parks, name="parks"),
    path("check/", views.check, name="check"),
    path("parcels/<path:reference>/", views.parcel, name="parcel"),
    path("meters/<path:reference>/", views.meter, name="meter"),
]
