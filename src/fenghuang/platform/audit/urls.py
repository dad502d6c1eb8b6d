"""Addresses of the event log."""

from __future__ import annotations

from django.urls import path

from fenghuang.platform.audit import views

app_name = "audit"
urlpatterns = [path("", views.index, name="index")]
