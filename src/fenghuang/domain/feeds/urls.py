"""Addresses of deliveries and findings."""

from __future__ import annotations

from django.urls import path

from fenghuang.domain.feeds import views

app_name = "feeds"
urlpatterns = [
    path("", views.index, name="index"),
    path("upload", views.upload, name="upload"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("findings/", views.findings, name="findings"),
]
