"""Addresses of what is published: open to all."""

from django.urls import path

from fenghuang.domain.campaign import publication

app_name = "publication"
urlpatterns = [
    path("", publication.index, name="index"),
    path("<slug:unit>/<int:year>/", publication.page, name="page"),
    path("<slug:unit>/<int:year>/list.xlsx", publication.file, name="file"),
    path("<slug:unit>/<int:year>/list.pdf", publication.document, {"form": "pdf"}, name="pdf"),
    path("<slug:unit>/<int:year>/list.docx", publication.document, {"form": "docx"}, name="docx"),
]
