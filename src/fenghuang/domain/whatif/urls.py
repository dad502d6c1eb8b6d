"""Addresses of 政策推演."""

from django.urls import path

from fenghuang.domain.whatif import views

app_name = "whatif"
urlpatterns = [
    path("", views.index, name="index"),
    path("new", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
]
