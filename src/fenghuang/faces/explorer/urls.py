"""Addresses of the calculators."""

from django.urls import path

from fenghuang.faces.explorer import views

app_name = "explorer"
urlpatterns = [
    path("", views.rules, name="rules"),
    path("<str:rule>/", views.calculator, name="rule"),
]
