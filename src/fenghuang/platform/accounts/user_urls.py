"""Addresses of accounts, for the operator."""

from __future__ import annotations

from django.urls import path

from fenghuang.platform.accounts import token_views, views

app_name = "users"
urlpatterns = [
    path("", views.index, name="index"),
    path("new", views.new, name="new"),
    path("many", views.many, name="many"),
    path("view-as/end", views.view_as_end, name="view_as_end"),
    path("<int:pk>/view-as", views.view_as, name="view_as"),
    path("<int:pk>/invite", views.invite, name="invite"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/role", views.role, name="role"),
    path("<int:pk>/active", views.active, name="active"),
    path("<int:pk>/password", views.password, name="password"),
    path("<int:pk>/unlock", views.unlock, name="unlock"),
    path("<int:pk>/second-factor", views.second_factor, name="second_factor"),
    path("<int:pk>/sessions", views.sessions, name="sessions"),
    path("<int:pk>/tokens", token_views.revoke_all, name="tokens"),
]
