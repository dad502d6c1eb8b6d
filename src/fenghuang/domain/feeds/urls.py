"""Addresses of uploads, deliveries and findings."""

from __future__ import annotations

from django.urls import path

from fenghuang.domain.feeds import form_views, views

app_name = "feeds"
urlpatterns = [
    path("", views.index, name="index"),
    path("upload", views.upload, name="upload"),
    path("uploads/<int:pk>/", views.submission, name="submission"),
    path("uploads/<int:pk>/take", views.take, name="take"),
    path("uploads/<int:pk>/discard", views.discard, name="discard"),
    path("uploads/<int:pk>/check", views.check_again, name="check_again"),
    path("uploads/<int:pk>/columns", form_views.columns, name="columns"),
    path("templates/", form_views.blanks, name="blanks"),
    path("templates/<str:department>.xlsx", form_views.blank_form, name="blank_form"),
    path("columns/<int:pk>/forget", form_views.forget, name="forget"),
    path("deliveries/<int:pk>/", views.delivery, name="delivery"),
    path("deliveries/<int:pk>/undo", views.undo, name="undo"),
    path("findings/", views.findings, name="findings"),
]
