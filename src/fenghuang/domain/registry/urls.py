"""The address of a delivered row: where an explanation's source leads. Firms have their pages in the cockpit."""

from __future__ import annotations

from django.urls import path

from fenghuang.domain.registry import account_views, event_views, views

app_name = "registry"
urlpatterns = [
    path("accounts", account_views.accounts, name="accounts"),
    path("rows/<int:pk>/", views.row, name="row"),
    path("rows/<int:pk>/edit", views.edit, name="edit"),
    path("rows/<int:pk>/correct", views.correct, name="correct"),
    path("rows/<int:pk>/reject", views.reject, name="reject"),
    path("rows/<int:pk>/restore", views.restore, name="restore"),
    path("<str:uscc>/events/", event_views.events, name="events"),
    path("<str:uscc>/events/<int:pk>/counter", event_views.counter, name="counter"),
]
