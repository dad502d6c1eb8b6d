"""Addresses of 政策直兑."""

from django.urls import path

from fenghuang.domain.incentives import views

app_name = "incentives"
urlpatterns = [path("", views.index, name="index"), path("refresh", views.refresh, name="refresh")]
