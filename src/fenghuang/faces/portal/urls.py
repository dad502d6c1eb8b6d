"""Addresses of the firms' own pages."""

from django.urls import path

from fenghuang.faces.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("data/", views.data, name="data"),
    path("data/confirm", views.confirm, name="confirm"),
    path("data/<slug:item>/contest", views.contest, name="contest"),
    path("data/files/<int:confirmation>", views.confirmation_file, name="confirmation_file"),
    path("result/", views.result, name="result"),
    path("result/notice.pdf", views.notice, name="notice"),
    path("objections/", views.objections, name="objections"),
    path("objections/files/<int:objection>", views.objection_file, name="objection_file"),
    path("account/", views.account, name="account"),
]
