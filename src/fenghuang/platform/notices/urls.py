"""Addresses of 通知."""

from django.urls import path

from fenghuang.platform.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="index"),
    path("read", views.read_all, name="read_all"),
    path("<int:pk>/follow", views.follow, name="follow"),
]
