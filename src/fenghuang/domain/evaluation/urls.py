"""Addresses of 亩均评价."""

from django.urls import path

from fenghuang.domain.evaluation import views

app_name = "evaluation"
urlpatterns = [path("", views.index, name="index")]
