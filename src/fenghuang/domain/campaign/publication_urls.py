"""Addresses of what is published: open to all."""

from django.urls import path

from fenghuang.domain.campaign import publication

app_name = "publication"
urlpatterns = [
    path("<slug:unit>/<int:year>/", publication.page, name="page"),
    path("<slug:unit>/<int:year>/list.xlsx", publication.file, name="file"),
]
