"""Addresses of the cockpit."""

from django.urls import path

from fenghuang.faces.cockpit import views

app_name = "cockpit"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("firms/", views.firms, name="firms"),
    path("firms/<str:uscc>/", views.firm, name="firm"),
    path("firms/<str:uscc>/path", views.path, name="path"),
]
