"""Addresses of what every list can do."""

from __future__ import annotations

from django.urls import path

from fenghuang.platform.lists import views

app_name = "lists"
urlpatterns = [
    path("", views.index, name="index"),
    path("views/<int:pk>/", views.view, name="view"),
    path("views/<int:pk>/change", views.change, name="change"),
    path("views/<int:pk>/delete", views.delete, name="delete"),
    path("<slug:name>/export", views.export, name="export"),
    path("<slug:name>/columns", views.columns, name="columns"),
    path("<slug:name>/save", views.save, name="save"),
]
