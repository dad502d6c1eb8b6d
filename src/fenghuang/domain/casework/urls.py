"""Addresses of casework."""

from __future__ import annotations

from django.urls import path

from fenghuang.domain.casework import bulk_views, case_views, part_views, plan_views, register_views, views

app_name = "casework"
urlpatterns = [
    path("", views.index, name="index"),
    path("registers/<slug:key>/", register_views.register, name="register"),
    path("registers/<slug:key>/diagram", register_views.diagram_page, name="diagram"),
    path("registers/<slug:key>/periods", register_views.periods, name="periods"),
    path("registers/<slug:key>/screen", register_views.screen, name="screen"),
    path("registers/<slug:key>/enter", register_views.enter, name="enter"),
    path("registers/<slug:key>/bulk", bulk_views.bulk_page, name="bulk"),
    path("<int:pk>/", case_views.case, name="case"),
    path("<int:pk>/go", case_views.go, name="go"),
    path("<int:pk>/answer", case_views.answer, name="answer"),
    path("<int:pk>/clock", case_views.clock, name="clock"),
    path("<int:pk>/comment", case_views.comment, name="comment"),
    path("<int:pk>/plan", plan_views.plan, name="plan"),
    path("<int:pk>/print", plan_views.printed, name="print"),
    path("<int:pk>/plan.pdf", plan_views.paper, {"form": "pdf"}, name="plan_pdf"),
    path("<int:pk>/plan.docx", plan_views.paper, {"form": "docx"}, name="plan_docx"),
    path("<int:pk>/parts", part_views.add, name="add_part"),
    path("parts/<int:part>/", part_views.settle, name="part"),
    path("measures/<int:measure>/done", case_views.done, name="done"),
    path("files/<int:attachment>/", case_views.file, name="file"),
]
